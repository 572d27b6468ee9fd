"""Tables of parties, members and bills: counting, sorting and wording of what the files hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...wording.numbers import count
from ..files.data import UnitResults
from ..files.records import Member, PartyRow
from ..page import bars, cells
from ..page.columns import interval_column, number_column, picture_column, text_column
from ..page.language import plural
from ..page.parts import Cell, Column, Table, Value
from ..page.words import unit_title
from .labels import scale_note

#: An interval that is narrower holds a number that the scale fixes.
_EXACT = 1e-6


def party_table(unit: UnitResults, rows: Sequence[PartyRow]) -> Table:
    """Size, average and spread of each party's members, and the population that the model draws them from."""
    joint = unit.unit.is_joint
    columns = [text_column("Party"), Column("Members", keys=("n",)), number_column("Average", "position_mean")]
    columns += [interval_column("position"), number_column("Spread", "spread_mean"), interval_column("spread")]
    populations = all(row.mu_mean is not None for row in rows)
    if populations:
        columns += [number_column("Population mean μ", "mu_mean"), interval_column("mu")]
        columns += [number_column("Population spread σ", "sigma_mean"), interval_column("sigma")]
    if joint:
        columns.insert(1, text_column("Chamber"))
    body: list[list[Cell]] = []
    for row in rows:
        where: list[Cell] = [Value(unit_title(row.chamber), row.chamber)] if joint else []
        members = [cells.place(row.position_mean), _interval(row)]
        members += [cells.num(row.spread_mean), cells.span(row.spread_q05, row.spread_q95)]
        model = []
        if populations:
            model = [cells.place(row.mu_mean), cells.span(row.mu_q05, row.mu_q95)]
            model += [cells.num(row.sigma_mean), cells.span(row.sigma_q05, row.sigma_q95)]
        body.append([cells.party(row.party), *where, cells.whole(row.n), *members, *model])
    note = scale_note(unit) + "Average and spread (standard deviation) describe the members in the fit."
    if populations:
        note += (
            " μ and σ are parameters of the model, on its own scale. They describe the population from which it draws "
            "a party’s members, and the prior pulls them."
        )
    else:
        note += " The model has no parties, so it has no populations from which it draws their members."
    note += _outsiders(unit)
    return Table(f"{unit.unit}-parties", f"{unit_title(unit.unit)}: the parties", columns, body, note)


def _outsiders(unit: UnitResults) -> str:
    """Say how members of other parties count in the table of parties; empty if there are none."""
    members = unit.members or ()
    mixed, apart = sum(m.party != m.side != "none" for m in members), sum(m.side == "none" for m in members)
    said = ""
    if mixed:
        those = plural(mixed, "member of another party belongs", "members of other parties belong")
        said += f" {those} here to the party that they are counted with."
    if apart:
        are = "is" if apart == 1 else "are"
        said += f" {plural(apart, 'member')} counted with neither party {are} not in this table."
    return said


def _interval(row: PartyRow) -> Value:
    """Return the interval of a party's average; there is none where that average defines the scale."""
    known = cells.span(row.position_q05, row.position_q95)
    return Value("by definition", known.raw) if row.position_q95 - row.position_q05 < _EXACT else known


def member_table(unit: UnitResults, members: Sequence[Member]) -> Table:
    """Show all members from left to right with drawn intervals, to be searched and sorted."""
    joint, places = unit.unit.is_joint, any(m.district or m.state for m in members)
    scale = bars.Scale.of([(m.position_q05, m.position_q95) for m in members])
    columns = [text_column("Member", key="name"), picture_column(bars.axis(scale)), text_column("Party", choices=True)]
    columns += [text_column("Chamber", choices=True)] if joint else []
    columns += [text_column("District")] if places else []
    columns += [number_column("Position", "position_mean"), interval_column("position")]
    sizes = Counter(m.chamber for m in members)
    of = "in the chamber" if joint else f"of {count(len(members))}"
    columns += [Column(f"Rank {of}, 90 %", keys=("rank_q05", "rank_q95")), number_column("Votes", "n_votes")]
    loyal = Loyalty.of(unit)
    columns += [number_column("With the own party", "with_party"), number_column("With the chamber", "with_chamber")]
    body: list[list[Cell]] = []
    for m in left_to_right(members):
        at = (m.position_mean, m.position_q05, m.position_q95)
        drawn = Value(bars.interval(scale, at, m.party, hollow=joint and m.chamber == "senate"), ())
        row: list[Cell] = [cells.member(m, m.spells), drawn, cells.party(m.party, m.side)]
        row += [Value(unit_title(m.chamber), m.chamber)] if joint else []
        row += [cells.name(" ".join(p for p in (m.state, m.district) if p))] if places else []
        row += [cells.place(m.position_mean), cells.span(m.position_q05, m.position_q95)]
        rank = cells.rank_span(m.rank_q05, m.rank_q95)
        rank = Value(f"{rank.text} of {count(sizes[m.chamber])}", rank.raw) if joint else rank
        body.append([*row, rank, cells.whole(m.n_votes), *loyal.shares(m)])
    within = ", within the chamber" if joint else ""
    note = scale_note(unit) + (
        "Lines are 90 % intervals and markers posterior means. Rank 1 is the leftmost"
        f"{within}, and the range of ranks holds 90 % of draws. Votes are Yeas and Nays on the roll calls used. "
        "“With the own party” is the share of votes with the majority of the party that a member is counted with, on "
        "the roll calls on which the majorities of the two parties oppose each other. “With the chamber” is the share "
        "of all votes with the majority of the chamber."
    )
    caption = f"{unit_title(unit.unit)}: all {count(len(members))} members, from left to right"
    return Table(f"{unit.unit}-members", caption, columns, body, note, interactive=True)


@dataclass(frozen=True)
class Loyalty:
    """How often each member of a fit votes with the own party’s and with the chamber’s majority, by id."""

    party: Mapping[str, float | None]
    chamber: Mapping[str, float | None]

    @classmethod
    def of(cls, unit: UnitResults) -> Loyalty:
        """From check_members.csv and member_fit.csv; empty where they are missing."""
        votes = {r["legislator"]: (r["dissents"], r["n_votes"]) for r in unit.rows.get("member_fit", [])}
        return cls(
            {row["legislator"]: row["unity"] for row in unit.rows.get("check_members", [])},
            {who: 1 - against / n if n else None for who, (against, n) in votes.items()},
        )

    def shares(self, member: Member) -> list[Cell]:
        """Return the two cells of a member."""
        return [cells.share(of.get(member.legislator)) for of in (self.party, self.chamber)]


def own_scale_table(unit: UnitResults, members: Sequence[Member]) -> Table | None:
    """Show the members' ideal points on the model's own scale; None where the files do not have them."""
    known = [m for m in left_to_right(members) if m.xi_mean is not None]
    if not known:
        return None
    columns = [text_column("Member", key="name"), text_column("Party")]
    columns += [text_column("Chamber", choices=True)] if unit.unit.is_joint else []
    columns += [number_column("Ideal point ξ", "xi_mean"), interval_column("xi"), number_column("Position", "position")]
    body: list[list[Cell]] = []
    for m in known:
        where: list[Cell] = [Value(unit_title(m.chamber), m.chamber)] if unit.unit.is_joint else []
        numbers = [cells.place(m.xi_mean), cells.span(m.xi_q05, m.xi_q95), cells.place(m.position_mean)]
        body.append([cells.name(m.name), cells.party(m.party, m.side), *where, *numbers])
    note = (
        "The scale on which the priors are set. It has no meaning beyond this fit, and in a mirrored fit left is "
        "right. Positions are the same numbers shifted and stretched."
    )
    title = f"{unit_title(unit.unit)}: ideal points on the model’s own scale"
    return Table(f"{unit.unit}-own-scale", title, columns, body, note, folded=True, interactive=True)


def left_to_right(members: Sequence[Member]) -> list[Member]:
    """Members by posterior mean; ties by id, so that the order never depends on the file's."""
    return sorted(members, key=lambda m: (m.position_mean, m.legislator))
