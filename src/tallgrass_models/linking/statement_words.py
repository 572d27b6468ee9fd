"""Statements across chambers in words, told from their keys."""

from __future__ import annotations

from ..votes.naming import USUAL, ChamberNames

#: Positions that are compared between the chambers, in words, by their names in `pivots.pivots`; first the medians.
POSITIONS = {
    "chamber_median": "median",
    "democrat_median": "median Democrat",
    "republican_median": "median Republican",
    "two_thirds_left": "two-thirds pivot, counted from the right,",
    "two_thirds_right": "two-thirds pivot, counted from the left,",
}
_RIGHT, _GAP = ("p_senate_", "_right"), "gap_"


def right_key(position: str) -> str:
    """Name the statement that the Senate's median or pivot stands right of the House's."""
    return position.removeprefix("chamber_").join(_RIGHT)


def gap_key(position: str) -> str:
    """Name the distance of the Senate's median or pivot from the House's."""
    return _GAP + position.removeprefix("chamber_")


def statement_words(key: str, called: ChamberNames = USUAL) -> str:
    """Return the statement that ``key`` names in words, with the chambers called by their names."""
    senate, house = (called.whose(chamber) for chamber in ("senate", "house"))
    if key.startswith(_GAP):
        return f"{senate} {_position_words(key.removeprefix(_GAP))} minus {house}"
    words = _position_words(key.removeprefix(_RIGHT[0]).removesuffix(_RIGHT[1]))
    return f"The {senate} {words} is right of the {house}"


def _position_words(position: str) -> str:
    """Return a median or pivot of a chamber in words; ``majority_60_left`` is the 60 % pivot from the right."""
    if found := POSITIONS.get(position) or POSITIONS.get(f"chamber_{position}"):
        return found
    share, _, side = position.removeprefix("majority_").rpartition("_")
    return f"{share} % pivot, counted from the {'right' if side == 'left' else 'left'},"
