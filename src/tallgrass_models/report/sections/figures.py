"""The pictures of the page. Party is told by colour and by the shape of the marker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, number, signed
from ..files.data import UnitResults
from ..files.records import Bill, Member
from ..page import svg
from ..page.intervals import IntervalRow, intervals
from ..page.language import plural, shorten
from ..page.parts import Figure
from ..page.people import PARTY_LETTERS
from ..page.placing import name_points
from ..page.plots import Frame, Words
from ..page.scatter import Group, Look, points, scatter
from ..page.words import interval, ranks, unit_title
from .bill_tables import bill_name
from .labels import axis_label
from .looks import MINOR, party_look
from .tables import left_to_right

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure


def by_party(members: Sequence[Member]) -> dict[tuple[str, str], list[Member]]:
    """Members by party and chamber: the two major parties first, all others together."""
    out: dict[tuple[str, str], list[Member]] = {}
    for chamber in dict.fromkeys(sorted(m.chamber for m in members)):
        for party in (*PARTIES, MINOR):
            here = [m for m in members if m.chamber == chamber and (m.party if m.party in PARTIES else MINOR) == party]
            if here:
                out[party, chamber] = here
    return out


def member_tip(member: Member) -> str:
    """Return what a member's marker says of itself."""
    party = PARTY_LETTERS.get(member.party, member.party)
    where = f"{signed(member.position_mean)} (90 %: {interval(member.position_q05, member.position_q95)})"
    return f"{shorten(member.name, 80)} ({party}): {where}, rank {ranks(member.rank_q05, member.rank_q95)}"


def party_means(unit: UnitResults) -> Figure | None:
    """Draw the averages of the parties' members with intervals, and their spreads; None without parties.csv."""
    rows = []
    for row in unit.parties or ():
        where = f", {unit_title(row.chamber)}" if unit.unit.is_joint else ""
        look = party_look(row.party, row.chamber, unit.unit.is_joint)
        at = (row.position_mean, row.position_q05, row.position_q95)
        rows.append(IntervalRow(f"{row.party}{where}: average", *at, look))
        spread = (row.position_mean, row.position_mean - row.spread_mean, row.position_mean + row.spread_mean)
        rows.append(IntervalRow("one standard deviation", *spread, look))
    if not rows:
        return None
    places = "; ".join(
        f"{row.party} {unit_title(row.chamber)} {signed(row.position_mean)}, spread {number(row.spread_mean)}"
        for row in unit.parties or ()
    )
    alt = f"Intervals, {unit_title(unit.unit)}: average and spread of each party’s members. {places}."
    caption = (
        "The upper line of each pair shows the average of the party’s members with its 90 % interval (none if the "
        "averages define the scale). The lower line shows one standard deviation of the members on either side."
    )
    title = f"{unit_title(unit.unit)}: average and spread of the parties’ members"
    return intervals(Words(f"{unit.unit}-party-means", alt, caption, axis_label(unit), "", title=title), rows)


def bill_map(unit: UnitResults, bills: Sequence[Bill]) -> Figure:
    """Discrimination against difficulty, one marker a roll call."""
    found = _billby_party(unit, bills)
    groups = [
        Group(
            label,
            look,
            [b.difficulty_mean for b in rows],
            [b.discrimination_mean for b in rows],
            [_bill_tip(b) for b in rows],
            [shorten(bill_name(b), 24) for b in rows],
        )
        for label, look, rows in found
    ]
    low, high = min(b.discrimination_mean for b in bills), max(b.discrimination_mean for b in bills)
    sizes = "; ".join(f"{label}: {count(len(rows))}" for label, _, rows in found)
    alt = (
        f"Scatter plot, {unit_title(unit.unit)}: discrimination against difficulty of {plural(len(bills), 'roll call')}"
        f" ({sizes}). Discriminations run from {number(low)} to {number(high)}."
    )
    caption = (
        "Each marker is a roll call. Far from the zero line, the roll call separates left from right sharply. Near it, "
        "a vote says little about where a member stands. Above the line Yea is the side of the right, and below it the "
        "side of the left."
    )
    axes = ("difficulty (further right: fewer Yeas)", "discrimination")
    title = f"{unit_title(unit.unit)}: discrimination and difficulty of {plural(len(bills), 'roll call')}"
    return scatter(Words(f"{unit.unit}-bills-map", alt, caption, *axes, title=title), groups, height=420)


def _billby_party(unit: UnitResults, bills: Sequence[Bill]) -> list[tuple[str, Look, list[Bill]]]:
    """Group the roll calls by the side of Yea, or in the joint model by chamber."""
    ordered = sorted(bills, key=lambda b: b.vote)
    tests: list[tuple[str, Look, Callable[[Bill], bool]]] = [
        ("Yea is the side of the right", Look("^", "#4a4f57"), lambda b: b.discrimination_mean > 0),
        ("Yea is the side of the left", Look("v", "#8a5a00", filled=False), lambda b: b.discrimination_mean <= 0),
    ]
    if unit.unit.is_joint:
        tests = [
            (f"{unit_title('house')} only", Look("s", "#4a4f57"), lambda b: b.chambers == "house"),
            (f"{unit_title('senate')} only", Look("s", "#4a4f57", filled=False), lambda b: b.chambers == "senate"),
            ("both chambers (shared bill)", Look("*", "#8a5a00"), lambda b: b.shared),
        ]
    found = [(label, look, [b for b in ordered if test(b)]) for label, look, test in tests]
    return [group for group in found if group[2]]


def _bill_tip(bill: Bill) -> str:
    title = f", {shorten(bill.title, 80)}" if bill.title else ""
    tally = "" if bill.yea is None or bill.nay is None else f", {count(bill.yea)}–{count(bill.nay)}"
    return f"{shorten(bill_name(bill), 40)}{title}{tally}: discrimination {signed(bill.discrimination_mean)}"


def against(unit: UnitResults, members: Sequence[Member], key: str, what: str, caption: str) -> Figure | None:
    """Positions against another score of the same members (``flat_mean``, ``truth``); None where nobody has one."""
    known = [m for m in left_to_right(members) if getattr(m, key) is not None]
    if not known:
        return None
    joint = unit.unit.is_joint
    groups = [
        Group(
            f"{party}, {unit_title(chamber)}" if joint else party,
            party_look(party, chamber, joint),
            [getattr(m, key) for m in rows],
            [m.position_mean for m in rows],
            [member_tip(m) for m in rows],
            [m.name for m in rows],
        )
        for (party, chamber), rows in by_party(known).items()
    ]
    identifier = f"{unit.unit}-{key.removesuffix('_mean')}"
    alt = f"Scatter plot, {unit_title(unit.unit)}: positions of {plural(len(known), 'member')} against {what}."
    title = f"{unit_title(unit.unit)}: position in this model against {what}"
    return scatter(Words(identifier, alt, caption, what, "position in this model", title=title), groups, height=380)


def cutting_points(unit: UnitResults) -> Figure | None:
    """Draw the cutting points above the members' positions; None if either is missing."""
    members = left_to_right(unit.members or ())
    bills = [b for b in unit.bills or () if b.cutting_point is not None]
    if not members or not bills:
        return None
    low, high = members[0].position_q05, members[-1].position_q95
    shown = sorted((b for b in bills if low <= (b.cutting_point or 0) <= high), key=lambda b: b.vote)
    if not shown:
        return None
    joint, grouped = unit.unit.is_joint, by_party(members)
    bars = "roll calls that divide here"
    labels = [bars, *(f"{party}, {unit_title(c)}" if joint else party for party, c in grouped)]
    frame = Frame(labels, axis_label(unit), "roll calls", 190)

    def paint(figure: MplFigure) -> svg.Tips:
        axes, tips, strip, names = frame.axes(figure), {}, [], []
        axes.hist([b.cutting_point or 0 for b in shown], bins=30, color="#c9ced5", label=bars)
        top = axes.get_ylim()[1]
        for ((party, chamber), rows), label in zip(grouped.items(), labels[1:], strict=True):
            gid, y = f"{chamber}-{party}", -top * (0.12 if chamber == "house" or not joint else 0.24)
            places = [m.position_mean for m in rows]
            look = party_look(party, chamber, joint)
            points(axes, gid, places, [y] * len(rows), look, s=20, alpha=0.7, label=label)
            tips[gid] = [member_tip(m) for m in rows]
            strip += [(x, y) for x in places]
            names += [m.name for m in rows]
        axes.set(ylim=(-0.46 * top, top))
        axes.locator_params(axis="y", integer=True, nbins=5)
        axes.set_yticks([t for t in axes.get_yticks() if t >= 0])
        frame.finish(figure, axes)
        ends = sorted(range(len(strip)), key=lambda k: strip[k])
        name_points(figure, axes, strip, names, [ends[0], ends[-1]], ceiling=min(y for _, y in strip))
        return tips

    identifier = f"{unit.unit}-cutting-points"
    outside = len(unit.bills or ()) - len(shown)
    alt = (
        f"Histogram, {unit_title(unit.unit)}: where {plural(len(shown), 'roll call')} divide Yea from Nay, over the "
        f"positions of {plural(len(members), 'member')}; {count(outside)} divide beyond all members."
    )
    caption = (
        "A roll call’s cutting point is where Yea and Nay are equally likely. Grey bars show how many cutting points "
        "lie at each position, and the markers below show the members. "
        f"{plural(outside, 'cutting point lies', 'cutting points lie')} beyond all members, so that nearly everybody "
        "is on one side."
    )
    title = f"{unit_title(unit.unit)}: where roll calls divide the members"
    return Figure(identifier, caption, svg.draw(identifier, alt, frame.height, paint, title))
