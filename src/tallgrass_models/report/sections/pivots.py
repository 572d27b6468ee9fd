"""The pivots of a fit: table, picture and sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...votes.spells import day
from ...wording.numbers import chance, number, percent, signed
from ..files.data import UnitResults
from ..files.rows import Row, as_rows
from ..page import cells, fields
from ..page.columns import interval_column, number_column
from ..page.fields import Field
from ..page.language import plural
from ..page.parts import Part, Text, Value, missing
from ..page.people import member_words
from ..page.words import unit_title
from . import holder_sentences, sentences
from .labels import chamber_column, fit_name, scale_note
from .medians import ends_of, lies_between

#: Seats that differ by less from the number of members were vacant for a while.
_WHOLE = 0.25

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
    columns = [fields.words("Place", "what"), *chamber_column(unit), fields.whole("Members counted", "members")]
    columns += [Field(number_column("Seats", "seats"), _seats)]
    columns += [Field(number_column("Position", "position_mean"), _where), _INTERVAL]
    columns += [Field(fields.words("Who", "who").column, lambda row: row["who"])]
    note = scale_note(unit) + (
        "The member in that place differs from draw to draw. The percentages say in what share of the draws each "
        "member held it. A median that lies between two members has the positions of both, and its interval reaches "
        "from the lower end of the one’s to the upper end of the other’s. The percentages then say how often each "
        "member was one of the two. A two-thirds pivot is the member whose vote makes two thirds, with everybody on "
        f"one side of that member. {_seats_note(pivots)}"
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
    holders = [sentences.Holder(member_words(r), min(1.0, _times(pivot) * float(r["probability"]))) for r in found]
    return holder_sentences.median(holders, counted(pivot), float(pivot["p_between"]), *ends_of(pivot))


def _seats_note(pivots: Sequence[Row]) -> str:
    if pivots[0]["on"]:
        return f"The members in this fit who were in office on {day(pivots[0]['on'])} count, one seat each."
    return "In seats, each member counts for the share of the chamber’s roll calls in the member’s time in office."


def counted(pivot: Row) -> str:
    """Over whom a median runs."""
    members = plural(pivot["members"], "member")
    if pivot["on"]:
        return f"the {members} in this fit who were in office on {day(pivot['on'])}"
    short = abs(pivot["seats"] - pivot["members"])
    if short < _WHOLE:
        return f"the {members} in this fit"
    whole = abs(pivot["seats"] - round(pivot["seats"])) < _WHOLE
    return f"{number(pivot['seats'], 0 if whole else 1)} seats, held by {members}"


def _seats(pivot: Mapping[str, Any]) -> Value:
    """Return seats to a tenth, as a whole number where that is one."""
    shown = number(pivot["seats"], 1)
    return Value(shown.removesuffix(".0"), pivot["seats"])


def _who(unit: UnitResults, pivot: Row, most: int = 3) -> Markup:
    """Return the most probable members of a pivot."""
    found = [
        row
        for row in unit.rows.get("pivot_members", [])
        if (row["chamber"], row["pivot"]) == (pivot["chamber"], pivot["pivot"])
    ]
    times = _times(pivot)
    if found and times * found[0]["probability"] < holder_sentences.MENTIONED:
        return Markup("nobody above {}").format(percent(times * found[0]["probability"]))
    shown = [Markup("{} {}").format(member_words(row), chance(times * row["probability"])) for row in found[:most]]
    return Markup(", ").join(shown) if shown else Markup("–")


def _times(pivot: Mapping[str, Any]) -> float:
    """Return 2 for a place between two members, of whom each counts half, and 1 for any other."""
    return 2.0 if lies_between(pivot) else 1.0


def _where(pivot: Mapping[str, Any]) -> Value:
    """Return the position of a pivot, or of the two members between whom it lies; the CSV file has the middle."""
    if not lies_between(pivot):
        return cells.place(pivot["position_mean"])
    return Value(f"{signed(pivot['low_mean'])} to {signed(pivot['high_mean'])}", pivot["position_mean"])


def _reach(pivot: Mapping[str, Any]) -> Value:
    low, high = ("low", "high") if lies_between(pivot) else ("position", "position")
    return cells.span(pivot[f"{low}_q05"], pivot[f"{high}_q95"])


_INTERVAL = Field(interval_column("position"), _reach)


def _overlap(unit: UnitResults) -> list[Part]:
    out: list[Part] = []
    for row in as_rows(unit.get("overlap"), "summary.json, overlap"):
        members = sentences.Moments(*(float(row["members"][key]) for key in ("mean", "q05", "q95")))
        said = sentences.overlap(float(row["any"]["mean"]), members)
        out.append(Text(Markup("<b>{}</b>: {}").format(fit_name(unit, row["chamber"]), said)))
    return out
