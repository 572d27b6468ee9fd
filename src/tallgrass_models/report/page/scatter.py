"""Points in groups that colour and shape tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..page import svg
from .language import shorten
from .parts import Figure
from .plots import Words, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

#: Dots closer than one part in so many of the width, and of the height, are drawn once.
_CELLS = 150


@dataclass(frozen=True)
class Look:
    """Marker and colour of the points of one group."""

    marker: str
    colour: str
    filled: bool = True


@dataclass(frozen=True)
class Group:
    """Points drawn alike, with the text each shows on hover; without texts, dots that make a light picture."""

    label: str
    look: Look
    x: Sequence[float]
    y: Sequence[float]
    tips: Sequence[str]


def points(axes: Axes, gid: str, x: Sequence[float], y: Sequence[float], look: Look, **more: Any) -> None:
    """Scatter one group, never clipped at the frame; a hollow marker is white inside."""
    face = look.colour if look.filled else "#ffffff"
    more = {"s": 26, "linewidths": 1.2, "zorder": 3, "clip_on": False} | more
    axes.scatter(x, y, marker=look.marker, facecolor=face, edgecolor=look.colour, gid=gid, **more)


def dots(axes: Axes, group: Group) -> None:
    """Draw a group as the round ends of one path, without the points that would cover each other."""
    width, height = (max(values) - min(values) or 1.0 for values in (group.x, group.y))
    cells = {
        (round(_CELLS * a / width), round(_CELLS * b / height)): (a, b) for a, b in zip(group.x, group.y, strict=True)
    }
    x = [value for a, _ in cells.values() for value in (a, a, float("nan"))]
    y = [value for _, b in cells.values() for value in (b, b, float("nan"))]
    axes.plot(x, y, color=group.look.colour, linewidth=4, alpha=0.6, solid_capstyle="round", label=group.label)


def scatter(words: Words, groups: Sequence[Group], height: int = 400, diagonal: bool = False) -> Figure:
    """Points of several groups; with ``diagonal`` the line on which both axes agree."""

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.1, 54 / height, 0.86, 1 - 100 / height))
        axes.grid()
        for group in (group for group in groups if not group.tips):
            dots(axes, group)
        for k, group in enumerate(groups):
            if not group.tips:
                continue
            points(axes, f"g{k}", group.x, group.y, group.look, s=22, alpha=0.8, label=group.label)
        if diagonal:
            axes.axline((0, 0), slope=1, color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel=words.x, ylabel=words.y, **words.more)
        legend_above(axes, figure, height)
        return {f"g{k}": [shorten(tip, 200) for tip in group.tips] for k, group in enumerate(groups) if group.tips}

    return words.figure(svg.draw(words.id, words.alt, height, paint))
