"""Members of two variants on one scale: who moved, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..summaries import correlation

AGREEMENT_COLUMNS = [
    *("group", "unit", "chamber", "reference", "experiment", "n", "pearson", "spearman", "slope", "intercept"),
    *("move_rms", "n_rank_outside", "n_rank_disjoint", "max_rank_change", "max_rank_member"),
]
MEMBER_COLUMNS = [
    *("group", "unit", "chamber", "reference", "experiment", "legislator", "name", "party"),
    *("xi_reference", "xi_reference_sd", "xi_aligned", "xi_aligned_sd", "move", "move_sd"),
    *("rank_reference", "rank_reference_q05", "rank_reference_q95", "rank", "rank_q05", "rank_q95"),
    *("rank_change", "rank_outside", "rank_disjoint"),
]


@dataclass(frozen=True)
class Alignment:
    """The line that takes a variant's ideal points to the reference's scale: ``slope * xi + intercept``."""

    slope: float
    intercept: float


def align(reference: pd.DataFrame, other: pd.DataFrame) -> tuple[Alignment, pd.DataFrame]:
    """Put the members of one unit of two variants on the reference's scale.

    Parameters
    ----------
    reference, other
        Tables ``ideal_points`` of the two.

    Returns
    -------
    alignment : Alignment
        Least squares of the reference's posterior means on the other's, all members of the unit together: priors set
        the scale, and a change of scale moves nobody.
    members : DataFrame
        One row per member of both; `MEMBER_COLUMNS` without the first ones that name the comparison, and chamber.
        ``move_sd`` is the move in the reference's posterior standard deviations; ``rank_outside`` says that the other's
        mean rank lies outside the reference's 90 % interval, ``rank_disjoint`` that the two intervals do not meet.
    """
    both = reference.merge(other, on="legislator", suffixes=("", "_other"))
    slope, intercept = np.polyfit(both["xi_mean_other"], both["xi_mean"], 1)
    table = both[["chamber", "legislator", "name", "party"]].copy()
    table["xi_reference"], table["xi_reference_sd"] = both["xi_mean"], both["xi_sd"]
    table["xi_aligned"] = slope * both["xi_mean_other"] + intercept
    table["xi_aligned_sd"] = abs(slope) * both["xi_sd_other"]
    table["move"] = table["xi_aligned"] - table["xi_reference"]
    table["move_sd"] = table["move"] / table["xi_reference_sd"]
    for ours, theirs in (("rank_reference", "rank_{}"), ("rank", "rank_{}_other")):
        table[ours] = both[theirs.format("mean")]
        for end in ("q05", "q95"):
            table[f"{ours}_{end}"] = both[theirs.format(end)]
    table["rank_change"] = table["rank"] - table["rank_reference"]
    table["rank_outside"] = (table["rank"] < table["rank_reference_q05"]) | (
        table["rank"] > table["rank_reference_q95"]
    )
    table["rank_disjoint"] = (table["rank_reference_q95"] < table["rank_q05"]) | (
        table["rank_q95"] < table["rank_reference_q05"]
    )
    return Alignment(float(slope), float(intercept)), table


def agreement(members: pd.DataFrame, alignment: Alignment) -> list[dict[str, Any]]:
    """One row per chamber; ``move_rms`` is in the reference's posterior standard deviations."""
    rows = []
    for chamber, part in members.groupby("chamber", sort=False):
        most = part["rank_change"].abs().idxmax()
        reference, aligned = part["xi_reference"].to_numpy(float), part["xi_aligned"].to_numpy(float)
        sign = np.sign(alignment.slope)
        rows.append(
            {
                "chamber": chamber,
                "n": len(part),
                "pearson": _times(sign, correlation(reference, aligned)),
                "spearman": _times(sign, correlation(*(pd.Series(x).rank().to_numpy() for x in (reference, aligned)))),
                "slope": alignment.slope,
                "intercept": alignment.intercept,
                "move_rms": float(np.sqrt((part["move_sd"] ** 2).mean())),
                "n_rank_outside": int(part["rank_outside"].sum()),
                "n_rank_disjoint": int(part["rank_disjoint"].sum()),
                "max_rank_change": float(part.loc[most, "rank_change"]),
                "max_rank_member": str(part.loc[most, "name"]),
            }
        )
    return rows


def _times(sign: float, value: float | None) -> float | None:
    return None if value is None else float(sign * value)


def labelled(table: pd.DataFrame, labels: Mapping[str, str], columns: list[str]) -> pd.DataFrame:
    """The table with the columns that name the comparison, in the order of ``columns``."""
    return table.assign(**labels).reindex(columns=columns)
