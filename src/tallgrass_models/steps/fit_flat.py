"""The step that samples the flat model of one chamber."""

from __future__ import annotations

from pathlib import Path

from .fitting import FitRun, fit
from .prepared import Spec


def fit_flat(spec: Spec, data: Path, run: FitRun) -> None:
    """Sample the flat model of one chamber."""
    fit(spec, {"data": data}, run)
