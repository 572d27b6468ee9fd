"""Held-out votes on the comparison page: the ladder of a session, and variants against the reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...files.records.comparison import HeldOutLadder, HeldOutPair
from ...wording.numbers import count, signed
from ..files.comparison import ComparisonTables
from ..page import fields
from ..page.language import plural
from ..page.parts import Bullets, Heading, Part, Table, Text, Value, missing
from ..page.words import unit_title
from .comparison_scope import Scope
from .comparison_wide import by_variant, largest, member, variant_columns
from .held_out import WHOLE, gain_fields, ladder_fields, rung_field

#: Rungs below the models of experiments.
_SHARED = ("party", "flat")


def held_out_parts(scope: Scope, tables: ComparisonTables) -> list[Part]:
    """Show ladders and paired differences; nothing where no experiment of the session has folds."""
    found, session = scope.content["held_out"], scope.group["group"]
    ladders = [row for row in found["ladders"] if row["group"] == session]
    if not ladders:
        return []
    pairs = [row for row in found["pairs"] if row["group"] == session]
    parts: list[Part] = [Heading(f"{scope.slug}-held-out", "Held-out votes"), _gates(ladders)]
    for chamber, whole in dict.fromkeys((row["chamber"], _whole(row)) for row in ladders):
        same = [row for row in ladders if (row["chamber"], _whole(row)) == (chamber, whole)]
        parts.append(_ladder(scope, chamber, same, whole))
    notes = found["notes"].get(session, [])
    said = [*(row["text"] for row in pairs), *notes]
    parts += [Bullets(said)] if said else []
    whole = any(_whole(row) for row in ladders if row["experiment"] == scope.group["reference"])
    return [*parts, *_compared(scope, pairs, tables, whole)]


def _whole(ladder: HeldOutLadder) -> bool:
    """Tell whether whole roll calls are held out."""
    return "of" in ladder["folds"]


def _gates(ladders: Sequence[HeldOutLadder]) -> Text:
    """Say how many fits of folds converged; those of the flat and the joint model count once."""
    fits: dict[tuple[str, str, str], tuple[int, int]] = {}
    for row in ladders:
        for rung in row["ladder"]:
            whose = "" if rung["rung"] == "flat" else row["experiment"]
            where = "" if rung["rung"] == "joint" else row["chamber"]
            key = whose, where, f"{rung['rung']} {row['folds']['number']} {_whole(row)}"
            fits[key] = max(fits.get(key, (0, 0)), (rung["n_folds"], rung["n_converged"]))
    n, converged = (sum(one[k] for one in fits.values()) for k in (0, 1))
    if n == converged:
        return Text(f"All {plural(n, 'fit')} of folds passed every gate.", "good")
    return Text(f"Of {plural(n, 'fit')} of folds, {count(converged)} passed every gate.", "bad")


def _ladder(scope: Scope, chamber: str, ladders: Sequence[HeldOutLadder], whole: bool) -> Table:
    rows: list[Mapping[str, Any]] = []
    for shared in _SHARED:
        own = [(one, rung) for one in ladders for rung in one["ladder"] if rung["rung"] == shared]
        same = len({rung["log_score"] for _, rung in own}) == 1
        rows += [
            {**rung, "experiment": "any" if same else one["experiment"]} for one, rung in own[: 1 if same else None]
        ]
    rows += [
        {**rung, "experiment": one["experiment"]}
        for one in ladders
        for rung in one["ladder"]
        if rung["rung"] not in _SHARED
    ]
    columns = [rung_field(), fields.words("Experiment", "experiment"), *ladder_fields()]
    note = (
        "Every vote is predicted by a fit that has not seen it. Standard errors are by roll call. Party alone and the "
        "flat model do not depend on the experiment. The time of a joint model is for both chambers."
    )
    title = f"{unit_title(chamber)}: how well held-out votes are predicted"
    identifier = f"{scope.slug}-held-out-{chamber}"
    if whole:
        title, note = f"{unit_title(chamber)}: how well held-out roll calls are predicted", f"{WHOLE} {note}"
        identifier += "-roll-calls"
    return fields.table(identifier, title, rows, columns, note)


def _compared(scope: Scope, pairs: Sequence[HeldOutPair], tables: ComparisonTables, whole: bool) -> list[Part]:
    if not pairs:
        return []
    columns = [fields.words("Experiment", "experiment"), fields.chamber("unit", "Model"), fields.chamber()]
    columns += [fields.whole("Votes", "n_votes"), *gain_fields()]
    title = f"Held-out votes, compared with {scope.group['reference']}"
    note = "Differences on the same votes, with 90 % intervals by roll call. Above zero the variant is better."
    note = f"{WHOLE} {note}" if whole else note
    parts: list[Part] = [fields.table(f"{scope.slug}-held-out-pairs", title, pairs, columns, note)]
    rows = scope.own(tables.held_out_differences)
    if not rows:
        return [
            *parts,
            missing("The differences by party, member and roll call are missing (held_out_differences.csv)."),
        ]
    bill = fields.words("Bill", "bill", length=40)
    for by, name, who, own in (
        ("party", "party", ("chamber", "party"), [fields.party(), fields.chamber()]),
        ("member", "member", ("chamber", "legislator"), [member(), fields.party(choices=True), fields.chamber()]),
        ("rollcall", "roll call", ("chamber", "rollcall"), [bill, fields.chamber(choices=True)]),
    ):
        wide = by_variant([row for row in rows if row["by"] == by], ("unit", *who))
        wide.sort(key=lambda row: -largest(row, "log_score"))
        variants = [one for one in scope.group["experiments"] if any(row["experiment"] == one for row in rows)]
        shown = [*own, fields.chamber("unit", "Model", True), fields.whole("Votes", "n_votes")]
        shown += variant_columns(variants, "log_score", ("log_score", "log_score_se"), _difference, ("", "se"))
        score = "the log score per vote, given the other votes of its roll call," if whole and by != "rollcall" else ""
        caption = f"Held-out votes by {name}: difference of {score or 'the log score per vote,'} under every variant"
        identifier = f"{scope.slug}-held-out-by-{by}"
        parts.append(fields.table(identifier, caption, wide, shown, note, folded=True, interactive=True))
    return parts


def _difference(mean: float, se: float | None) -> Value:
    error = "" if se is None else f" ± {abs(se):.3f}"
    return Value(f"{signed(mean, 3)}{error}", (mean, se))
