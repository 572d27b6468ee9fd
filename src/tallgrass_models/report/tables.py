"""Tables of parties, members and bills: counting, sorting and wording of what the files hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from . import bars, cells
from .cells import interval_column, number_column, picture_column, text_column
from .data import PARTIES, Bill, Member, PartyRow, Report, UnitResults
from .parts import Cell, Column, Table, Value
from .words import count, named, unit_title

BILLS_SHOWN = 8


def glance_table(report: Report) -> Table:
    """One line per fit: size, party means, variance share, verdict."""
    columns = [text_column("Model"), Column("Members"), Column("Roll calls")]
    columns += [*(Column(f"{party} mean") for party in PARTIES), Column("Share of party"), text_column("Convergence")]
    rows: list[list[Cell]] = []
    for unit in report.units.values():
        for chamber in [unit.unit] if unit.unit != "joint" else report.config.chambers:
            title = unit_title(chamber) + (" (joint)" if unit.unit == "joint" else "")
            parties = [unit.party(chamber, party) for party in PARTIES]
            n = sum(row.n for row in parties if row) if all(parties) else unit.get("n_legislators")
            means = [cells.place(row.mu_mean if row else None) for row in parties]
            sizes = [cells.whole(n), cells.whole(unit.get("n_rollcalls"))]
            rows.append([title, *sizes, *means, cells.share(icc_row(unit, chamber).get("mean")), verdict(unit)])
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
    columns = [text_column("Party"), Column("Members", keys=("n",)), number_column("Mean", "mu_mean")]
    columns += [interval_column("mu"), number_column("Spread within", "sigma_mean"), interval_column("sigma")]
    if joint:
        columns.insert(1, text_column("Chamber"))
    body: list[list[Cell]] = []
    for row in rows:
        where: list[Cell] = [Value(unit_title(row.chamber), row.chamber)] if joint else []
        mean = [cells.place(row.mu_mean), cells.span(row.mu_q05, row.mu_q95)]
        spread = [cells.num(row.sigma_mean), cells.span(row.sigma_q05, row.sigma_q95)]
        body.append([cells.party(row.party), *where, cells.whole(row.n), *mean, *spread])
    note = "Mean: where the party stands on the axis. Spread: standard deviation of its members around that mean."
    return Table(f"{unit.unit}-parties", f"{unit_title(unit.unit)}: the parties", columns, body, note)


def member_table(unit: UnitResults, members: Sequence[Member]) -> Table:
    """Everybody from left to right, each with the interval drawn: the forest plot that can be searched and sorted."""
    joint, places = unit.unit == "joint", any(m.district or m.state for m in members)
    scale = bars.Scale.of([(m.xi_q05, m.xi_q95) for m in members])
    columns = [text_column("Member", key="name"), picture_column(bars.axis(scale)), text_column("Party", choices=True)]
    columns += [text_column("Chamber", choices=True)] if joint else []
    columns += [text_column("District")] if places else []
    columns += [number_column("Ideal point", "xi_mean"), interval_column("xi")]
    columns += [Column("Ranks, 90 %", keys=("rank_q05", "rank_q95")), number_column("Votes", "n_votes")]
    body: list[list[Cell]] = []
    for m in left_to_right(members):
        drawn = Value(bars.interval(scale, m.xi_mean, m.xi_q05, m.xi_q95, m.party, m.chamber, joint), ())
        row: list[Cell] = [cells.name_with(m.name, m.spells), drawn, cells.party(m.party, m.side)]
        row += [Value(unit_title(m.chamber), m.chamber)] if joint else []
        row += [cells.name(" ".join(p for p in (m.state, m.district) if p))] if places else []
        row += [cells.place(m.xi_mean), cells.span(m.xi_q05, m.xi_q95)]
        body.append([*row, cells.rank_span(m.rank_q05, m.rank_q95), cells.whole(m.n_votes)])
    within = ", within the chamber" if joint else ""
    note = (
        "Lines are 90 % intervals, markers posterior means. Ranks: 1 is the leftmost"
        f"{within}; the range holds 90 % of draws. Votes: Yea and Nay on the roll calls used."
    )
    caption = f"{unit_title(unit.unit)}: all {count(len(members))} members, from left to right"
    return Table(f"{unit.unit}-members", caption, columns, body, note, interactive=True)


def left_to_right(members: Sequence[Member]) -> list[Member]:
    """Members by posterior mean; ties by id, so that the order never depends on the file's."""
    return sorted(members, key=lambda m: (m.xi_mean, m.legislator))


def bill_name(bill: Bill) -> str:
    """What people call the bill; its roll call's id where the data has no number for it."""
    return bill.bill or bill.vote


def bill_table(unit: UnitResults, bills: Sequence[Bill], most: bool) -> Table:
    """The bills that separate left from right most, or least."""
    chosen = sorted(bills, key=lambda b: (-abs(b.beta_mean) if most else abs(b.beta_mean), b.vote))[:BILLS_SHOWN]
    word = "most" if most else "least"
    note = "" if most else "Votes on these say little about who stands left or right."
    caption = f"{unit_title(unit.unit)}: the {len(chosen)} roll calls that separate left from right {word}"
    return Table(f"{unit.unit}-bills-{word}", caption, *_bill_rows(unit, chosen), note)


def all_bills_table(unit: UnitResults, bills: Sequence[Bill]) -> Table:
    """Every roll call, to be searched and sorted."""
    ordered = sorted(bills, key=lambda b: (-b.beta_mean, b.vote))
    caption = f"{unit_title(unit.unit)}: all {count(len(bills))} roll calls, by discrimination"
    return Table(f"{unit.unit}-bills", caption, *_bill_rows(unit, ordered), folded=True, interactive=True)


def _bill_rows(unit: UnitResults, bills: Sequence[Bill]) -> tuple[list[Column], list[list[Cell]]]:
    joint = unit.unit == "joint"
    columns = [
        text_column("Bill"),
        Column("Title and motion", numeric=False, wide=True, keys=("title",)),
        Column("Yea–Nay", keys=("yea", "nay")),
    ]
    columns += [number_column("Discrimination", "beta_mean"), interval_column("beta")]
    columns += [number_column("Difficulty", "alpha_mean")]
    columns[1:1] = [text_column("Chamber", choices=True)] if joint else []
    body: list[list[Cell]] = []
    for b in bills:
        motion = Markup("; {}").format(named(b.motion)) if b.motion else ""
        title = Value(Markup("{}{}").format(named(b.title.rstrip("."), 120), motion), b.title)
        where: list[Cell] = [Value(unit_title(b.chambers), b.chambers)] if joint else []
        beta = [cells.place(b.beta_mean), cells.span(b.beta_q05, b.beta_q95)]
        body.append([cells.name(bill_name(b), 40), *where, title, _tally(b), *beta, cells.place(b.alpha_mean)])
    return columns, body


def _tally(bill: Bill) -> Value:
    known = bill.yea is not None and bill.nay is not None
    return Value(f"{count(bill.yea)}–{count(bill.nay)}" if known else "–", (bill.yea, bill.nay))


def truth_table(unit: UnitResults, rows: Sequence[Mapping[str, Any]]) -> Table:
    """How well the known truth of a simulated session was recovered."""
    columns = [text_column("Chamber"), number_column("Members", "n")]
    columns += [number_column("Correlation with the truth", "correlation")]
    columns += [number_column(f"among {party}s", f"correlation_{party.lower()}") for party in PARTIES]
    columns += [number_column("Relative position inside its 90 % interval", "coverage90_relative")]
    columns += [number_column("Rank inside it", "coverage90_rank")]
    columns += [number_column("Ideal point inside it", "coverage90")]
    body: list[list[Cell]] = [
        [
            unit_title(str(row.get("chamber", "")).lower()),
            cells.whole(row.get("n")),
            cells.num(row.get("correlation"), 3),
            *(cells.num((row.get("correlation_within") or {}).get(party), 3) for party in PARTIES),
            *(cells.share(row.get(key), 1) for key in ("coverage90_relative", "coverage90_rank", "coverage90")),
        ]
        for row in rows
    ]
    note = (
        "Relative: on the scale on which the averages of the parties (of the House, in a joint model) are −1 and +1. "
        "Ideal points on the model’s own scale can be held against the truth only where the simulator’s scale is the "
        "model’s. The correlation over both parties is mostly the distance between them."
    )
    reasons = dict.fromkeys(str(row["coverage90_reason"]) for row in rows if row.get("coverage90_reason"))
    note += "".join(f" Here it is not: {reason}." for reason in reasons)
    return Table(f"{unit.unit}-recovered", "Recovery of the simulated truth", columns, body, note)
