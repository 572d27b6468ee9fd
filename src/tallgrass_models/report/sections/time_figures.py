"""Picture of a chamber over time: every career as a line, and the averages of the parties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...votes.vocabulary import PARTIES
from ...wording.numbers import number, plural, signed
from ..files.over_time import ChamberOverTime, short_titles
from ..files.rows import Row
from ..page import svg
from ..page.parts import Figure
from ..page.plots import Frame, Words
from ..page.scatter import points
from ..page.words import interval, unit_title
from .looks import party_look
from .time_parts import sessions_below

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_HEIGHT = 330


def careers_figure(chamber: ChamberOverTime, scale: str) -> Figure:
    """Draw the positions of all members and the averages of the parties, session by session."""
    names = short_titles([one["title"] for one in chamber.sessions])
    at = {one["session"]: k for k, one in enumerate(chamber.sessions)}
    parties = [party for party in PARTIES if any(row["party"] == party for row in chamber.tables.parties)]
    frame = Frame([f"{party}s, average" for party in parties], "", f"Position: {scale}", _HEIGHT)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = frame.axes(figure)
        tips = {}
        for party in parties:
            look, rows = party_look(party), [row for row in chamber.tables.parties if row["party"] == party]
            _careers(axes, [row for row in chamber.tables.members if row["party"] == party], at, look.colour)
            x, y = [at[row["session"]] for row in rows], [row["place_median"] for row in rows]
            axes.plot(x, y, color=look.colour, linewidth=2.6, zorder=3)
            low, high = ([row[f"place_{end}"] for row in rows] for end in ("q05", "q95"))
            axes.vlines(x, low, high, color=look.colour, linewidth=2)
            points(axes, f"mean-{party}", x, y, look, s=46, label=f"{party}s, average")
            tips[f"mean-{party}"] = [_tip(row, chamber) for row in rows]
        sessions_below(figure, axes, names)
        frame.finish(figure, axes)
        return tips

    title = f"{unit_title(chamber.name)}: members and parties over time"
    words = Words(
        f"{chamber.name}-careers",
        _alt(chamber, parties, title),
        "Thick lines are the averages of the parties, with 90 % intervals (bars); blue circles are Democrats, red "
        "diamonds Republicans. Each thin line is a member, from session to session; a dot is a member of one session.",
        "",
        "",
        title=title,
    )
    return words.figure(svg.draw(words.id, words.alt, frame.height, paint, title))


def _careers(axes: Axes, rows: Sequence[Row], at: dict[str, int], colour: str) -> None:
    """Draw the careers in a party as one path, and members of one session only as dots."""
    gap = float("nan")
    people: dict[str, list[tuple[int, float]]] = {}
    for row in rows:
        people.setdefault(row["person"], []).append((at[row["session"]], row["place_median"]))
    x: list[float] = []
    y: list[float] = []
    for places in people.values():
        last = None
        for k, place in sorted(places):
            if last is not None and k > last + 1:
                x.append(gap)
                y.append(gap)
            x.append(k)
            y.append(place)
            last = k
        x.append(gap)
        y.append(gap)
    axes.plot(x, y, color=colour, linewidth=0.8, alpha=0.4)
    lone = [places[0] for places in people.values() if len(places) == 1]
    axes.plot([k for k, _ in lone], [place for _, place in lone], ".", color=colour, markersize=3, alpha=0.5)


def _tip(row: Row, chamber: ChamberOverTime) -> str:
    ends = interval(row["place_q05"], row["place_q95"])
    title = chamber.series.title(row["session"])
    who = plural(row["n"], row["party"])
    return f"{title}: {who}, average {signed(row['place_median'])} ({ends}), spread {number(row['spread_median'])}"


def _alt(chamber: ChamberOverTime, parties: Sequence[str], title: str) -> str:
    said = [f"Line chart. {title}."]
    for party in parties:
        rows = [row for row in chamber.tables.parties if row["party"] == party]
        places = ", ".join(signed(row["place_median"]) for row in rows)
        said.append(f"Average of the {party}s, session by session: {places}.")
    return " ".join([*said, "The numbers are in the tables."])
