"""Order and ranks of members: who stands right of whom, and which rank each member takes."""

from __future__ import annotations

import numpy as np


def rank_draws(xi: np.ndarray) -> np.ndarray:
    """Rank of each member in each draw, 1 the leftmost; shape of ``xi`` (..., n)."""
    rank = np.empty(xi.shape, dtype=np.int32)
    np.put_along_axis(rank, xi.argsort(-1), np.arange(1, xi.shape[-1] + 1, dtype=np.int32), axis=-1)
    return rank


def rank_probability(rank: np.ndarray) -> np.ndarray:
    """Share of draws in which each member takes each rank.

    Parameters
    ----------
    rank : ndarray of int, shape (chain, draw, n)
        From `rank_draws`.

    Returns
    -------
    ndarray, shape (n, n)
        Row: member; column r: rank r + 1. Rows and columns add up to 1.
    """
    n = rank.shape[-1]
    flat = rank.reshape(-1, n) - 1
    cell = flat + n * np.arange(n, dtype=np.int32)
    return np.bincount(cell.ravel(), minlength=n * n).reshape(n, n) / len(flat)


def rank_quantile(probability: np.ndarray, share: float) -> np.ndarray:
    """Least rank that at least ``share`` of the draws do not exceed, from `rank_probability`; shape (n,)."""
    return 1 + (probability.cumsum(1) < share - 1e-12).sum(1)


def end_probabilities(x: np.ndarray, party: np.ndarray) -> dict[str, np.ndarray]:
    """Return who stands at the ends of a chamber, and closest to the other party.

    Parameters
    ----------
    x : ndarray, shape (chain, draw, n)
        Positions of the members of one chamber, Republicans to the right.
    party : ndarray of str, shape (n,)

    Returns
    -------
    dict
        ``p_leftmost``, ``p_rightmost`` (each adds up to 1), and ``p_innermost``: the probability of being the rightmost
        Democrat or the leftmost Republican; NaN for members counted with neither party. Shape (n,).
    """
    flat = x.reshape(-1, x.shape[-1])
    inner = np.full(x.shape[-1], np.nan)
    for name, outward in (("Democrat", flat), ("Republican", -flat)):
        own = np.flatnonzero(party == name)
        if own.size:
            inner[own] = _share_at(outward[:, own].argmax(1), own.size)
    n = x.shape[-1]
    return {
        "p_leftmost": _share_at(flat.argmin(1), n),
        "p_rightmost": _share_at(flat.argmax(1), n),
        "p_innermost": inner,
    }


def _share_at(holder: np.ndarray, n: int) -> np.ndarray:
    return np.asarray(np.bincount(holder, minlength=n) / len(holder))
