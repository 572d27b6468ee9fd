"""The constants of the link, method by method, and of the joint model beside them."""

from __future__ import annotations

import numpy as np

from ..draws.moments import four
from ..files.records.fields import Interval
from ..files.records.linking import Method, MethodConstants, RelativeConstants
from .answers import Answer
from .link import Link, Linked
from .mixtures import QUANTILES
from .places import Places


def method_rows(link: Link, places: Places, senate_xi: np.ndarray, bills: np.ndarray) -> list[Method]:
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
        {**_method_row(name, linked, senate_xi, bills), **relative_row(places[name])}
        for name, linked in answered.items()
    ]


def relative_row(place: Answer) -> RelativeConstants:
    """Return A and B on the headline scale: medians and intervals."""
    a, b = quantiles(place.a), quantiles(place.b)
    return {
        "A_relative_median": a["median"],
        "A_relative_q05": a["q05"],
        "A_relative_q95": a["q95"],
        "B_relative_median": b["median"],
        "B_relative_q05": b["q05"],
        "B_relative_q95": b["q95"],
    }


def quantiles(draws: np.ndarray) -> Interval:
    """Median and 90 % interval of one quantity."""
    median, low, high = (float(np.quantile(draws, share)) for share in QUANTILES.values())
    return {"median": median, "q05": low, "q95": high}


def _method_row(name: str, linked: Linked, senate_xi: np.ndarray, bills: np.ndarray) -> MethodConstants:
    known = np.isfinite(linked.a)
    a, b = linked.a[known], linked.b[known]
    of_a, of_b = four(a), four(b)
    a_all, b_all = linked.with_unlike
    a_se, b_se = map(float, linked.jackknife_se())
    change = linked.without - np.array(linked.point)
    moved = ((change[:, :1] * senate_xi + change[:, 1:]) ** 2).mean(1)
    most = int(moved.argmax())
    a_without, b_without = map(float, linked.without[most])
    return {
        "method": name,
        "A_mean": of_a[0],
        "A_sd": of_a[1],
        "A_q05": of_a[2],
        "A_q95": of_a[3],
        "A_median": float(np.median(a)),
        "B_mean": of_b[0],
        "B_sd": of_b[1],
        "B_q05": of_b[2],
        "B_q95": of_b[3],
        "B_median": float(np.median(b)),
        "n_draws": int(known.sum()),
        "A_all": a_all,
        "B_all": b_all,
        "A_jackknife_se": a_se,
        "B_jackknife_se": b_se,
        "jackknife_anchor": str(bills[most]),
        "jackknife_A": a_without,
        "jackknife_B": b_without,
    }
