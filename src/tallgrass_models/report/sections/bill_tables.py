"""Tables of bills."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...wording.numbers import count
from ..files.data import UnitResults
from ..files.records import Bill
from ..page import cells
from ..page.columns import interval_column, number_column, text_column
from ..page.language import plural
from ..page.parts import Cell, Column, Table, Value
from ..page.people import named
from ..page.words import unit_title

_BILLS_SHOWN = 8


def bill_name(bill: Bill) -> str:
    """Return the name of a bill for people, or its roll call's id if the data has no number for it."""
    return bill.bill or bill.vote


def bill_table(unit: UnitResults, bills: Sequence[Bill], most: bool) -> Table:
    """Show the bills that separate left from right most, or least."""
    wrong = 0 if most else sum(b.wrong_sign for b in bills)
    known, sign = [b for b in bills if most or not b.wrong_sign], -1 if most else 1
    chosen = sorted(known, key=lambda b: (sign * abs(b.discrimination_mean), b.vote))[:_BILLS_SHOWN]
    word = "most" if most else "least"
    note = "" if most else "Votes on these say little about who stands left or right."
    if wrong:
        note += f" The table leaves out {plural(wrong, 'roll call')} with the wrong sign."
    caption = f"{unit_title(unit.unit)}: the {len(chosen)} roll calls that separate left from right {word}"
    return Table(f"{unit.unit}-bills-{word}", caption, *_bill_rows(unit, chosen), note)


def all_bills_table(unit: UnitResults, bills: Sequence[Bill]) -> Table:
    """Every roll call, to be searched and sorted."""
    ordered = sorted(bills, key=lambda b: (-b.discrimination_mean, b.vote))
    caption = f"{unit_title(unit.unit)}: all {count(len(bills))} roll calls, by discrimination"
    return Table(f"{unit.unit}-bills", caption, *_bill_rows(unit, ordered), folded=True, interactive=True)


def _bill_rows(unit: UnitResults, bills: Sequence[Bill]) -> tuple[list[Column], list[list[Cell]]]:
    joint = unit.unit.is_joint
    columns = [
        text_column("Bill"),
        Column("Title and motion", numeric=False, wide=True, keys=("title",)),
        Column("Yea–Nay", keys=("yea", "nay")),
    ]
    columns += [number_column("Discrimination", "discrimination_mean"), interval_column("discrimination")]
    columns += [number_column("Difficulty", "difficulty_mean")]
    columns[1:1] = [text_column("Chamber", choices=True)] if joint else []
    body: list[list[Cell]] = []
    for b in bills:
        motion = Markup("; {}").format(named(b.motion)) if b.motion else ""
        title = Value(Markup("{}{}").format(named(b.title.rstrip("."), 120), motion), b.title)
        where: list[Cell] = [Value(unit_title(b.chambers), b.chambers)] if joint else []
        beta = [cells.place(b.discrimination_mean), cells.span(b.discrimination_q05, b.discrimination_q95)]
        name = cells.rollcall(b.chambers, b.vote, bill_name(b))
        body.append([name, *where, title, _tally(b), *beta, cells.place(b.difficulty_mean)])
    return columns, body


def _tally(bill: Bill) -> Value:
    known = bill.yea is not None and bill.nay is not None
    return Value(f"{count(bill.yea)}–{count(bill.nay)}" if known else "–", (bill.yea, bill.nay))
