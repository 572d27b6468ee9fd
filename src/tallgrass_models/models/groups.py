"""Priors that follow from the sizes and places of the groups of members."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

from ..priors.constants import SMALL_PARTY, SMALL_WITHIN_SIGMA, WITHIN_SIGMA


def sigma_scale(sizes: np.ndarray) -> np.ndarray:
    """Choose the prior scale of ``sigma_within`` by group size, the tighter one below `SMALL_PARTY` members."""
    return np.where(np.asarray(sizes) < SMALL_PARTY, SMALL_WITHIN_SIGMA, WITHIN_SIGMA)


def three_groups(mu: Any, sigma: Any, xp: ModuleType) -> tuple[Any, Any]:
    """Stack means and standard deviations of Democrats, Republicans and free-standing members along the last axis."""
    gap = mu[..., 1:] - mu[..., :1]
    return xp.concatenate([mu, mu[..., :1] + gap / 2], axis=-1), xp.concatenate([sigma, gap], axis=-1)


def members_spread(mu: Sequence[Any], sigma: Sequence[Any], xp: ModuleType) -> Any:
    """Compute the spread of members who belong to each group with equal probability (`priors.model.AlphaPrior`).

    Parameters
    ----------
    mu, sigma : sequence of array, each of shape (...)
        Population mean and standard deviation of each group.
    xp
        numpy or ``pytensor.tensor``.

    Returns
    -------
    array, shape (...)
        ``sqrt(mean sigma_g^2 + mean (mu_g - mean mu)^2)``.
    """
    n = len(mu)
    center = sum(mu) / n
    return xp.sqrt(sum(s**2 for s in sigma) / n + sum((m - center) ** 2 for m in mu) / n)
