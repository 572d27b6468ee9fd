"""Several spells of one person in one sentence: "Democrat until 28 April 2009, then Republican"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from ..files.records.votes import Spell

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day(text: str) -> str:
    """Write a date ``yyyy-mm-dd`` in words: ``28 April 2009``."""
    found = date.fromisoformat(text)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def label(spell: Spell) -> str:
    """Return the party of a spell, and the party the member is counted with where that is another one."""
    counted = spell["caucus"]
    also = f" (counted with the {counted}s)" if counted and counted != spell["party"] else ""
    return f"{spell['party']}{also}"


def in_order(spells: Sequence[Spell]) -> list[Spell] | None:
    """Sort the spells by time; return None where a date is not known or two of them overlap."""
    if not all(spell["first_day"] and spell["last_day"] for spell in spells):
        return None
    turn = sorted(spells, key=lambda spell: (spell["first_day"], spell["last_day"]))
    apart = all(one["last_day"] <= other["first_day"] for one, other in pairwise(turn))
    return turn if apart else None


def story(spells: Sequence[Spell]) -> str:
    """Describe a person who is several members; return ``""`` for one spell.

    Parameters
    ----------
    spells : sequence of Spell
        Each with party, caucus (``""`` for neither party), first_day and last_day (``yyyy-mm-dd`` or ``""``): the days
        of the first and last roll call in which she is listed so.

    Returns
    -------
    str
        ``"Democrat until 28 April 2009, then Republican"``. A day is that of the last roll call before the change.
        Without dates, or where spells overlap, ``"Democrat in some roll calls, Republican in others"``.
    """
    if len(spells) < 2:
        return ""
    turn = in_order(spells)
    if turn is None:
        labels = list(dict.fromkeys(label(spell) for spell in spells))
        if len(labels) == 1:
            return f"{labels[0]}, listed {_times(len(spells))}"
        if len(labels) == 2:
            return f"{labels[0]} in some roll calls, {labels[1]} in others"
        return f"{', '.join(labels[:-1])} and {labels[-1]} in different roll calls"
    parts = [f"{label(turn[0])} until {day(turn[0]['last_day'])}"]
    for before, spell in pairwise(turn):
        again = label(spell) == label(before)
        start = f"again from {day(spell['first_day'])}" if again else f"then {label(spell)}"
        end = "" if spell is turn[-1] else f" until {day(spell['last_day'])}"
        parts.append(start + end)
    return ", ".join(parts)


def _times(n: int) -> str:
    return "twice" if n == 2 else f"{n} times"
