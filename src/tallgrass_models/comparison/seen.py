"""Votes as two experiments saw them, beside their fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..draws.frame import move_bills
from ..votes.matching import join_chambers
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from .members import Alignment


@dataclass(frozen=True)
class SeenVotes:
    """The votes of one chamber as a unit's tables name them.

    Attributes
    ----------
    y : ndarray of int8, shape (n_members, n_votes)
    legislator, vote : ndarray of str
        Ids of rows and columns in ``ideal_points`` and ``bills`` of the unit.
    party : ndarray of str, shape (n_members,)
        What each member is counted as.
    """

    y: np.ndarray
    legislator: np.ndarray
    vote: np.ndarray
    party: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """Posterior means of one variant that bear on a member, on its headline scale: bills, and the parties' populations.

    Attributes
    ----------
    bills
        Columns vote, bill, title, difficulty_mean, discrimination_mean.
    parties
        Columns chamber, party, mu_position_mean, sigma_position_mean.
    second
        Places of members on the second dimension, by id; None where there is none. The bills then have the column
        second_slope_mean, too.
    """

    bills: pd.DataFrame
    parties: pd.DataFrame
    second: pd.Series | None = None

    def on(self, scale: Alignment) -> Fitted:
        """Return the same on another scale."""
        alpha, beta = move_bills(
            self.bills["difficulty_mean"].to_numpy(),
            self.bills["discrimination_mean"].to_numpy(),
            scale.slope,
            scale.intercept,
        )
        mu = scale.slope * self.parties["mu_position_mean"] + scale.intercept
        sigma = scale.slope * self.parties["sigma_position_mean"]
        return Fitted(
            self.bills.assign(difficulty_mean=alpha, discrimination_mean=beta),
            self.parties.assign(mu_position_mean=mu, sigma_position_mean=sigma),
            self.second,
        )


def seen_votes(unit: Unit, chambers: Sequence[ChamberVotes], by_roll_call: bool = False) -> list[SeenVotes]:
    """Return the votes behind a unit's tables, chamber by chamber; ``by_roll_call`` merges no bill of a joint fit."""
    if not unit.is_joint:
        own = next(votes for votes in chambers if votes.chamber == unit)
        ids = own.legislators.index.to_numpy(object)
        return [SeenVotes(own.y, ids, own.rollcalls.index.to_numpy(object), own.parties)]
    joined = join_chambers(*chambers, merged=() if by_roll_call else None)
    cut = joined.house.n_legislators
    return [
        SeenVotes(joined.house.y, joined.legislator[:cut], joined.vote[joined.house_item], joined.house.parties),
        SeenVotes(joined.senate.y, joined.legislator[cut:], joined.vote[joined.senate_item], joined.senate.parties),
    ]
