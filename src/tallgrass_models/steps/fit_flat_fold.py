"""The step that samples the flat model of a chamber without the votes of one fold, and predicts these."""

from __future__ import annotations

from pathlib import Path

from .fit_fold import fit_fold
from .fitting import FitRun
from .prepared import Spec


def fit_flat_fold(spec: Spec, data: Path, run: FitRun) -> None:
    """Sample the flat model without the votes of a fold, and keep what `fit_fold` keeps."""
    fit_fold(spec, [data], [], run)
