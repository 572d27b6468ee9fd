"""The lowest rung of the ladder: each roll call's share of Yea in each party, without any position."""

from __future__ import annotations

import numpy as np
from scipy.special import betaln

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


def party_calls(y: np.ndarray, parties: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Predict whole roll calls of which no vote is known, by rates of Yea that are integrated over Jeffreys' prior.

    Each party has a rate of its own, with the prior Beta(1/2, 1/2). Members of neither party have one whose prior is
    what the votes of both parties make of Beta(1/2, 1/2).

    Parameters
    ----------
    y, parties
        As of `party_shares`.

    Returns
    -------
    tuple of ndarray
        Log probability of all votes of each roll call together, shape (n_votes,), a product of beta-binomial terms; and
        log probability of each vote given the others of its roll call, shape (n_legislators, n_votes).
    """
    groups = [parties == party for party in PARTIES]
    groups.append(~np.any(groups, axis=0))
    yea, n = (np.stack([one[group].sum(0) for group in groups]) for one in (y == 1, y != MISSING))
    whole, given = _log_joint(yea, n), np.empty(y.shape)
    for g, group in enumerate(groups):
        for value in (0, 1):
            other = yea.copy()
            other[g] += 1 - 2 * value
            with np.errstate(invalid="ignore", divide="ignore"):
                ratio = -np.logaddexp(0, _log_joint(other, n) - whole)
            given[group] = np.where(y[group] == value, ratio, given[group])
    return whole, np.where(y == MISSING, np.nan, given)


def _log_joint(yea: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Compute the log probability of the votes from counts by party and of the rest, both of shape (3, n_votes)."""
    own = [_log_rate(yea[g], n[g]) for g in (0, 1)]
    return own[0] + own[1] + _log_rate(yea.sum(0), n.sum(0)) - _log_rate(yea[:2].sum(0), n[:2].sum(0))


def _log_rate(yea: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Integrate a rate over Beta(1/2, 1/2): the log of ``B(yea + 1/2, n - yea + 1/2) / B(1/2, 1/2)``."""
    return np.asarray(betaln(yea + _ADDED, n - yea + _ADDED) - betaln(_ADDED, _ADDED))


def _share(y: np.ndarray, seen: np.ndarray) -> np.ndarray:
    return np.asarray((((y == 1) & seen).sum(0) + _ADDED) / (seen.sum(0) + 2 * _ADDED))
