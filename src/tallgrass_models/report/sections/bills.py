"""Section on bills: discrimination against difficulty, curves, cutting points, and wrong-sign bills."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...wording.numbers import count, number, percent
from ..files.data import UnitResults
from ..files.rows import Row, as_row
from ..page import fields
from ..page.language import plural
from ..page.parts import Figure, Heading, Part, Text, missing
from ..page.plots import Curve, Words, curves
from ..page.words import unit_title
from . import bill_tables, figures
from .labels import axis_label
from .plane import AT_ZERO, has_second
from .withholding import part_withheld


def bill_parts(unit: UnitResults, reasons: str = "") -> list[Part]:
    """Show the map, the tables, the curves, the cutting points, and the wrong-sign bills of one fit.

    ``reasons`` says why left and right cannot be read from it; wrong-sign bills are then withheld.
    """
    if not unit.bills:
        return [missing("The picture and the tables of bills are missing (bills.csv).")]
    most, least = (bill_tables.bill_table(unit, unit.bills, most) for most in (True, False))
    parts: list[Part] = [figures.bill_map(unit, unit.bills), most, least, bill_tables.all_bills_table(unit, unit.bills)]
    parts.append(_curve_figure(unit) or missing("Curves of chosen bills are missing (curves.csv)."))
    parts.append(figures.cutting_points(unit) or missing("No roll call has a cutting point among the members."))
    title = "Wrong-sign bills"
    wrong = [part_withheld("Wrong-sign bills are", reasons)] if reasons else _wrong_sign_parts(unit)
    return [*parts, Heading(f"{unit.unit}-wrong-sign", title), *wrong]


def _curve_figure(unit: UnitResults) -> Figure | None:
    """Draw the chance of a Yea along the axis, for a few bills, with 90 % bands; None without curves.csv."""
    rows = unit.rows.get("curves")
    if not rows:
        return None
    drawn = []
    for vote in dict.fromkeys(row["vote"] for row in rows):
        here = [row for row in rows if row["vote"] == vote]
        label = f"{here[0]['bill'] or vote} (discrimination {number(here[0]['discrimination_mean'])})"
        drawn.append(Curve(label, *([r[key] for r in here] for key in ("position", "p_mean", "p_q05", "p_q95"))))
    alt = (
        f"Item characteristic curves, {unit_title(unit.unit)}: probability of Yea along the axis for "
        f"{plural(len(drawn), 'roll call')} from the most to the least discriminating: "
        f"{', '.join(curve.label for curve in drawn)}."
    )
    caption = (
        "The probability of a Yea by position, with 90 % bands, for roll calls from the most to the least "
        "discriminating. A steep curve divides left from right, and a flat one says little about anybody."
    )
    caption += AT_ZERO if has_second(unit) else ""
    axes = (axis_label(unit), "probability of Yea")
    title = f"{unit_title(unit.unit)}: probability of Yea along the axis, for {plural(len(drawn), 'roll call')}"
    return curves(Words(f"{unit.unit}-curves", alt, caption, *axes, {"ylim": (0, 1)}, title), drawn)


def _wrong_sign_parts(unit: UnitResults) -> list[Part]:
    """Show the bills whose sign the fit's prior forbids."""
    found = unit.get("wrong_sign")
    if not found:
        return [missing("The results do not record whether some bills have the wrong sign.")]
    found = as_row(found, "summary.json, wrong_sign")
    if not found["positive_prior"]:
        return [Text("This fit’s prior lets discrimination take either sign, so no bill has the wrong sign.")]
    if not found["n_judged"]:
        return [
            Text(
                "No bill can be judged. Either the bills were first oriented by the votes of the parties, or the axis "
                "does not clearly separate the parties."
            )
        ]
    text = Markup(
        "This fit’s prior makes Yea {} on every roll call. Of {}, <b>{}</b> have a Yea that is certainly the other "
        "side, so the prior forbids their sign. They carry {} of the votes. The model classifies {} of those "
        "correctly, and {} of all others. The median size of their slopes per standard deviation of members is {}, "
        "compared with {} for the others."
    )
    side = {"Democrat": "the Democratic side", "Republican": "the Republican side"}
    values = [side.get(found["yea_side"], "one side in each chamber"), plural(found["n_judged"], "roll call")]
    values += [count(found["n_wrong"]), percent(found["votes_share"], 1)]
    values += [percent(found["correct_wrong"], 1), percent(found["correct_others"], 1)]
    values += [number(found["slope_wrong"]), number(found["slope_others"])]
    parts: list[Part] = [Text(text.format(*values))]
    return [*parts, _wrong_sign_table(unit, found["worst"])] if found["worst"] else parts


def _wrong_sign_table(unit: UnitResults, rows: Sequence[Row]) -> Part:
    columns = [fields.linked_bill(), fields.title("Motion", "motion")]
    columns += [fields.share("Yea among Democrats", "yea_share_democrat")]
    columns += [fields.share("Yea among Republicans", "yea_share_republican")]
    columns += [fields.number("Difference in its standard errors", "party_z", 1)]
    columns += [fields.place("Discrimination", "discrimination_mean")]
    title = f"{unit_title(unit.unit)}: roll calls with the wrong sign, the clearest first"
    return fields.table(f"{unit.unit}-wrong-sign-worst", title, rows, columns)
