"""What a positive prior of discrimination did to bills whose Yea is the liberal side, and to the members."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

#: A bill's Yea is certainly the Democratic side below this party difference in standard errors.
CERTAIN = -2.0
#: Squashed bills, and members moved, that are named.
N_NAMED, N_MOVED = 10, 5


def party_lean(yea: np.ndarray, cast: np.ndarray) -> pd.DataFrame:
    """Which party's side the Yea of each bill is.

    Parameters
    ----------
    yea, cast : ndarray of int, shape (n_bills, 2)
        Yea votes and all votes of Democrats and Republicans.

    Returns
    -------
    DataFrame
        ``yea_share_democrat``, ``yea_share_republican`` and ``party_z``: the Republican share minus the Democratic one
        over its standard error (shares with half a Yea and half a Nay added). NaN where a party did not vote.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = yea / cast
        smooth = (yea + 0.5) / (cast + 1)
        error = np.sqrt((smooth * (1 - smooth) / cast).sum(1))
        z = (share[:, 1] - share[:, 0]) / error
    return pd.DataFrame({"yea_share_democrat": share[:, 0], "yea_share_republican": share[:, 1], "party_z": z})


def summarize_squashed(bills: pd.DataFrame, members: pd.DataFrame, positive: bool) -> dict[str, Any]:
    """The bills that a prior squashed, and how well the fit still tells the votes on them.

    Parameters
    ----------
    bills
        Index ``vote``; columns bill, motion, chambers, beta_mean, party_z, the shares of `party_lean`, and squashed.
    members
        Columns n_votes, correct (share), n_squashed and correct_squashed (share) of each member.
    positive
        Whether the prior is of positive beta. Nothing is squashed by a prior of either sign, or by a positive one of
        bills that were oriented first.

    Returns
    -------
    dict
        ``worst`` names the bills with the largest party difference.
    """
    n, on_them = int(members["n_votes"].sum()), int(members["n_squashed"].sum())
    right = float((members["n_votes"] * members["correct"].fillna(0)).sum())
    right_on_them = float((members["n_squashed"] * members["correct_squashed"].fillna(0)).sum())
    columns = ["bill", "motion", "chambers", "yea_share_democrat", "yea_share_republican", "party_z", "beta_mean"]
    worst = bills[bills["squashed"]].sort_values("party_z").head(N_NAMED)
    return {
        "positive_prior": positive,
        "n_bills": len(bills),
        "n_against": int((bills["party_z"] < CERTAIN).sum()),
        "n_squashed": int(bills["squashed"].sum()),
        "votes_share": on_them / n if n else 0.0,
        "correct_squashed": right_on_them / on_them if on_them else None,
        "correct_others": (right - right_on_them) / (n - on_them) if n > on_them else None,
        "worst": worst[columns].reset_index().to_dict("records"),
    }


def against_baseline(
    bills: pd.DataFrame, points: pd.DataFrame, other_bills: pd.DataFrame, other_points: pd.DataFrame
) -> dict[str, Any]:
    """What became of the bills that had a certainly negative slope without the positive prior, and of the members.

    Parameters
    ----------
    bills, other_bills
        Index ``vote``; columns beta_mean, beta_q95. ``other`` is the experiment compared with.
    points, other_points
        Index ``legislator``; columns name, party, xi_mean, rank_mean.

    Returns
    -------
    dict
        ``n_negative_in_baseline``: bills whose 90 % interval of beta lies below zero there; ``median_beta_ratio``:
        the size of their slope here over that there, each per standard deviation of the ideal points, since the two
        fits have scales of their own; ``n_flattened``: those of them with a ratio below one half; ``moved``: the
        members whose mean rank changed most.
    """
    votes = bills.index.intersection(other_bills.index)
    negative = votes[other_bills.loc[votes, "beta_q95"] < 0]
    here = bills.loc[negative, "beta_mean"].abs() * points["xi_mean"].std()
    there = other_bills.loc[negative, "beta_mean"].abs() * other_points["xi_mean"].std()
    ratio = (here / there).to_numpy()
    both = points.join(other_points["rank_mean"].rename("rank_baseline"), how="inner")
    change = (both["rank_mean"] - both["rank_baseline"]).abs()
    moved = both.loc[change.sort_values(ascending=False, kind="stable").index[:N_MOVED]].reset_index()
    columns = {"legislator": "legislator", "name": "name", "party": "party", "rank_mean": "rank"}
    return {
        "n_negative_in_baseline": len(negative),
        "n_flattened": int((ratio < 0.5).sum()),
        "median_beta_ratio": float(np.median(ratio)) if len(ratio) else None,
        "moved": moved.rename(columns=columns)[[*columns.values(), "rank_baseline"]].to_dict("records"),
    }
