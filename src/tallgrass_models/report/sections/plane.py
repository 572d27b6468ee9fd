"""The second dimension of a fit that has one: the plane with cutting lines, and who and what it separates."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...wording.numbers import count, signed
from ..files.data import UnitResults
from ..files.records import Bill, Member
from ..page import bars, cells
from ..page.columns import interval_column, number_column, picture_column, text_column
from ..page.language import listed, plural
from ..page.links import member_link
from ..page.parts import Cell, Column, Heading, Part, Table, Text, Value
from ..page.people import named
from ..page.plots import Words
from ..page.scatter import Group, Line, scatter
from ..page.words import interval, unit_title
from .bill_tables import bill_name
from .figures import by_party, member_tip
from .labels import axis_label
from .looks import party_look
from .tables import left_to_right
from .withholding import part_withheld

_LINES, _ROLLCALLS, _NAMED = 6, 10, 4
#: What pictures and tables of one dimension say in a fit with two.
AT_ZERO = " The model has a second dimension, and this is for a place of 0 on it, the average of either party."


def has_second(unit: UnitResults) -> bool:
    """Say whether the fit has a second dimension."""
    return any(m.second_mean is not None for m in unit.members or ())


def plane_parts(unit: UnitResults, reasons: str = "") -> list[Part]:
    """Show the plane; nothing of a fit in one dimension, and a sentence where ``reasons`` say that it is unreadable."""
    members = [m for m in left_to_right(unit.members or ()) if m.second_mean is not None]
    if not members:
        return []
    heading = Heading(f"{unit.unit}-plane", "Two dimensions")
    if reasons:
        return [heading, part_withheld("The second dimension is", reasons)]
    text = (
        "On the second dimension, 0 is the average of either party and 1 the standard deviation within the parties. "
        "Within the parties it is uncorrelated with the position, in each draw. So it can only describe what divides "
        "members of one party in another way than the first dimension does. Which of its ends is up has no meaning."
    )
    bills = sorted(
        (b for b in unit.bills or () if b.second_slope_mean is not None),
        key=lambda b: (-abs(b.second_slope_mean or 0.0), b.vote),
    )
    parts: list[Part] = [heading, Text(text), Text(ends_sentence(members)), _figure(unit, members, bills)]
    parts += [_rollcall_table(unit, bills[:_ROLLCALLS])] if bills else []
    needed = (
        "Whether the votes need a second dimension is for the comparison page to say: there, the predictions for votes "
        "that are left out are compared with those of an experiment in one dimension, if one is on the same votes."
    )
    return [*parts, _member_table(unit, members), Text(needed)]


def ends_sentence(members: Sequence[Member]) -> Markup:
    """Name the members who are clearly off 0 and furthest from it, at either end."""
    low = [m for m in members if m.second_q95 is not None and m.second_q95 < 0]
    high = [m for m in members if m.second_q05 is not None and m.second_q05 > 0]
    if not low and not high:
        return Markup("No member’s 90 % interval on the second dimension leaves out 0.")
    said = Markup("The 90 % interval on the second dimension leaves out 0 for {} of {}.").format(
        count(len(low) + len(high)), plural(len(members), "member")
    )
    for where, some, sign in (("below", low, 1), ("above", high, -1)):
        furthest = sorted(some, key=lambda m: (sign * (m.second_mean or 0.0), m.legislator))[:_NAMED]
        if furthest:
            who = listed([member_link(m.chamber, m.legislator, named(m.name)) for m in furthest])
            word = "Furthest" if len(some) > 1 else "Alone"
            said += Markup(" {} {} it: {}.").format(word, where, who)
    return said


def cutting_lines(members: Sequence[Member], bills: Sequence[Bill]) -> list[tuple[Bill, Line]]:
    """Draw, for the bills in their order, the lines on which Yea and Nay are equally likely, by the posterior means.

    Only lines with members on both sides; at most `_LINES`.
    """
    out: list[tuple[Bill, Line]] = []
    for bill in bills:
        slope, second, level = bill.discrimination_mean, bill.second_slope_mean or 0.0, bill.difficulty_mean
        sides = {slope * m.position_mean + second * (m.second_mean or 0.0) > level for m in members}
        if second and len(sides) == 2 and len(out) < _LINES:
            label = f"{bill_name(bill)}: Yea and Nay equally likely"
            out.append((bill, Line(label, level / second, -slope / second)))
    return out


def _figure(unit: UnitResults, members: Sequence[Member], bills: Sequence[Bill]) -> Part:
    groups = [
        Group(
            party,
            party_look(party, chamber, False),
            [m.position_mean for m in rows],
            [m.second_mean or 0.0 for m in rows],
            [f"{member_tip(m)}; second dimension {_place(m)}" for m in rows],
            [m.name for m in rows],
        )
        for (party, chamber), rows in by_party(members).items()
    ]
    lines = cutting_lines(members, bills)
    title = f"{unit_title(unit.unit)}: the members in two dimensions"
    alt = f"Scatter plot, {title}: {plural(len(members), 'member')}, with {plural(len(lines), 'cutting line')}."
    caption = "Markers are posterior means."
    if lines:
        caption += (
            " Grey lines are those on which Yea and Nay are equally likely, for "
            f"{plural(len(lines), 'roll call')} that {'depends' if len(lines) == 1 else 'depend'} much on the second "
            "dimension: "
        )
    shown: Markup | str = caption
    if lines:
        shown = Markup("{}{}.").format(caption, listed(_named([bill for bill, _ in lines])))
    words = Words(f"{unit.unit}-plane-picture", alt, shown, axis_label(unit), "second dimension", title=title)
    return scatter(words, groups, height=460, lines=[line for _, line in lines])


def _named(bills: Sequence[Bill]) -> list[Markup]:
    """Return the names of roll calls with their links; a bill with several stands once, with their number."""
    by_name: dict[str, list[Bill]] = {}
    for bill in bills:
        by_name.setdefault(bill_name(bill), []).append(bill)
    return [
        Markup("{}{}").format(
            cells.rollcall(same[0].chambers, same[0].vote, name).text,
            f" ({plural(len(same), 'roll call')})" if len(same) > 1 else "",
        )
        for name, same in by_name.items()
    ]


def _place(member: Member) -> str:
    return f"{signed(member.second_mean or 0.0)} ({interval(member.second_q05, member.second_q95)})"


def _rollcall_table(unit: UnitResults, bills: Sequence[Bill]) -> Table:
    columns = [
        text_column("Bill"),
        Column("Title", numeric=False, wide=True, keys=("title",)),
        number_column("Second slope", "second_slope_mean"),
        interval_column("second_slope"),
        number_column("Discrimination", "discrimination_mean"),
        interval_column("discrimination"),
    ]
    body: list[list[Cell]] = [
        [
            cells.rollcall(b.chambers, b.vote, bill_name(b)),
            Value(named(b.title.rstrip("."), 120), b.title),
            cells.place(b.second_slope_mean),
            cells.span(b.second_slope_q05, b.second_slope_q95),
            cells.place(b.discrimination_mean),
            cells.span(b.discrimination_q05, b.discrimination_q95),
        ]
        for b in bills
    ]
    note = "The second slope is the change of the logit of a Yea over 1 on the second dimension; above 0, Yea is up."
    caption = f"{unit_title(unit.unit)}: the {len(bills)} roll calls that depend most on the second dimension"
    return Table(f"{unit.unit}-plane-bills", caption, columns, body, note)


def _member_table(unit: UnitResults, members: Sequence[Member]) -> Table:
    scale = bars.Scale.of([(m.second_q05 or 0.0, m.second_q95 or 0.0) for m in members])
    columns = [
        text_column("Member", key="name"),
        picture_column(bars.axis(scale)),
        text_column("Party", choices=True),
        number_column("Second dimension", "second_mean"),
        interval_column("second"),
        number_column("Position", "position_mean"),
    ]
    ordered = sorted(members, key=lambda m: (m.second_mean or 0.0, m.legislator))
    body: list[list[Cell]] = []
    for m in ordered:
        at = (m.second_mean or 0.0, m.second_q05 or 0.0, m.second_q95 or 0.0)
        drawn = Value(bars.interval(scale, at, m.party), ())
        place = [cells.place(m.second_mean), cells.span(m.second_q05, m.second_q95), cells.place(m.position_mean)]
        body.append([cells.member(m), drawn, cells.party(m.party, m.side), *place])
    caption = f"{unit_title(unit.unit)}: all {count(len(members))} members on the second dimension"
    note = "Lines are 90 % intervals and markers posterior means."
    return Table(f"{unit.unit}-plane-members", caption, columns, body, note, folded=True, interactive=True)
