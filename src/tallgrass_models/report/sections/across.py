"""Both chambers beside each other: what their own fits and the joint model have in common, and who stands where."""

from __future__ import annotations

from markupsafe import Markup

from ...votes.unit import Unit
from ..files.data import Report, UnitResults
from ..page import cells
from ..page.columns import number_column, text_column
from ..page.parts import Cell, Column, Section, Table, missing
from ..page.people import member_words
from ..page.words import unit_title
from .labels import fit_name
from .readable import not_readable, unreadable
from .withholding import part_withheld


def compared_section(report: Report) -> Section:
    """Show the chambers' fits beside each other."""
    units = [u for name, u in report.units.items() if not name.is_joint]
    joint = report.units.get(Unit.JOINT)
    if len(units) < 2:
        return Section("compared", "The chambers compared", [missing("There is no second chamber to compare with.")])
    rows: list[list[Cell]] = []
    for unit in units:
        for source in [unit, *([joint] if joint else [])]:
            share, apart = (source.of_chamber(key, unit.unit) for key in ("icc", "parties_apart"))
            parties = [source.party(unit.unit, party) for party in ("Democrat", "Republican")]
            gaps = [cells.num((apart.get(key) or {}).get("mean"), n) for key, n in (("position", 2), ("d", 1))]
            spreads = [cells.num(p.spread_mean if p else None) for p in parties]
            numbers: list[Cell] = [*gaps, *spreads, cells.share(share.get("mean"))]
            if unreadable(report, source, unit.unit):
                numbers = [cells.num(None) for _ in numbers]
            rows.append([fit_name(source, unit.unit), *numbers, _apre(source, unit.unit)])
    columns = [text_column("Chamber"), number_column("Between the averages of the parties", "gap")]
    columns += [number_column("The same, in typical distances within a party", "d")]
    columns += [number_column(f"Spread of {party}s", f"spread_{party.lower()}") for party in ("Democrat", "Republican")]
    columns += [number_column("Party share of the variance", "icc"), number_column("APRE", "apre")]
    note = (
        "If the parties are clearly apart, their averages are 2 apart by definition. This holds for each chamber in "
        f"its own model, and for the {unit_title('house')} in the joint model. A dash means that the fit does not "
        "support a number."
    )
    return Section("compared", "The chambers compared", [Table("compared-table", "Both chambers", columns, rows, note)])


def _apre(unit: UnitResults, chamber: str) -> Cell:
    rows = [r for r in unit.rows.get("group_fit", []) if (r["chamber"], r["party"]) == (chamber, "all")]
    return cells.num(rows[0]["apre"] if rows else None)


def right_of_sections(report: Report) -> list[Section]:
    """Show which of some chosen members of both chambers stand right of which; nothing where no method places both."""
    title, found = "Who stands right of whom", report.linking and report.linking["chosen"]
    if not found:
        return []
    if reasons := "; ".join(f"{name}: {reason}" for name, reason in not_readable(report).items()):
        return [Section("right-of", title, [part_withheld("The comparison of members across chambers is", reasons)])]
    labels = [
        Markup("{} {}").format(member_words(m), Markup("({})").format(unit_title(m["chamber"])))
        for m in found["members"]
    ]
    keys = [f"{m['chamber']}:{m['legislator']}" for m in found["members"]]
    columns = [text_column("P(row stands right of column)")]
    columns += [Column(label, keys=(key,)) for label, key in zip(labels, keys, strict=True)]
    rows: list[list[Cell]] = [
        [label, *("" if i == k else cells.chance(p) for k, p in enumerate(row))]
        for i, (label, row) in enumerate(zip(labels, found["right_of"], strict=True))
    ]
    note = "The table has the leftmost, most central and rightmost members of either chamber, by all methods together."
    note += " joint/right_of.nc has the answer of the joint model for all pairs." if report.config.joint else ""
    table = Table("right-of-table", "Chosen members across chambers", columns, rows, note)
    return [Section("right-of", title, [table])]
