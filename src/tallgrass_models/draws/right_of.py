"""Who stands right of whom, draw by draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .montecarlo import batch_sizes, batch_starts, mcse_of_batches


@dataclass(frozen=True)
class RightOf:
    """P(row stands right of column) and its Monte Carlo standard error, shape (n, n); 1/2 and 0 on the diagonal."""

    probability: np.ndarray
    mcse: np.ndarray


def right_of(xi: np.ndarray) -> RightOf:
    """Compare all pairs of members, draw by draw.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n)
        Ideal points on one scale.

    Notes
    -----
    One member at a time against those after it: memory is n times the draws, never n squared times the draws. Two equal
    ideal points (rounding) count for the later member.
    """
    n = xi.shape[-1]
    starts = batch_starts(*xi.shape[:2])
    flat = np.ascontiguousarray(xi.reshape(-1, n).T)
    sizes = batch_sizes(starts, flat.shape[1])
    probability, error = np.full((n, n), 0.5), np.zeros((n, n))
    for i in range(n - 1):
        right = flat[i] > flat[i + 1 :]
        count = np.add.reduceat(right.view(np.uint8), starts, axis=1, dtype=np.int32)
        probability[i, i + 1 :] = count.sum(1) / flat.shape[1]
        error[i, i + 1 :] = mcse_of_batches((count / sizes).T)
    below = np.tril_indices(n, -1)
    probability[below], error[below] = 1 - probability.T[below], error.T[below]
    return RightOf(probability, error)
