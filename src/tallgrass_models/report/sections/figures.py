"""The pictures of the page. Party is told by colour and by the shape of the marker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ...votes.vocabulary import PARTIES
from ..files.data import UnitResults
from ..files.records import Bill, Member
from ..page import svg
from ..page.intervals import IntervalRow, intervals
from ..page.language import plural, shorten
from ..page.numbers import count, number, signed
from ..page.parts import Figure
from ..page.people import PARTY_LETTERS
from ..page.plots import Words, legend_above
from ..page.scatter import Group, Look, points, scatter
from ..page.words import interval, ranks, unit_title
from .bill_tables import bill_name
from .labels import axis_label
from .looks import MINOR, party_look
from .tables import left_to_right

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_ROW = 15  # height of a member's row in the forest plot
_NAME_LENGTH = 34


def forest(unit: UnitResults, members: Sequence[Member]) -> Figure:
    """Everybody's ideal point with its 90 % interval, from left to right, each named beside the interval."""
    ordered, joint = left_to_right(members), unit.unit.is_joint
    low, high = min(m.position_q05 for m in ordered), max(m.position_q95 for m in ordered)
    middle = (low + high) / 2
    top, bottom = 62, 44
    height = top + bottom + _ROW * len(ordered)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.03, bottom / height, 0.94, 1 - (top + bottom) / height))
        _forest_axes(axes, len(ordered), (low, high), axis_label(unit))
        if not joint:
            _party_means(axes, unit)
        tips, rank = {}, {m.legislator: place for place, m in enumerate(ordered)}
        for (party, chamber), rows in _groups(ordered).items():
            gid, look = f"{chamber}-{party}", party_look(party, chamber, joint)
            places = [rank[m.legislator] for m in rows]
            starts, ends = [m.position_q05 for m in rows], [m.position_q95 for m in rows]
            axes.hlines(places, starts, ends, color=look.colour, linewidth=1.6, clip_on=False)
            label = f"{party}, {unit_title(chamber)}" if joint else party
            points(axes, gid, [m.position_mean for m in rows], places, look, label=label)
            tips[gid] = [_member_tip(m) for m in rows]
        for place, member in enumerate(ordered):
            _name_beside(axes, member, place, middle, joint)
        legend_above(axes, figure, height)
        return tips

    alt = _forest_alt(unit, ordered)
    shapes = "Blue circles are Democrats, red diamonds Republicans"
    shapes += (
        f"; filled markers sit in the {unit_title('house')}, hollow ones in the {unit_title('senate')}."
        if joint
        else "."
    )
    lines = "" if joint else " Dashed lines are the averages of the parties’ members."
    caption = f"Every member’s position (marker) with its 90 % interval (line), from left to right. {shapes}{lines}"
    drawn = svg.draw(f"{unit.unit}-forest", alt, height, paint)
    return Figure(f"{unit.unit}-forest", caption, drawn, folded="All members in one picture, with names")


def _groups(members: Sequence[Member]) -> dict[tuple[str, str], list[Member]]:
    """Members by party and chamber: the two major parties first, all others together."""
    out: dict[tuple[str, str], list[Member]] = {}
    for chamber in dict.fromkeys(sorted(m.chamber for m in members)):
        for party in (*PARTIES, MINOR):
            here = [m for m in members if m.chamber == chamber and (m.party if m.party in PARTIES else MINOR) == party]
            if here:
                out[party, chamber] = here
    return out


def _forest_axes(axes: Axes, n: int, reach: tuple[float, float], label: str) -> None:
    low, high = reach
    pad = 0.02 * (high - low)
    axes.set(xlim=(low - pad, high + pad), ylim=(n - 0.3, -0.7), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.spines["top"].set_visible(True)
    axes.tick_params(axis="x", top=True, labeltop=True)
    axes.grid(axis="x")
    axes.set_xlabel(label)


def _party_means(axes: Axes, unit: UnitResults) -> None:
    for party in PARTIES:
        row, look = unit.party(unit.unit, party), party_look(party)
        if row:
            axes.axvline(row.position_mean, color=look.colour, linewidth=1, linestyle=(0, (4, 3)), clip_on=False)


def _name_beside(axes: Axes, member: Member, place: int, middle: float, joint: bool) -> None:
    """Write the name towards the middle of the picture, where there is room for it."""
    rightwards = (member.position_q05 + member.position_q95) / 2 < middle
    text = shorten(member.name, _NAME_LENGTH)
    if joint:
        text = f"{text}, {unit_title(member.chamber)}"
    axes.annotate(
        text,
        (member.position_q95 if rightwards else member.position_q05, place),
        xytext=(8 if rightwards else -8, 0),
        textcoords="offset points",
        ha="left" if rightwards else "right",
        va="center_baseline",
        fontsize=10,
        annotation_clip=False,
        parse_math=False,
    )


def _member_tip(member: Member) -> str:
    party = PARTY_LETTERS.get(member.party, member.party)
    where = f"{signed(member.position_mean)} (90 %: {interval(member.position_q05, member.position_q95)})"
    return f"{shorten(member.name, 80)} ({party}): {where}, rank {ranks(member.rank_q05, member.rank_q95)}"


def _forest_alt(unit: UnitResults, ordered: Sequence[Member]) -> str:
    parts = [f"Forest plot, {unit_title(unit.unit)}: {plural(len(ordered), 'member')} from left to right."]
    for (party, chamber), rows in _groups(ordered).items():
        who = f"{party}, {unit_title(chamber)}" if unit.unit.is_joint else party
        parts.append(
            f"{who}: {count(len(rows))}, from {signed(rows[0].position_mean)} to {signed(rows[-1].position_mean)}."
        )
    ends = f"Leftmost {shorten(ordered[0].name, 60)}, rightmost {shorten(ordered[-1].name, 60)}."
    return " ".join([*parts, ends, "The numbers are in the table of members."])


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
    return intervals(Words(f"{unit.unit}-party-means", alt, caption, axis_label(unit), ""), rows)


def bill_map(unit: UnitResults, bills: Sequence[Bill]) -> Figure:
    """Discrimination against difficulty, one marker a roll call."""
    found = _bill_groups(unit, bills)
    groups = [
        Group(
            label,
            look,
            [b.difficulty_mean for b in rows],
            [b.discrimination_mean for b in rows],
            [_bill_tip(b) for b in rows],
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
    return scatter(Words(f"{unit.unit}-bills-map", alt, caption, *axes), groups, height=420)


def _bill_groups(unit: UnitResults, bills: Sequence[Bill]) -> list[tuple[str, Look, list[Bill]]]:
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
            [_member_tip(m) for m in rows],
        )
        for (party, chamber), rows in _groups(known).items()
    ]
    identifier = f"{unit.unit}-{key.removesuffix('_mean')}"
    alt = f"Scatter plot, {unit_title(unit.unit)}: positions of {plural(len(known), 'member')} against {what}."
    return scatter(Words(identifier, alt, caption, what, "position in this model"), groups, height=380)


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
    joint, height = unit.unit.is_joint, 250

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.1, 54 / height, 0.86, 1 - 100 / height))
        tips = {}
        axes.hist([b.cutting_point or 0 for b in shown], bins=30, color="#c9ced5", label="roll calls that divide here")
        top = axes.get_ylim()[1]
        for (party, chamber), rows in _groups(members).items():
            gid, y = f"{chamber}-{party}", -top * (0.08 if chamber == "house" or not joint else 0.2)
            label = f"{party}, {unit_title(chamber)}" if joint else party
            look = party_look(party, chamber, joint)
            points(axes, gid, [m.position_mean for m in rows], [y] * len(rows), look, s=20, alpha=0.7, label=label)
            tips[gid] = [_member_tip(m) for m in rows]
        axes.set(xlabel=axis_label(unit), ylabel="roll calls", ylim=(-0.3 * top, top))
        axes.set_yticks([t for t in axes.get_yticks() if t >= 0])
        legend_above(axes, figure, height, 3)
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
    return Figure(identifier, caption, svg.draw(identifier, alt, height, paint))
