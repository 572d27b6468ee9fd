"""What R-hat and effective sample size would be by chance, and how many draws the gates need."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from scipy.special import chdtrc

from ..config.gates import GateConfig
from ..draws.mixing import Statistics

#: From this R-hat on, chains are taken to be in different places, where more draws do not help. One mirrored chain of
#: four gives 1.53. Slow chains that agree seldom exceed 1.1.
_RHAT_APART = 1.2


def rhat_chance(found: Statistics, n_chains: int, n_draws: int, gate: float) -> np.ndarray:
    """Compute the probability, by element, that R-hat misses its gate although all chains have the same distribution.

    Notes
    -----
    With M half chains of n draws, ``R^2 = (n - 1)/n + V/W`` where V is the variance of their M means and W the variance
    within them. The mean of a half chain has variance ``W M / ess``, so ``V/W`` is ``M/ess`` times a chi-squared over
    its M - 1 degrees of freedom. ``ess`` is the ESS within chains, so that disagreement does not excuse itself.
    Rank-normalised R-hat is the larger of two such R-hats, that of the draws and that of their distance from the
    median. These are taken as independent.
    """
    halves, n = 2 * n_chains, n_draws // 2
    scale = (halves - 1) / halves * (gate**2 - (n - 1) / n)
    miss, miss_folded = (chdtrc(halves - 1, scale * ess) for ess in (found.ess_within, found.ess_within_folded))
    return miss + miss_folded - miss * miss_folded


def ess_noise(ess_halves: np.ndarray) -> float:
    """Estimate the standard deviation of the logarithm of an estimated ESS from two halves of the same draws.

    ``ess_halves``, shape (n, 2), comes from `mixing.Statistics`. A half is noisier than the whole by a factor of the
    root of two, the difference of two halves by a factor of two. The median over elements is robust to a few bad ones.
    """
    difference = np.abs(np.diff(np.log(ess_halves), axis=1))
    return float(np.nanmedian(difference) / NormalDist().inv_cdf(0.75) / 2)


def ess_chance(found: Statistics, noise: float, gate: float) -> float:
    """Estimate how many elements of a block would fall below the ESS gate if all mixed like the median one.

    ``noise`` comes from `ess_noise`. Bulk and tail are taken as independent, their logarithms as normal. Estimates of
    ESS are skewed, so if fewer than one in twenty would fall below, the number is a few times too small.
    """
    passed = 1.0
    for ess in (found.ess_bulk, found.ess_tail):
        distance = math.log(gate / float(np.nanmedian(ess)))
        passed *= 1 - (NormalDist(0, noise).cdf(distance) if noise > 0 else float(distance >= 0))
    return found.rhat.size * (1 - passed)


def draws_needed(n_draws: int, rhat: float, ess: float, gates: GateConfig) -> int | None:
    """Compute the draws of each chain with which a worst R-hat and ESS would pass; None if more draws do not help.

    ESS grows with the draws, and ``R^2 - 1`` falls with them, as long as the chains sample the same distribution. Above
    `_RHAT_APART` they are taken not to do so.
    """
    if not (rhat < _RHAT_APART and ess > 0):
        return None
    return math.ceil(n_draws * max(gates.ess / ess, (rhat**2 - 1) / (gates.rhat**2 - 1)))
