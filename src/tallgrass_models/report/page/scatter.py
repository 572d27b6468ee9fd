"""Points in groups that colour and shape tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import svg
from .language import shorten
from .parts import Figure
from .placing import name_points, outstanding
from .plots import Frame, Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure


@dataclass(frozen=True)
class Look:
    """Marker and colour of the points of one group."""

    marker: str
    colour: str
    filled: bool = True


@dataclass(frozen=True)
class Group:
    """Points drawn alike, with the text each shows to a pointer; with ``names`` those that stand out are named."""

    label: str
    look: Look
    x: Sequence[float]
    y: Sequence[float]
    tips: Sequence[str]
    names: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """A line ``y = at + slope x`` behind the points."""

    label: str
    at: float
    slope: float


def points(axes: Axes, gid: str, x: Sequence[float], y: Sequence[float], look: Look, **more: Any) -> None:
    """Scatter one group, never clipped at the frame; a hollow marker is white inside."""
    face = look.colour if look.filled else "#ffffff"
    more = {"s": 26, "linewidths": 1.2, "zorder": 3, "clip_on": False} | more
    axes.scatter(x, y, marker=look.marker, facecolor=face, edgecolor=look.colour, gid=gid, **more)


_MANY = 400  # points from which on they are drawn smaller


def scatter(
    words: Words, groups: Sequence[Group], height: int = 400, diagonal: bool = False, lines: Sequence[Line] = ()
) -> Figure:
    """Points of several groups; with ``diagonal`` the line on which both axes agree; with ``lines`` those as well."""
    frame = Frame([group.label for group in groups], words.x, words.y, height - 100)
    x: list[float] = []
    y: list[float] = []
    names: list[str] = []
    for group in groups:
        x += group.x
        y += group.y
        names += group.names or [""] * len(group.x)
    order, size = outstanding(x, y, diagonal), 22 if len(x) < _MANY else 10

    def paint(figure: MplFigure) -> svg.Tips:
        axes = frame.axes(figure)
        for k, group in enumerate(groups):
            points(axes, f"g{k}", group.x, group.y, group.look, s=size, alpha=0.8, label=group.label)
        if diagonal:
            axes.axline((0, 0), slope=1, color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        if lines:
            axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
        for line in lines:
            axes.axline((0, line.at), slope=line.slope, color=svg.FAINT, linewidth=0.8, alpha=0.7, zorder=1)
        axes.set(**words.more)
        frame.finish(figure, axes)
        name_points(figure, axes, list(zip(x, y, strict=True)), names, order)
        return {f"g{k}": [shorten(tip, 200) for tip in group.tips] for k, group in enumerate(groups)}

    return words.figure(svg.draw(words.id, words.alt, frame.height, paint, words.title))
