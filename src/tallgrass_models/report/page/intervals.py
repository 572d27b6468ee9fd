"""Intervals below each other, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import measure, svg
from .parts import Figure
from .plots import Frame, Words
from .scatter import Look, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure


@dataclass(frozen=True)
class IntervalRow:
    """One row of `intervals`: a name, a value, its interval, and how it is drawn."""

    label: str
    mean: float
    low: float
    high: float
    look: Look


_SIZE, _ROW = 11, 26


def intervals(words: Words, rows: Sequence[IntervalRow]) -> Figure:
    """Named values with their intervals, one below the other: the name beside its interval, or above it on a phone."""
    frame = Frame((), words.x, "", 0)

    def names(width: float) -> list[list[str]]:
        room = 0.4 * width if width >= svg.WIDE else width - 8
        return [measure.wrapped(row.label, room, _SIZE)[:2] for row in rows]

    def height(width: float) -> float:
        return _stack(names(width), width)[-1] + frame.height(width)

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        labels, edges = names(width), _stack(names(width), width)
        beside = width >= svg.WIDE
        left = max(measure.widest(lines, _SIZE) for lines in labels) + 14 if beside else 18
        high = height(width)
        bottom = 1 - (edges[-1] + 8) / high
        axes = figure.add_axes((left / width, bottom, 1 - (left + 16) / width, edges[-1] / high))
        axes.grid(axis="x")
        for k, (row, lines) in enumerate(zip(rows, labels, strict=True)):
            at = edges[k + 1] - _ROW / 2
            axes.hlines(at, row.low, row.high, color=row.look.colour, linewidth=2)
            points(axes, f"r{k}", [row.mean], [at], row.look, s=36)
            first = at - 7 * (len(lines) - 1) if beside else edges[k] + 9
            for n, line in enumerate(lines):
                y = 1 - (first + 14 * n + 8) / high
                figure.text(
                    0 if not beside else (left - 10) / width,
                    y,
                    line,
                    ha="right" if beside else "left",
                    va="center_baseline",
                )
        axes.set(ylim=(edges[-1], 0), yticks=[], **words.more)
        axes.spines["left"].set_visible(False)
        frame.below(figure, high, left)
        return {
            f"r{k}": [f"{row.label}: {_short(row.mean)} ({_short(row.low)} to {_short(row.high)})"]
            for k, row in enumerate(rows)
        }

    return words.figure(svg.draw(words.id, words.alt, height, paint, words.title))


def _stack(names: Sequence[Sequence[str]], width: float) -> list[float]:
    """Return the upper edge of each row in pixels from the top, and the lower edge of the last."""
    tall = [max(_ROW, 4 + 14 * len(n)) if width >= svg.WIDE else _ROW + 14 * len(n) - 4 for n in names]
    return [float(sum(tall[:k])) for k in range(len(tall) + 1)]


def _short(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
