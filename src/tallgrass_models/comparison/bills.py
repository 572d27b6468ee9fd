"""Discrimination of the bills under two priors, on one scale."""

from __future__ import annotations

import pandas as pd

from .members import Alignment

BILL_COLUMNS = [
    *("group", "unit", "chamber", "reference", "experiment", "vote", "bill", "title"),
    *("beta_reference", "beta_reference_sd", "beta", "beta_sd", "change", "change_sd", "squashed"),
]


def compare_bills(reference: pd.DataFrame, other: pd.DataFrame, scale: Alignment) -> pd.DataFrame:
    """One row per bill of both.

    Parameters
    ----------
    reference, other
        Tables ``bills`` of one unit of the two variants.
    scale : Alignment
        From the other's scale to the reference's: beta is divided by its slope.

    Returns
    -------
    DataFrame
        `BILL_COLUMNS` without the first ones that name the comparison. ``change_sd`` is the change in the reference's
        posterior standard deviations. ``squashed``: the reference is 95 % sure that Yea is the left's vote, the other
        one that it is not; a prior that allows no negative beta does that.
    """
    both = reference.merge(other, on="vote", suffixes=("", "_other"))
    table = both[["vote", "bill", "title"]].copy()
    table["chamber"] = both["chambers"]
    table["beta_reference"], table["beta_reference_sd"] = both["beta_mean"], both["beta_sd"]
    table["beta"], table["beta_sd"] = both["beta_mean_other"] / scale.slope, both["beta_sd_other"] / abs(scale.slope)
    table["change"] = table["beta"] - table["beta_reference"]
    table["change_sd"] = table["change"] / table["beta_reference_sd"]
    low = both["beta_q05_other"] if scale.slope > 0 else -both["beta_q95_other"]
    table["squashed"] = (both["beta_q95"] < 0) & (low > 0)
    return table
