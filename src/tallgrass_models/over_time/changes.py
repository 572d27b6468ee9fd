"""What changes from session to session: parties, their distance and overlap, and why a party's average moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from ..votes.vocabulary import PARTIES


@dataclass(frozen=True)
class Shift:
    """Change of the average of a party's members from one session to another, in each draw, shape (n_draws,).

    ``change = conversion + left + came``. With ``S`` the average of those who stayed, before and after, ``w`` the share
    of those who left among the earlier members and of those who came among the later ones,

        conversion = S_after - S_before
        came = w_came (average of those who came - S_after)
        left = -w_left (average of those who left - S_before)

    All but ``change`` are None where nobody stayed: then everything is replacement.
    """

    n_stayed: int
    n_left: int
    n_came: int
    change: np.ndarray
    conversion: np.ndarray | None
    left: np.ndarray | None
    came: np.ndarray | None

    @property
    def replacement(self) -> np.ndarray:
        """What those who left and those who came did to the average together."""
        if self.left is None or self.came is None:
            return self.change
        return np.asarray(self.left + self.came)


def shift(x: np.ndarray, y: np.ndarray, who_x: np.ndarray, who_y: np.ndarray) -> Shift:
    """Split the change of a party's average.

    Parameters
    ----------
    x, y : ndarray, shape (n_draws, n_before) and (n_draws, n_after)
        Positions of the party's members in the two sessions, on one scale.
    who_x, who_y : ndarray of int
        Who they are.
    """
    stayed_x, stayed_y = np.isin(who_x, who_y), np.isin(who_y, who_x)
    change = y.mean(1) - x.mean(1)
    counts = len(set(who_x[stayed_x].tolist())), int((~stayed_x).sum()), int((~stayed_y).sum())
    if not stayed_x.any():
        return Shift(*counts, change, None, None, None)
    before, after = x[:, stayed_x].mean(1), y[:, stayed_y].mean(1)
    return Shift(*counts, change, after - before, before - x.mean(1), y.mean(1) - after)


def distance(x: np.ndarray, party: np.ndarray) -> np.ndarray | None:
    """Republican minus Democratic average in each draw, shape (n_draws,); None where a party has no member."""
    left, right = (x[:, party == name] for name in PARTIES)
    return right.mean(1) - left.mean(1) if left.shape[1] and right.shape[1] else None


def overlap(x: np.ndarray, party: np.ndarray) -> np.ndarray | None:
    """Share of pairs of a Democrat and a Republican in which the Democrat stands right, in each draw.

    The statistic of Mann and Whitney over the number of pairs. None where a party has no member.
    """
    left, right = (x[:, party == name] for name in PARTIES)
    n, m = left.shape[1], right.shape[1]
    if not n or not m:
        return None
    ranks = rankdata(np.concatenate([left, right], axis=1), axis=1)[:, :n]
    return np.asarray((ranks.sum(1) - n * (n + 1) / 2) / (n * m))
