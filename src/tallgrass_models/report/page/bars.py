"""An interval drawn in a table's cell, on one scale for all rows: rows that can be sorted make the forest plot."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ...wording.numbers import signed
from .people import PARTY_CLASSES
from .words import interval as interval_words

_WIDTH, _HEIGHT, _PAD = 260, 18, 8
_MARKERS = {"dem": "M{x:.1f} 9m-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0", "rep": "M{x:.1f} 4l5 5l-5 5l-5 -5z"}
_OTHER = "M{x:.1f} 4l5 9h-10z"


@dataclass(frozen=True)
class Scale:
    """Positions from ``low`` to ``high`` onto the width of the cell."""

    low: float
    high: float

    @classmethod
    def of(cls, intervals: Sequence[tuple[float, float]]) -> Scale:
        """Return the scale that holds all intervals, and zero."""
        low, high = min(0.0, *(low for low, _ in intervals)), max(0.0, *(high for _, high in intervals))
        return cls(low, high if high > low else low + 1)

    def x(self, value: float) -> float:
        """Return the place of a position in the cell."""
        return _PAD + (_WIDTH - 2 * _PAD) * (value - self.low) / (self.high - self.low)

    def ticks(self) -> list[float]:
        """Three to six round positions."""
        step = 10.0 ** math.floor(math.log10(self.high - self.low))
        step *= next(f for f in (1, 0.5, 0.2, 0.1) if (self.high - self.low) / (step * f) >= 3)
        return [k * step for k in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]


def axis(scale: Scale) -> Markup:
    """Return the heading of the column: ticks on the scale, and which end is which."""
    places = [(t, scale.x(t)) for t in scale.ticks()]
    labels = Markup("").join(
        Markup('<text x="{}" y="24">{}</text>').format(f"{x:.1f}", f"{t:g}".replace("-", "−")) for t, x in places
    )
    text = Markup('<text x="{}" y="9" class="end">← left</text><text x="{}" y="9">right →</text>')
    ends = text.format(_PAD + 14, _WIDTH - _PAD - 18)
    return Markup('<svg class="bar" viewBox="0 0 {} 30" role="img" aria-label="{}">{}{}{}</svg>').format(
        _WIDTH, "Position with 90 % interval, left to right", ends, labels, _grid(scale, 26, 30)
    )


def interval(scale: Scale, at: tuple[float, float, float], party: str, hollow: bool = False) -> Markup:
    """One row: the party's marker at the first number, full or hollow, and a line from the second to the third."""
    mean, low, high = at
    kind = PARTY_CLASSES.get(party, "minor")
    marker = _MARKERS.get(kind, _OTHER).format(x=scale.x(mean))
    tip = f"{signed(mean)} (90 %: {interval_words(low, high)})"
    line = f"M{scale.x(low):.1f} 9H{scale.x(high):.1f}"
    return Markup(
        '<svg class="bar {}{}" viewBox="0 0 {} {}" aria-hidden="true">{}<path d="{}"/>'
        '<path class="dot" d="{}"><title>{}</title></path></svg>'
    ).format(kind, " hollow" if hollow else "", _WIDTH, _HEIGHT, _grid(scale, 0, _HEIGHT), line, marker, tip)


def _grid(scale: Scale, top: int, bottom: int) -> Markup:
    lines = "".join(f"M{scale.x(t):.1f} {top}V{bottom}" for t in scale.ticks())
    return Markup('<path class="grid" d="{}"/>').format(lines)
