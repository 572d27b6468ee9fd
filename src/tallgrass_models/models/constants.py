"""Constants of the models' priors, and what follows from the sizes and places of the groups."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

#: Standard deviation of the prior of a party mean (and of ``mu_global``).
MU_SIGMA = 2.0

#: Standard deviation of the prior of ``alpha``, unless a joint variant asks for another.
ALPHA_SIGMA = 5.0

#: A party with fewer members than this gets the tighter prior of ``sigma_within``.
_SMALL_GROUP = 20


def sigma_scale(sizes: np.ndarray) -> np.ndarray:
    """Prior scale of ``sigma_within`` by group size: 0.5 below `_SMALL_GROUP` members, else 1."""
    return np.where(np.asarray(sizes) < _SMALL_GROUP, 0.5, 1.0)


def three_groups(mu: Any, sigma: Any, xp: ModuleType) -> tuple[Any, Any]:
    """Means and standard deviations of Democrats, Republicans and members of neither party, along the last axis."""
    gap = mu[..., 1:] - mu[..., :1]
    return xp.concatenate([mu, mu[..., :1] + gap / 2], axis=-1), xp.concatenate([sigma, gap], axis=-1)
