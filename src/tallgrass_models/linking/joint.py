"""Agreement of a link of separate fits with the joint model, and of the linking methods with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from ..draws.moments import moments
from .answers import Answer
from .constants import quantiles
from .names import JOINT
from .places import p_right_of, positions

#: Probabilities of one statement that differ by so much are no answer.
_OPPOSITE = 0.5

_Interval = tuple[float, float]


def compare_with_joint(places: Mapping[str, Answer], headline: str, members: pd.DataFrame) -> dict[str, Any]:
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
    dict
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
        **{
            letter: {"link": quantiles(a), "joint": quantiles(b)}
            for letter, a, b in (("A", link.a, joint.a), ("B", link.b, joint.b))
        },
        "mean_difference_sd": float(difference.mean()),
        "overlap": float(overlap.mean()),
        "mean_p_difference": float(gaps.mean()),
        "max_p_difference": float(gaps.max()),
        "max_p_member": str(members["name"][senate].iloc[gaps.argmax()]),
    }


def apart(intervals: Mapping[str, _Interval]) -> list[tuple[str, str]]:
    """Pairs of names whose intervals do not meet, the widest gap first."""
    gaps = {
        (a, b): max(intervals[a][0], intervals[b][0]) - min(intervals[a][1], intervals[b][1])
        for a, b in combinations(intervals, 2)
    }
    return [pair for pair, gap in sorted(gaps.items(), key=lambda item: -item[1]) if gap > 0]


def methods_apart(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[tuple[str, str]]]:
    """Find, for A and B, the linking methods whose 90 % intervals on the headline scale do not overlap."""
    return {
        letter: apart({r["method"]: (r[f"{letter}_relative_q05"], r[f"{letter}_relative_q95"]) for r in rows})
        for letter in "AB"
    }


def joint_apart(agreement: Mapping[str, Any]) -> list[str]:
    """Return the constants (A, B) whose 90 % intervals by the link and by the joint model do not overlap."""
    return [
        letter
        for letter in "AB"
        if apart({name: (agreement[letter][name]["q05"], agreement[letter][name]["q95"]) for name in ("link", "joint")})
    ]


def opposed(statements: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Probabilities across chambers on which link and joint model differ by `_OPPOSITE` or more."""
    both = [s for s in statements if s["kind"] == "probability" and None not in (s["link_value"], s["joint_value"])]
    return [s for s in both if abs(s["link_value"] - s["joint_value"]) >= _OPPOSITE]
