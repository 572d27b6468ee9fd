"""Agreement of a link of separate fits with the joint model, and of the linking methods with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from ..draws.moments import moments
from ..files.names import JOINT
from ..files.records.linking import ConstantsBeside, Method, RelativeConstants, SenateBeside, Statement
from .answers import Answer
from .constants import quantiles
from .places import p_right_of, positions

#: Probabilities of one statement that differ by so much are no answer.
_OPPOSITE = 0.5

Ends = tuple[float, float]


def compare_with_joint(places: Mapping[str, Answer], headline: str, members: pd.DataFrame) -> SenateBeside:
    """Agreement of link and joint model about the senators, on the House's relative scale.

    Parameters
    ----------
    places
        Answers by method, `JOINT` among them.
    headline
        The linking method whose A, B and places are compared; probabilities are those of all linking methods mixed.
    members
        As for `tables.member_table`.

    Returns
    -------
    SenateBeside
        ``A`` and ``B`` of both (median, q05, q95); ``mean_difference_sd``: mean over senators of the distance between
        the two posterior means, in units of the root mean square of the two posterior sds; ``overlap``: share of
        senators whose two 90 % intervals meet; of the probability that a senator stands right of the House's median
        ``max_p_difference`` (of whom: ``max_p_member``) and ``mean_p_difference``.
    """
    senate = members["chamber"].to_numpy() == "senate"
    link, joint = places[headline], places[JOINT]
    here, there = (moments(at.xi[None][..., senate]) for at in (link, joint))
    spread = np.sqrt((here["sd"] ** 2 + there["sd"] ** 2) / 2)
    difference = np.abs(here["mean"] - there["mean"]) / spread
    overlap = (here["q05"] <= there["q95"]) & (there["q05"] <= here["q95"])
    median, of_link = positions(places, members)["house"]["chamber_median"], dict(places)
    del of_link[JOINT]
    p_link, p_joint = (p_right_of(some, median)[senate] for some in (of_link, {JOINT: joint}))
    gaps = np.abs(p_link - p_joint)
    return {
        "n_senate": int(senate.sum()),
        "A": {"link": quantiles(link.a), "joint": quantiles(joint.a)},
        "B": {"link": quantiles(link.b), "joint": quantiles(joint.b)},
        "mean_difference_sd": float(difference.mean()),
        "overlap": float(overlap.mean()),
        "mean_p_difference": float(gaps.mean()),
        "max_p_difference": float(gaps.max()),
        "max_p_member": str(members["name"][senate].iloc[gaps.argmax()]),
    }


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
