"""Pareto-smoothed importance weights of one set of draws (Vehtari et al. 2024, JMLR 25), without compilation.

`psis` does the same for every vote of a fit, in machine code. Here there is one set of weights, and numpy is quick.
"""

from __future__ import annotations

import math

import numpy as np

from .psis import k_threshold, tail_length

__all__ = ["k_threshold", "pareto_weights"]


def pareto_weights(log_ratio: np.ndarray) -> tuple[np.ndarray, float]:
    """Smooth the largest importance weights.

    Parameters
    ----------
    log_ratio : ndarray, shape (n_draws,)
        Log of the target density over that of the draws, up to a constant.

    Returns
    -------
    weights : ndarray, shape (n_draws,)
        They sum to one.
    k : float
        Shape of the generalised Pareto distribution of the largest; ``-inf`` if all weights are equal, ``inf`` if some
        are not numbers.
    """
    if not np.isfinite(log_ratio).all():
        return np.full(log_ratio.size, 1 / log_ratio.size), math.inf
    if np.ptp(log_ratio) == 0:
        return np.full(log_ratio.size, 1 / log_ratio.size), -math.inf
    weight = np.exp(log_ratio - log_ratio.max())
    order = np.argsort(weight, kind="stable")
    tail = order[-tail_length(weight.size, 1.0) :]
    cutoff = float(weight[order[-len(tail) - 1]])
    k, scale = _fit(weight[tail] - cutoff)
    if math.isfinite(k) and scale > 0:
        below = -np.log1p(-(np.arange(len(tail)) + 0.5) / len(tail))
        weight[tail] = np.minimum(cutoff + scale * (np.expm1(k * below) / k if k else below), 1.0)
    return weight / weight.sum(), k


def _fit(x: np.ndarray) -> tuple[float, float]:
    """Fit a generalised Pareto distribution to ascending exceedances, as `psis.pareto_fit` does; shape and scale."""
    n, quartile = x.size, x[int(x.size / 4 + 0.5) - 1]
    if not quartile > x[0]:
        return math.inf, math.nan
    m = 30 + int(math.sqrt(n))
    b = (1 - np.sqrt(m / (np.arange(m) + 0.5))) / (3 * quartile) + 1 / x[-1]
    mean = np.log1p(-b[:, None] * x).mean(1)
    score = n * (np.log(-b / mean) - mean - 1)
    weight = np.exp(score - score.max())
    best = float((b * weight).sum() / weight.sum())
    k = float(np.log1p(-best * x).mean())
    return (n * k + 5) / (n + 10), -k / best
