"""Kinds of pictures: points, curves with bands, intervals in rows, histograms by chain. Numbers in, `Figure` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import measure, svg
from .language import shorten
from .parts import Figure
from .svg import CYCLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_SIZE = 11  # of the font of labels
_ROW = 18  # height of the name of the upright axis
_LINE = 15  # height of a line of the name of the level axis
#: Between the name of an axis and the names of its ends.
ENDS = "\u2003·\u2003"


@dataclass(frozen=True)
class Curve:
    """A line through points, with a band where there is one; ``error`` are bars around the points.

    ``like`` is the place in `CYCLE` of its colour and ``dashes`` that of its line; by default its own place.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    error: Sequence[float] = ()
    like: int | None = field(default=None, kw_only=True)
    dashes: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Words:
    """Words around a picture: its id, alternative text, caption and axis labels; ``title`` stands above it."""

    id: str
    alt: str
    caption: str
    x: str
    y: str
    more: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""

    def figure(self, drawn: svg.Drawing, folded: str = "") -> Figure:
        """Make the part of the page."""
        return Figure(self.id, self.caption, drawn, folded)


@dataclass(frozen=True)
class Frame:
    """Room around the axes of a picture: legend and name of the upright axis above, that of the level axis below.

    ``inner`` is the height of the axes in pixels.
    """

    labels: Sequence[str]
    x: str
    y: str
    inner: float
    left: float = 12

    def height(self, width: float) -> float:
        """Return the height of the picture at a width."""
        return self._above(width) + self.inner + self._below(width)

    def _above(self, width: float) -> float:
        return _legend_height(self.labels, width) + _ROW * bool(self.y) + 8

    def _below(self, width: float) -> float:
        return 22 + _LINE * len(_lines(self.x, width))

    def axes(self, figure: MplFigure) -> Axes:
        """Make the axes; `finish` sets their left edge, when the ticks are known."""
        width = svg.width_of(figure)
        height = self.height(width)
        axes = figure.add_axes((self.left / width, self._below(width) / height, 0.9, self.inner / height))
        axes.set_position((self.left / width, self._below(width) / height, *self._size(figure, self.left)))
        axes.grid()
        return axes

    def _size(self, figure: MplFigure, left: float) -> tuple[float, float]:
        width = svg.width_of(figure)
        return (width - left - 16) / width, self.inner / self.height(width)

    def finish(self, figure: MplFigure, axes: Axes) -> None:
        """Write the names of the axes and the legend, and make room for the ticks' labels."""
        width = svg.width_of(figure)
        height = self.height(width)
        axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
        left = max(self.left, measure.widest(_ticks(axes), _SIZE) + 10)
        axes.set_position((left / width, self._below(width) / height, *self._size(figure, left)))
        self.below(figure, height, left)
        if self.y:
            y = (height - self._above(width) + 14) / height
            figure.text(0, y, "↑ " + measure.fitted(self.y, width - 20, _SIZE), va="baseline", color=svg.FAINT)
        if self.labels:
            legend_above(axes, figure, height)

    def finish_shared(self, figure: MplFigure) -> None:
        """Write the name of the level axis and the legend of a picture of several axes, which keep their places."""
        height = self.height(svg.width_of(figure))
        left = figure.axes[0].get_position().x0 * svg.width_of(figure) if len(figure.axes) == 1 else 0.0
        self.below(figure, height, left)
        legend_above(figure.axes[0], figure, height)

    def below(self, figure: MplFigure, height: float, left: float = 0) -> None:
        """Write the name of the level axis, ``height`` being that of the picture; the axes begin at ``left``."""
        name_below(figure, self.x, height, self._below(width := svg.width_of(figure)) - 34, left / width)


def _ticks(axes: Axes) -> list[str]:
    low, high = sorted(axes.get_ylim())
    ticks = [t for t in axes.get_yticks() if low <= t <= high]
    return list(axes.yaxis.get_major_formatter().format_ticks(ticks))


def _lines(text: str, width: float) -> list[tuple[str, ...]]:
    """Break the name of an axis into lines; the names of its ends are set apart where it does not fit on one line."""
    if measure.width(text, _SIZE) <= width - 16:
        return [(text,)]
    first, *middle, last = text.split(ENDS) if ENDS in text else ("", text, "")
    lines = [(line,) for line in measure.wrapped(" ".join(middle), width - 8, _SIZE)]
    return [(first, last), *lines] if first else list(lines)


def name_below(figure: MplFigure, text: str, height: float, top: float, left: float = 0) -> None:
    """Write the name of a level axis, the first line ``top`` pixels above the lower edge of the picture."""
    for k, line in enumerate(_lines(text, svg.width_of(figure))):
        half = measure.width(line[0], _SIZE) / svg.width_of(figure) / 2
        middle = min((left + 1) / 2, 1 - half)  # below the axes, unless the line is too long for that
        places = ((left, "left"), (1.0, "right")) if len(line) == 2 else ((middle, "center"),)
        for part, (x, ha) in zip(line, places, strict=True):
            figure.text(x, (top - _LINE * k) / height, part, ha=ha, va="baseline")


def legend_columns(labels: Sequence[str], width: float) -> tuple[int, int]:
    """Return how many columns and rows a legend has that is no wider than the picture."""
    if not labels:
        return 0, 0
    columns = max(1, min(len(labels), int(width // (measure.widest(labels, _SIZE) + 44))))
    return columns, -(-len(labels) // columns)


def _legend_height(labels: Sequence[str], width: float) -> float:
    rows = legend_columns(labels, width)[1]
    return 15 * rows + 4 * bool(rows)


def legend_above(axes: Axes, figure: MplFigure, height: float, columns: int | None = None) -> None:
    """Draw the legend in the free strip on top, in as many rows as its width asks for."""
    handles, labels = _legend([axes, *figure.axes])
    width = svg.width_of(figure)
    fitting = legend_columns(labels, width)[0]
    figure.legend(
        handles,
        [measure.fitted(label, width - 44, _SIZE) for label in labels],
        loc="upper left",
        bbox_to_anchor=(0, 1),
        ncols=min(columns or fitting, fitting),
        borderpad=0,
        borderaxespad=0,
        handlelength=2.2,
        handletextpad=0.4,
        columnspacing=1.2,
        labelspacing=0.35,
    )


def _legend(of: Sequence[Axes]) -> tuple[list[Any], list[str]]:
    """Return handles and labels of some axes, each label once."""
    found: dict[str, Any] = {}
    for axes in of:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return list(found.values()), list(found)


def curves(words: Words, drawn: Sequence[Curve], height: int = 380, diagonal: bool = False) -> Figure:
    """Lines with bands or error bars, told apart by colour and by dashes."""
    frame = Frame([shorten(curve.label, 60) for curve in drawn], words.x, words.y, height - 100)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = frame.axes(figure)
        if diagonal:
            axes.plot((0, 1), (0, 1), color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
        for k, (curve, label) in enumerate(zip(drawn, frame.labels, strict=True)):
            marker, colour, _ = CYCLE[(k if curve.like is None else curve.like) % len(CYCLE)]
            line = CYCLE[(k if curve.dashes is None else curve.dashes) % len(CYCLE)][2]
            if curve.error:
                axes.errorbar(curve.x, curve.y, 1.645 * _array(curve.error), color=colour, marker=marker, label=label)
            else:
                axes.plot(curve.x, curve.y, color=colour, linestyle=line, linewidth=1.8, label=label)
            if curve.low:
                axes.fill_between(curve.x, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0)
        axes.set(**words.more)
        frame.finish(figure, axes)
        return {}

    return words.figure(svg.draw(words.id, words.alt, frame.height, paint, words.title))


def _array(values: Sequence[float]) -> Any:
    import numpy as np

    return np.asarray(values)


def histograms(words: Words, panels: Mapping[str, Sequence[Curve]], level: float | None = None) -> Figure:
    """Small panels, each with the outlines of several histograms; ``level`` is where they should be."""
    labels = list(dict.fromkeys(curve.label for drawn in panels.values() for curve in drawn))

    def shape(width: float) -> tuple[int, int, float]:
        columns = min(3 if width >= svg.WIDE else 2, len(panels))
        return columns, -(-len(panels) // columns), _legend_height(labels, width) + 24

    def height(width: float) -> float:
        _, rows, above = shape(width)
        return above + 20 + _LINE * len(_lines(words.x, width)) + 120 * rows

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        (columns, rows, above), high, lines = shape(width), height(width), len(_lines(words.x, width))
        grid = figure.add_gridspec(rows, columns, left=0.04, right=0.96)
        grid.update(top=1 - above / high, bottom=(26 + _LINE * lines) / high, hspace=0.55, wspace=0.16)
        axes = None
        for k, (title, drawn) in enumerate(panels.items()):
            axes = figure.add_subplot(grid[k // columns, k % columns])
            if level is not None:
                axes.axhline(level, color=svg.FAINT, linewidth=1, linestyle=(0, (4, 3)))
            for c, curve in enumerate(drawn):
                _, colour, line = CYCLE[c % len(CYCLE)]
                axes.plot(curve.x, curve.y, color=colour, linestyle=line, drawstyle="steps-mid", label=curve.label)
            axes.set_title(measure.fitted(title, 0.85 * width / columns, 10), fontsize=10)
            axes.set(yticks=[], **words.more)
            axes.locator_params(axis="x", nbins=3)
        if axes is not None:
            legend_above(axes, figure, high)
        name_below(figure, words.x, high, _LINE * (lines - 1) + 4)
        return {}

    return words.figure(svg.draw(words.id, words.alt, height, paint, words.title, once=True))
