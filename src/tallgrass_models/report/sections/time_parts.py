"""Parts that several sections of the page over time have: fields, links, and why there is no scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from ...files.records.over_time import TimeLink
from ..files.over_time import ChamberOverTime, OverTime
from ..page import fields, measure, svg
from ..page.fields import Field
from ..page.links import member_link
from ..page.parts import Bullets, Column, Heading, Part, Text, Value, missing
from ..page.people import named
from . import time_sentences as say

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_SIZE = 11


def session_field(series: OverTime, key: str = "session", title: str = "Session", choices: bool = False) -> Field:
    """Show what a session is called."""
    column = Column(title, numeric=False, choices=choices, keys=(key,))
    return Field(column, lambda row: Value(named(series.title(row[key])), row[key]))


def member_field() -> Field:
    """Show a member's name, linked to her positions in all sessions."""
    column = Column("Member", numeric=False, keys=("name", "person"))

    def cell(row: Mapping[str, Any]) -> Value:
        shown = member_link(row["chamber"], row["person"], named(row["name"], 120))
        return Value(shown, (row["name"], row["person"]))

    return Field(column, cell)


def links_parts(where: str, series: OverTime, links: Sequence[TimeLink]) -> list[Part]:
    """Say what links the sessions; ``where`` is the id of the section."""
    made = [link for link in links if link["A"]]
    said = [say.bridges(link, *(series.title(link[key]) for key in ("before", "after"))) for link in made]
    rows = [
        {
            **link,
            **{f"{stem}_{name}": value for stem in ("A", "B") for name, value in (link[stem] or {}).items()},
            "mirrored": "yes" if link["mirrored"] else "no",
        }
        for link in made
    ]
    parts: list[Part] = [Heading(f"{where}-links-heading", "What links the sessions")]
    if said:
        parts += [Bullets([escape(text) for text in said])]
        parts.append(
            fields.table(
                f"{where}-links",
                "Links from each session to the next",
                rows,
                [
                    session_field(series, "before", "Earlier"),
                    session_field(series, "after", "Later"),
                    fields.whole("Returned", "n_returning"),
                    fields.whole("Bridges", "n_used"),
                    fields.whole("Moved", "n_moved"),
                    fields.number("Correlation", "correlation"),
                    fields.number("Drift", "drift"),
                    fields.number("A", "A_median"),
                    fields.span("A"),
                    fields.number("B", "B_median"),
                    fields.span("B"),
                ],
                "A and B bring the scale of the later fit to that of the earlier. A is negative where one of the two "
                "fits runs from right to left. Drift: how far a bridging member typically moves, in standard "
                "deviations of the bridging members.",
                folded=True,
            )
        )
    return parts if said else []


def not_linked(chamber: ChamberOverTime) -> Text:
    """Say why there is no common scale; the reason names sessions as the configuration does."""
    return missing(f"The sessions are not on one scale: {chamber.facts['reason']}.")


def sessions_below(figure: MplFigure, axes: Axes, names: Sequence[str]) -> None:
    """Put the sessions 0, 1, ... on the horizontal axis of a picture, by their names as far as these fit."""
    step = svg.width_of(figure) / len(names) - 14
    axes.set(xlim=(-0.3, len(names) - 0.7), xticks=range(len(names)))
    axes.set_xticklabels([measure.fitted(name, max(step, 24), _SIZE) for name in names])
    axes.grid(visible=False, axis="x")
