"""Every member with interval and name, from left to right: a picture for each page of a large chamber."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from ...votes.vocabulary import PARTIES
from ...wording.numbers import count, signed
from ..files.data import UnitResults
from ..files.records import Member
from ..page import measure, svg
from ..page.language import plural, shorten
from ..page.parts import Figure
from ..page.plots import Frame
from ..page.scatter import points
from ..page.words import unit_title
from .figures import by_party, member_tip
from .labels import axis_label
from .looks import party_look
from .tables import left_to_right

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MplFigure

_ROW, _SIZE = 14, 10  # height of a member's row, and size of the font of names
_COLUMN = 54  # rows that fit on a printed page below title, legend and above the axis
_GAP = 12  # between two columns
_NAMES = {1: 200, 2: 148}  # room for names in a picture of so many columns


def forest(unit: UnitResults, members: Sequence[Member]) -> list[Figure]:
    """Everybody's ideal point with its 90 % interval, from left to right, in pictures that fit on a printed page each.

    All pictures have one scale, so that they can be laid side by side.
    """
    ordered = left_to_right(members)
    n = len(ordered)
    pages = -(-n // (2 * _COLUMN))
    cuts = [round(n * k / pages) for k in range(pages + 1)]
    low, high = min(m.position_q05 for m in ordered), max(m.position_q95 for m in ordered)
    reach = low - 0.02 * (high - low), high + 0.02 * (high - low)
    return [
        _page(unit, ordered, (start, end), reach, number) for number, (start, end) in enumerate(pairwise(cuts), start=1)
    ]


def _page(
    unit: UnitResults, ordered: Sequence[Member], part: tuple[int, int], reach: tuple[float, float], number: int
) -> Figure:
    shown, start, joint = ordered[slice(*part)], part[0], unit.unit.is_joint
    everybody = len(shown) == len(ordered)
    groups = list(by_party(shown))
    labels = [f"{party}, {unit_title(chamber)}" if joint else party for party, chamber in groups]

    def columns(width: float) -> int:
        return 2 if width >= svg.WIDE and len(shown) > _COLUMN else 1

    def frame(width: float) -> Frame:
        return Frame(labels, axis_label(unit), "", _ROW * -(-len(shown) // columns(width)) + 6)

    def paint(figure: MplFigure) -> svg.Tips:
        width = svg.width_of(figure)
        tips: dict[str, list[str]] = {}
        here, k = frame(width), columns(width)
        rows, names = -(-len(shown) // k), _labels(shown, start, width, k)
        for c in range(k):
            column = slice(c * rows, (c + 1) * rows)
            axes = _axes(figure, here, (c, k), measure.widest(names, _SIZE))
            axes.set(xlim=reach, ylim=(rows - 0.3, -0.7), yticks=[])
            if not joint:
                _party_means(axes, unit)
            tips |= _members(axes, shown[column], c, joint)
            _names(axes, names[column])
        here.finish_shared(figure)
        return tips

    range_ = "" if everybody else f", {count(part[0] + 1)} to {count(part[1])} of {count(len(ordered))}"
    title = f"{unit_title(unit.unit)}: every member by name, from left to right{range_}"
    identifier = f"{unit.unit}-forest" + (f"-{number}" if number > 1 else "")
    folded = "All members in one picture, with names" if everybody else f"Members{range_[1:]}, from left to right"
    drawn = svg.draw(identifier, _alt(unit, shown, title), lambda width: frame(width).height(width), paint, title)
    return Figure(identifier, _caption(joint), drawn, folded)


def _axes(figure: MplFigure, frame: Frame, at: tuple[int, int], names: float) -> Axes:
    """Make the axes of one column right of its names; ``at`` is its place and how many there are."""
    column, columns = at
    width = svg.width_of(figure)
    each = (width - _GAP * (columns - 1)) / columns
    left = column * (each + _GAP)
    axes = frame.axes(figure)
    bounds = axes.get_position()
    axes.set_position(((left + names + 8) / width, bounds.y0, (each - names - 20) / width, bounds.height))
    axes.spines["left"].set_visible(False)
    return axes


def _party_means(axes: Axes, unit: UnitResults) -> None:
    for party in PARTIES:
        row, look = unit.party(unit.unit, party), party_look(party)
        if row:
            axes.axvline(row.position_mean, color=look.colour, linewidth=1, linestyle=(0, (4, 3)))


def _members(axes: Axes, column: Sequence[Member], number: int, joint: bool) -> dict[str, list[str]]:
    tips, row = {}, {m.legislator: k for k, m in enumerate(column)}
    for (party, chamber), rows in by_party(column).items():
        gid, look = f"{number}-{chamber}-{party}", party_look(party, chamber, joint)
        places = [row[m.legislator] for m in rows]
        starts, ends = [m.position_q05 for m in rows], [m.position_q95 for m in rows]
        axes.hlines(places, starts, ends, color=look.colour, linewidth=1.6)
        label = f"{party}, {unit_title(chamber)}" if joint else party
        points(axes, gid, [m.position_mean for m in rows], places, look, s=22, label=label)
        tips[gid] = [member_tip(m) for m in rows]
    return tips


def _labels(shown: Sequence[Member], start: int, width: float, columns: int) -> list[str]:
    """Return place and name of each member, cut to the room for them."""
    room = _NAMES[columns] if width >= svg.WIDE else 0.4 * width
    out = []
    for place, member in enumerate(shown, start=start + 1):
        before = f"{place}\u2002"
        out.append(before + measure.fitted(member.name, room - measure.width(before, _SIZE), _SIZE))
    return out


def _names(axes: Axes, labels: Sequence[str]) -> None:
    for row, label in enumerate(labels):
        axes.annotate(
            label,
            (0, row),
            xycoords=("axes fraction", "data"),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center_baseline",
            fontsize=_SIZE,
            annotation_clip=False,
        )


def _caption(joint: bool) -> str:
    shapes = "Blue circles are Democrats, red diamonds Republicans"
    house, senate = (unit_title(chamber) for chamber in ("house", "senate"))
    shapes += f"; filled markers sit in the {house}, hollow ones in the {senate}." if joint else "."
    lines = "" if joint else " Dashed lines are the averages of the parties’ members."
    return (
        "Every member’s position (marker) with its 90 % interval (line), from left to right, and the place in that "
        f"order. {shapes}{lines}"
    )


def _alt(unit: UnitResults, shown: Sequence[Member], title: str) -> str:
    parts = [f"Forest plot. {title}: {plural(len(shown), 'member')} with names."]
    for (party, chamber), rows in by_party(shown).items():
        who = f"{party}, {unit_title(chamber)}" if unit.unit.is_joint else party
        span = f"from {signed(rows[0].position_mean)} to {signed(rows[-1].position_mean)}"
        parts.append(f"{who}: {count(len(rows))}, {span}.")
    ends = f"Leftmost {shorten(shown[0].name, 60)}, rightmost {shorten(shown[-1].name, 60)}."
    return " ".join([*parts, ends, "The numbers are in the table of members."])
