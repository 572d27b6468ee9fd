"""Section on the axis that a fit found: the parties', a faction's, or none."""

from __future__ import annotations

from ...votes.unit import Unit
from ...wording.numbers import count, signed
from ..files.data import Report, UnitResults
from ..files.rows import Row
from ..page import fields
from ..page.language import sentence
from ..page.parts import Part, Text, missing
from ..page.plots import Words
from ..page.scatter import Group, scatter
from ..page.words import unit_title
from .looks import party_look

_VERDICT_TONES = {"parties": "good", "mirrored": "note", "faction": "bad", "nothing": "bad"}


def axis_rows(report: Report, unit: Unit) -> list[Row]:
    """Return the audit of a unit, by chamber."""
    return [row for row in (report.axis["units"] if report.axis else []) if row["unit"] == unit]


def axis_parts(report: Report, unit: UnitResults) -> list[Part]:
    """Verdict, separation on the axis and on the principal components, the bills at either end."""
    rows = axis_rows(report, unit.unit)
    if not rows:
        return [missing("The axis was not audited (axis.json is missing).")]
    parts: list[Part] = [Text(sentence(row["text"]), _VERDICT_TONES.get(row["verdict"], "note")) for row in rows]
    flat = [Row(fields.within(row, "d", "d"), row.source) for row in rows]
    columns = [fields.chamber(), fields.number("On this axis", "d_mean"), fields.span("d")]
    columns += [fields.number("On the first component", "d_pc1"), fields.number("On the second", "d_pc2")]
    columns += [
        fields.number("Correlation with the first", "correlation_pc1"),
        fields.number("with the second", "correlation_pc2"),
    ]
    columns += [fields.number("First to second eigenvalue", "eigenvalue_ratio")]
    note = (
        "The distance between the parties in pooled standard deviations within them, on the estimated axis and on the "
        "principal components of the same votes."
    )
    parts.append(
        fields.table(f"{unit.unit}-axis", f"{unit_title(unit.unit)}: separation of the parties", flat, columns, note)
    )
    return [*parts, *_picture(report, unit), *_ends(report, unit)]


def _picture(report: Report, unit: UnitResults) -> list[Part]:
    members = [m for m in report.rows.get("axis_members", []) if m["unit"] == unit.unit and m["pc1"] is not None]
    if not members:
        return [missing("Positions on the principal components are missing (axis_members.csv).")]
    groups, joint = [], unit.unit.is_joint
    for chamber, party in dict.fromkeys((m["chamber"], m["party"]) for m in members):
        here = [m for m in members if (m["chamber"], m["party"]) == (chamber, party)]
        label = f"{party}, {unit_title(chamber)}" if joint else party
        tips = [f"{m['name']}: axis {signed(m['place'])}, component {signed(m['pc1'])}" for m in here]
        x, y = [m["pc1"] for m in here], [m["place"] for m in here]
        groups.append(Group(label, party_look(party, chamber, joint), x, y, tips, [m["name"] for m in here]))
    who = f"places of {count(len(members))} members on the axis"
    alt = f"Scatter plot, {unit_title(unit.unit)}: {who} against the first principal component of the same votes."
    caption = (
        "Places on the estimated axis (in standard deviations of the members; a mirrored axis is turned) against the "
        "first principal component of the same votes, a view of the data without any model."
    )
    title = f"{unit_title(unit.unit)}: the axis against the first principal component of the votes"
    names = ("first principal component", "place on the axis")
    words = Words(f"{unit.unit}-axis-component", alt, caption, *names, title=title)
    return [scatter(words, groups, height=360)]


def _ends(report: Report, unit: UnitResults) -> list[Part]:
    bills = [b for b in report.rows.get("axis_bills", []) if b["unit"] == unit.unit]
    if not bills:
        return [missing("Bills at the ends of the axis are missing (axis_bills.csv).")]
    columns = [fields.linked_bill(), fields.title("Title", "title"), fields.chamber()]
    columns += [
        fields.words("Yea is the side of the", "end", True),
        fields.place("Discrimination per standard deviation of members", "slope"),
    ]
    columns += [fields.share("Yea among Democrats", "yea_democrats")]
    columns += [fields.share("Yea among Republicans", "yea_republicans")]
    title = f"{unit_title(unit.unit)}: the roll calls at either end of the axis"
    return [fields.table(f"{unit.unit}-axis-bills", title, bills, columns, folded=True, interactive=True)]
