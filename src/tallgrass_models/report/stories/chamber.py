"""What happened in a chamber: its members, its roll calls, and every vote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from ..files.data import UnitResults
from ..files.records import Member
from ..files.rows import Row
from ..files.votes import FitVotes
from ..page.links import story_id
from ..page.words import unit_title
from .coding import vote_rows

_SIDES = ("Democrat", "Republican")
#: Whoever was in office for a larger share of the roll calls was there for the session.
_WHOLE = 0.95


def chamber_block(chamber: str, unit: UnitResults, votes: FitVotes, readable: bool) -> dict[str, Any]:
    """Return the members of a chamber from left to right, its roll calls in order of time, and the votes.

    ``votes`` has a text for each roll call with a character for each member (`coding.VOTES`). Only of a fit that is
    ``readable`` it is said which loyalty it expects.
    """
    place = {name: k for k, name in enumerate(votes.legislators)}
    members = sorted((m for m in unit.members or () if m.legislator in place), key=_from_left)
    return {
        "title": unit_title(chamber),
        "members": _members(chamber, unit, members, readable),
        "unity": _typical_unity(unit, members),
        "rollcalls": _rollcalls(chamber, unit, votes.votes),
        "votes": vote_rows(votes.cast[[place[m.legislator] for m in members]].T),
    }


def _from_left(member: Member) -> tuple[float, str]:
    return member.position_mean, member.legislator


def _members(chamber: str, unit: UnitResults, members: Sequence[Member], readable: bool) -> dict[str, list[Any]]:
    unity = _unity(unit)
    scores: list[Mapping[str, Any]] = [unity.get(m.legislator, {}) for m in members]
    return {
        "id": [story_id(chamber, m.legislator) for m in members],
        "name": [m.name for m in members],
        "party": [m.party for m in members],
        "side": [m.side if m.side in _SIDES else "" for m in members],
        "place": [_seat(m) for m in members],
        "story": [m.spells for m in members],
        "days": [_days(m) for m in members],
        "cast": [m.n_votes for m in members],
        "unity": [_rounded(row.get("unity")) for row in scores],
        "unity_low": [_rounded(row.get("unity_q05")) if readable else None for row in scores],
        "unity_high": [_rounded(row.get("unity_q95")) if readable else None for row in scores],
    }


def _seat(member: Member) -> str:
    """Return the district in words: Voteview numbers the whole of a state 0."""
    if member.district in ("", "0"):
        return member.state
    return f"{member.state or 'district'} {member.district}"


def _days(member: Member) -> list[str] | None:
    """Return the first and the last day in office of somebody who was there for only part of the session."""
    if member.service is None or member.service > _WHOLE or not (member.first_day and member.last_day):
        return None
    return [member.first_day, member.last_day]


def _unity(unit: UnitResults) -> dict[str, Row]:
    """Return the rows of check_members.csv by member."""
    return {row["legislator"]: row for row in unit.rows.get("check_members", [])}


def _typical_unity(unit: UnitResults, members: Sequence[Member]) -> dict[str, float | None]:
    """Return the median unity score of each party's members, and of all who have one (``all``)."""
    unity = _unity(unit)
    found = [(m.side, unity[m.legislator]["unity"]) for m in members if m.legislator in unity]
    known = [(side, score) for side, score in found if score is not None]
    sides = {side: [score for own, score in known if own == side] for side in _SIDES}
    scores = {**sides, "all": [score for _, score in known]}
    return {name: _rounded(median(some)) if some else None for name, some in scores.items()}


def _rollcalls(chamber: str, unit: UnitResults, votes: Sequence[str]) -> dict[str, Any]:
    """Return columns of the roll calls; ``title`` and ``motion`` are places in ``texts``, because they repeat."""
    rows = {row["vote"]: row for row in unit.rows.get("rollcall_fit", []) if row["chamber"] == chamber}
    empty: dict[str, Any] = dict.fromkeys(("date", "bill", "title", "motion"))
    known = [rows.get(vote, empty) for vote in votes]
    texts = _places(str(row[key] or "") for row in known for key in ("title", "motion"))
    return {
        "id": [story_id(chamber, vote) for vote in votes],
        "date": [row["date"] or "" for row in known],
        "bill": [row["bill"] or "" for row in known],
        "title": [texts[row["title"] or ""] for row in known],
        "motion": [texts[row["motion"] or ""] for row in known],
        "texts": list(texts),
    }


def _places(texts: Iterable[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for text in texts:
        out.setdefault(text, len(out))
    return out


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
