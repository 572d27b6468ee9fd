"""Picture of a chamber in one strip: every member a mark, and the ends, the middle and the median named.

Readable on paper: nothing in it needs a pointer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, signed
from ..files.data import UnitResults
from ..files.records import Member
from ..page import measure, svg
from ..page.language import plural
from ..page.parts import Figure
from ..page.people import PARTY_LETTERS
from ..page.scatter import points
from ..page.words import unit_title
from .figures import by_party, member_tip
from .holder_sentences import NAMED
from .looks import party_look
from .medians import Median
from .tables import left_to_right

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_MARKS = (8.0, 7.0, 6.0, 5.0, 4.0)  # pixels that a mark may take
_TALL = 120  # pixels that marks on top of each other should not exceed
_SIDE = 10  # pixels left and right of the outermost marks
_LINE, _SIZE = 17, 11  # height of a line of text, and size of its font
_BELOW = 46  # the scale: numbers, and what stands there


@dataclass(frozen=True)
class _Spot:
    member: Member
    level: int


def strip(unit: UnitResults, members: Sequence[Member], median: Median | None) -> Figure:
    """Draw every member of a chamber at her position, marks at the same place on top of each other.

    Parameters
    ----------
    unit
        The chamber's own fit.
    members
        Its members, at least one.
    median
        Where the chamber's median is, if that is known.
    """
    ordered = left_to_right(members)

    def height(width: float) -> float:
        mark = _mark(ordered, width)
        return _BELOW + _levels(ordered, width, mark) * mark + 3 * _LINE + 8

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        tall, mark = height(width), _mark(ordered, width)
        spots = _stacked(ordered, width, mark)
        axes = figure.add_axes((_SIDE / width, _BELOW / tall, 1 - 2 * _SIDE / width, 1 - _BELOW / tall))
        axes.set(xlim=_limits(ordered, width, mark), ylim=(0, tall - _BELOW), yticks=[])
        axes.spines["left"].set_visible(False)
        _scale(axes, unit)
        if median:
            _draw_median(axes, median, tall - _BELOW, width)
        _draw_ends(axes, spots, tall - _BELOW - 2 * _LINE, width, mark)
        return _draw_members(axes, spots, mark)

    name = unit_title(unit.unit)
    identifier, title = f"{unit.unit}-strip", f"{name}: every member from left to right"
    return Figure(
        identifier, _caption(unit, median), svg.draw(identifier, _alt(unit, ordered, median), height, paint, title)
    )


def _mark(ordered: Sequence[Member], width: float) -> float:
    """Return the largest size of marks at which they do not tower, or else the smallest."""
    fitting = (mark for mark in _MARKS if _levels(ordered, width, mark) * mark <= _TALL)
    return next(fitting, _MARKS[-1])


def _levels(ordered: Sequence[Member], width: float, mark: float) -> int:
    return 1 + max(spot.level for spot in _stacked(ordered, width, mark))


def _limits(ordered: Sequence[Member], width: float, mark: float) -> tuple[float, float]:
    """Return the ends of the axis: all members, the averages of the parties and zero, and half a mark beyond."""
    places = [m.position_mean for m in ordered] + [-1.0, 0.0, 1.0]
    low, high = min(places), max(places)
    pad = (high - low) * mark / (width - 2 * _SIDE - mark)
    return low - pad / 2, high + pad / 2


def _stacked(ordered: Sequence[Member], width: float, mark: float) -> list[_Spot]:
    """Put members whose marks would touch on top of each other, in columns as wide as a mark."""
    low, high = _limits(ordered, width, mark)
    columns = max(1, int((width - 2 * _SIDE) // mark))
    filled: Counter[int] = Counter()
    out = []
    for member in ordered:
        column = min(columns - 1, int((member.position_mean - low) / (high - low) * columns))
        out.append(_Spot(member, filled[column]))
        filled[column] += 1
    return out


def _draw_members(axes: Axes, spots: Sequence[_Spot], mark: float) -> svg.Tips:
    level = {spot.member.legislator: spot.level for spot in spots}
    tips = {}
    for (party, chamber), rows in by_party([spot.member for spot in spots]).items():
        gid, look = f"{chamber}-{party}", party_look(party)
        ys = [mark * (level[m.legislator] + 0.5) + 2 for m in rows]
        size = (0.6 * mark) ** 2 if look.marker == "D" else (0.8 * mark) ** 2
        points(axes, gid, [m.position_mean for m in rows], ys, look, s=size, linewidths=0.8)
        tips[gid] = [member_tip(m) for m in rows]
    return tips


def _scale(axes: Axes, unit: UnitResults) -> None:
    """Write under the scale what its numbers mean."""
    if unit.scale.get("kind") == "spread":
        axes.set_xticks([-1, 0, 1], ["−1 sd", "0\naverage member", "+1 sd"])
    else:
        axes.set_xticks([-1, 0, 1], ["−1\naverage D", "0\nmiddle", "+1\naverage R"])
    axes.axvline(0, color=svg.FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)


def _draw_ends(axes: Axes, spots: Sequence[_Spot], y: float, width: float, mark: float) -> None:
    """Name the leftmost and the rightmost mark above all marks."""
    room = (width - 2 * _SIDE) / 2 - 12
    for spot, ha in ((spots[0], "left"), (spots[-1], "right")):
        x = spot.member.position_mean
        p = spot.member.p_leftmost if ha == "left" else spot.member.p_rightmost
        text = measure.fitted(_named(spot.member, p), room, _SIZE)
        edge = axes.get_xlim()[0 if ha == "left" else 1]
        axes.text(edge, y - _LINE + 4, text, ha=ha, va="baseline", fontsize=_SIZE)
        axes.plot((x, x), (mark * (spot.level + 1) + 4, y - _LINE), color=svg.FAINT, linewidth=0.7, zorder=1)


def _named(member: Member, probability: float | None) -> str:
    """Name who stands at an end, unless more draws put somebody else there; the place is that of the outermost mean."""
    if probability is not None and probability < NAMED:
        return f"uncertain who, {signed(member.position_mean)}"
    return f"{member.name} ({PARTY_LETTERS.get(member.party, member.party)}) {signed(member.position_mean)}"


def _draw_median(axes: Axes, median: Median, top: float, width: float) -> None:
    """Mark the median by a line, or by a band between two members, and its 90 % interval on the scale."""
    if median.low.mean == median.high.mean:
        axes.plot((median.low.mean,) * 2, (0, top - _LINE), color=svg.INK, linewidth=1.4, zorder=2)
    else:
        axes.fill_between((median.low.mean, median.high.mean), 0, top - _LINE, color=svg.INK, alpha=0.18, linewidth=0)
    ends = (median.low.low, median.high.high)
    axes.plot(ends, (0, 0), color=svg.INK, linewidth=5, solid_capstyle="butt", clip_on=False, zorder=4)
    text = measure.fitted(median.label, width - 2 * _SIDE - 8, _SIZE, bold=True)
    low, high = axes.get_xlim()
    unit = (high - low) / (width - 2 * _SIDE)
    half = measure.width(text, _SIZE, bold=True) / 2 * unit
    x = min(max((median.low.mean + median.high.mean) / 2, low + half), high - half)
    axes.text(x, top - _LINE + 5, text, ha="center", va="baseline", fontsize=_SIZE, fontweight="bold")


def _alt(unit: UnitResults, ordered: Sequence[Member], median: Median | None) -> str:
    sizes = Counter(m.party for m in ordered)
    parts = [
        f"Strip of {plural(len(ordered), 'mark')}, {unit_title(unit.unit)}: every member at the member’s position."
    ]
    parts += [f"{party}: {count(n)}." for party, n in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))]
    left, right = _named(ordered[0], ordered[0].p_leftmost), _named(ordered[-1], ordered[-1].p_rightmost)
    parts.append(f"Leftmost: {left}. Rightmost: {right}.")
    parts += [f"{median.label[:1].upper()}{median.label[1:]}."] if median else []
    return " ".join(parts)


def _caption(unit: UnitResults, median: Median | None) -> str:
    others = any(m.party not in PARTIES for m in unit.members or ())
    text = "Blue circles are Democrats, red diamonds Republicans" + (", grey triangles others." if others else ".")
    if unit.scale.get("kind") == "spread":
        text += " Positions are standard deviations from the average member."
    if median:
        text += f" The median runs over {median.over}; the thick bar is its 90 % interval."
    return text
