"""Tables of what went in and what made the draws: data, filters, sampler, versions, machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from ..files.data import Report
from ..files.records import DroppedRow
from ..page import cells
from ..page.columns import text_column
from ..page.parts import Cell, Column, Part, Table, Text, missing
from ..page.words import NOT_KNOWN, count, duration, named, number, percent, plural, unit_title

_DROPPED_SHOWN = 500
#: Kinds of rows of a manifest that say what was left out; the others say how something was read.
LEFT_OUT = ("roll call", "legislator", "votes", "committee")
_LEAST_SHOWN = 5


def data_table(report: Report) -> Table:
    """Show how much data each fit used."""
    columns = [text_column("Model"), Column("Members used"), Column("of neither party, left out")]
    columns += [Column("Roll calls used"), Column("Yea and Nay votes used"), Column("Shared bills")]
    keys = ("n_legislators", "n_left_out", "n_rollcalls", "n_votes", "n_shared_bills")
    rows: list[list[Cell]] = [
        [unit_title(u.unit), *(cells.whole(u.get(key)) for key in keys)] for u in report.units.values()
    ]
    return Table("data-used", "What each model was fitted to", columns, rows)


def left_out(dropped: Mapping[str, Sequence[DroppedRow]]) -> dict[str, list[DroppedRow]]:
    """Return the rows of the manifests that say what was left out, by chamber; no entry for a chamber without any."""
    gone = {chamber: [row for row in rows if row.kind in LEFT_OUT] for chamber, rows in dropped.items()}
    return {chamber: rows for chamber, rows in gone.items() if rows}


def reason_table(dropped: Mapping[str, Sequence[DroppedRow]]) -> Table:
    """Show how many were dropped, by chamber, kind and reason."""
    found = Counter(
        (chamber, row.kind, row.reason.partition(":")[0] if row.kind == "votes" else row.reason)
        for chamber, rows in dropped.items()
        for row in rows
    )
    columns = [text_column("Chamber"), text_column("What"), text_column("Why"), Column("How many")]
    rows: list[list[Cell]] = [
        [unit_title(chamber), named(kind), named(reason, 200), cells.whole(n)]
        for (chamber, kind, reason), n in found.items()
    ]
    return Table("dropped-reasons", "Left out before any fit, by reason", columns, rows)


def dropped_table(chamber: str, rows: Sequence[DroppedRow]) -> Table:
    """Show everybody and everything dropped in one chamber; people first."""
    columns = [
        text_column("Name"),
        text_column("What", choices=True),
        Column("Why", numeric=False, choices=True, wide=True),
    ]
    columns += [Column("Share or count")]
    body: list[list[Cell]] = [
        [cells.name(row.name or row.id), cells.name(row.kind, 80), cells.name(row.reason), _measure(row)]
        for row in sorted(rows, key=lambda row: row.kind != "legislator")[:_DROPPED_SHOWN]
    ]
    note = (
        f"These are the first {count(_DROPPED_SHOWN)}. {chamber}_dropped.csv has all."
        if len(rows) > _DROPPED_SHOWN
        else ""
    )
    caption = f"{unit_title(chamber)}: everything left out ({count(len(rows))})"
    return Table(f"{chamber}-dropped", caption, columns, body, note, folded=True, interactive=True)


def otherwise_table(chamber: str, rows: Sequence[DroppedRow]) -> Table | None:
    """Show what was read differently from how it stands in the files; None if nothing was."""
    rows = [row for row in rows if row.kind not in LEFT_OUT]
    if not rows:
        return None
    columns = [text_column("Name"), text_column("About", choices=True), Column("What", numeric=False, wide=True)]
    body: list[list[Cell]] = [
        [cells.name(row.name or row.id), cells.name(row.kind, 80), cells.name(row.reason)]
        for row in rows[:_DROPPED_SHOWN]
    ]
    note = (
        f"These are the first {count(_DROPPED_SHOWN)}. {chamber}_dropped.csv has all."
        if len(rows) > _DROPPED_SHOWN
        else ""
    )
    caption = f"{unit_title(chamber)}: how the files were read ({plural(len(rows), 'note')})"
    return Table(f"{chamber}-read", caption, columns, body, note, folded=True, interactive=True)


def _measure(row: DroppedRow) -> Cell:
    return cells.share(row.value, 1) if row.kind == "roll call" else cells.whole(row.value)


def sampler_table(report: Report) -> Table:
    """Show how each fit was sampled, as recorded by the sampler."""
    units = list(report.units.values())
    shown = {
        "Sampler": ("sampler", str),
        "Chains": ("chains", count),
        "Tuning draws per chain": ("tune", count),
        "Draws per chain": ("draws", count),
        "Draws asked for": ("draws_asked", str),
        "Target acceptance": ("target_accept", lambda v: f"{v:g}"),
        "Seed": ("seed", str),
        "Seeds of the chains": ("chain_seeds", lambda v: ", ".join(map(str, v))),
        "Cores": ("cores", count),
        "Sampling time": ("time_s", duration),
        "Compiling": ("compile_s", duration),
        "Gradient evaluations": ("gradients", count),
        "Mean tree depth": ("mean_tree_depth", lambda v: number(v, 1)),
        "Divergences": ("divergences", count),
    }
    rows = [[label, *(_shown(u.get("sampling", key), how) for u in units)] for label, (key, how) in shown.items()]
    rows.append(["Hash of the votes", *(_shown(u.get("data_hash"), _hashes) for u in units)])
    rows.append(["Hash of the settings", *(_shown(u.get("spec_hash"), str) for u in units)])
    rows.append(["Fingerprint of the model code", *(_shown(u.get("model_fingerprint"), str) for u in units)])
    columns = [text_column("Setting"), *(text_column(unit_title(u.unit)) for u in units)]
    return Table("sampler", "How each model was sampled, and from what", columns, rows)


def _hashes(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _shown(value: Any, how: Any) -> str:
    return NOT_KNOWN if value is None else str(how(value))


def version_table(report: Report) -> Table:
    """Versions of the packages each fit ran on."""
    units = list(report.units.values())
    packages = sorted({name for u in units for name in u.get("fit_versions") or {}}, key=str.lower)
    rows = [[name, *(str((u.get("fit_versions") or {}).get(name, NOT_KNOWN)) for u in units)] for name in packages]
    columns = [text_column("Package"), *(text_column(unit_title(u.unit)) for u in units)]
    return Table("versions", "Versions of the software that made the draws", columns, rows, folded=True)


def platform_table(snapshot: Mapping[str, Any]) -> Table:
    """Show what the machine looked like."""
    rows = [[key.replace("_", " "), named(_plain(value), 300)] for key, value in snapshot.items()]
    return Table("platform", "The machine", [text_column("Property"), text_column("Value")], rows, folded=True)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_plain(v)}" for key, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return NOT_KNOWN if value is None else str(value)


def participation_parts(report: Report) -> list[Part]:
    """Show on how many of the roll calls used the members voted, and who voted least."""
    parts: list[Part] = []
    least: list[list[Cell]] = []
    for unit in (u for name, u in report.units.items() if not name.is_joint):
        voted = sorted(
            ((m.n_votes, m.legislator, m) for m in unit.members or () if m.n_votes is not None), key=lambda row: row[:2]
        )
        total, name = unit.get("n_rollcalls"), unit_title(unit.unit)
        if not voted or not total:
            parts.append(missing(f"{name}: the results do not record how often members voted."))
            continue
        shares = [n / total for n, _, _ in voted]
        text = "{0}: the typical member voted on {4} of {3}. The members ranged from {1} to {2}."
        ends = [percent(shares[0]), percent(shares[-1]), plural(total, "roll call"), percent(median(shares))]
        parts.append(Text(text.format(name, *ends)))
        least += [
            [cells.name(m.name), cells.party(m.party), name, cells.whole(n), cells.share(n / total)]
            for n, _, m in voted[:_LEAST_SHOWN]
        ]
    columns = [text_column("Member", key="name"), text_column("Party"), text_column("Chamber")]
    columns += [Column("Votes", keys=("n_votes",)), Column("Share of the roll calls", keys=("share",))]
    return [*parts, Table("participation", "Who voted least", columns, least)] if least else parts
