"""The votes of a unit as one list in one order, the same for every variant that is fitted to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..votes import ChamberVotes, join_chambers


@dataclass(frozen=True)
class Observations:
    """Every Yea and Nay of the members of the two parties.

    The order is that of the vote matrix: chamber by chamber (House first), in it roll call by roll call, in it member
    by member.

    Attributes
    ----------
    member, rollcall, item : ndarray of int32, shape (n_obs,)
        Row of `members`, row of `rollcalls`, and bill parameter pair of the model; the two roll calls of a shared bill
        have one item.
    y : ndarray of int8, shape (n_obs,)
        1 Yea, 0 Nay.
    members : DataFrame
        In the order of the posterior; columns legislator (its id there), name, party, chamber.
    rollcalls : DataFrame
        Roll calls of the chambers; columns rollcall, item (number), vote (the item's id in the posterior), chamber,
        bill, motion, date.
    """

    member: np.ndarray
    rollcall: np.ndarray
    item: np.ndarray
    y: np.ndarray
    members: pd.DataFrame
    rollcalls: pd.DataFrame

    def __len__(self) -> int:
        return len(self.y)

    @property
    def order_hash(self) -> str:
        """Hash of who voted how on which roll call, in order: equal for all variants on the same votes."""
        digest = hashlib.sha256()
        for table, column in ((self.members, "legislator"), (self.rollcalls, "chamber"), (self.rollcalls, "rollcall")):
            digest.update("\0".join(table[column]).encode() + b"\n")
        for values in (self.member, self.rollcall, self.y):
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()[:16]


def observations(chambers: Sequence[ChamberVotes]) -> Observations:
    """List the votes of one chamber, or of both on the joint model's items (House first)."""
    if len(chambers) == 2:
        joined = join_chambers(*chambers)
        items = [joined.house_item, joined.senate_item]
        return _listed([joined.house, joined.senate], items, joined.legislator, joined.vote)
    part = chambers[0].major()
    who, what = (table.index.to_numpy(object) for table in (part.legislators, part.rollcalls))
    return _listed([part], [np.arange(part.n_votes)], who, what)


def _listed(
    parts: Sequence[ChamberVotes], items: Sequence[np.ndarray], legislator: np.ndarray, vote: np.ndarray
) -> Observations:
    cells = []
    n_members = n_rollcalls = 0
    for part, item in zip(parts, items, strict=True):
        j, i = np.nonzero(part.y.T >= 0)
        cells.append((i + n_members, j + n_rollcalls, item[j], part.y[i, j]))
        n_members += part.n_legislators
        n_rollcalls += part.n_votes
    member, rollcall, number, y = (np.concatenate(columns) for columns in zip(*cells, strict=True))
    members = pd.concat([part.legislators[["name", "party"]].assign(chamber=part.chamber) for part in parts])
    rollcalls = pd.concat(
        [
            part.rollcalls[["bill", "motion", "date"]].assign(
                rollcall=part.rollcalls.index, item=item, chamber=part.chamber
            )
            for part, item in zip(parts, items, strict=True)
        ]
    )
    return Observations(
        member.astype(np.int32),
        rollcall.astype(np.int32),
        number.astype(np.int32),
        y,
        members.assign(legislator=legislator).reset_index(drop=True),
        rollcalls.assign(vote=vote[rollcalls["item"]]).reset_index(drop=True),
    )
