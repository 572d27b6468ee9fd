"""Changes from the reference to this experiment, in ranks, which do not depend on a scale."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, percent, signed
from ..files.data import Report, UnitResults
from ..files.records import Member
from ..page import cells
from ..page.columns import interval_column, number_column, text_column
from ..page.language import plural
from ..page.parts import Cell, Part, Table, Text, Value, missing
from ..page.people import member_label, named
from ..page.words import ranks, unit_title
from .readable import readable_throughout
from .tables import left_to_right

_MOVES_SHOWN = 10
_OTHER_MEMBERS = Markup(
    "{} placed other members, so this page cannot compare the ranks of the two. The comparison of all "
    "experiments ranks the members whom both placed (results/comparison/report.html)."
)


@dataclass(frozen=True)
class Change:
    """A member here and in the experiment compared with."""

    here: Member
    there: Member

    @property
    def ranks(self) -> float:
        """Change of the mean rank: positive to the right."""
        return (self.here.rank_mean or 0.0) - (self.there.rank_mean or 0.0)

    @property
    def beyond(self) -> bool:
        """True if the 90 % intervals of both ranks do not overlap."""
        a, b = self.here, self.there
        if None in (a.rank_q05, a.rank_q95, b.rank_q05, b.rank_q95):
            return False
        return bool(a.rank_q05 > b.rank_q95 or a.rank_q95 < b.rank_q05)  # type: ignore[operator]


def _other_members(report: Report, unit: UnitResults) -> bool:
    """Return whether the reference placed other members, so that its ranks count other people."""
    there = report.compared.get(unit.unit)
    return there is not None and {m.legislator for m in there} != {m.legislator for m in unit.members or ()}


def changes(report: Report, unit: UnitResults) -> list[Change]:
    """Members of both experiments whose ranks are known, the largest change first; none where the members differ."""
    if _other_members(report, unit):
        return []
    there = {m.legislator: m for m in report.compared.get(unit.unit, [])}
    found = [
        Change(m, there[m.legislator])
        for m in unit.members or ()
        if m.legislator in there and m.rank_mean is not None and there[m.legislator].rank_mean is not None
    ]
    return sorted(found, key=lambda c: (-abs(c.ranks), c.here.legislator))


def change_sentences(report: Report) -> list[Markup]:
    """Say how many members certainly changed ranks, and who changed most, fit by fit."""
    other, out = report.config.compare_with, []
    for unit in report.units.values():
        found = changes(report, unit)
        if not found or not readable_throughout(report, unit):
            continue
        text = Markup(
            "{}: compared with <b>{}</b>, the 90 % ranges of the rank do not overlap for {} of {}. The largest change "
            "is that of {}, from rank {} to {} of {}."
        )
        beyond, most = sum(c.beyond for c in found), found[0]
        shown = [count(beyond), plural(len(found), "member"), member_label(most.here, unit.unit.is_joint)]
        places = [_rank(most.there), _rank(most.here), count(sum(c.here.chamber == most.here.chamber for c in found))]
        out.append(text.format(unit_title(unit.unit), named(other or ""), *shown, *places))
    return out


def _rank(member: Member) -> str:
    return f"{count(member.rank_mean)} ({ranks(member.rank_q05, member.rank_q95)})"


def change_parts(report: Report, unit: UnitResults) -> list[Part]:
    """Show the members whose rank changed most."""
    other = report.config.compare_with
    if other is None:
        return [missing("This experiment has no reference to compare with (compare_with).")]
    if _other_members(report, unit):
        return [Text(_OTHER_MEMBERS.format(named(other)))]
    found = changes(report, unit)[:_MOVES_SHOWN]
    if not found:
        return [missing(f"There are no results of {other} to compare with.")]
    columns = [text_column("Member", key="name"), text_column("Party")]
    columns += [number_column(f"Rank in {other}", "rank_there"), interval_column("rank_there")]
    columns += [number_column("Rank here", "rank_here"), interval_column("rank_here")]
    columns += [number_column("Change", "change"), text_column("Beyond both intervals", key="beyond")]
    rows: list[list[Cell]] = []
    for c in found:
        both = [
            x for m in (c.there, c.here) for x in (cells.num(m.rank_mean, 1), cells.rank_span(m.rank_q05, m.rank_q95))
        ]
        change = Value(f"{c.ranks:+.1f}".replace("-", "−"), c.ranks)
        rows.append([cells.member(c.here), cells.party(c.here.party), *both, change, "yes" if c.beyond else "no"])
    title = f"{unit_title(unit.unit)}: the {len(found)} members whose rank differs most from that in {other}"
    note = (
        "Ranks are within the chamber, and 1 is the leftmost. They do not depend on the scale of a fit. A mirrored fit "
        "is turned."
    )
    return [Table(f"{unit.unit}-changes", title, columns, rows, note)]


def shrinkage_table(unit: UnitResults) -> Table | None:
    """Whom the party model places most differently from the flat one, by rank; None without flat scores."""
    moved: list[tuple[Member, int, int]] = []
    for chamber in dict.fromkeys(m.chamber for m in unit.members or ()):
        known = [m for m in unit.members or () if m.chamber == chamber and m.flat_mean is not None]
        here = {m.legislator: k for k, m in enumerate(left_to_right(known), start=1)}
        flat = sorted(known, key=lambda m: (m.flat_mean or 0.0, m.legislator))
        moved += [(m, k, here[m.legislator]) for k, m in enumerate(flat, start=1)]
    if not moved:
        return None
    moved.sort(key=lambda row: (-abs(row[2] - row[1]), row[0].legislator))
    columns = [text_column("Member", key="name"), text_column("Party")]
    columns += [number_column("Rank in the flat model", "rank_flat"), number_column("Rank here", "rank")]
    columns += [
        number_column("Change", "change"),
        number_column("Shrinkage towards the party’s mean", "shrinkage"),
    ]
    columns += [number_column("Votes", "n_votes")]
    rows: list[list[Cell]] = []
    for m, flat_rank, rank in moved[:_MOVES_SHOWN]:
        change = Value(signed(rank - flat_rank, 0), rank - flat_rank)
        shrinkage = m.shrinkage if m.side in PARTIES else None
        drawn = Value(percent(shrinkage), shrinkage)
        places = [cells.whole(flat_rank), cells.whole(rank), change, drawn, cells.whole(m.n_votes)]
        rows.append([cells.member(m), cells.party(m.party), *places])
    title = f"{unit_title(unit.unit)}: the {len(rows)} members whose rank changes most when the model knows their party"
    note = (
        "Ranks are those of the posterior means within the chamber, among members whom the flat model places, and 1 is "
        "the leftmost. Shrinkage is the share by which the flat model’s distance from the party’s mean, on the scale "
        "of this model, becomes smaller. It is not given near the mean, nor for a member who is counted with neither "
        "party."
    )
    return Table(f"{unit.unit}-shrinkage-movers", title, columns, rows, note)
