"""The lowest rung of the ladder: each roll call's share of Yea in each party, without any position."""

from __future__ import annotations

import numpy as np

from ..votes.vocabulary import MISSING, PARTIES

#: Votes added to each side, by Jeffreys' prior of a share.
_ADDED = 0.5


def party_shares(y: np.ndarray, parties: np.ndarray, fold: np.ndarray, number: int) -> np.ndarray:
    """Predict each vote by the votes of the other folds of its party on the same roll call.

    Parameters
    ----------
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.
    parties : ndarray of str, shape (n_legislators,)
        What each member is counted as.
    fold : ndarray of int, shape (n_legislators, n_votes)
        Fold of each cell, from 1.
    number
        Number of folds.

    Returns
    -------
    ndarray, shape (n_legislators, n_votes)
        Probability of Yea, ``(yea + 1/2) / (n + 1)`` with the counts in the other folds. Members of neither party are
        predicted by the votes of all members.
    """
    out = np.empty(y.shape)
    groups = [parties == party for party in PARTIES]
    for k in range(1, number + 1):
        seen = (y != MISSING) & (fold != k)
        own = fold == k
        for members in groups:
            out[members] = np.where(own[members], _share(y[members], seen[members]), out[members])
        neither = ~np.any(groups, axis=0)
        out[neither] = np.where(own[neither], _share(y, seen), out[neither])
    return out


def _share(y: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return np.asarray((((y == 1) & seen).sum(0) + _ADDED) / (seen.sum(0) + 2 * _ADDED))
