"""Tables straight from rows of files: each field says its heading, and how a row's cell is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...wording import numbers
from ...wording.numbers import signed
from . import cells
from .columns import interval_column, number_column
from .links import member_of, rollcall_of
from .parts import Cell, Column, Table, Value
from .people import named
from .words import unit_title

_Values = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A column, and the cell of a row in it."""

    column: Column
    cell: Callable[[_Values], Cell]


def table(
    identifier: str, caption: str, rows: Sequence[_Values], fields: Sequence[Field], note: str = "", **more: bool
) -> Table:
    """Make a table of ``rows``; ``more`` as in `Table`."""
    body = [[field.cell(row) for field in fields] for row in rows]
    return Table(identifier, caption, [field.column for field in fields], body, note, **more)


def words(title: str, key: str, choices: bool = False, length: int = 120) -> Field:
    """Text from the data."""
    column = Column(title, numeric=False, choices=choices, keys=(key,))
    return Field(column, lambda row: cells.name(str(row[key] if row[key] is not None else ""), length))


def linked_member() -> Field:
    """Name of a member, linked to her story if the row has her id and chamber."""
    column = Column("Member", numeric=False, keys=("name",))
    return Field(column, lambda row: Value(member_of(row, named(row["name"], 120)), row["name"]))


def member(title: str = "Member") -> Field:
    """Make a field for a member's name, linked to the member's story, whose id goes to the CSV file with it."""
    column = Column(title, numeric=False, keys=("name", "legislator"))

    def cell(row: _Values) -> Value:
        who = row.get("legislator")
        return Value(member_of(row, named(row["name"], 120)), (row["name"], who))

    return Field(column, cell)


def linked_bill() -> Field:
    """Bill of a roll call, linked to its story if the row has its id and chamber."""
    column = Column("Bill", numeric=False, keys=("bill",))
    return Field(column, lambda row: Value(rollcall_of(row, named(row["bill"] or "", 40)), row["bill"] or ""))


def title(heading: str, key: str) -> Field:
    """Longer text from the data."""
    column = Column(heading, numeric=False, wide=True, keys=(key,))
    return Field(column, lambda row: cells.name(str(row[key] if row[key] is not None else ""), 200))


def party(key: str = "party", title: str = "Party", choices: bool = False) -> Field:
    """Make a field for a party by sign, colour and word."""
    return Field(
        Column(title, numeric=False, choices=choices, keys=(key,)),
        lambda row: cells.party(row[key]) if row[key] not in (None, "", "all") else Value("all", "all"),
    )


def chamber(key: str = "chamber", title: str = "Chamber", choices: bool = False) -> Field:
    """Make a field for a chamber or unit by its title."""
    column = Column(title, numeric=False, choices=choices, keys=(key,))
    return Field(column, lambda row: Value(unit_title(row[key]), row[key]))


def number(title: str, key: str, digits: int = 2) -> Field:
    """Make a field for a number."""
    return Field(number_column(title, key), lambda row: cells.num(row[key], digits))


def place(title: str, key: str) -> Field:
    """Make a field for a position on the axis, or another number that shows its sign."""
    return Field(number_column(title, key), lambda row: cells.place(row[key]))


def steps(title: str, key: str) -> Field:
    """Make a field for a whole number that shows its sign."""
    return Field(number_column(title, key), lambda row: Value(signed(row[key], 0), row[key]))


def whole(title: str, key: str) -> Field:
    """Make a field for a whole number."""
    return Field(number_column(title, key), lambda row: cells.whole(row[key]))


def share(title: str, key: str, digits: int = 0) -> Field:
    """Make a field for a share, as a percentage."""
    return Field(number_column(title, key), lambda row: cells.share(row[key], digits))


def span(stem: str, title: str = "90 % interval", digits: int = 2) -> Field:
    """Make a field for the interval ``{stem}_q05`` to ``{stem}_q95``."""
    column = interval_column(stem, title)
    return Field(column, lambda row: cells.span(row[f"{stem}_q05"], row[f"{stem}_q95"], digits))


def chance(title: str, key: str) -> Field:
    """Make a field for a probability, as a percentage that is never 0 % or 100 %."""
    return Field(number_column(title, key), lambda row: cells.chance(row[key]))


def probability(title: str, key: str, digits: int = 2) -> Field:
    """Make a field for a probability, as a number that is never 0 or 1."""
    return Field(number_column(title, key), lambda row: Value(numbers.probability(row[key], digits), row[key]))


def share_span(stem: str, title: str = "90 % interval", digits: int = 0) -> Field:
    """Make a field for the interval of a share."""
    column = interval_column(stem, title)
    return Field(column, lambda row: cells.share_span(row[f"{stem}_q05"], row[f"{stem}_q95"], digits))


def pair(title: str, first: str, second: str) -> Field:
    """Two counts, such as Yea–Nay."""
    return Field(
        Column(title, keys=(first, second)), lambda row: Value(_counts(row, first, second), (row[first], row[second]))
    )


def _counts(row: _Values, first: str, second: str) -> str:
    return f"{cells.whole(row[first]).text}–{cells.whole(row[second]).text}"


def within(values: _Values, key: str, stem: str) -> dict[str, Any]:
    """``values[key]``'s moments flattened to ``{stem}_mean``, ``{stem}_q05``... as the fields above want them."""
    return {**values, **{f"{stem}_{name}": value for name, value in (values[key] or {}).items()}}
