"""Tables of parties, members and bills: counting, sorting and wording of what the files hold."""

from __future__ import annotations

from collections.abc import Sequence

from ..files.data import UnitResults
from ..files.records import Member, PartyRow
from ..page import bars, cells
from ..page.columns import interval_column, number_column, picture_column, text_column
from ..page.numbers import count
from ..page.parts import Cell, Column, Table, Value
from ..page.words import unit_title
from .labels import scale_note


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
        row: list[Cell] = [cells.member(m, m.spells), drawn, cells.party(m.party, m.side)]
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
