"""Seeds of the fits of one experiment."""

from __future__ import annotations

import numpy as np


def unit_seed(seed: int, unit: str) -> np.random.SeedSequence:
    """Derive independent seeds for the fits of one experiment, from its one seed and the name of the unit."""
    return np.random.SeedSequence([seed, *unit.encode()])
