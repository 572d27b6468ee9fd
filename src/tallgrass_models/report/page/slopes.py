"""Members under several variants: lines from rank to rank, or a matrix of changes where variants are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import svg
from .language import shorten
from .numbers import NOT_KNOWN, signed
from .parts import Figure
from .plots import Words, legend_above
from .scatter import Look, points

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure
    from matplotlib.patches import Rectangle

_HEIGHT = 460
#: Room for a name beside its line, as a share of the picture's height.
_LINE = 0.034
#: A change of that share of the chamber, or more, has the full colour.
_FULL = 0.3


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

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.09, 0.04, 0.55, 0.84))
        for label in dict.fromkeys(line.label for line in lines):
            here = [line for line in lines if line.label == label]
            x = [k for _ in here for k in (*range(len(variants)), float("nan"))]
            y = [rank for line in here for rank in (*line.ranks, float("nan"))]
            axes.plot(x, y, color=here[0].look.colour, linewidth=0.8, alpha=0.45, label=label)
        tips = {}
        for k, line in enumerate(line for line in lines if line.named):
            axes.plot(range(len(variants)), line.ranks, color=line.look.colour, linewidth=2.2)
            points(axes, f"n{k}", range(len(variants)), line.ranks, line.look, s=22)  # type: ignore[arg-type]
            tips[f"n{k}"] = [
                f"{line.name}: rank {rank:.0f} under {v}" for rank, v in zip(line.ranks, variants, strict=True)
            ]
        lowest = max(max(line.ranks) for line in lines)
        _names(axes, len(variants) - 1, [line for line in lines if line.named], lowest)
        axes.set(xlim=(0, len(variants) - 1), ylim=(lowest + 0.5, 0.5), ylabel=words.y)
        axes.set_xticks(
            range(len(variants)), [shorten(name, 60 // len(variants)) for name in variants], parse_math=False
        )
        axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.grid(axis="x")
        axes.spines[["left", "bottom"]].set_visible(False)
        legend_above(axes, figure, _HEIGHT)
        return tips

    return words.figure(svg.draw(words.id, words.alt, _HEIGHT, paint))


def _names(axes: Axes, last: int, named: Sequence[Line], lowest: float) -> None:
    """Write the names of lines at their right ends, apart from each other; ``lowest`` is the last rank."""
    ordered = sorted(named, key=lambda line: line.ranks[-1])
    for line, at in zip(ordered, spread([line.ranks[-1] for line in ordered], _LINE * lowest, lowest), strict=True):
        axes.annotate(
            f"{shorten(line.name, 24)} {line.ranks[0]:.0f} → {line.ranks[-1]:.0f}",
            (last, line.ranks[-1]),
            (last * 1.05, at),
            va="center",
            fontsize=10,
            color=line.look.colour,
            annotation_clip=False,
            parse_math=False,
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
    height = 130 + 24 * len(rows)

    def paint(figure: MplFigure) -> svg.Tips:
        axes = figure.add_axes((0.32, 12 / height, 0.66, 1 - 122 / height))
        for k, (_, look, cells) in enumerate(rows):
            for c, cell in enumerate(cells):
                size = 0.0 if cell.ranks is None else min(1.0, abs(cell.ranks) / (_FULL * n))
                axes.add_patch(_square(c, k, "#b3321f" if (cell.ranks or 0) > 0 else "#1b62a8", 0.55 * size))
                weight = "bold" if cell.beyond else "normal"
                text = NOT_KNOWN if cell.ranks is None else signed(cell.ranks, 0)
                axes.text(c, k, text, ha="center", va="center", fontsize=10, weight=weight)
            points(axes, f"p{k}", [-0.6 - 0.01 * len(variants)], [k], look, s=24)
        axes.set(xlim=(-0.5, len(variants) - 0.5), ylim=(len(rows) - 0.5, -0.5))
        axes.set_yticks(range(len(rows)), [shorten(name, 28) for name, _, _ in rows], parse_math=False)
        axes.set_xticks(range(len(variants)), [shorten(name, 22) for name in variants], parse_math=False)
        axes.tick_params(axis="both", length=0)
        axes.tick_params(axis="y", pad=20)
        axes.tick_params(axis="x", top=True, labeltop=True, bottom=False, labelbottom=False, labelrotation=38)
        for label in axes.get_xticklabels():
            label.set_horizontalalignment("left")
        axes.spines[["left", "bottom"]].set_visible(False)
        return {f"p{k}": [name] for k, (name, _, _) in enumerate(rows)}

    return words.figure(svg.draw(words.id, words.alt, height, paint))


def _square(column: int, row: int, colour: str, alpha: float) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((column - 0.48, row - 0.45), 0.96, 0.9, facecolor=colour, alpha=alpha, linewidth=0)
