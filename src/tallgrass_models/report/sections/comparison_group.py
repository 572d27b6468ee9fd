"""The section of one session on the comparison page: the answer, a picture of it, and the verdicts."""

from __future__ import annotations

from markupsafe import Markup

from ...files.records.comparison import Verdict
from ...votes.naming import ChamberNames
from ...wording.numbers import count
from ..files.comparison import ComparisonTables
from ..page import fields
from ..page.parts import Bullets, Heading, Part, Section, Text
from ..page.people import named
from ..page.words import naming
from .comparison_bridges import bridge_parts
from .comparison_curves import curve_parts
from .comparison_held_out import held_out_parts
from .comparison_members import driver_parts, member_parts, rank_pictures
from .comparison_scope import Scope
from .comparison_tables import bill_parts, pair_picture, party_parts, predictive_parts, sensitivity_parts

_TONES = {"no": "good", "partly": "note", "yes": "bad", "unknown": "bad"}
#: Sentences of a verdict that are not folded.
_SHOWN = 5


def group_section(scope: Scope, tables: ComparisonTables) -> Section:
    """Make the section of a session."""
    group = scope.group
    with naming(ChamberNames.of(group["chamber_names"])):
        return Section(scope.slug, group["title"], _parts(scope, tables))


def _parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    if not scope.verdicts:
        return [Text(scope.group["note"]), *held_out_parts(scope, tables)]
    return [
        answer(scope),
        *rank_pictures(scope, tables),
        *curve_parts(scope),
        Heading(f"{scope.slug}-verdicts", "Variant by variant"),
        *(part for verdict in scope.verdicts for part in _verdict(scope, verdict, tables)),
        *_settings(scope),
        *bridge_parts(scope),
        Heading(f"{scope.slug}-members", "Members"),
        *_withheld(scope),
        *member_parts(scope, tables),
        *driver_parts(scope, tables),
        Heading(f"{scope.slug}-parties", "Parties"),
        *party_parts(scope, tables),
        Heading(f"{scope.slug}-bills", "Bills"),
        *bill_parts(scope, tables),
        Heading(f"{scope.slug}-prediction", "Prediction of the same votes"),
        *predictive_parts(scope, tables),
        *held_out_parts(scope, tables),
        Heading(f"{scope.slug}-sensitivity", "Sensitivity to the priors"),
        *sensitivity_parts(scope, tables),
    ]


def answer(scope: Scope) -> Text:
    """Return the answer for the session, with its question."""
    group = scope.group
    worse = any(verdict["prediction"] == "far worse" for verdict in scope.verdicts)
    level = group["level"] or "unknown"
    tone = "note" if level == "no" and worse else _TONES[level]
    return Text(Markup("{} {}").format(group["question"], _answered(group["answer"])), tone)


def _answered(text: str) -> Markup:
    """Return a sentence with its answer, the words before the colon, in bold."""
    word, colon, rest = text.partition(":")
    return Markup("<strong>{}{}</strong>{}").format(word, colon, rest)


def _verdict(scope: Scope, verdict: Verdict, tables: ComparisonTables) -> list[Part]:
    far = verdict["prediction"] == "far worse" and verdict["level"] == "no"
    parts: list[Part] = [
        Heading(f"verdict-{verdict['experiment']}", _title(scope, verdict), listed=False),
        Text(_answered(verdict["text"]), "note" if far else _TONES[verdict["level"]]),
    ]
    first, rest = verdict["reasons"][:_SHOWN], [*verdict["reasons"][_SHOWN:], *verdict["details"]]
    parts += [Bullets(first)] if first else []
    parts += [Bullets(rest, folded=f"More on {verdict['experiment']}")] if rest else []
    return [*parts, *pair_picture(scope, verdict, tables)]


def _title(scope: Scope, verdict: Verdict) -> Markup:
    """Return the name of a variant with its description."""
    described = {entry["experiment"]: entry["description"] for entry in scope.content["experiments"]}
    text = described.get(verdict["experiment"], "")
    name = named(verdict["experiment"])
    return Markup("{} <small>{}</small>").format(name, named(text, 200)) if text else name


def _withheld(scope: Scope) -> list[Part]:
    """Say which rows are left out of the tables, and why."""
    if not scope.withheld:
        return []
    return [
        Text("Left out of the tables and pictures of members, parties and bills:", "missing"),
        Bullets(scope.withheld),
    ]


def _settings(scope: Scope) -> list[Part]:
    """Show the settings in which the experiments of the session differ, side by side."""
    names = scope.group["experiments"]
    rows = [
        {"key": row["key"], **{name: row["values"].get(name) or "–" for name in names}}
        for row in scope.content["configuration"]
        if len({row["values"].get(name) for name in names}) > 1
    ]
    if not rows:
        return [Text("All settings are the same.")]
    columns = [fields.words("Setting", "key"), *(fields.words(name, name, length=200) for name in names)]
    caption = f"Settings that differ ({count(len(rows))}); all others are the same"
    return [fields.table(f"{scope.slug}-configuration", caption, rows, columns, folded=True), *_common(scope)]


def _common(scope: Scope) -> list[Part]:
    """Show what variants with different filters were compared on; nothing if all have the same."""
    rows = [row for row in scope.content["common"] if row["group"] == scope.group["group"]]
    if not rows:
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
    title = "What variants with other filters or selections have in common"
    return [fields.table(f"{scope.slug}-common", title, rows, columns, note)]
