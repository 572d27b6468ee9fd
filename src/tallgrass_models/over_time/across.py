"""Rows on both chambers at once, on one scale: how far apart they stand, and members who changed the chamber."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..files.records.over_time import Crossed
from ..votes.vocabulary import CHAMBERS, PARTIES
from .chain import Chain, Sitting
from .reasons import AWAY, BRIDGE, OTHER_CHAMBER, SEVERAL_SPELLS
from .tables import interval_of, p_right

_STATISTICS: Mapping[str, Callable[..., np.ndarray]] = {"average": np.mean, "median": np.median}
ALL = "all"


def across_rows(sittings: Mapping[str, Sequence[Sitting]], chains: Mapping[str, Chain]) -> list[dict[str, Any]]:
    """One row per session, group and statistic: the Senate minus the House.

    Groups are all members and those of each party, statistics their average and their median. A group that has no
    member in one of the chambers has no row.
    """
    rows: list[dict[str, Any]] = []
    first: dict[tuple[str, str], np.ndarray] = {}
    for k, one in enumerate(sittings[CHAMBERS[0]]):
        for group in (ALL, *PARTIES):
            who = {c: (sittings[c][k].party == group) | (group == ALL) for c in CHAMBERS}
            if not all(members.any() for members in who.values()):
                continue
            for statistic, of in _STATISTICS.items():
                at = {c: of(chains[c].places[k][:, who[c]], axis=1) for c in CHAMBERS}
                difference = at["senate"] - at["house"]
                before = first.get((group, statistic))
                if not k:
                    first[group, statistic] = difference
                change = None if before is None else difference - before
                rows.append(
                    {
                        "session": one.session,
                        "group": group,
                        "statistic": statistic,
                        **{f"n_{c}": int(who[c].sum()) for c in CHAMBERS},
                        **{name: v for c in CHAMBERS for name, v in interval_of(at[c], c).items()},
                        **interval_of(difference, "difference"),
                        "p_right": p_right(difference),
                        **interval_of(change, "change"),
                        "p_change_right": None if change is None else p_right(change),
                    }
                )
    return rows


def crossed_rows(
    changed: Sequence[Crossed],
    members: pd.DataFrame,
    sittings: Mapping[str, Sequence[Sitting]],
    chains: Mapping[str, Chain],
    whole: Chain | None,
) -> list[dict[str, Any]]:
    """One row per member who sat in one chamber and then in the other, with her positions in both.

    Parameters
    ----------
    changed
        Who, as link_time.json lists them.
    members
        Columns of `people.MEMBERS`, number and key.
    sittings, chains
        By chamber, its sessions and its part of the chain.
    whole
        The chain of both chambers; None for a fit of all sessions, where her positions are independent of each other.
    """
    order = [one.session for one in sittings[CHAMBERS[0]]]
    number = members.drop_duplicates("key").set_index("key")["number"]
    rows: list[dict[str, Any]] = []
    for one in changed:
        who, ends = int(number[one["person"]]), []
        for session, chamber in ((one["before"], one["was"]), (one["after"], one["became"])):
            k = order.index(session)
            own = members[(members["session"] == session) & (members["chamber"] == chamber)]
            at = int(np.flatnonzero(sittings[chamber][k].person == who)[0])  # of several spells the first
            ends.append((k, own.iloc[at], chains[chamber].places[k][:, at]))
        (k, before, x), (later, after, y) = ends
        reason = _reason(whole, k, later, who, sittings)
        rows.append(
            {
                "person": one["person"],
                "name": one["name"],
                "before": one["before"],
                "after": one["after"],
                "chamber": one["was"],
                "chamber_after": one["became"],
                "legislator_before": before["legislator"],
                "legislator_after": after["legislator"],
                "party": before["party"],
                "party_after": after["party"],
                **interval_of(x, "place_before"),
                **interval_of(y, "place_after"),
                **interval_of(y - x, "change"),
                "p_right": p_right(y - x),
                "bridge": reason == BRIDGE,
                "reason": reason,
            }
        )
    return rows


def _reason(whole: Chain | None, k: int, later: int, who: int, sittings: Mapping[str, Sequence[Sitting]]) -> str:
    """Return why a member is no bridge; empty if she is one."""
    if whole is None:
        return OTHER_CHAMBER
    if later != k + 1:
        return SEVERAL_SPELLS if later == k else AWAY
    step = whole.steps[k]
    person = np.concatenate([sittings[chamber][k].person for chamber in CHAMBERS])
    return str(step.reason[np.flatnonzero(person[step.before] == who)[0]])
