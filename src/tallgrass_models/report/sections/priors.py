"""Sections on how much the results depend on the priors, and on external scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from markupsafe import Markup

from ...files.names import MOVED
from ...files.records.checking import Movement
from ...votes.sources import source_of
from ...wording.movement import COMPONENTS, movement_sentences
from ...wording.numbers import count, number
from ..files.data import Report, UnitResults
from ..files.rows import Row, as_rows
from ..page import cells, fields
from ..page.columns import number_column
from ..page.fields import Field
from ..page.language import listed, sentence
from ..page.parts import Bullets, Heading, Part, Section, Text, missing
from ..page.words import called, unit_title
from . import figures
from .readable import reasons_of
from .withholding import part_withheld

QUANTITIES = {
    "xi": "ideal points",
    "xi_relative": "positions between the parties’ averages",
    "mu_party": "population means of the parties",
    "sigma_within": "population spreads of the parties",
    "icc": "party share of the variance",
    "party_gap": "distance between the parties, in typical distances within one",
}
#: The parts of the model whose weight is changed.
_PARTS = {"likelihood": "the votes"} | {name: f"the prior of {words}" for name, words in COMPONENTS.items()}
#: Diagnoses of the check, in the words of the page.
_DIAGNOSES = {
    "prior-data conflict": "prior and votes disagree",
    "strong prior or weak likelihood": "the prior decides, the votes say little",
}
#: What the scale of a prior is multiplied by.
_FACTORS = {0.5: "half", 2.0: "twice"}


def sensitivity_section(report: Report) -> Section:
    """Show how far members move under other prior scales, and power-scaling of the main quantities, by fit."""
    text = Markup(
        "The first table halves and doubles the scale of each prior and reweights the draws. Moves are in posterior "
        "standard deviations of the member’s position. If that is too far for these draws, <code>tallgrass-models "
        "sensitivity {}</code> fits again with half and twice the scale of difficulty and discrimination. The second "
        "table makes each prior and the likelihood a little stronger or weaker. A large number means that the quantity "
        "would move. If a quantity is sensitive to a prior and to the votes, the two disagree. If it is sensitive to a "
        "prior alone, the votes say little about it."
    )
    parts: list[Part] = [Text(text.format(report.config.name))]
    for name, unit in report.units.items():
        parts.append(Heading(f"sensitivity-{name}", unit_title(name)))
        parts += _unit_parts(report, unit)
    return Section("sensitivity", "Sensitivity to the priors", parts)


def _unit_parts(report: Report, unit: UnitResults) -> list[Part]:
    if unit.check is None:
        return [missing("Sensitivity to the priors was not computed (check.json is missing).")]
    found = unit.check["sensitivity"]
    reasons = reasons_of(report, unit)
    told: Part = Bullets(moved_sentences(unit))
    said = part_withheld("How far members move is", reasons) if reasons else told
    tables = [_movement_table(unit, found["prior_scales"]), _sensitivity_table(unit, found["rows"], found["threshold"])]
    return [said, *tables, _members_text(found)]


def moved_sentences(unit: UnitResults) -> list[str]:
    """Say for each chamber how far its members move under other scales of the priors; nothing without check.json."""
    if unit.check is None:
        return []
    movement = cast(Mapping[str, Movement], unit.check["sensitivity"]["movement"])
    return [sentence(text) for text in movement_sentences(movement, unit.unit, called())]


def _movement_table(unit: UnitResults, rows: Sequence[Row]) -> Part:
    """Members who move, and who most, under half and twice the scale of each prior."""
    shown = [
        Row(
            {
                **row,
                "prior": COMPONENTS.get(row["component"], row["component"]),
                "scale": _FACTORS.get(row["factor"], f"× {row['factor']:g}"),
                "told_as": "yes" if row["told"] else "no: needs a refit",
            },
            row.source,
        )
        for row in rows
    ]
    columns = [fields.words("Prior of", "prior", True), fields.words("Scale", "scale", True)]
    columns += [fields.chamber(choices=True), fields.whole("Members", "n_members"), fields.whole("Move", "n_moved")]
    columns += [fields.place("Largest move", "max_move"), fields.words("by", "name")]
    columns += [fields.number("Pareto k", "pareto_k"), fields.words("Known from these draws", "told_as", True)]
    title = f"{unit_title(unit.unit)}: how far members move under half and twice the scale of each prior"
    note = f"Moves of more than {MOVED:g} posterior standard deviations count. Moves to the right are positive."
    return fields.table(f"{unit.unit}-prior-scales", title, shown, columns, note, interactive=True)


def _sensitivity_table(unit: UnitResults, rows: Sequence[Row], threshold: float) -> Part:
    shown = [
        Row(
            {
                **row,
                "what": QUANTITIES.get(row["quantity"], row["quantity"]),
                "part": _PARTS.get(row["component"], row["component"]),
                "meaning": _meaning(row, threshold),
            },
            row.source,
        )
        for row in rows
    ]
    columns = [fields.words("Quantity", "what", True), fields.chamber(choices=True), fields.party(choices=True)]
    columns += [fields.words("Part of the model", "part", True), fields.number("Sensitivity", "sensitivity", 3)]
    noise = number_column("by chance alone", "noise")
    columns += [Field(noise, lambda row: cells.num(row.get("noise"), 3))]
    columns += [fields.words("What that means", "meaning", True)]
    title = f"{unit_title(unit.unit)}: sensitivity of each quantity to each part of the model"
    note = (
        f"A quantity counts as sensitive from {number(threshold)} on, if that is more than chance alone gives. It "
        "should be sensitive to the votes."
    )
    return fields.table(f"{unit.unit}-sensitivity", title, shown, columns, note, interactive=True)


def _members_text(found: Row) -> Text:
    counts = found["n_members_sensitive"] or {}
    shown = [Markup("{} to {}").format(count(n), _PARTS.get(component, component)) for component, n in counts.items()]
    if not shown:
        return Text("It was not recorded for how many members the position is sensitive.")
    text = Markup("Number of members whose position between the parties’ averages is sensitive: {}.")
    return Text(text.format(listed(shown)))


def _meaning(row: Row, threshold: float) -> str:
    """Say what a sensitivity means: which of prior and votes decide a quantity, or nothing beyond chance."""
    if row["sensitivity"] is None or row["sensitivity"] < threshold:
        return "not sensitive"
    if row["noise"] is not None and row["sensitivity"] <= row["noise"]:
        return "no more than chance gives"
    if row["component"] == "likelihood":
        return "the votes inform it"
    return _DIAGNOSES.get(row["diagnosis"], row["diagnosis"] or "sensitive")


def external_sections(report: Report) -> list[Section]:
    """Show scores of the same members from elsewhere; nothing for a session that should have none."""
    parts: list[Part] = []
    for name, unit in report.units.items():
        rows = as_rows(unit.get("external"), "summary.json, external")
        picture = figures.against(
            unit, unit.members or [], "external", "external score", "Positions against the external score."
        )
        if not rows and picture is None:
            continue
        parts.append(Heading(f"external-{name}", unit_title(name)))
        parts += [_external_table(unit, rows)] if rows else []
        parts += [picture] if picture else []
        parts += [part for row in rows if row["disagreements"] for part in [_disagreements(unit, row)]]
    session = report.config.session
    if not parts and not session.external and not source_of(session.source).scores:
        return []
    return [Section("external", "External scores", parts or [missing("The results have no external scores.")])]


def _external_table(unit: UnitResults, rows: Sequence[Row]) -> Part:
    flat = [
        Row({**r, **{p: (r["within"].get(p) or {}).get("correlation") for p in ("Democrat", "Republican")}}, r.source)
        for r in rows
    ]
    columns = [fields.chamber(), fields.words("Score", "source"), fields.whole("Members", "n")]
    columns += [fields.number("Correlation", "correlation", 3), fields.number("of ranks", "spearman", 3)]
    columns += [fields.number("Among Democrats", "Democrat", 3), fields.number("Among Republicans", "Republican", 3)]
    return fields.table(
        f"{unit.unit}-external-table", f"{unit_title(unit.unit)}: agreement with the score", flat, columns
    )


def _disagreements(unit: UnitResults, row: Row) -> Part:
    columns = [fields.linked_member(), fields.party(), fields.place("Position", "position_mean")]
    columns += [
        fields.place("Score", "score"),
        fields.place("Score on this scale", "score_scaled"),
        fields.place("Gap", "gap"),
    ]
    title = f"{unit_title(row['chamber'])}: members on whom the two disagree most"
    return fields.table(f"{unit.unit}-external-{row['chamber']}", title, row["disagreements"], columns)
