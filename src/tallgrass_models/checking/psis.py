"""Pareto-smoothed importance sampling, leaving out one vote (Vehtari, Gelman & Gabry 2017; Vehtari et al. 2024).

To leave out a vote to which draw s gives probability ``p_s = 1 / (1 + e_s)``, that draw is weighted by ``1 / p_s = 1 +
e_s``, where ``e_s = exp(-logit)`` of the vote that was cast. The largest weights are replaced by quantiles of a
generalised Pareto distribution fitted to them (Zhang & Stephens 2009). Its shape k says whether the estimate can be
trusted.

The estimates are those of `arviz_stats.base.array_stats.loo`, a hundred times faster. There is one exponential per
draw, only the tail is sorted, and sums of logarithms are taken as logarithms of products. Working with the excess ``e``
keeps k meaningful for votes that were all but certain, where ``1 + e`` is rounded.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from ..models.compiled.jit import jit

_BINS = 1024
#: Number of factors to multiply before taking the logarithm. Each is far below 1e38, so the product does not overflow.
FACTORS = 8


def tail_length(n_draws: int, r_eff: float) -> int:
    """Count the draws whose weights are smoothed: ``3 sqrt(S / r_eff)``, at most a fifth of all, at least five."""
    length = 3 * math.sqrt(n_draws / r_eff) if n_draws * r_eff > 225 else n_draws / 5
    return max(5, int(length))


def k_threshold(n_draws: int) -> float:
    """Return the Pareto k above which an estimate from that many draws is unreliable: min(1 - 1 / log10(S), 0.7)."""
    return min(1 - 1 / math.log10(n_draws), 0.7)


def _pareto_fit(x: ndarray) -> tuple[float, float]:
    """Fit a generalised Pareto distribution to exceedances in ascending order; return shape and scale.

    The method is the empirical Bayes of Zhang & Stephens (2009) with the weak prior on the shape of Vehtari et al.
    (2024).
    """
    n = x.size
    first_quartile = x[int(n / 4 + 0.5) - 1]
    if not first_quartile > x[0]:
        return math.nan, math.nan
    m = 30 + int(math.sqrt(n))
    b, score = np.empty(m), np.empty(m)
    for c in range(m):
        b[c] = (1 - math.sqrt(m / (c + 0.5))) / (3 * first_quartile) + 1 / x[n - 1]
        total, t = 0.0, 0
        while t < n:
            product = 1.0
            for f in range(t, min(t + FACTORS, n)):
                product *= 1 - b[c] * x[f]
            total += math.log(product)
            t += FACTORS
        mean = total / n
        score[c] = n * (math.log(-b[c] / mean) - mean - 1)
    weight = np.exp(score - score.max())
    weight[weight < 10 * 2.220446049250313e-16 * weight.sum()] = 0
    mean_b = (b * weight).sum() / weight.sum()
    k = 0.0
    for t in range(n):
        k += math.log1p(-mean_b * x[t]) / n
    if math.isnan(k):
        return math.inf, math.nan
    return (n * k + 5) / (n + 10), -k / mean_b


pareto_fit = jit(_pareto_fit, cache=True)


@jit
def _largest(e: ndarray, count: int, top: float) -> ndarray:
    """Find the ``count`` largest values, in ascending order; binning first leaves few to sort."""
    low = e.min()
    scale = (_BINS - 1) / (top - low) if top > low else 0.0
    histogram = np.zeros(_BINS, np.int64)
    for s in range(e.size):
        histogram[int((e[s] - low) * scale)] += 1
    cut, found = _BINS, 0
    while found < count:
        cut -= 1
        found += histogram[cut]
    kept = np.empty(found)
    at = 0
    for s in range(e.size):
        if int((e[s] - low) * scale) >= cut:
            kept[at] = e[s]
            at += 1
    kept.sort()
    return kept[found - count :]


@jit
def _smoothed(tail: ndarray, cutoff: float, top: float, w: ndarray) -> float:
    """Write the smoothed weights of the tail (excesses in ascending order) to ``w``; return Pareto k."""
    n = tail.size
    k, sigma = pareto_fit((tail - cutoff) / (1 + top)) if top > cutoff else (0.0, 0.0)  # all equal: no tail
    smooth = math.isfinite(k) and sigma > 0
    for t in range(n):
        w[t] = 1 + tail[t]
        if smooth:
            below = -math.log1p(-(t + 0.5) / n)
            quantile = sigma * (math.expm1(k * below) / k if k != 0 else below)
            w[t] = min(1 + cutoff + quantile * (1 + top), 1 + top)
    return k


def _loo_rows(excess: ndarray, n_tail: int, out: ndarray) -> None:
    """Compute PSIS-LOO of several votes.

    Parameters
    ----------
    excess : ndarray, shape (n, n_draws)
        ``exp(-logit)`` of the vote that was cast.
    n_tail
        From `tail_length`.
    out : ndarray, shape (4, n), written
        Rows: expected log predictive density (elpd), its value with the vote left in (lppd), Pareto k, and the variance
        of the elpd over repetitions of the sampling if draws were independent.
    """
    n_draws = excess.shape[1]
    n_body = n_draws - n_tail
    w = np.empty(n_tail)
    for i in range(excess.shape[0]):
        e = excess[i]
        top, inside, body, squares = e.max(), 0.0, 0.0, 0.0
        for s in range(n_draws):
            inside += 1 / (1 + e[s])
            body += e[s]
            squares += e[s] * e[s]
        largest = _largest(e, n_tail + 1, top)
        tail = largest[1:]
        k = _smoothed(tail, largest[0], top, w)
        all_w, all_wp = float(n_body), float(n_body)  # sums of w and of w p; in the body w is 1 + e and w p is 1
        for t in range(n_tail):
            all_w += w[t]
            all_wp += w[t] / (1 + tail[t])
            body -= tail[t]
            squares -= tail[t] * tail[t]
        all_w += body
        p = all_wp / all_w
        spread = n_body * (1 - p) ** 2 - 2 * p * (1 - p) * body + p * p * squares  # sum of (w p - w E p)^2
        for t in range(n_tail):
            spread += (w[t] / (1 + tail[t]) - w[t] * p) ** 2
        out[0, i] = math.log(all_wp) - math.log(all_w)
        out[1, i] = math.log(inside / n_draws)
        out[2, i] = k
        out[3, i] = max(spread, 0.0) / all_wp**2


loo_rows = jit(_loo_rows, cache=True)
