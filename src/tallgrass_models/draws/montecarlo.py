"""Monte Carlo error by batch means: one method for means, probabilities and ranks alike."""

from __future__ import annotations

import numpy as np

#: Batches that each chain is cut into; many draws long, so that their means are about independent.
_BATCHES_PER_CHAIN = 10


def batch_starts(n_chains: int, n_draws: int) -> np.ndarray:
    """First draw of each batch, with the draws of all chains end to end; shape (n_batches,).

    Batches do not cross chains and differ by at most one draw in length.
    """
    n = min(_BATCHES_PER_CHAIN, n_draws)
    within = np.arange(n) * n_draws // n
    return (np.arange(n_chains)[:, None] * n_draws + within).ravel()


def batch_sizes(starts: np.ndarray, total: int) -> np.ndarray:
    """Draws in each batch, shape (n_batches,)."""
    return np.diff(np.append(starts, total))


def mcse(draws: np.ndarray) -> np.ndarray:
    """Monte Carlo standard error of the mean of each element.

    Parameters
    ----------
    draws : ndarray, shape (chain, draw, ...)

    Returns
    -------
    ndarray, shape (...)
        NaN with a single batch.
    """
    flat = np.asarray(draws).reshape(-1, *draws.shape[2:])
    starts = batch_starts(*draws.shape[:2])
    sums = np.add.reduceat(flat, starts, axis=0, dtype=float)
    sizes = batch_sizes(starts, len(flat)).reshape(-1, *[1] * (flat.ndim - 1))
    return mcse_of_batches(sums / sizes)


def mcse_of_batches(means: np.ndarray) -> np.ndarray:
    """Estimate the standard error of the mean of all draws from means of batches, shape (n_batches, ...).

    Notes
    -----
    Standard deviation over batches divided by the root of their number (Flegal, Haran & Jones 2008). Chains that
    disagree widen it: batches of different chains count like those of one.
    """
    n = len(means)
    if n < 2:
        return np.full(means.shape[1:], np.nan)
    return np.asarray(means.std(0, ddof=1) / np.sqrt(n))
