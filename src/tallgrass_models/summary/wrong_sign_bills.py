"""Wrong-sign bills, whose Yea is the side that a positive prior forbids, and their effect on the members.

A positive prior makes Yea the same side of the axis on every bill. The fit decides which party's side that is: usually
the Republicans', in a mirrored fit the Democrats'. The bills on which Yea is certainly the other party's side have the
wrong sign for the fit, which can only hold their slopes near zero. The slopes themselves show how near.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..files.records.statistics import AgainstBaseline, WrongSignBills

#: Yea is certainly a party's side from this difference of the parties' shares on, in standard errors.
_CERTAIN = 2.0
#: Number of bills, and of members moved, that are named.
_N_NAMED, _N_MOVED = 10, 5


def party_lean(yea: np.ndarray, cast: np.ndarray) -> pd.DataFrame:
    """Measure which party's side the Yea of each bill is.

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


def wrong_sign(party_z: np.ndarray, side: np.ndarray) -> np.ndarray:
    """Find the bills whose Yea is certainly the side opposite to the fit's positive slopes, shape (n_bills,).

    Parameters
    ----------
    party_z : ndarray
        From `party_lean`: positive where Yea is the Republican side.
    side : ndarray
        Party on whose side a positive slope puts Yea: 1 Republicans, -1 Democrats, NaN not known. It comes from
        `placed.bill_sides`.
    """
    return np.asarray(side * party_z <= -_CERTAIN)


def summarize_wrong_sign(
    bills: pd.DataFrame, members: pd.DataFrame, positions: np.ndarray, positive: bool
) -> WrongSignBills:
    """Summarize the wrong-sign bills: how flat the fit has them, and how well it still predicts the votes on them.

    Parameters
    ----------
    bills
        Index ``vote``; columns bill, motion, chambers, beta_mean, discrimination_mean, party_z, the shares of
        `party_lean`, ``yea_side`` (NaN where not known, and with a prior that is not positive) and ``wrong_sign``.
    members
        Columns n_votes, correct (share), n_wrong_sign and correct_wrong_sign (share) of each member.
    positions : ndarray, shape (n_members,)
        Posterior means on the scale of ``discrimination_mean``.
    positive
        True if the prior is positive (also if bills were oriented first, so that none has the wrong sign).

    Returns
    -------
    dict
        ``slope_wrong`` and ``slope_others``: median size of the slope per standard deviation of members; ``worst``
        names the bills with the largest party difference.
    """
    n, on_them = int(members["n_votes"].sum()), int(members["n_wrong_sign"].sum())
    right = float((members["n_votes"] * members["correct"].fillna(0)).sum())
    right_on_them = float((members["n_wrong_sign"] * members["correct_wrong_sign"].fillna(0)).sum())
    columns = ["bill", "motion", "chambers", "yea_share_democrat", "yea_share_republican", "party_z"]
    columns += ["discrimination_mean", "beta_mean"]
    wrong = bills["wrong_sign"].to_numpy(bool)
    worst = bills[wrong].sort_values("party_z", key=np.abs, ascending=False, kind="stable").head(_N_NAMED)
    slope = bills["discrimination_mean"].abs() * float(np.std(positions))
    sides = bills["yea_side"].dropna().unique()
    return {
        "positive_prior": positive,
        "yea_side": {1.0: "Republican", -1.0: "Democrat"}[float(sides[0])] if len(sides) == 1 else None,
        "n_bills": len(bills),
        "n_democratic": int((bills["party_z"] <= -_CERTAIN).sum()),
        "n_republican": int((bills["party_z"] >= _CERTAIN).sum()),
        "n_judged": int(bills["yea_side"].notna().sum()),
        "n_wrong": int(wrong.sum()),
        "slope_wrong": _median(slope[wrong]),
        "slope_others": _median(slope[~wrong]),
        "votes_share": on_them / n if n else 0.0,
        "correct_wrong": right_on_them / on_them if on_them else None,
        "correct_others": (right - right_on_them) / (n - on_them) if n > on_them else None,
        "worst": worst[columns].reset_index().to_dict("records"),
    }


def against_baseline(
    bills: pd.DataFrame, points: pd.DataFrame, other_bills: pd.DataFrame, other_points: pd.DataFrame
) -> AgainstBaseline:
    """Find bills that certainly have the other sign without the positive prior, and members whose rank changed most.

    Parameters
    ----------
    bills, other_bills
        Index ``vote``; columns discrimination_mean, discrimination_q05, discrimination_q95. ``other`` is the experiment
        compared with.
    points, other_points
        Index ``legislator``; columns name, party, position_mean, rank_mean.

    Returns
    -------
    dict
        ``n_opposed_in_baseline``: number of bills whose 90 % interval of discrimination in the other experiment lies
        wholly on the other side of zero than the slope here (on the headline scale, so a mirrored fit is turned first);
        ``median_slope_ratio``: the median, over these bills, of the size of the slope here over that there, each per
        standard deviation of the positions; ``n_flattened``: the number of them with a ratio below one half; ``moved``:
        the members whose mean rank changed most.
    """
    votes = bills.index.intersection(other_bills.index)
    sign = np.sign(bills.loc[votes, "discrimination_mean"])
    low, high = (other_bills.loc[votes, f"discrimination_{end}"] for end in ("q05", "q95"))
    opposed = votes[((sign > 0) & (high < 0)) | ((sign < 0) & (low > 0))]
    here = bills.loc[opposed, "discrimination_mean"].abs() * points["position_mean"].std()
    there = other_bills.loc[opposed, "discrimination_mean"].abs() * other_points["position_mean"].std()
    ratio = (here / there).to_numpy()
    both = points.join(other_points["rank_mean"].rename("rank_baseline"), how="inner")
    change = (both["rank_mean"] - both["rank_baseline"]).abs()
    moved = both.loc[change.sort_values(ascending=False, kind="stable").index[:_N_MOVED]].reset_index()
    columns = {"legislator": "legislator", "name": "name", "party": "party", "rank_mean": "rank"}
    return {
        "n_opposed_in_baseline": len(opposed),
        "n_flattened": int((ratio < 0.5).sum()),
        "median_slope_ratio": _median(ratio),
        "moved": moved.rename(columns=columns)[[*columns.values(), "rank_baseline"]].to_dict("records"),
    }


def _median(values: np.ndarray | pd.Series) -> float | None:
    return float(np.median(values)) if len(values) else None
