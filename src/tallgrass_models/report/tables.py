"""The tables of the page: counting, sorting and wording of what the files hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from .data import PARTIES, Bill, DroppedRow, Member, PartyRow, Report, UnitResults
from .parts import Column, Table
from .words import (
    NOT_KNOWN,
    count,
    duration,
    interval,
    named,
    number,
    party_label,
    percent,
    ranks,
    signed,
    unit_title,
)

BILLS_SHOWN = 8
DROPPED_SHOWN = 500


def text_column(title: str) -> Column:
    """A column of words."""
    return Column(title, numeric=False)


def glance_table(report: Report) -> Table:
    """One line per fit: size, party means, variance share, verdict."""
    columns = [text_column("Model"), Column("Members"), Column("Roll calls")]
    columns += [*(Column(f"{party} mean") for party in PARTIES), Column("Share of party"), text_column("Convergence")]
    rows = []
    for unit in report.units.values():
        for chamber in [unit.unit] if unit.unit != "joint" else report.config.chambers:
            title = unit_title(chamber) + (" (joint)" if unit.unit == "joint" else "")
            share = icc_row(unit, chamber)
            parties = [unit.party(chamber, party) for party in PARTIES]
            n = sum(row.n for row in parties if row) if all(parties) else unit.get("n_legislators")
            means = [signed(row.mu_mean) if row else NOT_KNOWN for row in parties]
            state = verdict(unit)
            rows.append([title, count(n), count(unit.get("n_rollcalls")), *means, percent(share.get("mean")), state])
    return Table("glance", "The fits at a glance", columns, rows)


def verdict(unit: UnitResults) -> Markup:
    """Whether the fit converged, in a word and a sign."""
    ok = unit.get("convergence", "ok")
    if ok is None:
        return Markup('<span class="fail">not recorded</span>')
    return (
        Markup('<span class="pass">✓ converged</span>') if ok else Markup('<span class="fail">✗ NOT converged</span>')
    )


def icc_row(unit: UnitResults, chamber: str) -> Mapping[str, Any]:
    """The variance share of party in one chamber; empty where it is missing."""
    rows = unit.get("icc") or []
    return next((row for row in rows if str(row.get("chamber", "")).lower() == chamber), {})


def party_table(unit: UnitResults, rows: Sequence[PartyRow]) -> Table:
    """Size, mean and spread of each party."""
    joint = unit.unit == "joint"
    columns = [text_column("Party"), Column("Members"), Column("Mean"), Column("90 % interval")]
    columns += [Column("Spread within"), Column("90 % interval")]
    if joint:
        columns.insert(1, text_column("Chamber"))
    cells: list[list[str | Markup]] = []
    for row in rows:
        where = [unit_title(row.chamber)] if joint else []
        mean = [signed(row.mu_mean), interval(row.mu_q05, row.mu_q95)]
        spread = [number(row.sigma_mean), interval(row.sigma_q05, row.sigma_q95)]
        cells.append([party_label(row.party), *where, count(row.n), *mean, *spread])
    note = "Mean: where the party stands on the axis. Spread: standard deviation of its members around that mean."
    return Table(f"{unit.unit}-parties", f"{unit_title(unit.unit)}: the parties", columns, cells, note)


def member_table(unit: UnitResults, members: Sequence[Member]) -> Table:
    """Everybody, from left to right."""
    joint, places = unit.unit == "joint", any(m.district or m.state for m in members)
    columns = [text_column("Member"), text_column("Party")]
    columns += [text_column("Chamber")] if joint else []
    columns += [text_column("District")] if places else []
    columns += [Column("Votes"), Column("Ideal point"), Column("90 % interval"), Column("Ranks, 90 %")]
    cells: list[list[str | Markup]] = []
    for m in left_to_right(members):
        row: list[str | Markup] = [named(m.name, 200), party_label(m.party)]
        row += [unit_title(m.chamber)] if joint else []
        row += [named(" ".join(p for p in (m.state, m.district) if p))] if places else []
        row += [count(m.n_votes), signed(m.xi_mean), interval(m.xi_q05, m.xi_q95), ranks(m.rank_q05, m.rank_q95)]
        cells.append(row)
    within = ", within the chamber" if joint else ""
    note = (
        f"Votes: Yea and Nay on the roll calls used. Ranks: 1 is the leftmost{within}; the range holds 90 % of draws."
    )
    caption = f"{unit_title(unit.unit)}: all {count(len(members))} members, from left to right"
    return Table(f"{unit.unit}-members", caption, columns, cells, note, folded=True)


def left_to_right(members: Sequence[Member]) -> list[Member]:
    """Members by posterior mean; ties by id, so that the order never depends on the file's."""
    return sorted(members, key=lambda m: (m.xi_mean, m.legislator))


def bill_name(bill: Bill) -> str:
    """What people call the bill; its roll call's id where the data has no number for it."""
    return bill.bill or bill.vote


def bill_table(unit: UnitResults, bills: Sequence[Bill], most: bool) -> Table:
    """The bills that separate left from right most, or least."""
    chosen = sorted(bills, key=lambda b: (-abs(b.beta_mean) if most else abs(b.beta_mean), b.vote))[:BILLS_SHOWN]
    columns = [text_column("Bill"), text_column("Title and motion"), Column("Yea–Nay"), Column("Discrimination")]
    columns += [Column("90 % interval"), Column("Difficulty")]
    joint = unit.unit == "joint"
    columns[1:1] = [text_column("Chamber")] if joint else []
    cells: list[list[str | Markup]] = []
    for b in chosen:
        what = Markup("{}{}").format(
            named(b.title.rstrip("."), 120), Markup("; {}").format(named(b.motion)) if b.motion else ""
        )
        tally = NOT_KNOWN if b.yea is None or b.nay is None else f"{count(b.yea)}–{count(b.nay)}"
        beta = [signed(b.beta_mean), interval(b.beta_q05, b.beta_q95)]
        where = [unit_title(b.chambers)] if joint else []
        cells.append([named(bill_name(b), 40), *where, what, tally, *beta, signed(b.alpha_mean)])
    word = "most" if most else "least"
    note = "" if most else "Votes on these say little about who stands left or right."
    caption = f"{unit_title(unit.unit)}: the {len(chosen)} roll calls that separate left from right {word}"
    return Table(f"{unit.unit}-bills-{word}", caption, columns, cells, note)


def data_table(report: Report) -> Table:
    """How much data each fit used."""
    columns = [text_column("Model"), Column("Members used"), Column("of minor parties, left out")]
    columns += [Column("Roll calls used"), Column("Yea and Nay votes used"), Column("Shared bills")]
    keys = ("n_legislators", "n_left_out", "n_rollcalls", "n_votes", "n_shared_bills")
    rows = [[unit_title(u.unit), *(count(u.get(key)) for key in keys)] for u in report.units.values()]
    return Table("data-used", "What each model was fitted to", columns, rows)


def reason_table(dropped: Mapping[str, Sequence[DroppedRow]]) -> Table:
    """How many were dropped, by chamber, kind and reason."""
    found = Counter((chamber, row.kind, row.reason) for chamber, rows in dropped.items() for row in rows)
    columns = [text_column("Chamber"), text_column("What"), text_column("Why"), Column("How many")]
    rows = [
        [unit_title(chamber), named(kind), named(reason, 200), count(n)] for (chamber, kind, reason), n in found.items()
    ]
    return Table("dropped-reasons", "Left out before any fit, by reason", columns, rows)


def dropped_table(chamber: str, rows: Sequence[DroppedRow]) -> Table:
    """Everybody and everything dropped in one chamber; people first."""
    columns = [text_column("Name"), text_column("What"), text_column("Why"), Column("Share or count")]
    cells = [
        [named(row.name or row.id, 200), named(row.kind), named(row.reason, 200), _value(row)]
        for row in sorted(rows, key=lambda row: row.kind != "legislator")[:DROPPED_SHOWN]
    ]
    note = f"The first {count(DROPPED_SHOWN)}; all are in {chamber}_dropped.csv." if len(rows) > DROPPED_SHOWN else ""
    caption = f"{unit_title(chamber)}: everything left out ({count(len(rows))})"
    return Table(f"{chamber}-dropped", caption, columns, cells, note, folded=True)


def _value(row: DroppedRow) -> str:
    return percent(row.value, 1) if row.kind == "roll call" else count(row.value)


def sampler_table(report: Report) -> Table:
    """How each fit was sampled, as recorded by the sampler."""
    units = list(report.units.values())
    shown = {
        "Sampler": ("sampler", str),
        "Chains": ("chains", count),
        "Tuning draws per chain": ("tune", count),
        "Draws per chain": ("draws", count),
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
    """What the machine looked like."""
    rows = [[key.replace("_", " "), named(_plain(value), 300)] for key, value in snapshot.items()]
    return Table("platform", "The machine", [text_column("Property"), text_column("Value")], rows, folded=True)


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={_plain(v)}" for key, v in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "none"
    return NOT_KNOWN if value is None else str(value)


def truth_table(unit: UnitResults, rows: Sequence[Mapping[str, Any]]) -> Table:
    """How well the known truth of a simulated session was recovered."""
    columns = [text_column("Chamber"), Column("Members"), Column("Correlation with the truth")]
    columns += [Column("Inside the 90 % interval, as they stand"), Column("Inside it, after rescaling")]
    cells = [
        [
            unit_title(str(row.get("chamber", "")).lower()),
            count(row.get("n")),
            number(row.get("correlation"), 3),
            percent(row.get("coverage90"), 1),
            percent(row.get("coverage90_rescaled"), 1),
        ]
        for row in rows
    ]
    note = (
        "True positions are on the scale of the production prior, Normal(0, 1) for the discriminations. Another prior "
        "sets another scale, on which truths as they stand mean nothing; the last column first maps them linearly onto "
        "the estimates."
    )
    return Table(f"{unit.unit}-recovered", "Recovery of the simulated truth", columns, cells, note)
