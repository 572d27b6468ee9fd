"""Tables of parties, members and bills: counting, sorting and wording of what the files hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ..files.data import PARTIES, Report, UnitResults
from ..files.records import Bill, Member, PartyRow
from ..page import bars, cells
from ..page.columns import interval_column, number_column, picture_column, text_column
from ..page.parts import Cell, Column, Table, Value
from ..page.words import count, named, plural, unit_title
from .reading import chambers_of, fit_name, one_mode, open_sides, scale_note, settled, unreadable, verdict_of

_BILLS_SHOWN = 8
#: Verdicts of the axis audit in a word.
_AXES = {"parties": "parties", "mirrored": "parties, turned round", "faction": "not the parties", "nothing": "chance"}


def glance_table(report: Report) -> Table:
    """Show one line per chamber of a fit: size, distance and spreads of the parties, variance share, verdicts."""
    columns = [text_column("Model"), Column("Members"), Column("Roll calls")]
    columns += [Column("Between the averages, in typical distances within a party", keys=("d",))]
    columns += [Column(f"Spread of {party}s") for party in PARTIES]
    columns += [Column("Party share of the variance", keys=("share_of_party",))]
    columns += [text_column("Axis"), text_column("Convergence")]
    rows: list[list[Cell]] = []
    for unit in report.units.values():
        for chamber in chambers_of(report, unit):
            parties = [unit.party(chamber, party) for party in PARTIES]
            numbers: list[Cell] = [cells.num((unit.of_chamber("parties_apart", chamber).get("d") or {}).get("mean"), 1)]
            numbers += [cells.num(row.spread_mean if row else None) for row in parties]
            numbers.append(cells.share(unit.of_chamber("icc", chamber).get("mean")))
            if unreadable(report, unit, chamber):
                numbers = [cells.num(None) for _ in numbers]
            sizes = [cells.whole(n) for n in _sizes(unit, chamber)]
            axis = _AXES.get(verdict_of(report, unit, chamber) or "", "not audited")
            rows.append([fit_name(unit, chamber), *sizes, *numbers, axis, verdict(unit)])
    note = (
        "The spread is the standard deviation of the members’ positions. A dash means that the fit does not support a "
        "number."
    )
    return Table("glance", "The fits at a glance", columns, rows, note)


def _sizes(unit: UnitResults, chamber: str) -> tuple[float | None, float | None]:
    """Members of a chamber, of whichever party, and its roll calls in a fit."""
    if not unit.unit.is_joint:
        return unit.get("n_legislators"), unit.get("n_rollcalls")
    members, bills = unit.members, unit.bills
    n_members = None if members is None else sum(m.chamber == chamber for m in members)
    return n_members, None if bills is None else sum(b.chambers in (chamber, "both") for b in bills)


def verdict(unit: UnitResults) -> Markup:
    """Return whether the fit converged, in a word and a sign."""
    ok = settled(unit)
    if ok and open_sides(unit):
        return Markup('<span class="fail">✗ sides open</span>')
    if ok and not one_mode(unit):
        return Markup('<span class="fail">✗ several modes</span>')
    if ok is None:
        return Markup('<span class="fail">not recorded</span>')
    return (
        Markup('<span class="pass">✓ converged</span>') if ok else Markup('<span class="fail">✗ NOT converged</span>')
    )


def party_table(unit: UnitResults, rows: Sequence[PartyRow]) -> Table:
    """Size, average and spread of each party's members, and the population that the model draws them from."""
    joint = unit.unit.is_joint
    columns = [text_column("Party"), Column("Members", keys=("n",)), number_column("Average", "position_mean")]
    columns += [interval_column("position"), number_column("Spread", "spread_mean"), interval_column("spread")]
    columns += [number_column("Population mean μ", "mu_mean"), interval_column("mu")]
    columns += [number_column("Population spread σ", "sigma_mean"), interval_column("sigma")]
    if joint:
        columns.insert(1, text_column("Chamber"))
    body: list[list[Cell]] = []
    for row in rows:
        where: list[Cell] = [Value(unit_title(row.chamber), row.chamber)] if joint else []
        members = [cells.place(row.position_mean), cells.span(row.position_q05, row.position_q95)]
        members += [cells.num(row.spread_mean), cells.span(row.spread_q05, row.spread_q95)]
        model = [cells.place(row.mu_mean), cells.span(row.mu_q05, row.mu_q95)]
        model += [cells.num(row.sigma_mean), cells.span(row.sigma_q05, row.sigma_q95)]
        body.append([cells.party(row.party), *where, cells.whole(row.n), *members, *model])
    note = scale_note(unit) + (
        "Average and spread (standard deviation) describe the members in the fit. μ and σ are parameters of the model, "
        "on its own scale. They describe the population from which it draws a party’s members, and the prior pulls "
        "them."
    )
    return Table(f"{unit.unit}-parties", f"{unit_title(unit.unit)}: the parties", columns, body, note)


def member_table(unit: UnitResults, members: Sequence[Member]) -> Table:
    """Show all members from left to right with drawn intervals, to be searched and sorted."""
    joint, places = unit.unit.is_joint, any(m.district or m.state for m in members)
    scale = bars.Scale.of([(m.position_q05, m.position_q95) for m in members])
    columns = [text_column("Member", key="name"), picture_column(bars.axis(scale)), text_column("Party", choices=True)]
    columns += [text_column("Chamber", choices=True)] if joint else []
    columns += [text_column("District")] if places else []
    columns += [number_column("Position", "position_mean"), interval_column("position")]
    columns += [Column("Ranks, 90 %", keys=("rank_q05", "rank_q95")), number_column("Votes", "n_votes")]
    body: list[list[Cell]] = []
    for m in left_to_right(members):
        at = (m.position_mean, m.position_q05, m.position_q95)
        drawn = Value(bars.interval(scale, at, m.party, hollow=joint and m.chamber == "senate"), ())
        row: list[Cell] = [cells.name_with(m.name, m.spells), drawn, cells.party(m.party, m.side)]
        row += [Value(unit_title(m.chamber), m.chamber)] if joint else []
        row += [cells.name(" ".join(p for p in (m.state, m.district) if p))] if places else []
        row += [cells.place(m.position_mean), cells.span(m.position_q05, m.position_q95)]
        body.append([*row, cells.rank_span(m.rank_q05, m.rank_q95), cells.whole(m.n_votes)])
    within = ", within the chamber" if joint else ""
    note = scale_note(unit) + (
        "Lines are 90 % intervals and markers posterior means. Rank 1 is the leftmost"
        f"{within}, and the range of ranks holds 90 % of draws. Votes are Yeas and Nays on the roll calls used."
    )
    caption = f"{unit_title(unit.unit)}: all {count(len(members))} members, from left to right"
    return Table(f"{unit.unit}-members", caption, columns, body, note, interactive=True)


def left_to_right(members: Sequence[Member]) -> list[Member]:
    """Members by posterior mean; ties by id, so that the order never depends on the file's."""
    return sorted(members, key=lambda m: (m.position_mean, m.legislator))


def bill_name(bill: Bill) -> str:
    """Return the name of a bill for people, or its roll call's id if the data has no number for it."""
    return bill.bill or bill.vote


def bill_table(unit: UnitResults, bills: Sequence[Bill], most: bool) -> Table:
    """Show the bills that separate left from right most, or least."""
    wrong = 0 if most else sum(b.wrong_sign for b in bills)
    known, sign = [b for b in bills if most or not b.wrong_sign], -1 if most else 1
    chosen = sorted(known, key=lambda b: (sign * abs(b.discrimination_mean), b.vote))[:_BILLS_SHOWN]
    word = "most" if most else "least"
    note = "" if most else "Votes on these say little about who stands left or right."
    if wrong:
        note += f" The table leaves out {plural(wrong, 'roll call')} with the wrong sign."
    caption = f"{unit_title(unit.unit)}: the {len(chosen)} roll calls that separate left from right {word}"
    return Table(f"{unit.unit}-bills-{word}", caption, *_bill_rows(unit, chosen), note)


def all_bills_table(unit: UnitResults, bills: Sequence[Bill]) -> Table:
    """Every roll call, to be searched and sorted."""
    ordered = sorted(bills, key=lambda b: (-b.discrimination_mean, b.vote))
    caption = f"{unit_title(unit.unit)}: all {count(len(bills))} roll calls, by discrimination"
    return Table(f"{unit.unit}-bills", caption, *_bill_rows(unit, ordered), folded=True, interactive=True)


def _bill_rows(unit: UnitResults, bills: Sequence[Bill]) -> tuple[list[Column], list[list[Cell]]]:
    joint = unit.unit.is_joint
    columns = [
        text_column("Bill"),
        Column("Title and motion", numeric=False, wide=True, keys=("title",)),
        Column("Yea–Nay", keys=("yea", "nay")),
    ]
    columns += [number_column("Discrimination", "discrimination_mean"), interval_column("discrimination")]
    columns += [number_column("Difficulty", "difficulty_mean")]
    columns[1:1] = [text_column("Chamber", choices=True)] if joint else []
    body: list[list[Cell]] = []
    for b in bills:
        motion = Markup("; {}").format(named(b.motion)) if b.motion else ""
        title = Value(Markup("{}{}").format(named(b.title.rstrip("."), 120), motion), b.title)
        where: list[Cell] = [Value(unit_title(b.chambers), b.chambers)] if joint else []
        beta = [cells.place(b.discrimination_mean), cells.span(b.discrimination_q05, b.discrimination_q95)]
        body.append([cells.name(bill_name(b), 40), *where, title, _tally(b), *beta, cells.place(b.difficulty_mean)])
    return columns, body


def _tally(bill: Bill) -> Value:
    known = bill.yea is not None and bill.nay is not None
    return Value(f"{count(bill.yea)}–{count(bill.nay)}" if known else "–", (bill.yea, bill.nay))


def truth_table(unit: UnitResults, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Show how well the known truth of a simulated session was recovered."""
    columns = [text_column("Chamber"), number_column("Members", "n")]
    columns += [number_column("Correlation with the truth", "correlation")]
    columns += [number_column(f"among {party}s", f"correlation_{party.lower()}") for party in PARTIES]
    columns += [number_column("Position inside its 90 % interval", "coverage90_relative")]
    columns += [number_column("Rank inside its interval", "coverage90_rank")]
    columns += [number_column("Ideal point inside its interval", "coverage90")]
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
        "Positions are on the scale on which the averages of the parties (of the House, in a joint model) are −1 and "
        "+1. Ideal points on the model’s own scale can be compared with the truth only if the simulator’s scale is the "
        "model’s. The correlation over both parties mostly reflects the distance between them."
    )
    reasons = dict.fromkeys(str(row["coverage90_reason"]) for row in rows if row.get("coverage90_reason"))
    note += "".join(f" Here it is not: {reason}." for reason in reasons)
    return Table(f"{unit.unit}-recovered", "Recovery of the simulated truth", columns, body, note)
