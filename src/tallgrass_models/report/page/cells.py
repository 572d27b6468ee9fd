"""Cells of tables: what is shown, with the number that it stands for."""

from __future__ import annotations

from markupsafe import Markup

from ...wording import numbers
from ..files.records import Member
from . import people, words
from .links import rollcall_link
from .parts import Value


def num(value: float | None, digits: int = 2) -> Value:
    """Make a cell of a number."""
    return Value(numbers.number(value, digits), value)


def whole(value: float | None) -> Value:
    """Make a cell of a whole number."""
    return Value(numbers.count(value), value)


def place(value: float | None) -> Value:
    """Make a cell of a position on the axis, with its sign."""
    return Value(numbers.signed(value), value)


def share(value: float | None, digits: int = 0) -> Value:
    """Make a cell of a share as a percentage; the CSV file holds the share."""
    return Value(numbers.percent(value, digits), value)


def span(low: float | None, high: float | None, digits: int = 2) -> Value:
    """Make a cell of an interval."""
    return Value(words.interval(low, high, digits), (low, high))


def chance(value: float | None) -> Value:
    """Make a cell of a probability as a percentage; the CSV file holds the probability."""
    return Value(numbers.chance(value), value)


def share_span(low: float | None, high: float | None, digits: int = 0) -> Value:
    """Make a cell of an interval of a share."""
    if low is None or high is None:
        return Value(numbers.NOT_KNOWN, (low, high))
    return Value(f"{numbers.percent(low, digits)} to {numbers.percent(high, digits)}", (low, high))


def rank_span(low: float | None, high: float | None) -> Value:
    """Ranks from one to another."""
    return Value(words.ranks(low, high), (low, high))


def party(name: str, side: str = "") -> Value:
    """Make a cell of a party by sign, colour and word, with the member's caucus if that is another party."""
    label = people.party_label(name)
    if side in people.PARTY_LETTERS and side != name:
        label += Markup(" <small>(with the {}s)</small>").format(side)
    return Value(label, name)


def name(text: str, length: int = 200) -> Value:
    """Make a cell of a name from the data, whole in the CSV file."""
    return Value(people.named(text, length), text)


def member(who: Member, note: str = "") -> Value:
    """Make a cell of a member's name, linked to her story, with a note below it if there is one."""
    label = people.member_name(who, 200)
    return Value(label + Markup("<br><small>{}</small>").format(note) if note else label, who.name)


def rollcall(chamber: str, vote: str, text: str) -> Value:
    """Make a cell of the bill of a roll call, linked to its story."""
    return Value(rollcall_link(chamber, vote, people.named(text, 40)), text)
