"""A chamber's votes in the order of a fast model: members in the order of its frame, bills of free sign last."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..compiled.likelihood import sign_matrix
from ..pilot.collection import Collection
from .bill_priors import collect_bills
from .seating import Seating


@dataclass(frozen=True)
class Matrix:
    """Votes in the order of a fast model.

    Attributes
    ----------
    sign : ndarray of int8, shape (n_members, n_votes)
        +1, -1 or 0, members in the order of the frame, bills of free sign last.
    score : ndarray, shape (n_members,)
        First guess of the members' order.
    columns, flip
        Results of `arranged`.
    bills : Collection
        The pilot's bills.
    """

    sign: np.ndarray
    score: np.ndarray
    columns: np.ndarray
    flip: np.ndarray
    n_free: int
    bills: Collection

    @classmethod
    def of(
        cls,
        votes: ChamberVotes,
        seating: Seating,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        oriented: np.ndarray | None,
    ) -> Matrix:
        """Arrange a chamber's votes by a seating and by the orientation of its bills."""
        columns, flip, n_free = arranged(oriented, votes.n_votes)
        sign = np.ascontiguousarray((sign_matrix(votes.y)[seating.order] * flip)[:, columns])
        free = None if oriented is None else oriented[columns] == 0
        bills = collect_bills(beta_prior, alpha_sigma, free, votes.n_votes)
        return cls(sign, seating.scores(votes.legislators["pc1"].to_numpy(float)), columns, flip, n_free, bills)


def arranged(oriented: np.ndarray | None, n_votes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Order the columns, with those of free sign last.

    Returns the columns, the signs (-1 where Yea and Nay are exchanged, else +1), and the number of columns of free
    sign.
    """
    if oriented is None:
        return np.arange(n_votes), np.ones(n_votes, dtype=np.int8), 0
    free = oriented == 0
    return np.argsort(free, kind="stable"), np.where(free, 1, oriented).astype(np.int8), int(free.sum())
