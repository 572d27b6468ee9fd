"""What was fitted together: the chambers of a unit, and where their members and roll calls are among its parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .matching import JointVotes, join_chambers, merged_bills
from .matrix import ChamberVotes

_ROLLCALL_COLUMNS = ["bill", "title", "motion", "date", "chambers", "yea", "nay"]


@dataclass(frozen=True)
class Part:
    """One chamber of a unit.

    Attributes
    ----------
    votes
        Its votes, members of the two parties only.
    members
        Where its members are among those of the unit.
    item : ndarray of int, shape (votes.n_votes,)
        Bill parameters of each roll call.
    legislators
        Ids of its members in the unit: with the chamber before them in a joint one.
    """

    votes: ChamberVotes
    members: slice
    item: np.ndarray
    legislators: list[str]

    @property
    def chamber(self) -> str:
        """``house`` or ``senate``."""
        return self.votes.chamber


@dataclass(frozen=True)
class UnitVotes:
    """The parts, House first, and a table with a row per pair of bill parameters (index vote, `_ROLLCALL_COLUMNS`)."""

    parts: list[Part]
    rollcalls: pd.DataFrame
    n_shared: int | None

    def party_counts(self) -> tuple[np.ndarray, np.ndarray]:
        """Yea votes and all votes of Democrats and Republicans on each bill, both of shape (n_bills, 2)."""
        yea, cast = (np.zeros((len(self.rollcalls), 2), dtype=int) for _ in range(2))
        for part in self.parts:
            for p, party in enumerate(("Democrat", "Republican")):
                own = part.votes.y[part.votes.parties == party]
                np.add.at(yea[:, p], part.item, (own == 1).sum(0))
                np.add.at(cast[:, p], part.item, (own >= 0).sum(0))
        return yea, cast

    def member_names(self) -> list[str]:
        """Name the members for people by name, chamber and party."""
        return [
            f"{row.name} ({part.chamber.title()}, {row.party})"
            for part in self.parts
            for row in part.votes.legislators[["name", "party"]].itertuples()
        ]

    def bill_names(self) -> list[str]:
        """Name the bills for people by number and motion, with the id where there is no number."""
        return [
            ", ".join(text for text in (row.bill or str(row.Index), row.motion) if text)
            for row in self.rollcalls.itertuples()
        ]


def make_unit(chambers: Sequence[ChamberVotes], items: Iterable[str] | None = None) -> UnitVotes:
    """Make the unit of a chamber alone, or of House and Senate with their shared bills.

    ``items`` are the labels of the bills in the posterior of a fit, which say which shared bills it merged (the
    dimension ``vote``). None merges all.
    """
    if len(chambers) == 1:
        votes = chambers[0]
        part = Part(votes, slice(0, votes.n_legislators), np.arange(votes.n_votes), list(votes.legislators.index))
        return UnitVotes([part], votes.rollcalls.assign(chambers=votes.chamber)[_ROLLCALL_COLUMNS], None)
    joined = join_chambers(*chambers, merged=None if items is None else merged_bills(items))
    ids, n_house = list(joined.legislator), joined.house.n_legislators
    parts = [
        Part(joined.house, slice(0, n_house), joined.house_item, ids[:n_house]),
        Part(joined.senate, slice(n_house, len(ids)), joined.senate_item, ids[n_house:]),
    ]
    return UnitVotes(parts, _joint_rollcalls(joined), joined.n_shared)


def _joint_rollcalls(joined: JointVotes) -> pd.DataFrame:
    """One row per item; a shared bill has the House's motion and the votes of both chambers."""
    table = pd.DataFrame(index=pd.Index(joined.vote, name="vote"), columns=_ROLLCALL_COLUMNS)
    table[["yea", "nay"]] = 0
    for part, item in ((joined.senate, joined.senate_item), (joined.house, joined.house_item)):
        rows = table.index[item]
        table.loc[rows, ["bill", "title", "motion", "date"]] = part.rollcalls[
            ["bill", "title", "motion", "date"]
        ].to_numpy(object)
        for column in ("yea", "nay"):
            table.loc[rows, column] += part.rollcalls[column].to_numpy()
        table.loc[rows, "chambers"] = part.chamber
    table.loc[table.index[joined.shared["item"].to_numpy()], "chambers"] = "both"
    return table
