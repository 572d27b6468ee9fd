"""The step that samples the model of a chamber in all sessions of a series."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .fitting import FitRun, fit
from .prepared import Spec


def fit_dynamic(spec: Spec, data: Sequence[Path], run: FitRun) -> None:
    """Sample the model over time, of members who move or who never do.

    Parameters
    ----------
    spec
        Spec of the fit, for one chamber.
    data
        Votes of all chambers in all sessions, by session in order of time. Who is the same person is found among all.
    run
        How to run it.
    """
    fit(spec, {f"votes_{k}": path for k, path in enumerate(data)}, run)
