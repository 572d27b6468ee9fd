"""The page that compares the variants of a sweep, from comparison.json and the tables beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from ..errors import UserError
from ..files.columns.comparison import CONFIGURATION, TABLES
from .files.read import read_named
from .files.rows import Row, read_object
from .page import fields, page
from .page.language import listed, plural, sentence
from .page.numbers import count
from .page.parts import Bullets, Code, Heading, Part, Prose, Section, Table, Text, missing
from .page.people import named
from .sections.comparison_costs import cost_parts, sensitivity_parts
from .sections.comparison_tables import agreement_parts, bill_parts, party_parts, predictive_parts

_SHOWN = [table for table in TABLES if table is not CONFIGURATION]
_TONES = {"no": "good", "partly": "note", "yes": "bad", "unknown": "bad"}


@dataclass(frozen=True)
class Comparison:
    """Content of the comparison page: comparison.json, and the rows of its tables by name."""

    content: Row
    rows: Mapping[str, list[Row]]


def write_comparison(comparison: Path, out: Path, figures: Path, tables: Path) -> None:
    """Read comparison.json and the tables beside it, and write the page.

    Parameters
    ----------
    comparison
        comparison.json; its CSV tables lie beside it, and the page says so where one is missing.
    out, figures, tables
        As of the report of an experiment.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another version.
    """
    content = read_object(comparison)
    if content is None:
        raise UserError(f"{comparison}: no such file")
    found = Comparison(content, read_named(comparison.parent, _SHOWN))
    page.write(_build_comparison(found), out, figures, tables)


def _build_comparison(found: Comparison) -> page.Page:
    """Build the comparison page."""
    names = [entry["experiment"] for entry in found.content["experiments"]]
    return page.Page(
        title=f"Comparison of {len(names)} experiments",
        kicker="Ideal points from roll-call votes",
        heading="Does it depend on the prior?",
        lead=f"{plural(len(names), 'experiment')} compared: {', '.join(names)}",
        sections=_sections(found),
        source=f"comparison of {plural(len(names), 'experiment')}",
    )


def _sections(found: Comparison) -> list[Section]:
    rows = found.rows
    return [
        Section("verdict", "The verdict", _verdict_parts(found.content)),
        Section("reading", "How to read this comparison", [Prose("comparison_reading.html.j2")]),
        Section("variants", "What was compared", _variant_parts(found.content)),
        Section("cost", "Convergence and cost", cost_parts(rows)),
        Section("points", "Ideal points", agreement_parts(rows)),
        Section("parties", "Parties and their share of the variance", party_parts(rows)),
        Section("bills", "Bills", bill_parts(rows)),
        Section("predictive", "Prediction of the same votes", predictive_parts(rows)),
        Section("sensitivity", "Sensitivity to the priors", sensitivity_parts(rows)),
        Section("reproduce", "How to reproduce it", [Code("snakemake results/comparison/report.html")]),
    ]


def _verdict_parts(content: Row) -> list[Part]:
    parts: list[Part] = []
    unconverged = [entry["experiment"] for entry in content["experiments"] if not entry["converged"]]
    if unconverged:
        text = Markup("<strong>Not converged: {}.</strong> Do not rely on what the page says of them.")
        parts.append(Text(text.format(listed([named(name) for name in unconverged])), "bad"))
    for verdict in content["verdict"]:
        title = Markup("{} compared with {}").format(named(verdict["experiment"]), named(verdict["reference"]))
        parts.append(Heading(f"verdict-{verdict['experiment']}", title))
        parts.append(Text(verdict["text"], _TONES.get(verdict["level"], "note")))
        parts += [Bullets([sentence(reason) for reason in verdict["reasons"]])] if verdict["reasons"] else []
    if not content["verdict"]:
        parts.append(missing("No session has two experiments to compare."))
    return parts


def _variant_parts(content: Row) -> list[Part]:
    entries = [
        Row({**entry, "role": "reference" if entry["reference"] else "", "state": _state(entry)}, entry.source)
        for entry in content["experiments"]
    ]
    columns = [fields.words("Experiment", "experiment"), fields.title("What it is", "description")]
    columns += [fields.words("Session", "session"), fields.words("Sampling", "sampling")]
    columns += [fields.words("Role", "role"), fields.words("Convergence", "state")]
    parts: list[Part] = [fields.table("experiments", "The experiments", entries, columns)]
    parts += [Text(group["note"]) for group in content["groups"] if group["note"]]
    return [*parts, *_common_parts(content), _configuration(content)]


def _common_parts(content: Row) -> list[Part]:
    """Show what variants with different filters were compared on; nothing if all have the same."""
    if not content["common"]:
        return []
    columns = [fields.words("Experiment", "experiment"), fields.words("compared with", "reference")]
    columns += [fields.chamber("unit", "Model")]
    for of, name in (("members", "Members"), ("rollcalls", "Roll calls"), ("votes", "Votes")):
        columns.append(fields.whole(f"{name} in common", f"n_{of}"))
        columns += [fields.whole(f"{name}, {who}", f"n_{of}_{who}") for who in ("reference", "experiment")]
    note = (
        "Members, roll calls and votes are those that both used. Ranks are among the members in common, and each "
        "vote is predicted from the other votes that the variant itself used."
    )
    return [
        fields.table("common", "What variants with different filters have in common", content["common"], columns, note)
    ]


def _state(entry: Row) -> str:
    return "✓ converged" if entry["converged"] else "✗ NOT converged"


def _configuration(content: Row) -> Part:
    """Show settings that differ, side by side."""
    names = [entry["experiment"] for entry in content["experiments"]]
    if not content["configuration"]:
        return Text("All settings are the same.")
    rows = [
        Row({"key": row["key"], **{n: row["values"].get(n, "–") for n in names}}, row.source)
        for row in content["configuration"]
    ]
    columns = [fields.words("Setting", "key"), *(fields.words(name, name, length=200) for name in names)]
    caption = f"Settings that differ ({count(len(rows))}); all others are the same"
    table: Table = fields.table("configuration", caption, rows, columns)
    return table
