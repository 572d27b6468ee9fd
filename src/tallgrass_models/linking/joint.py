"""Agreement of a link of separate fits with the joint model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..draws.moments import moments
from ..files.names import JOINT
from ..files.records.linking import SenateBeside
from .answers import Answer
from .constants import quantiles
from .places import p_right_of, positions


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
