"""How a link of separate fits agrees with the joint model of both chambers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import rankdata

from ..summaries import correlation, moments


def compare_with_joint(
    linked: np.ndarray, joint: np.ndarray, house: np.ndarray, senate_own: np.ndarray
) -> tuple[dict[str, Any], np.ndarray]:
    """Agreement about the senators, on the House's scale.

    Parameters
    ----------
    linked, joint : ndarray, shape (n_draws, n_members)
        Members of both chambers, in one order; each model on its own scale.
    house : ndarray of bool, shape (n_members,)
    senate_own : ndarray, shape (n_senators,)
        Posterior means of the Senate's own fit.

    Returns
    -------
    agreement : dict
        As in linking.json.
    moved : ndarray, shape (n_members,)
        The joint model's posterior means on the House's scale.

    Notes
    -----
    The joint model's scale is moved to the House's by the line that fits the representatives' posterior means best: the
    two models' scales differ by their priors. ``A`` and ``B`` are what the joint model implies: the line from the
    senators' own scale to their places in it.
    """
    means = linked.mean(0)
    slope, shift = np.polyfit(joint.mean(0)[house], means[house], 1)
    moved = slope * joint + shift
    there, here = moments(moved[None][..., ~house]), moments(linked[None][..., ~house])
    a, b = np.polyfit(senate_own, there["mean"], 1)
    difference = np.abs(here["mean"] - there["mean"])
    overlap = (here["q05"] <= there["q95"]) & (there["q05"] <= here["q95"])
    p_linked, p_joint = (
        (xi[:, ~house] > np.median(xi[:, house], axis=1, keepdims=True)).mean(0) for xi in (linked, joint)
    )
    gaps = np.abs(p_linked - p_joint)
    agreement = {
        "n_senate": int((~house).sum()),
        "correlation": correlation(here["mean"], there["mean"]),
        "A": float(a),
        "B": float(b),
        "mean_abs_difference": float(difference.mean()),
        "mean_abs_difference_sd": float((difference / here["sd"]).mean()),
        "overlap": float(overlap.mean()),
        "max_p_difference": float(gaps.max()),
        "mean_p_difference": float(gaps.mean()),
        "rank_correlation": correlation(rankdata(means), rankdata(joint.mean(0))),
    }
    return agreement, moved.mean(0)
