"""Distance of the party averages in units of the spread inside the parties, and the least that carries a scale."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtrit

from ..votes.vocabulary import PARTIES

#: Least distance of the party averages in pooled standard deviations of members. At 1 the ruler is as long as the
#: standard deviation of those whom it measures; a shorter one would magnify the members' noise.
LEAST_D = 1.0


#: Two groups of a few members stand apart by chance. The distance must also be one that members allotted to the parties
#: at random would reach in at most this share of cases (the t test, two-sided).
_BY_CHANCE = 0.05


def separation(x: np.ndarray, party: np.ndarray) -> np.ndarray:
    """Republican minus Democratic average in pooled standard deviations of members.

    Parameters
    ----------
    x : ndarray, shape (..., n_members)
    party : ndarray of str, shape (n_members,)

    Returns
    -------
    ndarray, shape (...)
        NaN where a party has no member or nobody differs from the party's average.
    """
    left, right = (x[..., party == name] for name in PARTIES)
    free = left.shape[-1] + right.shape[-1] - 2
    if min(left.shape[-1], right.shape[-1]) == 0 or free < 1:
        return np.full(x.shape[:-1], np.nan)
    squares = sum(((side - side.mean(-1, keepdims=True)) ** 2).sum(-1) for side in (left, right))
    pooled = np.sqrt(squares / free)
    gap = right.mean(-1) - left.mean(-1)
    return np.asarray(np.divide(gap, pooled, out=np.full(np.shape(gap), np.nan), where=pooled > 0))


def least_separation(n_democrats: int, n_republicans: int) -> float:
    """Return what |d| must reach for two parties of these sizes: `LEAST_D`, or what chance reaches in `_BY_CHANCE`.

    With members allotted at random ``d / sqrt(1/n_D + 1/n_R)`` has Student's t distribution, n - 2 degrees of freedom.
    """
    by_chance = stdtrit(n_democrats + n_republicans - 2, 1 - _BY_CHANCE / 2) * np.sqrt(
        1 / n_democrats + 1 / n_republicans
    )
    return max(LEAST_D, float(by_chance))
