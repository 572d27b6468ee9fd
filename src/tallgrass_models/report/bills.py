"""Bills: discrimination against difficulty, curves, cutting points, and what a positive prior squashed."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from . import fields, figures, tables
from .data import UnitResults
from .parts import Figure, Heading, Part, Text, missing
from .plots import Curve, Words, curves
from .rows import Row, as_row
from .words import count, number, percent, plural, unit_title


def bill_parts(unit: UnitResults) -> list[Part]:
    """The map, the tables, the curves, the cutting points, and the squashed bills of one fit."""
    if not unit.bills:
        return [missing("The picture and the tables of bills are missing (bills.csv).")]
    most, least = (tables.bill_table(unit, unit.bills, most) for most in (True, False))
    parts: list[Part] = [figures.bill_map(unit, unit.bills), most, least, tables.all_bills_table(unit, unit.bills)]
    parts.append(curve_figure(unit) or missing("Curves of chosen bills are missing (curves.csv)."))
    parts.append(figures.cutting_points(unit) or missing("No roll call has a cutting point among the members."))
    return [*parts, Heading(f"{unit.unit}-squashed", "Bills squashed by a positive prior"), *squashed_parts(unit)]


def curve_figure(unit: UnitResults) -> Figure | None:
    """The chance of a Yea along the axis, for a few bills, with 90 % bands; None without curves.csv."""
    rows = unit.rows.get("curves")
    if not rows:
        return None
    drawn = []
    for vote in dict.fromkeys(row["vote"] for row in rows):
        here = [row for row in rows if row["vote"] == vote]
        label = f"{here[0]['bill'] or vote} (β {number(here[0]['beta_mean'])})"
        drawn.append(Curve(label, *([r[key] for r in here] for key in ("xi", "p_mean", "p_q05", "p_q95"))))
    alt = (
        f"Item characteristic curves, {unit_title(unit.unit)}: probability of Yea along the axis for "
        f"{plural(len(drawn), 'roll call')} from the most to the least discriminating: "
        f"{', '.join(curve.label for curve in drawn)}."
    )
    caption = (
        "The probability of a Yea by ideal point, with 90 % bands, for roll calls from the most to the least "
        "discriminating. A steep curve divides left from right; a flat one says little about anybody."
    )
    axes = ("← left\u2003·\u2003ideal point\u2003·\u2003right →", "probability of Yea")
    return curves(Words(f"{unit.unit}-curves", alt, caption, *axes, {"ylim": (0, 1)}), drawn)


def squashed_parts(unit: UnitResults) -> list[Part]:
    """Bills whose Yea is the side of the left, under a prior that cannot say so."""
    found = unit.get("squashed")
    if not found:
        return [missing("Whether the prior squashed bills was not recorded.")]
    found = as_row(found, "summary.json, squashed")
    if not found["positive_prior"]:
        return [Text("This fit’s prior lets discrimination take either sign: it squashes no bill.")]
    text = Markup(
        "Of {}, <b>{}</b> have a Yea that is certainly the Democratic side, which this prior cannot describe: it holds "
        "them near zero. They carry {} of the votes; the model calls {} of those right, and {} of all others."
    )
    values = [plural(found["n_bills"], "roll call"), count(found["n_squashed"]), percent(found["votes_share"], 1)]
    values += [percent(found["correct_squashed"], 1), percent(found["correct_others"], 1)]
    parts: list[Part] = [Text(text.format(*values))]
    return [*parts, _squashed_table(unit, found["worst"])] if found["worst"] else parts


def _squashed_table(unit: UnitResults, rows: Sequence[Row]) -> Part:
    columns = [fields.words("Bill", "bill", length=40), fields.title("Motion", "motion")]
    columns += [fields.share("Yea among Democrats", "yea_share_democrat")]
    columns += [fields.share("Yea among Republicans", "yea_share_republican")]
    columns += [fields.number("Difference in its standard errors", "party_z", 1)]
    columns += [fields.place("Discrimination", "beta_mean")]
    title = f"{unit_title(unit.unit)}: roll calls that the prior cannot describe, the clearest first"
    return fields.table(f"{unit.unit}-squashed-worst", title, rows, columns)
