"""The constants of the link, method by method, and of the joint model beside them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..draws.moments import scalar
from .answers import Answer
from .link import Link, Linked
from .mixtures import QUANTILES
from .places import Places


def method_rows(link: Link, places: Places, senate_xi: np.ndarray, bills: np.ndarray) -> list[dict[str, Any]]:
    """One row per linking method.

    Parameters
    ----------
    link
    places
        Answers by method: A and B on the relative scale.
    senate_xi : ndarray, shape (n_senators,)
        Posterior means on the Senate's own scale: they weigh what leaving out an anchor does.
    bills : ndarray of str, shape (n_used,)
        Names of the anchors used.
    """
    answered = {name: linked for name, linked in link.methods.items() if name in places}
    return [
        _method_row(name, linked, senate_xi, bills) | relative_row(places[name]) for name, linked in answered.items()
    ]


def relative_row(place: Answer) -> dict[str, float]:
    """Return A and B on the headline scale: medians and intervals."""
    return {
        f"{letter}_relative_{key}": value
        for letter, draws in (("A", place.a), ("B", place.b))
        for key, value in quantiles(draws).items()
    }


def quantiles(draws: np.ndarray) -> dict[str, float]:
    """Median and 90 % interval of one quantity."""
    return {name: float(np.quantile(draws, share)) for name, share in QUANTILES.items()}


def _method_row(name: str, linked: Linked, senate_xi: np.ndarray, bills: np.ndarray) -> dict[str, Any]:
    known = np.isfinite(linked.a)
    row: dict[str, Any] = {"method": name}
    for letter, draws in (("A", linked.a), ("B", linked.b)):
        row |= {f"{letter}_{key}": value for key, value in scalar(draws[known]).items()}
        row[f"{letter}_median"] = float(np.median(draws[known]))
    row["n_draws"] = int(known.sum())
    row["A_all"], row["B_all"] = linked.with_unlike
    row["A_jackknife_se"], row["B_jackknife_se"] = map(float, linked.jackknife_se())
    change = linked.without - np.array(linked.point)
    moved = ((change[:, :1] * senate_xi + change[:, 1:]) ** 2).mean(1)
    most = int(moved.argmax())
    row["jackknife_anchor"] = str(bills[most])
    row["jackknife_A"], row["jackknife_B"] = map(float, linked.without[most])
    return row
