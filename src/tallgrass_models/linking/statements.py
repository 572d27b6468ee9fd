"""Statements across chambers: the Senate's medians and pivots beside the House's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..files.records.linking import Said, Statement
from .mixtures import mixed_probability, mixed_quantiles, weights
from .places import SOURCES, Places, by_source, positions
from .statement_words import POSITIONS, gap_key, right_key, statement_words


def statements(places: Places, members: pd.DataFrame, shares: Sequence[float] = ()) -> list[Statement]:
    """State where the Senate's medians and pivots stand beside the House's, by all methods and by each source.

    A party that has no member in a chamber has no statement. Parameters as for `places.positions`.

    Returns
    -------
    list of Statement
        key, statement, kind (probability or distance, Senate minus House); value (of a distance the median), q05, q95
        of all methods mixed; the same as ``link_`` and ``joint_`` (None without an answer); ``methods``: value by
        method.
    """
    there = positions(places, members, shares)
    probabilities: list[Statement] = []
    distances: list[Statement] = []
    known = there["senate"].keys() & there["house"].keys()
    others = sorted(known - POSITIONS.keys())
    for position in (*(name for name in POSITIONS if name in known), *others):
        senate, house = there["senate"][position], there["house"][position]
        gaps = {name: senate[name] - house[name] for name in places}
        right, gap = right_key(position), gap_key(position)
        probabilities.append(
            {
                "key": right,
                "statement": statement_words(right),
                "kind": "probability",
                **_said({name: found > 0 for name, found in gaps.items()}, places),
            }
        )
        distances.append(
            {
                "key": gap,
                "statement": statement_words(gap),
                "kind": "distance",
                **_said(gaps, places),
            }
        )
    return probabilities + distances


def _said(found: Mapping[str, np.ndarray], places: Places) -> Said:
    """Return a probability (draws of true and false) or a median with its interval, by source."""
    sources = by_source(places)
    mixed, link, joint = (_value({name: found[name] for name in sources.get(source, {})}) for source in SOURCES)
    return {
        "value": mixed[0],
        "q05": mixed[1],
        "q95": mixed[2],
        "link_value": link[0],
        "link_q05": link[1],
        "link_q95": link[2],
        "joint_value": joint[0],
        "joint_q05": joint[1],
        "joint_q95": joint[2],
        "methods": {name: _value({name: draws})[0] for name, draws in found.items()},
    }


def _value(found: Mapping[str, np.ndarray]) -> tuple[float | None, float | None, float | None]:
    """Return a probability, or a median with its 5 % and 95 % quantiles; None where nobody has an answer."""
    if not found:
        return None, None, None
    weight = weights(list(found))
    if next(iter(found.values())).dtype == bool:
        return float(mixed_probability(found, weight)), None, None
    at = mixed_quantiles({name: draws[:, None] for name, draws in found.items()}, weight)
    return float(at["median"][0]), float(at["q05"][0]), float(at["q95"][0])
