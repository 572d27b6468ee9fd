"""Members under several variants: lines from rank to rank, or a matrix of changes where variants are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...wording.numbers import NOT_KNOWN, signed
from . import measure, svg
from .language import shorten
from .parts import Figure
from .plots import Words, legend_above
from .scatter import Look, points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure
    from matplotlib.patches import Rectangle

#: Height of the lines, and what is above and below them, in pixels.
_INNER, _ABOVE, _BELOW = 400, 58, 8
#: Size of names, and the room that each takes.
_SIZE, _LINE = 10, 13
#: A change of that share of the chamber, or more, has the full colour.
_FULL = 0.3
_ROW = 24
#: Narrower cells have no room for a number.
_CELL = 18


@dataclass(frozen=True)
class Line:
    """A member's ranks under the variants, with the party as label and look; ``named`` ones are drawn bold."""

    name: str
    label: str
    look: Look
    ranks: Sequence[float]
    named: bool


@dataclass(frozen=True)
class Change:
    """A cell of `matrix`: the change of a rank, and whether it goes beyond both intervals. None: not compared."""

    ranks: float | None
    beyond: bool


def slopes(words: Words, variants: Sequence[str], lines: Sequence[Line]) -> Figure:
    """Draw a line for each member through the ranks under ``variants``, rank 1 on top."""
    height, last = _ABOVE + _INNER + _BELOW, len(variants) - 1
    lowest = max(max(line.ranks) for line in lines)
    named = [line for line in lines if line.named]

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        left, names = 34, 0.36 * width if named else 24
        axes = figure.add_axes((left / width, _BELOW / height, 1 - (left + names) / width, _INNER / height))
        for label in sorted({line.label for line in lines}):
            _many(axes, label, [line for line in lines if line.label == label])
        tips = {}
        for k, line in enumerate(named):
            axes.plot(range(len(variants)), line.ranks, color=line.look.colour, linewidth=2.2)
            points(axes, f"n{k}", [*range(len(variants))], line.ranks, line.look, s=22)
            pairs = zip(line.ranks, variants, strict=True)
            tips[f"n{k}"] = [f"{line.name}: rank {rank:.0f} under {name}" for rank, name in pairs]
        axes.set(xlim=(0, last), ylim=(lowest + 0.5, 0.5), xticks=range(len(variants)))
        _columns(figure, axes, variants)
        _names(axes, last, named, lowest, names - 24)
        axes.set_xticklabels([])
        axes.tick_params(axis="y", pad=8)
        axes.grid(axis="x")
        axes.spines[["left", "bottom"]].set_visible(False)
        legend_above(axes, figure, height)
        return tips

    return words.figure(svg.draw(words.id, words.alt, height, paint, words.title))


def _many(axes: Axes, label: str, lines: Sequence[Line]) -> None:
    """Draw the lines of a group as one path."""
    gap = float("nan")
    x = [k for line in lines for k in (*map(float, range(len(line.ranks))), gap)]
    y = [rank for line in lines for rank in (*line.ranks, gap)]
    axes.plot(x, y, color=lines[0].look.colour, linewidth=0.8, alpha=0.45, label=label)


def _columns(figure: MplFigure, axes: Axes, variants: Sequence[str]) -> None:
    """Write the names of the variants above their columns, in two heights if they are long."""
    box = axes.get_window_extent()
    step = box.width / max(len(variants) - 1, 1)
    long = any(measure.width(name, _SIZE, bold=True) > 0.9 * step for name in variants)
    for k, name in enumerate(variants):
        x, y = box.x0 + k * step, box.y1 + 6 + (14 if long and k % 2 else 0)
        text = measure.fitted(name, (2 if long else 1) * step, _SIZE, bold=True)
        half = measure.width(text, _SIZE, bold=True) / 2
        inside = min(max(x, half + 2), svg.width_of(figure) - half - 2)
        at = figure.transFigure.inverted().transform((inside, y))
        figure.text(at[0], at[1], text, ha="center", va="baseline", fontsize=_SIZE, weight="bold")


def _names(axes: Axes, last: int, named: Sequence[Line], lowest: float, room: float) -> None:
    """Write the names of lines at their right ends, apart from each other; ``lowest`` is the last rank."""
    ordered = sorted(named, key=lambda line: line.ranks[-1])
    places = spread([line.ranks[-1] for line in ordered], _LINE * lowest / _INNER, lowest)
    for line, at in zip(ordered, places, strict=True):
        ranks = f", {line.ranks[0]:.0f} → {line.ranks[-1]:.0f}"
        axes.annotate(
            measure.fitted(line.name, room - measure.width(ranks, _SIZE), _SIZE) + ranks,
            (last, line.ranks[-1]),
            (18, (line.ranks[-1] - at) * _INNER / lowest),
            textcoords="offset pixels",
            va="center",
            fontsize=_SIZE,
            color=line.look.colour,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": line.look.colour, "linewidth": 0.6},
        )


def spread(values: Sequence[float], step: float, highest: float) -> list[float]:
    """Push rising ``values`` apart to ``step`` or more, none above ``highest`` as far as there is room."""
    out = list(values)
    for k in range(1, len(out)):
        out[k] = max(out[k], out[k - 1] + step)
    for k in reversed(range(len(out))):
        out[k] = min(out[k], highest if k == len(out) - 1 else out[k + 1] - step)
    return out


def matrix(words: Words, variants: Sequence[str], rows: Sequence[tuple[str, Look, Sequence[Change]]], n: int) -> Figure:
    """Draw a row for each member and a column for each variant: the change of rank among ``n`` members, coloured."""
    inner = _ROW * len(rows)
    above = 14 + 0.75 * min(150.0, measure.widest(variants, _SIZE))
    height = above + inner + 8

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        room = min(0.36 * width, measure.widest([name for name, _, _ in rows], _SIZE))
        left, right = room + 26, 30
        axes = figure.add_axes((left / width, 8 / height, 1 - (left + right) / width, inner / height))
        axes.set(xlim=(-0.5, len(variants) - 0.5), ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[])
        one = (width - left - right) / len(variants)
        for k, (name, look, cells) in enumerate(rows):
            for c, cell in enumerate(cells):
                axes.add_patch(_square(c, k, cell, n))
                weight = "bold" if cell.beyond else "normal"
                if one < _CELL and not cell.beyond:
                    continue  # on a phone many variants leave room for colours only
                text = NOT_KNOWN if cell.ranks is None else signed(cell.ranks, 0)
                axes.text(c, k, text, ha="center", va="center_baseline", fontsize=_SIZE, weight=weight)
            points(axes, f"p{k}", [-0.5 - 10 / one], [k], look, s=24)
            axes.annotate(
                measure.fitted(name, room, _SIZE),
                (-0.5, k),
                (-20, 0),
                textcoords="offset pixels",
                ha="right",
                va="center_baseline",
                fontsize=_SIZE,
                annotation_clip=False,
            )
        for c, name in enumerate(variants):
            text = measure.fitted(name, 150, _SIZE)
            axes.text(c, -0.7, text, ha="left", va="bottom", fontsize=_SIZE, rotation=45, rotation_mode="anchor")
        axes.spines[["left", "bottom"]].set_visible(False)
        return {f"p{k}": [shorten(name, 200)] for k, (name, _, _) in enumerate(rows)}

    return words.figure(svg.draw(words.id, words.alt, height, paint, words.title))


def _square(column: int, row: int, cell: Change, n: int) -> Rectangle:
    from matplotlib.patches import Rectangle

    share = min(1.0, abs(cell.ranks or 0.0) / (_FULL * n))
    colour = svg.CYCLE[1][1] if (cell.ranks or 0.0) > 0 else svg.CYCLE[3][1]
    return Rectangle((column - 0.48, row - 0.45), 0.96, 0.9, facecolor=colour, alpha=0.6 * share, linewidth=0)
