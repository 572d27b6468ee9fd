"""Members of two variants on one scale: who moved, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import numpy as np
import pandas as pd

from ..draws.agreement import correlation, rank_correlation


@dataclass(frozen=True)
class Alignment:
    """The line that takes a variant's positions to the reference's scale: ``slope * x + intercept``, slope > 0."""

    slope: float
    intercept: float


@dataclass(frozen=True)
class Turns:
    """Flags for two fits that may have the Republicans on the left in the model's own numbers."""

    reference: bool
    other: bool


def align(reference: pd.DataFrame, other: pd.DataFrame, same_kind: bool) -> tuple[Alignment, pd.DataFrame]:
    """Put the members of one unit of two variants on one scale.

    Parameters
    ----------
    reference, other
        Tables ``ideal_points`` of the two. Their positions are on the headline scale of each fit, and turned already.
    same_kind
        Whether both scales are of one kind. Then positions are compared as they stand, between the averages of the
        parties (or in standard deviations of the chamber). Else the other's posterior means are given the mean and the
        standard deviation of the reference's.

    Returns
    -------
    alignment : Alignment
    members : DataFrame
        One row per member of both; the columns of members.csv without those that name the comparison, and chamber.
        ``move_sd`` is the move in the reference's posterior standard deviations; ``rank_outside`` says that the other's
        mean rank lies outside the reference's 90 % interval, ``rank_disjoint`` that the two intervals do not meet.
    """
    both = reference.merge(other, on="legislator", suffixes=("", "_other"))
    scale = Alignment(1.0, 0.0) if same_kind else _standardised(both["position_mean"], both["position_mean_other"])
    table = both[["chamber", "legislator", "name", "party"]].copy()
    table["position_reference"], table["position_reference_sd"] = both["position_mean"], both["position_sd"]
    table["position"] = scale.slope * both["position_mean_other"] + scale.intercept
    table["position_sd"] = scale.slope * both["position_sd_other"]
    table["move"] = table["position"] - table["position_reference"]
    table["move_sd"] = table["move"] / table["position_reference_sd"]
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
    return scale, table


def _standardised(reference: pd.Series, other: pd.Series) -> Alignment:
    spread = float(other.std())
    slope = float(reference.std()) / spread if spread > 0 else 1.0
    return Alignment(slope, float(reference.mean() - slope * other.mean()))


class AgreementRow(TypedDict):
    """A row of agreement.csv without the columns that name the comparison."""

    chamber: str
    n: int
    pearson: float | None
    spearman: float | None
    slope: float
    intercept: float
    turned_reference: bool
    turned: bool
    move_rms: float
    n_rank_outside: int
    n_rank_disjoint: int
    max_rank_change: float
    max_rank_member: str


def agreement(members: pd.DataFrame, alignment: Alignment, turns: Turns) -> list[AgreementRow]:
    """One row per chamber, after turning; ``move_rms`` is in the reference's posterior standard deviations."""
    rows: list[AgreementRow] = []
    for chamber, part in members.groupby("chamber", sort=False):
        most = part["rank_change"].abs().idxmax()
        ours, theirs = part["position_reference"].to_numpy(float), part["position"].to_numpy(float)
        rows.append(
            {
                "chamber": str(chamber),
                "n": len(part),
                "pearson": correlation(ours, theirs),
                "spearman": rank_correlation(ours, theirs),
                "slope": alignment.slope,
                "intercept": alignment.intercept,
                "turned_reference": turns.reference,
                "turned": turns.other,
                "move_rms": float(np.sqrt((part["move_sd"] ** 2).mean())),
                "n_rank_outside": int(part["rank_outside"].sum()),
                "n_rank_disjoint": int(part["rank_disjoint"].sum()),
                "max_rank_change": float(part.loc[most, "rank_change"]),
                "max_rank_member": str(part.loc[most, "name"]),
            }
        )
    return rows


def labelled(table: pd.DataFrame, labels: Mapping[str, str], columns: list[str]) -> pd.DataFrame:
    """Return the table with the columns that name the comparison, in the order of ``columns``."""
    return table.assign(**labels).reindex(columns=columns)
