"""Intervals below each other, a row for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..page import svg
from .language import shorten
from .parts import Figure
from .plots import Words
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
