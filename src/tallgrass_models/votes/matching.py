"""Bills voted on in both chambers: the bridge between the two scales."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import UserError
from .matrix import ChamberVotes
from .vocabulary import CHAMBERS

#: Beginning of the label of an item that both chambers share.
_BOTH = "both:"


@dataclass(frozen=True)
class JointVotes:
    """Two chambers whose shared bills have one pair of parameters each.

    Attributes
    ----------
    house, senate : ChamberVotes
    vote : ndarray of str, shape (n_items,)
        The items: ``house:<id>``, ``senate:<id>``, or ``both:<bill>`` for a shared one. House roll calls first, in
        order, then those of the Senate that are not shared.
    house_item, senate_item : ndarray of int
        Item of each roll call of the chamber, shapes (house.n_votes,) and (senate.n_votes,).
    shared : DataFrame
        Columns bill, house_vote, senate_vote (ids of the two merged roll calls), item, passage (both are of passage).
    """

    house: ChamberVotes
    senate: ChamberVotes
    vote: np.ndarray
    house_item: np.ndarray
    senate_item: np.ndarray
    shared: pd.DataFrame

    @property
    def n_legislators(self) -> int:
        """Members of both chambers."""
        return self.house.n_legislators + self.senate.n_legislators

    @property
    def n_items(self) -> int:
        """Roll calls of both chambers, shared pairs counted once."""
        return len(self.vote)

    @property
    def n_shared(self) -> int:
        """Shared bills."""
        return len(self.shared)

    @property
    def legislator(self) -> np.ndarray:
        """Ids ``house:<id>`` and ``senate:<id>``, House first, shape (n_legislators,)."""
        return np.array(
            [f"{votes.chamber}:{name}" for votes in (self.house, self.senate) for name in votes.legislators.index],
            dtype=object,
        )

    @property
    def chamber(self) -> np.ndarray:
        """Chamber of each member, shape (n_legislators,)."""
        return np.repeat(np.array(CHAMBERS, dtype=object), [self.house.n_legislators, self.senate.n_legislators])

    @property
    def parties(self) -> np.ndarray:
        """Party of each member, shape (n_legislators,)."""
        return np.concatenate([self.house.parties, self.senate.parties])


def _bill_votes(rollcalls: pd.DataFrame) -> pd.Series:
    """Choose the roll call that stands for each bill: its latest passage vote, or its latest of all if it has none.

    Parameters
    ----------
    rollcalls : DataFrame
        Index vote; columns bill, passage, order, as in `ChamberVotes`.

    Returns
    -------
    Series
        Index bill (sorted), values vote ids. Roll calls without a bill stand for nothing.
    """
    named = rollcalls[rollcalls["bill"] != ""].sort_values(["bill", "passage", "order"], kind="stable")
    last = named[~named["bill"].duplicated(keep="last")]
    return pd.Series(last.index.to_numpy(object), index=pd.Index(last["bill"].to_numpy(), name="bill"))


def shared_bills(house: ChamberVotes, senate: ChamberVotes) -> pd.DataFrame:
    """Bills with a usable roll call in both chambers, in the House's order of time.

    Returns
    -------
    DataFrame
        Columns bill, house_vote, senate_vote, passage (True where both are passage votes).
    """
    in_house, in_senate = _bill_votes(house.rollcalls), _bill_votes(senate.rollcalls)
    bills = in_house.index.intersection(in_senate.index)
    table = pd.DataFrame(
        {"bill": bills, "house_vote": in_house[bills].to_numpy(), "senate_vote": in_senate[bills].to_numpy()}
    )
    table["passage"] = house.rollcalls.loc[table["house_vote"], "passage"].to_numpy(bool) & senate.rollcalls.loc[
        table["senate_vote"], "passage"
    ].to_numpy(bool)
    time = house.rollcalls.loc[table["house_vote"], "order"].to_numpy()
    return table.iloc[np.argsort(time, kind="stable")].reset_index(drop=True)


def merged_bills(items: Iterable[str]) -> frozenset[str]:
    """Return the bills that the items of a joint model merge, by the labels that `join_chambers` gives.

    A posterior file has these labels, so it says for good which bills its fit merged.
    """
    return frozenset(item.removeprefix(_BOTH) for item in map(str, items) if item.startswith(_BOTH))


def join_chambers(house: ChamberVotes, senate: ChamberVotes, *, merged: Collection[str] | None = None) -> JointVotes:
    """Merge the two roll calls of each shared bill into one item.

    Parameters
    ----------
    house, senate
        The chambers.
    merged
        The shared bills to merge; both roll calls of every other one stay items of their own. None merges all.

    Raises
    ------
    UserError
        If no bill has a contested roll call in both chambers: nothing would hold the two scales together.
    """
    shared = shared_bills(house, senate)
    if shared.empty:
        raise UserError(
            f"session {house.session}: no bill has a contested roll call in both chambers; a joint model needs some"
        )
    if merged is not None:
        shared = shared[shared["bill"].isin(list(merged))].reset_index(drop=True)
    house_at, senate_at = house.rollcalls.index, senate.rollcalls.index
    vote = np.array([f"house:{name}" for name in house_at], dtype=object)
    merged_house = house_at.get_indexer(shared["house_vote"])
    merged_senate = senate_at.get_indexer(shared["senate_vote"])
    vote[merged_house] = [_BOTH + bill for bill in shared["bill"]]
    alone = np.ones(senate.n_votes, dtype=bool)
    alone[merged_senate] = False
    senate_item = np.empty(senate.n_votes, dtype=np.int64)
    senate_item[merged_senate] = merged_house
    senate_item[alone] = house.n_votes + np.arange(alone.sum())
    vote = np.concatenate([vote, np.array([f"senate:{name}" for name in senate_at[alone]], dtype=object)])
    shared.insert(3, "item", merged_house)
    return JointVotes(house, senate, vote, np.arange(house.n_votes), senate_item, shared)
