"""Predictions of the same votes by two variants: paired differences of leave-one-out, and prior sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from ..checking.loo_compare import Pointwise, difference_table, paired_difference
from ..files.columns.comparison import SENSITIVITY
from .variants import Variant


def predictive_row(reference: Pointwise, other: Pointwise) -> dict[str, Any]:
    """Return the difference in elpd over all votes, positive if ``other`` predicts better.

    Parameters
    ----------
    reference, other : Pointwise
        Leave-one-out of one unit of the two variants, of the same votes.
    """
    found = paired_difference(other, reference)
    return {
        "n_votes": found["n_obs"],
        "elpd_diff": found["elpd_diff"],
        "se": found["se"],
        "se_by_rollcall": found["se_by_rollcall"],
        "n_k_above_reference": found["n_k_above_b"],
        "n_k_above": found["n_k_above_a"],
    }


def predictive_parts(reference: Pointwise, other: Pointwise) -> pd.DataFrame:
    """Return the same difference by party, by member and by roll call; ``by`` says which."""
    tables = [difference_table(other, reference, by).assign(by=by) for by in ("party", "member", "rollcall")]
    return pd.concat(tables).rename(columns={"n_obs": "n_votes"})


def sensitivity_table(variants: Sequence[Variant]) -> pd.DataFrame:
    """Power-scaling sensitivity of every fit, members left out: their table is beside the fit."""
    tables = [
        table["sensitivity"].assign(experiment=variant.name, unit=unit)
        for variant in variants
        for unit, table in variant.tables.items()
    ]
    found = pd.concat(tables, ignore_index=True)
    return found[found["legislator"].isna()].reindex(columns=SENSITIVITY.names)
