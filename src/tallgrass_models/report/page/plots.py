"""Kinds of pictures: points, curves with bands, intervals in rows, histograms by chain. Numbers in, `Figure` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import svg
from .parts import Figure
from .words import shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

#: Marker, colour and line of the first, second... curve or group, telling them apart without colour too.
CYCLE = (("o", "#1b62a8", "-"), ("s", "#8a5a00", "--"), ("^", "#3f7d4e", "-."), ("D", "#7a3b8f", ":"))


@dataclass(frozen=True)
class Look:
    """Marker and colour of the points of one group."""

    marker: str
    colour: str
    filled: bool = True


@dataclass(frozen=True)
class Group:
    """Points drawn alike, with the text each shows on hover."""

    label: str
    look: Look
    x: Sequence[float]
    y: Sequence[float]
    tips: Sequence[str]


@dataclass(frozen=True)
class Curve:
    """A line through points, with a band where there is one; ``error`` are bars around the points."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    error: Sequence[float] = ()


@dataclass(frozen=True)
class Words:
    """Words around a picture: its id, alternative text, caption and axis labels."""

    id: str
    alt: str
    caption: str
    x: str
    y: str
    more: Mapping[str, Any] = field(default_factory=dict)

    def figure(self, drawn: Any, folded: str = "") -> Figure:
        """Make the part of the page."""
        return Figure(self.id, self.caption, drawn, folded)


def points(axes: Axes, gid: str, x: Sequence[float], y: Sequence[float], look: Look, **more: Any) -> None:
    """Scatter one group, never clipped at the frame; a hollow marker is white inside."""
    face = look.colour if look.filled else "#ffffff"
    more = {"s": 26, "linewidths": 1.2, "zorder": 3, "clip_on": False} | more
    axes.scatter(x, y, marker=look.marker, facecolor=face, edgecolor=look.colour, gid=gid, **more)


def legend_above(axes: Axes, figure: MplFigure, height: float, columns: int = 4) -> None:
    """Draw the legend in the free strip on top."""
    figure.legend(
        *axes.get_legend_handles_labels(),
        loc="upper center",
        bbox_to_anchor=(0.5, 1 - 4 / height),
        ncols=columns,
        handletextpad=0.2,
        columnspacing=1.6,
    )


def scatter(words: Words, groups: Sequence[Group], height: int = 400, diagonal: bool = False) -> Figure:
    """Points of several groups; with ``diagonal`` the line on which both axes agree."""

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.1, 54 / height, 0.86, 1 - 100 / height))
        axes.grid()
        for k, group in enumerate(groups):
            points(axes, f"g{k}", group.x, group.y, group.look, s=22, alpha=0.8, label=group.label)
        if diagonal:
            axes.axline((0, 0), slope=1, color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel=words.x, ylabel=words.y, **words.more)
        legend_above(axes, figure, height)
        return {f"g{k}": [shorten(tip, 200) for tip in group.tips] for k, group in enumerate(groups)}

    return words.figure(svg.draw(words.id, words.alt, height, paint))


def curves(words: Words, drawn: Sequence[Curve], height: int = 380, diagonal: bool = False) -> Figure:
    """Lines with bands or error bars, told apart by colour and by dashes."""

    def paint(figure: MplFigure) -> svg.Tips:
        above = 46 + 18 * (len(drawn) > 3)  # a second line of the legend
        axes = figure.add_axes((0.1, 54 / height, 0.86, 1 - (54 + above) / height))
        axes.grid()
        if diagonal:
            axes.plot((0, 1), (0, 1), color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        for k, curve in enumerate(drawn):
            marker, colour, line = CYCLE[k % len(CYCLE)]
            label = shorten(curve.label, 40)
            if curve.error:
                axes.errorbar(curve.x, curve.y, 1.645 * _array(curve.error), color=colour, marker=marker, label=label)
            else:
                axes.plot(curve.x, curve.y, color=colour, linestyle=line, linewidth=1.8, label=label)
            if curve.low:
                axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
        axes.set(xlabel=words.x, ylabel=words.y, **words.more)
        legend_above(axes, figure, height, 3 if len(drawn) <= 3 else 2)
        return {}

    return words.figure(svg.draw(words.id, words.alt, height, paint))


def _array(values: Sequence[float]) -> Any:
    import numpy as np

    return np.asarray(values)


@dataclass(frozen=True)
class IntervalRow:
    """One row of `intervals`: a name, a value, its interval, and how it is drawn."""

    label: str
    mean: float
    low: float
    high: float
    look: Look


def intervals(words: Words, rows: Sequence[IntervalRow]) -> Figure:
    """Named values with their intervals, one below the other."""
    height = 60 + 26 * len(rows)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.36, 44 / height, 0.6, 1 - 54 / height))
        axes.grid(axis="x")
        for k, row in enumerate(rows):
            axes.hlines(k, row.low, row.high, color=row.look.colour, linewidth=2)
            points(axes, f"r{k}", [row.mean], [k], row.look, s=36)
        axes.set(ylim=(len(rows) - 0.5, -0.5), xlabel=words.x, **words.more)
        axes.set_yticks(range(len(rows)), [shorten(row.label, 42) for row in rows], parse_math=False)
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        return {
            f"r{k}": [f"{row.label}: {row.mean:.3g} ({row.low:.3g} to {row.high:.3g})"] for k, row in enumerate(rows)
        }

    return words.figure(svg.draw(words.id, words.alt, height, paint))


def histograms(words: Words, panels: Mapping[str, Sequence[Curve]], level: float | None = None) -> Figure:
    """Small panels, each with the outlines of several histograms; ``level`` is where they should be."""
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    height = 40 + 150 * rows

    def paint(figure: MplFigure) -> svg.Tips:
        grid = figure.add_gridspec(rows, columns, left=0.07, right=0.98, top=1 - 54 / height, bottom=40 / height)
        grid.update(hspace=0.55, wspace=0.25)
        axes = None
        for k, (title, drawn) in enumerate(panels.items()):
            axes = figure.add_subplot(grid[k // columns, k % columns])
            if level is not None:
                axes.axhline(level, color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
            for c, curve in enumerate(drawn):
                _, colour, line = CYCLE[c % len(CYCLE)]
                axes.plot(curve.x, curve.y, color=colour, linestyle=line, drawstyle="steps-mid", label=curve.label)
            axes.set_title(shorten(title, 30), fontsize=10, parse_math=False)
            axes.set(yticks=[], **words.more)
        if axes is not None:
            legend_above(axes, figure, height)
        figure.supxlabel(words.x, fontsize=11, y=4 / height)
        return {}

    return words.figure(svg.draw(words.id, words.alt, height, paint))
