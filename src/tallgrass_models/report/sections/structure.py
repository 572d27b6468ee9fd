"""What a structure adds to the production model, in sentences and tables: one function for each structure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...wording.numbers import count, number, percent, probability, signed
from ..files.data import Report, UnitResults
from ..files.rows import Row
from ..page import fields
from ..page.language import plural
from ..page.parts import Bullets, Part, Section, Text, missing
from ..page.words import unit_title
from .readable import reasons_of
from .withholding import part_withheld

#: An interval that excludes zero with this probability says on which side a coefficient is.
_SURE = 0.95


def structure_sections(report: Report) -> list[Section]:
    """Return the section of the experiment's structure; none for the production model."""
    name = report.config.model.structure
    if name not in _SECTIONS:
        return []
    title, intro, unit_parts = _SECTIONS[name]
    parts: list[Part] = [Text(intro)]
    for unit in report.units.values():
        found = unit.get("structure")
        if found is None and not report.config.model.spec(unit.unit):
            continue
        if found is None:
            where = unit_title(unit.unit)
            parts.append(missing(f"{where}: its summary says nothing of the structure; run the experiment again."))
            continue
        reasons = reasons_of(report, unit)
        if reasons:
            parts.append(part_withheld(f"{unit_title(unit.unit)}: what the structure adds is", reasons))
            continue
        parts += unit_parts(unit, found)
    return [Section("structure", title, parts)]


def lapse_sentence(where: str, found: Mapping[str, Any], n_votes: int) -> str:
    """Say how many votes are random."""
    (eps,) = found["estimates"]
    expected = found["random"]
    return (
        f"{where}: a vote is random with probability {_share(eps['mean'])} (90 % interval {_share(eps['q05'])} to"
        f" {_share(eps['q95'])}). Of {plural(n_votes, 'vote')}, about {count(round(expected))} are expected to be"
        " random. About half of all random votes are what the member would have cast anyway."
    )


def _share(value: float) -> str:
    return percent(value, 2 if value < 0.01 else 1)


def _lapse(unit: UnitResults, found: Mapping[str, Any]) -> list[Part]:
    where = unit_title(unit.unit)
    source = "summary.json"
    votes = [Row(row, source) for row in found["random_votes"]]
    members = [Row({**row, "share": row["expected"] / row["n_votes"]}, source) for row in found["random_members"]]
    where_from = [fields.party(), *([fields.chamber()] if unit.unit.is_joint else [])]
    of_votes = [fields.member(), fields.probability("Probability that it is random", "probability")]
    of_votes += [fields.words("Vote", "vote"), fields.words("Bill", "bill", length=40), fields.title("Title", "title")]
    of_votes += [fields.words("Date", "date"), *where_from]
    of_members = [
        fields.member(),
        fields.number("Random votes expected", "expected"),
        fields.share("Share", "share", 1),
    ]
    of_members += [fields.whole("Votes", "n_votes"), *where_from]
    note = (
        "A vote is likely random if the member’s position and the roll call make it improbable. The model does not"
        " know why: a slip, a deal and a conviction of which positions say nothing look alike."
    )
    return [
        Bullets([lapse_sentence(where, found, int(unit.get("n_votes") or 0))]),
        fields.table(f"{unit.unit}-random-votes", f"{where}: the votes most likely random", votes, of_votes, note),
        fields.table(f"{unit.unit}-random-members", f"{where}: members by random votes", members, of_members),
    ]


def covariate_sentence(where: str, row: Mapping[str, Any]) -> str:
    """Say what a coefficient means for two members of one party."""
    said = (
        f"{where}: of two members of one party who are one standard deviation of {row['of']} apart, the one with more"
        f" stands {number(abs(row['mean']), 2)} further {'right' if row['mean'] >= 0 else 'left'} on the scale of"
        f" positions, to be expected (90 % interval {signed(row['q05'])} to {signed(row['q95'])}, right is positive)"
    )
    right = row["p_positive"]
    if max(right, 1 - right) < _SURE:
        return f"{said}. The votes do not settle the direction: the probability of right is {probability(right)}."
    return f"{said}. The probability of that direction is {probability(max(right, 1 - right))}."


def _covariates(unit: UnitResults, found: Mapping[str, Any]) -> list[Part]:
    where = unit_title(unit.unit)
    rows = [Row(fields.within({"own": row}, "own", "coefficient") | row, "summary.json") for row in found["estimates"]]
    columns = [
        fields.words("Column", "of"),
        fields.place("Coefficient", "coefficient_mean"),
        fields.span("coefficient"),
    ]
    columns += [fields.probability("Probability of right", "p_positive")]
    note = "Distance on the scale of positions for one standard deviation of the column within the chamber."
    title = f"{where}: coefficients of the covariates"
    return [
        Bullets([covariate_sentence(where, row) for row in found["estimates"]]),
        fields.table(f"{unit.unit}-covariates", title, rows, columns, note),
    ]


def rasch_sentence(where: str, row: Mapping[str, Any]) -> str:
    """Say what the one discrimination means."""
    return (
        f"{where}: one unit further right on the scale of positions, the log odds of a vote with the right are"
        f" {number(row['mean'], 2)} higher on every bill (90 % interval {number(row['q05'], 2)} to"
        f" {number(row['q95'], 2)})."
    )


def _rasch(unit: UnitResults, found: Mapping[str, Any]) -> list[Part]:
    return [Bullets([rasch_sentence(unit_title(unit.unit), row) for row in found["estimates"]])]


def _nothing(unit: UnitResults, found: Mapping[str, Any]) -> Sequence[Part]:
    return []


_Unit = Callable[[UnitResults, Mapping[str, Any]], Sequence[Part]]
#: By structure: title of its section, what it says first, and the parts of each fit.
_SECTIONS: dict[str, tuple[str, str | Markup, _Unit]] = {
    "lapse": (
        "Random votes",
        "In this experiment every vote is random with one probability, the same for all votes of a fit; otherwise it "
        "follows the member’s position. All probabilities of votes on this page include that.",
        _lapse,
    ),
    "covariates": (
        "Covariates",
        "In this experiment positions within a party depend on columns of the members. A coefficient compares members "
        "of the same party. It describes who stands where and is no effect: nothing says what would change a position.",
        _covariates,
    ),
    "rasch": (
        "One discrimination",
        "In this experiment all bills of a chamber discriminate equally well. They differ in their difficulty and in "
        "the side that votes Yea. Where the votes of the parties leave the side open, both count, each with its "
        "probability. What that costs in prediction is on the comparison page, if another experiment has the same "
        "votes.",
        _rasch,
    ),
    "flat_joint": (
        "No parties in the joint model",
        "In this experiment the joint model knows neither parties nor chambers: all members of both have the same "
        "prior, Normal(0, 1). So the model has no populations of parties. Averages, spreads and the parties’ share of "
        "the variance are those of the members. The chambers’ own fits keep their parties.",
        _nothing,
    ),
}
