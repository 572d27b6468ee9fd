"""Columns that many tables have, and short ways to declare several at once."""

from __future__ import annotations

from ..tables import Column, Kind

#: Ends of the names of moments. The docs explain them once for all tables.
_MOMENTS, _INTERVAL = "mean sd q05 q95", "mean q05 q95"


def cols(names: str, kind: Kind, meaning: str, unit: str = "", empty: bool = False) -> tuple[Column, ...]:
    """Declare columns of one kind and meaning; ``names`` are separated by spaces."""
    return tuple(Column(name, kind, meaning, unit, empty) for name in names.split())


def moments(stem: str, meaning: str, unit: str = "", ends: str = _MOMENTS, empty: bool = False) -> tuple[Column, ...]:
    """Declare columns ``{stem}_{end}`` of one quantity, by default its mean, standard deviation and 90 % interval."""
    return cols(" ".join(f"{stem}_{end}" for end in ends.split()), "number", meaning, unit, empty)


#: Columns of a member in a fit. In a joint fit, the id begins with the chamber.
MEMBER = (
    *cols("legislator", "text", "id of the member; in a joint fit with the chamber before it"),
    *cols("name", "text", "name shown for the member"),
)
CHAMBER = cols("chamber", "word", "`house` or `senate`")
ROLLCALL = (
    *cols("bill title motion", "text", "bill, its title, and the question put", empty=True),
    *cols("date", "date", "day of the vote", empty=True),
)
