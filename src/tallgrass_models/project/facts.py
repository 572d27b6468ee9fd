"""What is in the votes of a session: said before any fit, and used for what to propose."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from ..config.sessions import SessionConfig
from ..errors import UserError
from ..votes.matching import shared_bills
from ..votes.matrix import ChamberVotes
from ..votes.readers.base import RawSession
from ..votes.session import load_chambers
from ..votes.vocabulary import CHAMBERS, PARTIES

#: Fewer shared bills than this tie two chambers together badly.
ENOUGH_SHARED = 10
_NAMED = 5


@dataclass
class Facts:
    """What was found.

    Attributes
    ----------
    lines
        A line for each chamber, and one for the bills in both.
    chambers
        Those that can be fitted.
    problems
        Why the others cannot be, in the reader's words.
    others
        Names of the members of neither party, by party.
    without_party
        Names of those whose party is blank in the files; they are among the Independents.
    n_shared
        Bills with a contested roll call in both chambers.
    first, last
        Days of the first and last roll call, or "".
    """

    lines: list[str] = field(default_factory=list)
    chambers: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    without_party: list[str] = field(default_factory=list)
    n_shared: int = 0
    first: str = ""
    last: str = ""


def facts_of(raw: RawSession, session: SessionConfig) -> Facts:
    """Look at what a reader returned.

    Parameters
    ----------
    raw
        The session as read.
    session
        Its name, the names of its chambers, and the filters that a run would use.
    """
    out = Facts()
    usable: dict[str, ChamberVotes] = {}
    for chamber in CHAMBERS:
        members = raw.legislators[raw.legislators["chamber"] == chamber]
        calls = raw.rollcalls[raw.rollcalls["chamber"] == chamber]
        if members.empty and calls.empty:
            continue
        out.lines.append(
            f"{session.chambers_called.title(chamber)}: {_parties(members)}; {len(calls):,} roll calls{_days(calls)}"
        )
        try:
            usable |= load_chambers(raw, session.name, [chamber], session.min_minority_share, session.min_votes)
        except UserError as error:
            out.problems += str(error).splitlines()
            continue
        votes = usable[chamber]
        out.lines[-1] += f", {votes.n_votes:,} of them contested"
    out.chambers = list(usable)
    if len(usable) == len(CHAMBERS):
        out.n_shared = len(shared_bills(usable["house"], usable["senate"]))
        out.lines.append(f"{out.n_shared:,} bills with a contested roll call in both chambers")
    neither = raw.legislators[~raw.legislators["party"].isin(PARTIES)]
    out.others = {party: sorted(group["name"]) for party, group in neither.groupby("party")}
    out.without_party = sorted(raw.notes.loc[raw.notes["kind"] == "party", "name"])
    days = raw.rollcalls.loc[raw.rollcalls["date"] != "", "date"]
    out.first, out.last = (days.min(), days.max()) if len(days) else ("", "")
    return out


def named(names: list[str]) -> str:
    """Name a few members, and count the others."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


def _parties(members: pd.DataFrame) -> str:
    counts = members["party"].value_counts()
    said = [f"{n} {party}" for party, n in counts.items()]
    return f"{len(members)} members ({', '.join(said)})"


def _days(calls: pd.DataFrame) -> str:
    days = calls.loc[calls["date"] != "", "date"]
    return f" from {days.min()} to {days.max()}" if len(days) else " without dates"
