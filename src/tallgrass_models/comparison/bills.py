"""Discrimination of the bills under two priors, on one scale."""

from __future__ import annotations

import pandas as pd

from .members import Alignment


def compare_bills(reference: pd.DataFrame, other: pd.DataFrame, scale: Alignment) -> pd.DataFrame:
    """One row per bill of both.

    Parameters
    ----------
    reference, other
        Tables ``bills`` of one unit of the two variants; discriminations are on the headline scale of each fit, where
        a positive one means that Yea is the side of the right, also in a mirrored fit.
    scale : Alignment
        From the other's scale to the reference's: discrimination is divided by its slope.

    Returns
    -------
    DataFrame
        The columns of bills.csv without the first ones that name the comparison. ``change_sd`` is the change in the
        reference's posterior standard deviations. ``reversed``: each fit is 95 % sure of a side for Yea, and the two
        sides differ; a one-sided prior does that to the bills of the other side.
    """
    both = reference.merge(other, on="vote", suffixes=("", "_other"))
    table = both[["vote", "bill", "title"]].copy()
    table["chamber"] = both["chambers"]
    for name, ending, divisor in (("discrimination_reference", "", 1.0), ("discrimination", "_other", scale.slope)):
        table[name] = both[f"discrimination_mean{ending}"] / divisor
        table[f"{name}_sd"] = both[f"discrimination_sd{ending}"] / divisor
    table["change"] = table["discrimination"] - table["discrimination_reference"]
    table["change_sd"] = table["change"] / table["discrimination_reference_sd"]
    ours, theirs = (
        (both[f"discrimination_q05{ending}"] > 0, both[f"discrimination_q95{ending}"] < 0) for ending in ("", "_other")
    )
    table["reversed"] = (ours[0] & theirs[1]) | (ours[1] & theirs[0])
    return table
