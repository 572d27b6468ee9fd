"""Specification curves: values with their intervals, sorted, and below them the choices behind each as a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import measure, svg
from .parts import Figure
from .plots import Words
from .scatter import Look, points

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MplFigure

#: Height of the values and of a row of the grid, and what is above, between and below, in pixels.
_INNER, _ROW, _ABOVE, _BETWEEN, _BELOW = 170, 17, 12, 14, 8
#: Size of names; they take at most this share of the width.
_SIZE, _NAMES = 10, 0.4
#: Largest marker, in square points; many specifications have smaller ones.
_MARKER = 34.0


@dataclass(frozen=True)
class Spot:
    """A specification: its value, its interval where it has one, what a pointer says; the reference is full."""

    value: float
    low: float | None
    high: float | None
    tip: str
    reference: bool


@dataclass(frozen=True)
class GridRow:
    """A row of the grid: a heading without dots, or a value with the columns of the specifications that have it."""

    label: str
    at: Sequence[int] | None


def specification_curve(words: Words, spots: Sequence[Spot], rows: Sequence[GridRow]) -> Figure:
    """Draw the values from left to right as they come, and the grid below."""
    grid = _ROW * len(rows)
    height = _ABOVE + _INNER + _BETWEEN + grid + _BELOW

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        room = max(56.0, min(_NAMES * width, 8 + measure.widest([row.label for row in rows], _SIZE)))
        left, across = (room + 10) / width, 1 - (room + 20) / width
        step = across * width / len(spots)
        size = min(_MARKER, (0.75 * step) ** 2)
        top = figure.add_axes((left, 1 - (_ABOVE + _INNER) / height, across, _INNER / height))
        limits = (-0.5, len(spots) - 0.5)
        top.set(xlim=limits, xticks=[], ylabel="")
        top.grid(axis="y")
        for k, spot in enumerate(spots):
            if spot.low is not None and spot.high is not None:
                top.vlines(k, spot.low, spot.high, color=svg.INK, linewidth=min(2.0, 0.3 * step))
        tips = {}
        for name, wanted in (("v", False), ("ref", True)):
            here = [k for k, spot in enumerate(spots) if spot.reference is wanted]
            if here:
                look = Look("o", svg.INK, filled=wanted)
                points(top, name, [float(k) for k in here], [spots[k].value for k in here], look, s=size, zorder=3)
                tips[name] = [spots[k].tip for k in here]
        top.yaxis.set_tick_params(labelsize=_SIZE)
        below = figure.add_axes((left, _BELOW / height, across, grid / height))
        below.set(xlim=limits, ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[])
        below.spines[["left", "bottom"]].set_visible(False)
        for k, row in enumerate(rows):
            weight = "bold" if row.at is None else "normal"
            text = measure.fitted(row.label, room, _SIZE, bold=row.at is None)
            below.annotate(
                text,
                (-0.5, k),
                (-10, 0),
                textcoords="offset pixels",
                ha="right",
                va="center_baseline",
                fontsize=_SIZE,
                weight=weight,
                annotation_clip=False,
            )
            if row.at is not None:
                below.hlines(k, -0.5, len(spots) - 0.5, color="#eceef0", linewidth=1)
                look = Look("s", svg.INK)
                points(below, f"g{k}", [float(at) for at in row.at], [float(k)] * len(row.at), look, s=0.7 * size)
                tips[f"g{k}"] = [f"{row.label}: {spots[at].tip}" for at in row.at]
        return tips

    return words.figure(svg.draw(words.id, words.alt, height, paint, words.title))
