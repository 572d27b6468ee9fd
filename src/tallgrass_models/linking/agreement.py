"""Whether answers agree: of the linking methods with each other, and of the link with the joint model.

Plain records in, so that the page can ask too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from ..files.records.linking import ConstantsBeside, Method, RelativeConstants, Statement

#: Probabilities of one statement that differ by so much are no answer.
_OPPOSITE = 0.5

Ends = tuple[float, float]


def apart(intervals: Mapping[str, Ends]) -> list[tuple[str, str]]:
    """Pairs of names whose intervals do not meet, the widest gap first."""
    gaps = {
        (a, b): max(intervals[a][0], intervals[b][0]) - min(intervals[a][1], intervals[b][1])
        for a, b in combinations(intervals, 2)
    }
    return [pair for pair, gap in sorted(gaps.items(), key=lambda item: -item[1]) if gap > 0]


def ends(row: RelativeConstants) -> dict[str, Ends]:
    """By constant (A, B), the 90 % interval on the relative scale."""
    return {
        "A": (row["A_relative_q05"], row["A_relative_q95"]),
        "B": (row["B_relative_q05"], row["B_relative_q95"]),
    }


def methods_apart(rows: Sequence[Method]) -> dict[str, list[tuple[str, str]]]:
    """Find, for A and B, the linking methods whose 90 % intervals on the headline scale do not overlap."""
    return {letter: apart({row["method"]: ends(row)[letter] for row in rows}) for letter in "AB"}


def joint_apart(agreement: ConstantsBeside) -> list[str]:
    """Return the constants (A, B) whose 90 % intervals by the link and by the joint model do not overlap."""
    return [
        letter
        for letter, of in (("A", agreement["A"]), ("B", agreement["B"]))
        if apart({name: (at["q05"], at["q95"]) for name, at in (("link", of["link"]), ("joint", of["joint"]))})
    ]


def opposed(statements: Sequence[Statement]) -> list[Statement]:
    """Probabilities across chambers on which link and joint model differ by `_OPPOSITE` or more."""
    return [
        said
        for said in statements
        if said["kind"] == "probability"
        and (link := said["link_value"]) is not None
        and (joint := said["joint_value"]) is not None
        and abs(link - joint) >= _OPPOSITE
    ]
