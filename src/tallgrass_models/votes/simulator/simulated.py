"""Simulated members and roll calls of a chamber."""

from dataclasses import dataclass

import numpy as np

from ..vocabulary import NAY, YEA


@dataclass(frozen=True)
class SimulatedMembers:
    """Members of a chamber: party, seat and xi, and the days (first, last) between which they serve."""

    party: np.ndarray
    seat: np.ndarray
    xi: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray


@dataclass(frozen=True)
class SimulatedVotes:
    """Roll calls of a chamber.

    Attributes
    ----------
    cast : ndarray of int8, shape (n_legislators, n_votes)
        `YEA`, `NAY` or one of `codes`; `codes.NO_MEMBER` where the member did not serve.
    alpha, beta : ndarray, shape (n_votes,)
    day : ndarray of int, shape (n_votes,)
        Day of meeting, from 0.
    pair : ndarray of int, shape (n_votes,)
        Number of the bill whose passage this is in both chambers; -1 for a roll call of its own.
    """

    cast: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    day: np.ndarray
    pair: np.ndarray

    def take(self, index: np.ndarray) -> "SimulatedVotes":
        """Return the roll calls at ``index`` (positions or a mask)."""
        return SimulatedVotes(
            self.cast[:, index], self.alpha[index], self.beta[index], self.day[index], self.pair[index]
        )

    def flipped(self, which: np.ndarray) -> "SimulatedVotes":
        """Exchange Yea and Nay of the roll calls in the mask, and the signs of their alpha and beta.

        All other roll calls stay as they are, and the result is as probable.
        """
        cast = self.cast.copy()
        part = cast[:, which]
        cast[:, which] = np.where(part == YEA, NAY, np.where(part == NAY, YEA, part)).astype(np.int8)
        sign = np.where(which, -1.0, 1.0)
        return SimulatedVotes(cast, sign * self.alpha, sign * self.beta, self.day, self.pair)


def join(*parts: SimulatedVotes) -> SimulatedVotes:
    """Roll calls of several parts, side by side."""
    return SimulatedVotes(
        np.concatenate([part.cast for part in parts], axis=1),
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("alpha", "beta", "day", "pair")),
    )
