"""How much the results lean on the priors, and how they compare with scores from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from . import cells, fields, figures
from .data import Report, UnitResults
from .fields import Field
from .parts import Bullets, Heading, Part, Section, Text, missing
from .rows import Row, as_rows
from .words import count, listed, number, sentence, unit_title

QUANTITIES = {
    "xi": "ideal points",
    "xi_relative": "positions relative to the parties’ means",
    "mu_party": "party means",
    "sigma_within": "spreads within the parties",
    "icc": "variance share of party",
    "party_gap": "distance between the parties",
}


def sensitivity_section(report: Report) -> Section:
    """Power-scaling sensitivity of the main quantities, fit by fit."""
    parts: list[Part] = [
        Text(
            "Each prior, and the likelihood, is made a little stronger or weaker, and the draws reweighted: a large "
            "number means that the quantity would move. Sensitive to a prior and to the votes: they disagree. "
            "Sensitive to a prior alone: the votes say little about it."
        )
    ]
    for name, unit in report.units.items():
        parts.append(Heading(f"sensitivity-{name}", unit_title(name)))
        parts += _unit_parts(unit)
    return Section("sensitivity", "Sensitivity to the priors", parts)


def _unit_parts(unit: UnitResults) -> list[Part]:
    if unit.check is None:
        return [missing("Sensitivity to the priors was not computed (check.json is missing).")]
    found = unit.check["sensitivity"]
    findings = found["findings"]
    said: Part = (
        Bullets([sentence(finding) for finding in findings])
        if findings
        else Text("No quantity leans on a prior more than the threshold allows.")
    )
    return [said, _sensitivity_table(unit, found["rows"], found["threshold"]), _members_text(found)]


def _sensitivity_table(unit: UnitResults, rows: Sequence[Row], threshold: float) -> Part:
    shown = [Row({**row, "what": QUANTITIES.get(row["quantity"], row["quantity"])}, row.source) for row in rows]
    columns = [fields.words("Quantity", "what", True), fields.chamber(choices=True), fields.party(choices=True)]
    columns += [fields.words("Made stronger", "component", True), fields.number("Sensitivity", "sensitivity", 3)]
    noise = cells.number_column("by chance alone", "noise")
    columns += [Field(noise, lambda row: cells.num(row.get("noise"), 3))]
    columns += [fields.words("Diagnosis", "diagnosis", True)]
    title = f"{unit_title(unit.unit)}: sensitivity of each quantity to each part of the model"
    note = f"Above {number(threshold)} a quantity counts as sensitive."
    return fields.table(f"{unit.unit}-sensitivity", title, shown, columns, note, interactive=True)


def _members_text(found: Row) -> Text:
    counts = found["n_members_sensitive"] or {}
    shown = [Markup("{}: {}").format(str(component), count(n)) for component, n in counts.items()]
    text = Markup("Members whose position relative to the parties is sensitive, by part of the model: {}.")
    return Text(text.format(listed(shown) or "none"))


def external_section(report: Report) -> Section:
    """Scores of the same members from elsewhere, where the data has them."""
    parts: list[Part] = []
    for name, unit in report.units.items():
        rows = as_rows(unit.get("external"), "summary.json, external")
        picture = figures.against(
            unit, unit.members or [], "external", "score from elsewhere", "Ideal points against the score."
        )
        if not rows and picture is None:
            continue
        parts.append(Heading(f"external-{name}", unit_title(name)))
        parts += [_external_table(unit, rows)] if rows else []
        parts += [picture] if picture else []
        parts += [part for row in rows if row["disagreements"] for part in [_disagreements(unit, row)]]
    if not parts:
        parts = [missing("The session has no scores from elsewhere to compare with.")]
    return Section("external", "Against scores from elsewhere", parts)


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
    columns = [fields.words("Member", "name"), fields.party(), fields.place("Ideal point", "xi_mean")]
    columns += [
        fields.place("Score", "score"),
        fields.place("Score on this scale", "score_scaled"),
        fields.place("Gap", "gap"),
    ]
    title = f"{unit_title(row['chamber'])}: members on whom the two disagree most"
    return fields.table(f"{unit.unit}-external-{row['chamber']}", title, row["disagreements"], columns)
