"""Kinds of pictures: points, curves with bands, intervals in rows, histograms by chain. Numbers in, `Figure` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import svg
from .language import shorten
from .parts import Figure
from .svg import CYCLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure


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
