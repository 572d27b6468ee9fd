"""The pivots of a fit: table, picture and sentence."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...votes.spells import day
from ..files.data import UnitResults
from ..files.rows import Row, as_rows
from ..page import fields
from ..page.fields import Field
from ..page.language import plural
from ..page.numbers import count, number, percent
from ..page.parts import Part, Text, missing
from ..page.people import member_words
from ..page.words import unit_title
from ..sections import sentences as say
from . import holder_sentences, sentences
from .labels import chamber_column, scale_note

#: Seats that differ by less from the number of members differ by rounding.
_WHOLE = 1e-3

_PIVOTS = {
    "chamber_median": "Median of the chamber",
    "two_thirds_left": "Two-thirds pivot, counted from the right",
    "two_thirds_right": "Two-thirds pivot, counted from the left",
    "democrat_median": "Median Democrat",
    "republican_median": "Median Republican",
}


def pivot_parts(unit: UnitResults) -> list[Part]:
    """Medians and pivots: where they stand, and who it probably is."""
    pivots = unit.rows.get("pivots")
    if not pivots:
        return [missing("Medians and pivots are missing (pivots.csv).")]
    rows = [Row({**p, "what": pivot_title(p["pivot"]), "who": _who(unit, p)}, p.source) for p in pivots]
    columns = [fields.words("Position", "what"), *chamber_column(unit), fields.whole("Members counted", "members")]
    columns += [fields.number("Seats", "seats", 1)]
    columns += [fields.place("Position", "position_mean"), fields.span("position")]
    columns += [Field(fields.words("Probably", "who").column, lambda row: row["who"])]
    note = scale_note(unit) + (
        "The member in that place differs from draw to draw. The percentages say in what share of the draws each "
        "member held it. If a median lies between two members, each counts half. A two-thirds pivot is the member "
        f"whose vote makes two thirds, with everybody on one side of that member. {_seats_note(pivots)}"
    )
    title = f"{unit_title(unit.unit)}: medians and pivots"
    parts: list[Part] = [fields.table(f"{unit.unit}-pivots", title, rows, columns, note)]
    return [*parts, *_overlap(unit)]


def pivot_title(pivot: str) -> str:
    """Return a position in words: ``majority_60_left`` is the 60 % pivot, counted from the right."""
    if pivot in _PIVOTS or not pivot.startswith("majority_"):
        return _PIVOTS.get(pivot, pivot)
    share, _, side = pivot.removeprefix("majority_").rpartition("_")
    return f"{share}\u00a0% pivot, counted from the {'right' if side == 'left' else 'left'}"


def median_sentence(unit: UnitResults) -> Markup | None:
    """Say where the chamber's median is, over whom, and who holds it; None if missing, and in the joint model."""
    pivot = next((p for p in unit.rows.get("pivots", []) if p["pivot"] == "chamber_median"), None)
    found = [r for r in unit.rows.get("pivot_members", []) if r["pivot"] == "chamber_median"]
    if pivot is None or not found or unit.unit.is_joint:
        return None
    between = float(pivot["p_between"])
    # each of two members between whom the median lies counts half
    times = 2.0 if between >= holder_sentences.NAMED else 1.0
    holders = [sentences.Holder(member_words(r), min(1.0, times * float(r["probability"]))) for r in found]
    low, high = (
        say.Moments(*(float(pivot[f"{end}_{key}"]) for key in ("mean", "q05", "q95"))) for end in ("low", "high")
    )
    return holder_sentences.median(holders, _counted(pivot), between, low, high)


def _seats_note(pivots: Sequence[Row]) -> str:
    if pivots[0]["on"]:
        return f"The members in this fit who were in office on {day(pivots[0]['on'])} count, one seat each."
    return "In seats, each member counts for the share of the chamber’s roll calls in the member’s time in office."


def _counted(pivot: Row) -> str:
    """Over whom a median runs."""
    members = plural(pivot["members"], "member")
    if pivot["on"]:
        return f"the {members} in this fit who were in office on {day(pivot['on'])}"
    short = abs(pivot["seats"] - pivot["members"])
    if short < _WHOLE:
        return f"the {members} in this fit"
    # as many digits as tell the seats from as many members: half of 99.97 seats is one member, of 100 it is two
    digits = next(digits for digits in (1, 2, 3) if short >= 0.5 * 10.0**-digits or digits == 3)
    return f"{number(pivot['seats'], digits)} seats, held by {members}"


def _who(unit: UnitResults, pivot: Row, most: int = 3) -> Markup:
    """Return the most probable members of a pivot."""
    found = [
        row
        for row in unit.rows.get("pivot_members", [])
        if (row["chamber"], row["pivot"]) == (pivot["chamber"], pivot["pivot"])
    ]
    shown = [Markup("{} {}").format(member_words(row), percent(row["probability"])) for row in found[:most]]
    return Markup(", ").join(shown) if shown else Markup("–")


def _overlap(unit: UnitResults) -> list[Part]:
    out: list[Part] = []
    for row in as_rows(unit.get("overlap"), "summary.json, overlap"):
        text = Markup(
            "{}: the probability that some Democrat stands right of some Republican is <b>{}</b>. On average {} "
            "members stand beyond the innermost member of the other party (90 % interval {} to {})."
        )
        members = row["members"]
        values = [number(row["any"]["mean"]), number(members["mean"], 1), count(members["q05"]), count(members["q95"])]
        out.append(Text(text.format(unit_title(row["chamber"]), *values)))
    return out
