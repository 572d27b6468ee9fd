"""Members of a chamber in the order of its frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...votes.vocabulary import PARTIES


@dataclass(frozen=True)
class Seating:
    """Members of one chamber in the order of its frame.

    Attributes
    ----------
    order : ndarray of int, shape (n_members,)
        Row numbers of the left group, of the right one, of independents.
    sizes : tuple of int
        Members of the left and of the right group.
    crossed : bool
        True if component scores run from right to left, and the Republicans, if groups are parties, sit on the left.
    """

    order: np.ndarray
    sizes: tuple[int, int]
    crossed: bool

    @property
    def inverse(self) -> np.ndarray:
        """Place of each member in ``order``."""
        return np.argsort(self.order)

    def scores(self, score: np.ndarray) -> np.ndarray:
        """Put component scores in that order, with signs changed if the seating is ``crossed``."""
        return score[self.order] * (-1 if self.crossed else 1)

    def scores_back(self, u: np.ndarray) -> np.ndarray:
        """Return scores of the members by their positions in the frame, which is the inverse of `scores`."""
        return u[self.inverse] * (-1 if self.crossed else 1)


def seat(parties: np.ndarray, crossed: bool) -> Seating:
    """Seat a chamber's members.

    Parameters
    ----------
    parties : ndarray of str, shape (n_members,)
        What each member is counted as; those of neither party are independents.
    crossed : bool

    Raises
    ------
    ValueError
        If a party has no member.
    """
    rows = [np.flatnonzero(parties == party) for party in PARTIES]
    for party, members in zip(PARTIES, rows, strict=True):
        if not len(members):
            raise ValueError(f"the model needs members of both parties; there is no {party}")
    left, right = rows[::-1] if crossed else rows
    others = np.flatnonzero(~np.isin(parties, PARTIES))
    return Seating(np.concatenate([left, right, others]), (len(left), len(right)), crossed)


def party_index(parties: np.ndarray) -> np.ndarray:
    """Give members the number of their party: 0 Democrat, 1 Republican, 2 neither, in the order given."""
    return np.array([PARTIES.index(p) if p in PARTIES else len(PARTIES) for p in parties])


def seat_halves(score: np.ndarray, crossed: bool) -> Seating:
    """Seat the lower half by component scores left and the upper one right, or, if ``crossed``, the other way round."""
    order, n_left = np.argsort(-score if crossed else score, kind="stable"), len(score) // 2
    return Seating(order, (n_left, len(score) - n_left), crossed)
