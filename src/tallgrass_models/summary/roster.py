"""The members in a fit and those left out, their caucuses, and oddities of the files, in one block for each chamber."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ..files.records.roster import LeftOut, OutsideParties, Roster, Spells
from ..votes.matrix import ChamberVotes
from ..votes.spells import in_order, story
from ..votes.unit_votes import UnitVotes

#: Word for a member of neither party in tables.
_NEITHER = "none"


def member_columns(votes: ChamberVotes) -> pd.DataFrame:
    """Make the columns of ``ideal_points`` on what the members are counted as.

    Returns
    -------
    DataFrame
        Index as ``votes.legislators``; columns caucus (Democrat, Republican, or `_NEITHER`), person, first_day,
        last_day, service, and spells: the sentence on a person with several rows, ``""`` for all others.
    """
    who = votes.legislators
    said = {person: story(spells) for person, spells in votes.info.get("spells", {}).items()}
    table = who[["person", "first_day", "last_day", "service"]].assign(
        caucus=who["caucus"].replace("", _NEITHER), spells=[said.get(person, "") for person in who["person"]]
    )
    return table[["caucus", "person", "first_day", "last_day", "service", "spells"]]


def roster(unit: UnitVotes, chambers: Sequence[ChamberVotes]) -> list[Roster]:
    """Make one block for each chamber of a unit.

    Parameters
    ----------
    unit : UnitVotes
        The votes that were fitted.
    chambers : sequence of ChamberVotes
        The chambers' votes as read and filtered, House first.

    Returns
    -------
    list of Roster
        ``chamber``; ``left_out``: everybody listed who is not in the fit (legislator, name, reason, n_votes);
        ``outside_parties``: members in the fit whose party is neither of the two, or who are counted with another party
        (legislator, name, party, caucus); ``spells``: people with several rows (name, legislators, story); ``tallies``
        and ``oddities`` as in the facts of the votes.
    """
    out: list[Roster] = []
    for part, votes in zip(unit.parts, chambers, strict=True):
        info = votes.info
        out.append(
            {
                "chamber": votes.chamber,
                "left_out": _left_out(part.votes, votes),
                "outside_parties": _outside(part.votes),
                "spells": _spells(votes),
                "tallies": info.get("tallies"),
                "oddities": info.get("oddities", {}),
            }
        )
    return out


def _left_out(fitted: ChamberVotes, votes: ChamberVotes) -> list[LeftOut]:
    few = votes.dropped[votes.dropped["kind"] == "legislator"]
    out: list[LeftOut] = [
        {"legislator": row.id, "name": row.name, "reason": row.reason, "n_votes": int(row.value)}
        for row in few.itertuples(index=False)
    ]
    others = votes.legislators[~votes.legislators.index.isin(fitted.legislators.index)]
    reason = "counted with neither party, and this model has no place for such members"
    out += [
        {"legislator": str(key), "name": row["name"], "reason": reason, "n_votes": int(row["n_votes"])}
        for key, row in others.iterrows()
    ]
    return out


def _outside(votes: ChamberVotes) -> list[OutsideParties]:
    odd = votes.legislators[votes.legislators["caucus"] != votes.legislators["party"]]
    return [
        {"legislator": str(key), "name": row["name"], "party": row["party"], "caucus": row["caucus"] or _NEITHER}
        for key, row in odd.iterrows()
    ]


def _spells(votes: ChamberVotes) -> list[Spells]:
    return [
        {
            "name": (in_order(spells) or spells)[-1]["name"],
            "legislators": [spell["legislator"] for spell in in_order(spells) or spells],
            "story": story(spells),
        }
        for spells in votes.info.get("spells", {}).values()
    ]
