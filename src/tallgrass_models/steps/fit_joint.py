"""The step that samples the joint model of both chambers."""

from __future__ import annotations

from pathlib import Path

from .fitting import FitRun, fit
from .prepared import Spec


def fit_joint(
    spec: Spec, house: Path, senate: Path, house_posterior: Path, senate_posterior: Path, run: FitRun
) -> None:
    """Sample the joint model, starting at the posterior means of the separate chambers."""
    posteriors = {"house_posterior": house_posterior, "senate_posterior": senate_posterior}
    fit(spec, {"house": house, "senate": senate, **posteriors}, run)
