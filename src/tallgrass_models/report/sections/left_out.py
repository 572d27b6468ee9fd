"""Tables of who and what was left out, and who took part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median

from ...wording.numbers import percent
from ..files.data import Report
from ..files.records import DroppedRow
from ..page import cells
from ..page.columns import text_column
from ..page.language import plural
from ..page.parts import Cell, Column, Part, Table, Text, missing
from ..page.people import named
from ..page.words import unit_title

#: Kinds of rows of a manifest that say what was left out; the others say how something was read.
LEFT_OUT = ("roll call", "legislator", "votes", "committee")
_LEAST_SHOWN = 5
_KINDS = {"legislator": "member"}
_LOPSIDED = "minority share of Yea and Nay below "


def left_out(dropped: Mapping[str, Sequence[DroppedRow]]) -> dict[str, list[DroppedRow]]:
    """Return the rows of the manifests that say what was left out, by chamber; no entry for a chamber without any."""
    gone = {chamber: [row for row in rows if row.kind in LEFT_OUT] for chamber, rows in dropped.items()}
    return {chamber: rows for chamber, rows in gone.items() if rows}


def kind_name(kind: str) -> str:
    """Return what a row of a manifest is about, in the words of the page."""
    return _KINDS.get(kind, kind)


def reason_words(reason: str) -> str:
    """Return why something was left out, in the words of the page."""
    if not reason.startswith(_LOPSIDED):
        return reason
    return f"less than {percent(float(reason.removeprefix(_LOPSIDED)), 1)} of Yea and Nay on the smaller side"


def reason_table(dropped: Mapping[str, Sequence[DroppedRow]]) -> Table:
    """Show how many were dropped, by chamber, kind and reason."""
    found = Counter(
        (chamber, row.kind, row.reason.partition(":")[0] if row.kind == "votes" else row.reason)
        for chamber, rows in dropped.items()
        for row in rows
    )
    columns = [text_column("Chamber"), text_column("What"), text_column("Why"), Column("How many")]
    rows: list[list[Cell]] = [
        [unit_title(chamber), kind_name(kind), named(reason_words(reason), 200), cells.whole(n)]
        for (chamber, kind, reason), n in found.items()
    ]
    return Table("dropped-reasons", "Left out before any fit, by reason", columns, rows)


def participation_parts(report: Report) -> list[Part]:
    """Show on how many of the roll calls used the members voted, and who voted least."""
    parts: list[Part] = []
    least: list[list[Cell]] = []
    for unit in (u for name, u in report.units.items() if not name.is_joint):
        voted = sorted(
            ((m.n_votes, m.legislator, m) for m in unit.members or () if m.n_votes is not None), key=lambda row: row[:2]
        )
        total, name = unit.get("n_rollcalls"), unit_title(unit.unit)
        if not voted or not total:
            parts.append(missing(f"{name}: the results do not record how often members voted."))
            continue
        shares = [n / total for n, _, _ in voted]
        text = "{0}: the typical member voted on {4} of {3}. The members ranged from {1} to {2}."
        ends = [percent(shares[0]), percent(shares[-1]), plural(total, "roll call"), percent(median(shares))]
        parts.append(Text(text.format(name, *ends)))
        least += [
            [cells.member(m), cells.party(m.party), name, cells.whole(n), cells.share(n / total)]
            for n, _, m in voted[:_LEAST_SHOWN]
        ]
    columns = [text_column("Member", key="name"), text_column("Party"), text_column("Chamber")]
    columns += [Column("Votes", keys=("n_votes",)), Column("Share of the roll calls", keys=("share",))]
    return [*parts, Table("participation", "Who voted least", columns, least)] if least else parts
