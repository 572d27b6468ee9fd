"""Comparison of ideal points with external scores of the same members."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..draws.agreement import correlation, rank_correlation
from ..files.records.statistics import Agreement

#: Number of members named who disagree most.
_N_NAMED = 5


def external_agreement(points: pd.DataFrame) -> Agreement | None:
    """Compute the agreement of the members of one chamber with their external scores.

    Parameters
    ----------
    points
        Columns legislator, name, party, position_mean and external (NaN where there is none).

    Returns
    -------
    Agreement or None
        ``n``; Pearson ``correlation`` and ``spearman`` overall; ``within`` each party ``n`` and ``correlation``;
        ``disagreements``: members with the largest ``gap``, position_mean minus the score mapped onto the positions by
        least squares. None with fewer than three scores.
    """
    scored = points[np.isfinite(points["external"])]
    xi, score = scored["position_mean"].to_numpy(float), scored["external"].to_numpy(float)
    overall = correlation(xi, score)
    if overall is None:
        return None
    scaled = np.polyval(np.polyfit(score, xi, 1), score)
    named = scored.assign(score=score, score_scaled=scaled, gap=xi - scaled)
    largest = named["gap"].abs().sort_values(ascending=False, kind="stable").index[:_N_NAMED]
    columns = ["legislator", "name", "party", "position_mean", "score", "score_scaled", "gap"]
    return {
        "n": len(scored),
        "correlation": overall,
        "spearman": rank_correlation(xi, score),
        "within": {
            str(party): {
                "n": len(rows),
                "correlation": correlation(rows["position_mean"].to_numpy(float), rows["external"].to_numpy(float)),
            }
            for party, rows in scored.groupby("party")
        },
        "disagreements": named.loc[largest, columns].to_dict("records"),
    }
