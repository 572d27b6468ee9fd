"""Names beside the points that stand out: which points, and where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import measure, svg
from .measure import fitted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

SIZE = 10  # of the font
_HEIGHT = 12
_LONGEST = 170  # pixels of a name
_COVERED = 2  # points that a name may cover
_FAR = 2.0  # root mean squares of all distances beyond which a point stands out
_MOST = {True: 5, False: 8}  # names in a narrow picture, in a wide one

# Where a name may stand: steps from its point to the text, and how the text is set there; the best places first.
_PLACES = (
    (7, 0, "left"),
    (-7, 0, "right"),
    (0, 10, "center"),
    (0, -10, "center"),
    (5, 9, "left"),
    (-5, 9, "right"),
    (5, -9, "left"),
    (-5, -9, "right"),
)


@dataclass(frozen=True)
class Placed:
    """A name at the middle of its height; ``ha`` as in matplotlib."""

    text: str
    x: float
    y: float
    ha: str

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, right, bottom and top."""
        wide = measure.width(self.text, SIZE)
        left = self.x - {"left": 0.0, "right": wide, "center": wide / 2}[self.ha]
        return left, left + wide, self.y - _HEIGHT / 2, self.y + _HEIGHT / 2


def outstanding(x: Sequence[float], y: Sequence[float], diagonal: bool = False) -> list[int]:
    """Return the points that stand out, most first: the four ends, then those far from what the others do.

    With ``diagonal`` that is the line on which x and y agree; otherwise the line of least squares where x and y go
    together (a correlation beyond 0.5), and else the middle of all points.
    """
    import numpy as np

    px, py = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if not px.size:
        return []
    dx, dy = px - np.median(px), py - np.median(py)
    spread = (px.std() or 1.0, py.std() or 1.0)
    if diagonal:
        far = np.abs(py - px)
    elif px.size > 2 and px.std() and py.std() and abs(np.corrcoef(px, py)[0, 1]) > 0.5:
        far = np.abs(py - np.polyval(np.polyfit(px, py, 1), px))
    else:
        far = np.hypot(dx / spread[0], dy / spread[1])
    ends = [] if diagonal else [int(k) for k in (px.argmin(), px.argmax(), py.argmin(), py.argmax())]
    limit = _FAR * np.sqrt((far**2).mean())
    return list(dict.fromkeys([*ends, *(int(k) for k in np.argsort(-far, kind="stable") if far[k] > limit)]))


def place(
    wanted: Sequence[tuple[float, float, str]],
    around: Sequence[tuple[float, float]],
    bounds: tuple[float, float, float, float],
    most: int,
) -> list[Placed]:
    """Find room for names beside their points.

    Parameters
    ----------
    wanted
        Place of a point in pixels, upwards, and its name; the most important first.
    around
        All points of the picture, which names should not cover.
    bounds
        Left, right, bottom and top of what a name may take.
    most
        How many names at most.

    Returns
    -------
    list of Placed
        Names that overlap neither each other nor the bounds, nor more than a point or two; others are left out.
    """
    import numpy as np

    points = np.asarray(around, dtype=float).reshape(-1, 2)
    taken: list[Placed] = []
    for x, y, name in wanted:
        text = fitted(name, _LONGEST, SIZE)
        if len(taken) == most:
            break
        if not text or any(text == other.text for other in taken):
            continue
        found = [Placed(text, x + dx, y + dy, ha) for dx, dy, ha in _PLACES]
        inside = [p for p in found if _inside(p.box, bounds) and not any(_overlap(p.box, o.box) for o in taken)]
        least, _, best = min(((_covered(p.box, points), k, p) for k, p in enumerate(inside)), default=(99, 0, None))
        if best and least <= _COVERED:
            taken.append(best)
    return taken


def _inside(box: tuple[float, ...], bounds: tuple[float, ...]) -> bool:
    return box[0] >= bounds[0] and box[1] <= bounds[1] and box[2] >= bounds[2] and box[3] <= bounds[3]


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[1] + 4 and b[0] < a[1] + 4 and a[2] < b[3] and b[2] < a[3]


def _covered(box: tuple[float, ...], points: Any) -> int:
    x, y = points[:, 0], points[:, 1]
    return int(((x > box[0] - 3) & (x < box[1] + 3) & (y > box[2] - 2) & (y < box[3] + 2)).sum())


def name_points(
    figure: MplFigure,
    axes: Axes,
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    order: Sequence[int],
    ceiling: float | None = None,
) -> None:
    """Write the names of the points in ``order``, the first ones first, where there is room, below ``ceiling``.

    The limits of the axes must be final.
    """
    if not points or not any(names):
        return
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())
    pixels = [(float(x), float(y)) for x, y in axes.transData.transform(points)]
    frame = axes.get_window_extent()
    top = frame.y1 + 6 if ceiling is None else float(axes.transData.transform((0, ceiling))[1])
    bounds = (frame.x0 + 1, svg.width_of(figure) - 2, frame.y0 + 1, top)
    wanted = [(*pixels[k], names[k]) for k in order if names[k]]
    for label in place(wanted, pixels, bounds, _MOST[svg.is_narrow(figure)]):
        x, y = figure.transFigure.inverted().transform((label.x, label.y))
        figure.text(x, y, label.text, ha=label.ha, va="center_baseline", fontsize=SIZE)
