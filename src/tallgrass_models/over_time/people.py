"""Who is the same person in different sessions: by ids that last, by names, and as the configuration says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from ..config.series import LASTING_IDS, Matching
from ..errors import UserError
from ..files.records.over_time import Doubt
from ..votes.membership import plain_name

#: Columns of the table of members that `identify` takes.
MEMBERS = ("session", "source", "chamber", "legislator", "name", "person", "party", "district", "state")
_OCD = "ocd-person/"
_SAME_NAME, _OTHER_NAME, _AMBIGUOUS, _ONE_WORD = "same name", "other name", "ambiguous name", "one-word name"


@dataclass(frozen=True)
class People:
    """Persons behind the members of all sessions.

    Attributes
    ----------
    number : Series of int
        By row of the table of members, the same number for the same person, from 0 in order of appearance.
    doubts
        Members who may or may not be one person, and how they are counted.
    """

    number: pd.Series
    doubts: list[Doubt]


def identify(members: pd.DataFrame, matching: Matching) -> People:
    """Find the persons behind the members of all sessions.

    Parameters
    ----------
    members : DataFrame
        One row per member of a chamber in a session, columns `MEMBERS`, sessions in order of time.
    matching
        Rules and exceptions.

    Raises
    ------
    UserError
        If the configuration names an id that nobody has, or makes one person of two who sit in one chamber in one
        session.

    Notes
    -----
    By name means: the names are the same but for case, accents and punctuation, of two words or more, and in no session
    do two persons bear it. A name of one word counts within a chamber and a district. Several rows of one person within
    a session (spells) are one person in any case.
    """
    rows = members.reset_index(drop=True)
    keys, doubts = _keys(rows, matching)
    groups = _Groups(len(rows))
    for column in (keys, list(zip(rows["session"], rows["person"], strict=True))):
        first: dict[object, int] = {}
        for row, key in enumerate(column):
            groups.join(first.setdefault(key, row), row)
    unknown = []
    for ids in matching.same_person:
        found = [[row for row, who in enumerate(rows["legislator"]) if who == one] for one in ids]
        unknown += [one for one, at in zip(ids, found, strict=True) if not at]
        groups.join_all(row for at in found for row in at)
    unknown += [one for one in matching.different if not (rows["legislator"] == one).any()]
    if unknown:
        raise UserError(f"over_time: no member of any session has the id {', '.join(unknown)}")
    number = pd.Series(groups.numbers(), index=members.index)
    _refuse_two_at_once(rows.assign(number=number.to_numpy()))
    return People(number, doubts + _look_alike(rows.assign(number=number.to_numpy())))


def _keys(rows: pd.DataFrame, matching: Matching) -> tuple[list[object], list[Doubt]]:
    """Return a key for each row that the same person has in another session, and the names that are no such key."""
    plain = [plain_name(name) for name in rows["name"]]
    bearers = rows.assign(plain=plain).groupby(["session", "plain"])["person"].nunique()
    ambiguous = {name for (_, name), n in bearers.items() if n > 1}
    keys: list[object] = []
    doubts: list[Doubt] = []
    for at, row in enumerate(rows.itertuples()):
        alone = ("row", at)
        if row.legislator in matching.different:
            keys.append(alone)
        elif _by_id(row.source, row.person, matching):
            keys.append(("id", row.person if row.person.startswith(_OCD) else (row.source, row.person)))
        elif " " not in plain[at]:
            keys.append(("seat", row.chamber, row.state, row.district, plain[at]) if row.district else alone)
            if not row.district:
                doubts.append(_doubt(_ONE_WORD, rows, [at]))
        elif plain[at] in ambiguous:
            keys.append(alone)
        else:
            keys.append(("name", plain[at]))
    named = [at for at, row in enumerate(rows.itertuples()) if not _by_id(row.source, row.person, matching)]
    for name in sorted(ambiguous):
        if same := [at for at in named if plain[at] == name and " " in name]:
            doubts.append(_doubt(_AMBIGUOUS, rows, same))
    return keys, doubts


def _by_id(source: str, person: str, matching: Matching) -> bool:
    if matching.match is not None:
        return matching.match == "id"
    return source in LASTING_IDS or person.startswith(_OCD)


def _refuse_two_at_once(rows: pd.DataFrame) -> None:
    """Refuse one person in two seats of a chamber in one session, where the source says that these are two."""
    for (session, chamber, _), own in rows.groupby(["session", "chamber", "number"], sort=False):
        if len(set(own["person"])) > 1:
            who = " and ".join(f"{row.name} ({row.legislator})" for row in own.itertuples())
            raise UserError(
                f"over_time: {who} would be one person, but both sit in the {chamber} of {session}; name those who are"
                " nobody else under 'different'"
            )


def _look_alike(rows: pd.DataFrame) -> list[Doubt]:
    """List persons of two numbers who bear one name and never meet, and persons of one number with unlike names."""
    plain = rows.assign(plain=[plain_name(name) for name in rows["name"]])
    doubts = []
    for name, own in plain.groupby("plain", sort=False):
        sessions = own.groupby("number")["session"].agg(set)
        apart = len(sessions) > 1 and sum(map(len, sessions)) == len(set().union(*sessions))
        if apart and " " in str(name):
            doubts.append(_doubt(_SAME_NAME, rows, list(own.index)))
    for _, own in plain.groupby("number", sort=False):
        words = [set(name.split()) for name in dict.fromkeys(own["plain"])]
        if any(not one & other for one in words for other in words):
            doubts.append(_doubt(_OTHER_NAME, rows, list(own.index)))
    return doubts


def _doubt(reason: str, rows: pd.DataFrame, at: Sequence[int]) -> Doubt:
    own = rows.iloc[list(at)]
    return {
        "reason": reason,
        "members": [
            {"session": row.session, "chamber": row.chamber, "legislator": row.legislator, "name": row.name}
            for row in own.itertuples()
        ],
    }


class _Groups:
    """Rows that belong together, as a forest."""

    def __init__(self, n: int) -> None:
        self._above = list(range(n))

    def _root(self, row: int) -> int:
        while self._above[row] != row:
            self._above[row] = self._above[self._above[row]]
            row = self._above[row]
        return row

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._above[second] = first

    def join_all(self, rows: Iterable[int]) -> None:
        known = list(rows)
        for row in known[1:]:
            self.join(known[0], row)

    def numbers(self) -> list[int]:
        """Return the number of each row's group, from 0 in order of their first rows."""
        return list(self._numbered())

    def _numbered(self) -> Iterator[int]:
        seen: dict[int, int] = {}
        for row in range(len(self._above)):
            yield seen.setdefault(self._root(row), len(seen))
