"""Statements across chambers: the Senate's medians and pivots beside the House's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from .mixtures import mixed_probability, mixed_quantiles, weights
from .places import SOURCES, Places, by_source, positions

#: Positions that are compared between the chambers, in words, by their names in `pivots.pivots`; first the medians.
_POSITIONS = {
    "chamber_median": "median",
    "democrat_median": "median Democrat",
    "republican_median": "median Republican",
    "two_thirds_left": "two-thirds pivot, counted from the right,",
    "two_thirds_right": "two-thirds pivot, counted from the left,",
}


def _position_words(position: str) -> str:
    """Return a median or pivot of a chamber in words; ``majority_60_left`` is the 60 % pivot from the right."""
    if position in _POSITIONS:
        return _POSITIONS[position]
    share, _, side = position.removeprefix("majority_").rpartition("_")
    return f"{share} % pivot, counted from the {'right' if side == 'left' else 'left'},"


def statements(places: Places, members: pd.DataFrame, shares: Sequence[float] = ()) -> list[dict[str, Any]]:
    """State where the Senate's medians and pivots stand beside the House's, by all methods and by each source.

    A party that has no member in a chamber has no statement. Parameters as for `places.positions`.

    Returns
    -------
    list of dict
        key, statement, kind (probability or distance, Senate minus House); value (of a distance the median), q05, q95
        of all methods mixed; the same as ``link_`` and ``joint_`` (None without an answer); ``methods``: value by
        method.
    """
    there = positions(places, members, shares)
    probabilities, distances = [], []
    known = there["senate"].keys() & there["house"].keys()
    others = sorted(known - _POSITIONS.keys())
    for position in (*(name for name in _POSITIONS if name in known), *others):
        senate, house, words = there["senate"][position], there["house"][position], _position_words(position)
        gaps = {name: senate[name] - house[name] for name in places}
        key = position.removeprefix("chamber_")
        p = {"key": f"p_senate_{key}_right", "statement": f"The Senate's {words} is right of the House's"}
        probabilities.append({**p, "kind": "probability", **_said({n: gap > 0 for n, gap in gaps.items()}, places)})
        d = {"key": f"gap_{key}", "statement": f"Senate's {words} minus House's"}
        distances.append({**d, "kind": "distance", **_said(gaps, places)})
    return probabilities + distances


def _said(found: Mapping[str, np.ndarray], places: Places) -> dict[str, Any]:
    """Return a probability (draws of true and false) or a median with its interval, by source."""
    out: dict[str, Any] = {}
    sources = by_source(places)
    for source in SOURCES:
        before = "" if source == "relative" else f"{source}_"
        values = _value({name: found[name] for name in sources.get(source, {})})
        out |= {f"{before}{name}": value for name, value in values.items()}
    return out | {"methods": {name: _value({name: draws})["value"] for name, draws in found.items()}}


def _value(found: Mapping[str, np.ndarray]) -> dict[str, float | None]:
    if not found:
        return dict.fromkeys(("value", "q05", "q95"))
    weight = weights(list(found))
    if next(iter(found.values())).dtype == bool:
        return {"value": float(mixed_probability(found, weight)), "q05": None, "q95": None}
    at = mixed_quantiles({name: draws[:, None] for name, draws in found.items()}, weight)
    return {"value": float(at["median"][0]), "q05": float(at["q05"][0]), "q95": float(at["q95"][0])}
