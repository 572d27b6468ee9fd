"""Tables of what went in and what made the draws: data, filters, sampler, versions, machine."""

from __future__ import annotations

from collections.abc import Sequence

from ...wording.numbers import count
from ..files.data import Report
from ..files.records import DroppedRow
from ..page import cells
from ..page.columns import text_column
from ..page.language import plural
from ..page.parts import Cell, Column, Table
from ..page.words import unit_title
from .left_out import LEFT_OUT, kind_name, reason_words

_DROPPED_SHOWN = 500


def data_table(report: Report) -> Table:
    """Show how much data each fit used."""
    columns = [text_column("Model"), Column("Members used"), Column("with too few votes, left out")]
    columns += [Column("Roll calls used"), Column("Yea and Nay votes used"), Column("Shared bills")]
    keys = ("n_legislators", "n_left_out", "n_rollcalls", "n_votes", "n_shared_bills")
    rows: list[list[Cell]] = [
        [unit_title(u.unit), *(cells.whole(u.get(key)) for key in keys)] for u in report.units.values()
    ]
    return Table("data-used", "What each model was fitted to", columns, rows)


def dropped_table(chamber: str, rows: Sequence[DroppedRow]) -> Table:
    """Show everybody and everything dropped in one chamber; people first."""
    columns = [
        text_column("Name"),
        text_column("What", choices=True),
        Column("Why", numeric=False, choices=True, wide=True),
    ]
    columns += [Column("Share or count")]
    body: list[list[Cell]] = [
        [
            cells.name(row.name or row.id),
            cells.name(kind_name(row.kind), 80),
            cells.name(reason_words(row.reason)),
            _measure(row),
        ]
        for row in sorted(rows, key=lambda row: row.kind != "legislator")[:_DROPPED_SHOWN]
    ]
    note = (
        f"These are the first {count(_DROPPED_SHOWN)}. {chamber}_dropped.csv has all."
        if len(rows) > _DROPPED_SHOWN
        else ""
    )
    caption = f"{unit_title(chamber)}: everything left out ({count(len(rows))})"
    return Table(f"{chamber}-dropped", caption, columns, body, note, folded=True, interactive=True)


def otherwise_table(chamber: str, rows: Sequence[DroppedRow]) -> Table | None:
    """Show what was read differently from how it stands in the files; None if nothing was."""
    rows = [row for row in rows if row.kind not in LEFT_OUT]
    if not rows:
        return None
    columns = [text_column("Name"), text_column("About", choices=True), Column("What", numeric=False, wide=True)]
    body: list[list[Cell]] = [
        [cells.name(row.name or row.id), cells.name(row.kind, 80), cells.name(row.reason)]
        for row in rows[:_DROPPED_SHOWN]
    ]
    note = (
        f"These are the first {count(_DROPPED_SHOWN)}. {chamber}_dropped.csv has all."
        if len(rows) > _DROPPED_SHOWN
        else ""
    )
    caption = f"{unit_title(chamber)}: how the files were read ({plural(len(rows), 'note')})"
    return Table(f"{chamber}-read", caption, columns, body, note, folded=True, interactive=True)


def _measure(row: DroppedRow) -> Cell:
    return cells.share(row.value, 1) if row.kind == "roll call" else cells.whole(row.value)
