"""The votes of a unit as one list in one order, the same for every variant that is fitted to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..models.orientation import chamber_orientation, joint_orientation
from ..votes.matching import join_chambers, merged_bills
from ..votes.matrix import ChamberVotes
from ..votes.unit_votes import make_unit


@dataclass(frozen=True)
class Observations:
    """Every Yea and Nay of the members in the model.

    The votes are in the order of the vote matrix: by chamber (House first), then by roll call, then by member.

    Attributes
    ----------
    member, rollcall, item : ndarray of int32, shape (n_obs,)
        Row of `members`, row of `rollcalls`, and item of the model. The two roll calls of a shared bill have one item.
    y : ndarray of int8, shape (n_obs,)
        1 Yea, 0 Nay.
    members : DataFrame
        Members in the order of the posterior; columns legislator (the id there), name, party (the caucus), chamber.
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
        """Hash of who voted how on which roll call, in order, which is equal for all variants on the same votes."""
        digest = hashlib.sha256()
        for table, column in ((self.members, "legislator"), (self.rollcalls, "chamber"), (self.rollcalls, "rollcall")):
            digest.update("\0".join(table[column]).encode() + b"\n")
        for values in (self.member, self.rollcall, self.y):
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()[:16]


def observations(chambers: Sequence[ChamberVotes], items: Iterable[str] | None = None) -> Observations:
    """List the votes of a chamber, or of both on a joint model's items (House first); see `make_unit` for ``items``."""
    unit = make_unit(chambers, items)
    cells, members, rollcalls = [], [], []
    n_rollcalls = 0
    for part in unit.parts:
        j, i = np.nonzero(part.votes.y.T >= 0)
        cells.append((i + part.members.start, j + n_rollcalls, part.item[j], part.votes.y[i, j]))
        n_rollcalls += part.votes.n_votes
        who = part.votes.legislators[["name"]]
        members.append(who.assign(party=part.votes.parties, chamber=part.chamber, legislator=part.legislators))
        what = part.votes.rollcalls[["bill", "motion", "date"]]
        ids = {"rollcall": what.index, "item": part.item, "vote": unit.rollcalls.index[part.item]}
        rollcalls.append(what.assign(**ids, chamber=part.chamber))
    member, rollcall, item, y = (np.concatenate(columns) for columns in zip(*cells, strict=True))
    return Observations(
        member.astype(np.int32),
        rollcall.astype(np.int32),
        item.astype(np.int32),
        y,
        pd.concat(members, ignore_index=True),
        pd.concat(rollcalls, ignore_index=True),
    )


def bill_signs(
    chambers: Sequence[ChamberVotes], oriented: bool, items: Iterable[str] | None = None, tied: bool = False
) -> np.ndarray:
    """Give the sign with which the prior holds for each bill's discrimination, shape (n_items,).

    The prior is that of beta at +1 and of minus beta at -1. At 0 the sign is free.

    All are +1 unless the fit orients bills first (`orient_bills`). ``items`` is as in `make_unit`. With ``tied``, the
    items of the two chambers are apart, and both of a shared bill have the sign that the votes of both chambers give.
    """
    if len(chambers) == 2 and tied and oriented:
        joined = join_chambers(*chambers)
        return joint_orientation(joined)[np.concatenate([joined.house_item, joined.senate_item])]
    if len(chambers) == 2:
        joined = join_chambers(*chambers, merged=None if items is None else merged_bills(items))
        return joint_orientation(joined) if oriented else np.ones(joined.n_items, dtype=np.int8)
    votes = chambers[0]
    return chamber_orientation(votes) if oriented else np.ones(votes.n_votes, dtype=np.int8)
