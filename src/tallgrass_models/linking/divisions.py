"""Divisions of a chamber: contested roll calls, divided parties, and the variance that an axis explains."""

from __future__ import annotations

import numpy as np

from ..votes.vocabulary import MISSING, PARTIES, YEA

#: Roll calls with at least this share in the minority count as contested, and as dividing a party.
CONTESTED, DIVIDED = 0.25, 0.25
_N_SHUFFLES = 40


def explained_share(y: np.ndarray, x: np.ndarray) -> float:
    """Share of the variance of the votes that a line in ``x`` explains, roll calls pooled.

    Parameters
    ----------
    y : ndarray of int8, shape (n_members, n_votes)
        1 Yea, 0 Nay, -1 missing; missing votes count as the roll call's mean.
    x : ndarray, shape (n_members,)
    """
    centred = _centred(y)
    direction = x - x.mean()
    norm, total = direction @ direction, (centred**2).sum()
    return float(((direction @ centred) ** 2).sum() / (norm * total)) if norm > 0 and total > 0 else 0.0


def share_by_chance(y: np.ndarray, rng: np.random.Generator, n: int = _N_SHUFFLES) -> np.ndarray:
    """Share of the first component when votes are shuffled among those who voted, roll call by roll call.

    Horn's (1965) parallel analysis: margins and absences stay, any agreement between members goes. No axis, whatever it
    was fitted to, explains more of shuffled votes than their first component.

    Returns
    -------
    ndarray, shape (n,)
    """
    shares, seen = np.empty(n), y != MISSING
    for k in range(n):
        order = np.argsort(np.where(seen, rng.random(y.shape), 2.0), axis=0)  # voters first, in any order
        place = np.argsort(np.where(seen, 0, 1), axis=0, kind="stable")
        shuffled = y.copy()
        np.put_along_axis(shuffled, place, np.take_along_axis(y, order, 0), 0)
        gram = _centred(shuffled)
        gram = gram @ gram.T
        shares[k] = np.linalg.eigvalsh(gram)[-1] / np.trace(gram)
    return shares


def contested(y: np.ndarray) -> np.ndarray:
    """Roll calls with at least `CONTESTED` of the votes in the minority, shape (n_votes,)."""
    return np.asarray(_minority(y) >= CONTESTED)


def divided(y: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Roll calls on which a party has at least `DIVIDED` of its votes in its own minority, shape (n_votes,)."""
    return np.asarray(np.max([_minority(y[party == name]) for name in PARTIES], axis=0) >= DIVIDED)


def _centred(y: np.ndarray) -> np.ndarray:
    """Votes minus the roll call's mean; 0 where missing."""
    seen = y != MISSING
    mean = np.where(seen, y, 0).sum(0) / np.maximum(seen.sum(0), 1)
    return np.where(seen, y - mean, 0.0)


def _minority(y: np.ndarray) -> np.ndarray:
    """Share of the votes cast that are in the minority; 0 where nobody voted."""
    n, yea = (y != MISSING).sum(0), (y == YEA).sum(0)
    return np.asarray(np.minimum(yea, n - yea) / np.maximum(n, 1))
