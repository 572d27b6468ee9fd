"""The step that samples a chamber model."""

from __future__ import annotations

from pathlib import Path

from .fitting import FitRun, fit
from .prepared import Spec


def fit_chamber(spec: Spec, data: Path, run: FitRun) -> None:
    """Sample the chamber model of the votes in ``data``."""
    fit(spec, {"data": data}, run)
