"""The section of the page over time that has both chambers on one scale, and members who changed the chamber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from ...files.readable import Fault
from ...votes.vocabulary import CHAMBERS, PARTIES
from ...wording.numbers import signed
from ..files.over_time import ChamberOverTime, OverTime, short_titles
from ..files.rows import Row
from ..page import fields, svg
from ..page.fields import Field
from ..page.parts import Bullets, Column, Figure, Part, Section, Table, Text, Value
from ..page.people import named
from ..page.plots import Frame, Words
from ..page.scatter import points
from ..page.words import called, interval, unit_title
from . import time_sentences as say
from .looks import MINOR, party_look
from .readable import reason_of
from .time_parts import links_parts, member_field, not_linked, session_field, sessions_below

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

_ID, _ALL = "across", "all"
_AVERAGE, _MEDIAN = "average", "median"
_HEIGHT = 330
_TIED_IN_ONE_FIT = (
    "In each session, the bills that both chambers voted on tie them. Members tie the sessions, because they are taken "
    "to have stood in one place; who changed the chamber has one place in each. An average of all members depends on "
    "how many seats each party has; the parties’ own do not."
)
_TIED = (
    "In each session, the bills that both chambers voted on tie them, and members of either chamber who return tie the "
    "sessions. An average of all members depends on how many seats each party has; the parties’ own do not."
)


def across_section(series: OverTime, chambers: Sequence[ChamberOverTime], scale: str) -> Section:
    """Make the section of both chambers; ``scale`` is the common scale in words."""
    title = f"{unit_title('house')} and {unit_title('senate')} on one scale"
    in_one_fit = chambers[0].together is not None
    made = series.content["joint"]["links"] if "joint" in series.content and not in_one_fit else []
    links = links_parts(_ID, series, made)
    if not chambers[0].facts["linked"]:
        return Section(_ID, title, [not_linked(chambers[0]), *links])
    why = _withheld(series, chambers)
    told: list[Part] = [Text(escape(f"Sentences on the chambers are withheld{why}."), "bad")]
    parts = told if why else [*_findings(series), Text(_TIED_IN_ONE_FIT if in_one_fit else _TIED, "note")]
    tables = [_table(series, scale, statistic) for statistic in (_AVERAGE, _MEDIAN)]
    return Section(_ID, title, [*parts, _figure(series, scale), *tables, *links])


def _withheld(series: OverTime, chambers: Sequence[ChamberOverTime]) -> str:
    """Say which fits cannot be read, as the end of a sentence; empty if all can."""
    if fit := chambers[0].together:
        return f": {reason_of(Fault(fit['fault']))}" if fit["fault"] else ""
    faults = faults_together(series)
    return f". {'; '.join(faults)}" if faults else ""


def faults_together(series: OverTime) -> list[str]:
    """Say from which joint fits left and right cannot be read; with the chamber if not from both."""
    out = []
    for one in series.content["sessions"]:
        title = series.title(one["session"])
        for fault in dict.fromkeys(bad["fault"] for bad in one["faults"]):
            of = [bad["chamber"] for bad in one["faults"] if bad["fault"] == fault]
            where = title if set(of) == set(CHAMBERS) else f"{title}, {unit_title(of[0])}"
            out.append(f"{where}: {reason_of(Fault(fault))}")
    return out


def _findings(series: OverTime) -> list[Part]:
    ends = [series.content["sessions"][k]["session"] for k in (-1, 0)]
    titles = [series.title(session) for session in ends]
    rows = {(row["session"], row["group"], row["statistic"]): row for row in series.tables.across}
    said = []
    for group, statistic in ((_ALL, _AVERAGE), (_ALL, _MEDIAN), *((party, _AVERAGE) for party in PARTIES)):
        found = [rows.get((session, group, statistic)) for session in ends]
        told = [say.across(row, title) for row, title in zip(found, titles, strict=True) if row]
        if found[0] and found[0]["p_change_right"] is not None:
            told.append(say.across_change(found[0], titles[1], titles[0]))
        said += [" ".join(told)] if told else []
    return [Bullets([escape(text) for text in said])]


def _table(series: OverTime, scale: str, statistic: str) -> Table:
    average = statistic == _AVERAGE
    return fields.table(
        f"{_ID}-{statistic}",
        f"{'Averages' if average else 'Median members'}: the {unit_title('senate')} minus the {unit_title('house')}",
        [row for row in series.tables.across if row["statistic"] == statistic],
        [
            session_field(series),
            fields.party("group", "Members"),
            fields.place(unit_title("house"), "house_median"),
            fields.place(unit_title("senate"), "senate_median"),
            fields.place("Difference", "difference_median"),
            fields.span("difference"),
            fields.chance("To the right", "p_right"),
            fields.place("Since the first", "change_median"),
            fields.span("change"),
        ],
        f"On one scale: {scale}. To the right: probability that the {called().whose('senate')} stands to the right. "
        "Since the first: by how much the difference changed since the first session.",
        folded=not average,
    )


def _figure(series: OverTime, scale: str) -> Figure:
    """Draw the averages of both chambers and of their parties, session by session."""
    names = short_titles([one["title"] for one in series.content["sessions"]])
    at = {one["session"]: k for k, one in enumerate(series.content["sessions"])}
    rows = [row for row in series.tables.across if row["statistic"] == _AVERAGE]
    groups = [group for group in (_ALL, *PARTIES) if any(row["group"] == group for row in rows)]
    lines = [(group, chamber) for group in groups for chamber in CHAMBERS]
    frame = Frame([_label(*line) for line in lines], "", f"Position: {scale}", _HEIGHT)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = frame.axes(figure)
        tips = {}
        for group, chamber in lines:
            own = [row for row in rows if row["group"] == group]
            look = party_look(MINOR if group == _ALL else group, chamber, joint=True)
            aside = -0.05 if chamber == "house" else 0.05
            x, y = [at[row["session"]] + aside for row in own], [row[f"{chamber}_median"] for row in own]
            low, high = ([row[f"{chamber}_{end}"] for row in own] for end in ("q05", "q95"))
            style = "-" if chamber == "house" else "--"
            axes.plot(x, y, color=look.colour, linewidth=1.8, linestyle=style, zorder=2)
            axes.vlines(x, low, high, color=look.colour, linewidth=1.4)
            points(axes, f"{chamber}-{group}", x, y, look, s=40, label=_label(group, chamber))
            tips[f"{chamber}-{group}"] = [_tip(row, chamber, series) for row in own]
        sessions_below(figure, axes, names)
        frame.finish(figure, axes)
        return tips

    title = f"{unit_title('house')} and {unit_title('senate')} over time: averages"
    said = [f"Line chart. {title}."]
    for group, chamber in lines:
        places = ", ".join(signed(row[f"{chamber}_median"]) for row in rows if row["group"] == group)
        said.append(f"{_label(group, chamber)}, session by session: {places}.")
    words = Words(
        f"{_ID}-averages",
        " ".join([*said, "The numbers are in the table."]),
        f"Averages of the members, with 90 % intervals (bars). Filled markers and full lines are the "
        f"{unit_title('house')}, hollow ones and dashed lines the {unit_title('senate')}; blue circles are "
        "Democrats, red diamonds Republicans, grey triangles all members.",
        "",
        "",
        title=title,
    )
    return words.figure(svg.draw(words.id, words.alt, frame.height, paint, title))


def _label(group: str, chamber: str) -> str:
    return f"{unit_title(chamber)}, all members" if group == _ALL else f"{unit_title(chamber)} {group}s"


def _tip(row: Row, chamber: str, series: OverTime) -> str:
    ends = interval(row[f"{chamber}_q05"], row[f"{chamber}_q95"])
    where = f"{series.title(row['session'])}, {_label(row['group'], chamber)}"
    return f"{where}: {row[f'n_{chamber}']}, average {signed(row[f'{chamber}_median'])} ({ends})"


def crossed_table(series: OverTime) -> Table | None:
    """Show the members who changed the chamber, with their positions before and after; None without one scale."""
    if not series.tables.crossed:
        return None
    rows = [{**row, "from": row["chamber"], "chamber": row["chamber_after"]} for row in series.tables.crossed]
    linked = not any("constant" in facts for facts in series.content["chambers"])
    why = [fields.words("No bridge because", "reason", choices=True)] if linked else []
    return fields.table(
        "people-crossed",
        "Members who sat in one chamber and then in the other",
        sorted(rows, key=lambda row: -abs(row["change_median"])),
        [
            member_field(),
            fields.party("party_after", choices=True),
            _seat(series, "Chamber before", "before", "from"),
            fields.place("Position", "place_before_median"),
            _seat(series, "Chamber after", "after", "chamber"),
            fields.place("Position", "place_after_median"),
            fields.place("Change", "change_median"),
            fields.span("change"),
            fields.chance("To the right", "p_right"),
            *why,
        ],
        "A name opens the intervals. Who changed the chamber links the sessions as a member who stayed does, unless a "
        "reason is given."
        if linked
        else "Nobody moves in this fit within a chamber. Who changed the chamber has a position in each.",
        interactive=True,
    )


def _seat(series: OverTime, title: str, session: str, chamber: str) -> Field:
    """Show a chamber and a session."""
    column = Column(title, numeric=False, keys=(f"chamber_{session}", session))

    def cell(row: Mapping[str, Any]) -> Value:
        shown = Markup("{}, {}").format(named(unit_title(row[chamber])), named(series.title(row[session])))
        return Value(shown, (row[chamber], row[session]))

    return Field(column, cell)
