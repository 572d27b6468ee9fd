"""What is odd in the files of a session though a run goes on, and what to write if it should be read otherwise."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .readers.base import RawSession
from .readers.csv import quoted
from .tallies import tally_notes
from .vocabulary import CHAMBERS, PARTIES

_SHOWN = 5


def remarks(raw: RawSession, caucus: Mapping[str, str], whole: bool) -> list[str]:
    """List them, a line each.

    Parameters
    ----------
    raw : RawSession
    caucus
        What the session says already.
    whole
        Whether all of the files could be read. If not, what only the votes tell is left out.
    """
    out = []
    for chamber in CHAMBERS:
        members = raw.legislators[raw.legislators["chamber"] == chamber]
        calls = raw.rollcalls[raw.rollcalls["chamber"] == chamber]
        if len(members):
            lines = _members(raw, members, caucus)
            lines += [*_idle(raw, members), *_calls(calls)] if whole else []
            out += [f"{chamber.title()}: {line}" for line in lines]
    return out + _left_out(raw)


def _members(raw: RawSession, members: pd.DataFrame, caucus: Mapping[str, str]) -> list[str]:
    """Members of neither party, by the party that the files list."""
    out = []
    known = {key.casefold() for key in caucus}
    notes = raw.notes[(raw.notes["kind"] == "party") & (raw.notes["chamber"] == members["chamber"].iloc[0])]
    blank = members["id"].isin(notes["id"])
    open_rows = ~members["party"].isin(PARTIES) & ~members["id"].isin(caucus)
    for party, rows in members[open_rows].groupby("party", sort=True):
        if str(party).casefold() in known:
            continue
        why = " (the party is blank, or the member is unknown)" if blank[rows.index].all() else ""
        first = str(rows["id"].iloc[0])
        whose = f"'{first}': Democrat" if blank[rows.index].all() else f"{party}: Democrat"
        out.append(
            f"{len(rows)} of party {quoted(str(party))}{why}: {_named(rows['name'])}; counted with neither party."
            f" To count them with one, by party or by id, write caucus: {{{whose}}}"
        )
    return out


def _idle(raw: RawSession, members: pd.DataFrame) -> list[str]:
    """Members without any vote."""
    voted = np.isin(members.index, raw.votes["legislator"].to_numpy()[raw.votes["value"].to_numpy() >= 0])
    if voted.all():
        return []
    return [f"{_n(members[~voted], 'member')} without a Yea or Nay: {_named(members['name'][~voted])}"]


def _calls(calls: pd.DataFrame) -> list[str]:
    """Roll calls without a date, and tallies that are not those of the votes."""
    out = []
    undated = calls[calls["date"] == ""]
    if 0 < len(undated) < len(calls):
        out.append(f"{_n(undated, 'roll call')} without a date, taken as the first: {_named(undated['id'])}")
    elif len(undated):
        out.append("the roll calls have no dates; they are taken in the order of their ids")
    odd = tally_notes(calls)
    if len(odd):
        rows = [f"{row.id}: {row.reason}" for row in odd.head(3).itertuples()]
        more = "; ..." if len(odd) > len(rows) else ""
        out.append(f"{_n(odd, 'roll call')} with another tally than the votes: {'; '.join(rows)}{more}")
    return out


def _left_out(raw: RawSession) -> list[str]:
    """Count what the reader left out or read otherwise, of kinds that are not told by chamber."""
    out = []
    kinds = {"votes": "votes that name no member, left out", "committee": "roll calls of committees, left out"}
    kinds |= {"name": "names spelled in several ways", "chamber": "chambers filled in from the votes"}
    kinds |= {"bill": "roll calls on several bills", "date": "times that cannot be read"}
    for kind, what in kinds.items():
        rows = raw.notes[raw.notes["kind"] == kind]
        if len(rows):
            n = int(rows["value"].sum()) if kind == "votes" else len(rows)
            first = rows.iloc[0]
            out.append(f"{n} {what}, such as {first['name'] or first['id']}: {first['reason']}")
    return out


def _n(rows: pd.DataFrame, what: str) -> str:
    return f"{len(rows)} {what}{'' if len(rows) == 1 else 's'}"


def _named(names: pd.Series) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return "; ".join(names.head(_SHOWN)) + more
