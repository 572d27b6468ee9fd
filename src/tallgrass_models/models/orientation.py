"""Orientation of bills by the votes of the parties, which positive priors of discrimination may be given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import PARTIES

if TYPE_CHECKING:
    from ..votes.matching import JointVotes

#: Standard errors by which the parties' Yea shares must differ for the sign of a bill to be taken as known.
CERTAIN = 3.0


def chamber_orientation(votes: ChamberVotes) -> np.ndarray:
    """Orient roll calls: +1 where Republicans vote Yea more often, -1 Democrats, 0 uncertain; shape (n_votes,)."""
    return _orientation([votes], [np.arange(votes.n_votes)], votes.n_votes)


def joint_orientation(votes: JointVotes) -> np.ndarray:
    """Orient the items of a joint model, shape (n_items,); a shared bill by the votes of both chambers."""
    return _orientation([votes.house, votes.senate], [votes.house_item, votes.senate_item], votes.n_items)


def _orientation(chambers: Sequence[ChamberVotes], items: Sequence[np.ndarray], n_items: int) -> np.ndarray:
    """Take the sign of the mean lead, weighted by precision, where it exceeds `CERTAIN` standard errors, else 0."""
    weighted, precision = np.zeros(n_items), np.zeros(n_items)
    for votes, item in zip(chambers, items, strict=True):
        lead, variance = _party_lead(votes)
        weighted[item] += lead / variance
        precision[item] += 1 / variance
    certain = np.abs(weighted) > CERTAIN * np.sqrt(precision)
    return np.where(certain, np.sign(weighted), 0).astype(np.int8)


def _party_lead(votes: ChamberVotes) -> tuple[np.ndarray, np.ndarray]:
    """Compute Republicans' Yea share less Democrats', and its variance, by roll call; each of shape (n_votes,).

    Shares are ``(yea + 1) / (cast + 2)``, so that neither a unanimous nor an absent party has a variance of zero.
    """
    share, variance = [], []
    for party in PARTIES:
        rows = votes.y[votes.parties == party]
        cast = (rows >= 0).sum(0)
        p = ((rows == 1).sum(0) + 1) / (cast + 2)
        share.append(p)
        variance.append(p * (1 - p) / (cast + 2))
    return share[1] - share[0], variance[0] + variance[1]
