"""How well held-out votes are predicted: log score, votes called right, calibration, with errors by roll call."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..files.records.folds import Difference, Gain

#: Half width of a 90 % interval in standard errors.
_WIDTH = 1.6448536269514722
_N_BINS = 10
#: Log of one half, and how close a log score must be to it to count as a tie.
_HALF, _TIE = math.log(0.5), 1e-9


@dataclass(frozen=True)
class ChamberScores:
    """Held-out votes of one chamber, and what each model gave them.

    Attributes
    ----------
    chamber
        ``house`` or ``senate``.
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing: all votes.
    fold : ndarray of int8, shape (n_legislators, n_votes)
        Fold of each cell, from 1.
    members
        Columns legislator, name and party, in order.
    rollcalls
        Columns rollcall, bill and title, in order.
    log_score : dict of ndarray, shape (n_legislators, n_votes)
        By rung, the log of the probability given to what was cast. NaN where no vote was held out.
    error : dict
        By rung, Monte Carlo standard error of the sum of the log scores.
    given : dict of ndarray, shape (n_legislators, n_votes)
        Where whole roll calls are held out: by rung, the log of the probability of each vote given the others of its
        roll call. ``log_score`` is then that of all votes of the roll call together, divided by their number. Empty
        where single votes are held out.
    """

    chamber: str
    y: np.ndarray
    fold: np.ndarray
    members: pd.DataFrame
    rollcalls: pd.DataFrame
    log_score: Mapping[str, np.ndarray]
    error: Mapping[str, float] = field(default_factory=dict)
    given: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def held(self) -> np.ndarray:
        """True for a vote that every rung predicts."""
        return np.logical_and.reduce([np.isfinite(found) for found in self.log_score.values()])

    def votes(self) -> Votes:
        """List the held-out votes, by roll call and then by member."""
        rollcall, member = np.nonzero(self.held.T)
        y = self.y[member, rollcall]
        yea = (self.y == 1).sum(0) >= (self.y == 0).sum(0)
        scores = {rung: found[member, rollcall] for rung, found in self.log_score.items()}
        given = {rung: found[member, rollcall] for rung, found in self.given.items()}
        return Votes(member, rollcall, y, (y == 1) != yea[rollcall], scores, given)


@dataclass(frozen=True)
class Votes:
    """Held-out votes, one after another.

    Attributes
    ----------
    member, rollcall : ndarray of int, shape (n,)
        Row and column in the chamber.
    y : ndarray of int, shape (n,)
        1 Yea, 0 Nay.
    dissent : ndarray of bool, shape (n,)
        Whether the vote is against the majority of its roll call, all of whose votes count.
    log_score, given : dict of ndarray, shape (n,)
        By rung, as in `ChamberScores`.
    """

    member: np.ndarray
    rollcall: np.ndarray
    y: np.ndarray
    dissent: np.ndarray
    log_score: Mapping[str, np.ndarray]
    given: Mapping[str, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.y)

    @property
    def of_votes(self) -> Mapping[str, np.ndarray]:
        """Log probability of single votes by rung, shape (n,): given the others where whole roll calls are held out."""
        return self.given or self.log_score

    def right(self, rung: str) -> np.ndarray:
        """Tell which votes a rung calls right; a probability of one half calls Yea, as in R's pscl."""
        over = self.of_votes[rung] - _HALF
        return np.where(np.abs(over) < _TIE, self.y == 1, over > 0)

    def yea(self, rung: str) -> np.ndarray:
        """Return the probability of Yea that a rung gave."""
        cast = np.exp(self.of_votes[rung])
        return np.where(self.y == 1, cast, 1 - cast)


def clustered(values: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """Compute a mean and its standard error, with clusters as the units.

    Parameters
    ----------
    values : ndarray, shape (n,)
    cluster : ndarray of int, shape (n,)
        Number of the cluster of each value.

    Returns
    -------
    tuple of float
        The mean, and its error. NaN for a single cluster.

    Notes
    -----
    The mean is a ratio of two sums over clusters, ``sum(values) / n``. Its error is that of the linearized ratio
    (Cochran 1977, ch. 6): the square root of ``C / (C - 1) sum_c (sum of values - mean in c)^2 / n^2``.
    """
    mean = float(values.mean())
    _, place = np.unique(cluster, return_inverse=True)
    sums = np.bincount(place, values - mean)
    if len(sums) < 2:
        return mean, math.nan
    return mean, math.sqrt(len(sums) / (len(sums) - 1) * float(sums @ sums)) / len(values)


def gain(before: np.ndarray, after: np.ndarray, right: np.ndarray, cluster: np.ndarray) -> Gain:
    """Compare two predictions of the same votes.

    Parameters
    ----------
    before, after : ndarray, shape (n,)
        Log scores.
    right : ndarray, shape (n,)
        Whether the second calls the vote right, less whether the first does: -1, 0 or 1.
    cluster : ndarray of int, shape (n,)
        Roll call of each vote.
    """
    more, more_se = clustered(1000.0 * right, cluster)
    score, score_se = clustered(after - before, cluster)
    return {
        "log_score": score,
        "log_score_se": finite(score_se),
        "log_score_q05": finite(score - _WIDTH * score_se),
        "log_score_q95": finite(score + _WIDTH * score_se),
        "right": more,
        "right_se": finite(more_se),
        "right_q05": finite(more - _WIDTH * more_se),
        "right_q95": finite(more + _WIDTH * more_se),
    }


def interval(mean: float, se: float) -> Difference:
    """Give a mean difference its 90 % interval."""
    return {
        "gain": mean,
        "gain_se": finite(se),
        "gain_q05": finite(mean - _WIDTH * se),
        "gain_q95": finite(mean + _WIDTH * se),
    }


def step(votes: Votes, lower: str, upper: str) -> Gain:
    """Say what one rung gains on another."""
    right = votes.right(upper).astype(float) - votes.right(lower)
    return gain(votes.log_score[lower], votes.log_score[upper], right, votes.rollcall)


def calibration(votes: Votes, rung: str) -> pd.DataFrame:
    """Compare the predicted probability of Yea with the share of Yea, in `_N_BINS` bins of equal width.

    Returns
    -------
    DataFrame
        Per bin with votes in it: ``low``, ``high``, ``n``, ``predicted`` (mean), ``observed`` (share of Yea), and
        ``observed_se``, the standard error of their difference with roll calls as the units.
    """
    p, yea = votes.yea(rung), votes.y == 1
    place = np.minimum((p * _N_BINS).astype(int), _N_BINS - 1)
    rows = []
    for k in np.unique(place):
        here = place == k
        _, se = clustered(yea[here] - p[here], votes.rollcall[here])
        bounds = {"low": k / _N_BINS, "high": (k + 1) / _N_BINS, "n": int(here.sum())}
        rows.append({**bounds, "predicted": p[here].mean(), "observed": yea[here].mean(), "observed_se": se})
    return pd.DataFrame(rows)


def tally(votes: Votes, rung: str, group: np.ndarray, whole: bool = True) -> pd.DataFrame:
    """Score the votes of each group, such as a member or a roll call.

    Parameters
    ----------
    votes, rung
        The votes, and the model that predicted them.
    group : ndarray of int, shape (n,)
        Group of each vote.
    whole
        Whether a group has all votes of its roll calls. False scores single votes, given the others of their roll call
        where whole roll calls are held out.

    Returns
    -------
    DataFrame
        Index group; ``n_votes``, ``log_score`` (mean), ``log_score_se`` (roll calls as the units; NaN of a single one),
        ``correct`` (share), ``errors``, ``minority`` (votes against the majority of their roll call) and ``pre``, the
        share of these errors that the model avoids (NaN where there are none).
    """
    wrong, score = ~votes.right(rung), (votes.log_score if whole else votes.of_votes)[rung]
    order = np.argsort(group, kind="stable")
    names, first = np.unique(group[order], return_index=True)
    rows = []
    for at in np.split(order, first[1:]):
        mean, se = clustered(score[at], votes.rollcall[at])
        errors, minority = int(wrong[at].sum()), int(votes.dissent[at].sum())
        pre = (minority - errors) / minority if minority else math.nan
        counts = {"correct": 1 - errors / len(at), "errors": errors, "minority": minority, "pre": pre}
        rows.append({"n_votes": len(at), "log_score": mean, "log_score_se": se, **counts})
    return pd.DataFrame(rows, index=pd.Index(names, name="group"))


def finite(value: float) -> float | None:
    """Replace a number that is not finite by None, as JSON requires."""
    return value if math.isfinite(value) else None
