"""Careers: the seats of one person who is counted with one party, in consecutive sessions of a chamber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..config.series import Matching
from ..errors import UserError
from ..models.dynamic.sessions import SessionsVotes
from ..votes.matrix import ChamberVotes
from .people import MEMBERS, identify


def members_of(session: str, source: str, votes: ChamberVotes) -> pd.DataFrame:
    """Return the members of a chamber in a session as `people.identify` takes them, columns `MEMBERS`."""
    table = votes.legislators.assign(party=votes.parties).rename_axis("legislator").reset_index()
    return table.assign(session=session, source=source, chamber=votes.chamber)[list(MEMBERS)]


def careers(person: Sequence[np.ndarray], party: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
    """Give each career of a chamber a number.

    Parameters
    ----------
    person, party
        By session, who each member is and what she is counted as.

    Returns
    -------
    tuple of ndarray of int
        By session, the number of each member's career.

    Notes
    -----
    Who is counted with another party than before begins a new career. So does the second spell of a person in a
    session, whose first spell goes on with the career of the person.
    """
    known: dict[tuple[int, str, int], int] = {}
    out = []
    for people, parties in zip(person, party, strict=True):
        spells: dict[tuple[int, str], int] = {}
        own = []
        for who in zip(people.tolist(), parties.tolist(), strict=True):
            spells[who] = spells.get(who, -1) + 1
            own.append(known.setdefault((*who, spells[who]), len(known)))
        out.append(np.array(own))
    return tuple(out)


def series_of(
    sessions: Mapping[str, Sequence[ChamberVotes]], sources: Sequence[str], chamber: str, matching: Matching
) -> SessionsVotes:
    """Put together the sessions of a chamber.

    Parameters
    ----------
    sessions
        Votes of every chamber by session, in order of time.
    sources
        Source of each session.
    chamber
        The chamber.
    matching
        Who is the same person; looked for in all chambers, as for the link.

    Raises
    ------
    UserError
        If a session has no votes of the chamber or a party has no members in it, and as `people.identify` does.
    """
    tables = [
        members_of(name, source, votes)
        for (name, of), source in zip(sessions.items(), sources, strict=True)
        for votes in of
    ]
    members = pd.concat(tables, ignore_index=True)
    numbers = identify(members, matching).number.to_numpy()
    own = {name: next((votes for votes in of if votes.chamber == chamber), None) for name, of in sessions.items()}
    if missing := [name for name, votes in own.items() if votes is None]:
        raise UserError(f"over_time: no votes of the {chamber} in {', '.join(missing)}")
    found = [votes for votes in own.values() if votes is not None]
    person = [numbers[((members["session"] == name) & (members["chamber"] == chamber)).to_numpy()] for name in own]
    return SessionsVotes(tuple(own), tuple(found), careers(person, [votes.parties for votes in found]))
