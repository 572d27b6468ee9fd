"""Predictions of the same votes by two variants: paired differences of leave-one-out, and prior sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np
import pandas as pd

from ..checking.loo_compare import Pointwise, difference_table, paired_difference
from ..files.columns.comparison import SENSITIVITY
from .prediction import judged
from .variants import Variant


class PredictiveRow(TypedDict):
    """A row of predictive.csv without the columns that name the comparison."""

    n_votes: int
    elpd_diff: float
    se_by_rollcall: float
    gmp_reference: float
    gmp: float
    correct_reference: float
    correct: float
    verdict: str
    n_k_above_reference: int
    n_k_above: int


def predictive_row(reference: Pointwise, other: Pointwise) -> PredictiveRow:
    """Return the difference in elpd over all votes, positive if ``other`` predicts better, and what each predicts.

    Parameters
    ----------
    reference, other : Pointwise
        Leave-one-out of one unit of the two variants, of the same votes.
    """
    found = paired_difference(other, reference)
    (gmp_reference, correct_reference), (gmp, correct) = _in_words(reference), _in_words(other)
    return {
        "n_votes": found["n_obs"],
        "elpd_diff": found["elpd_diff"],
        "se_by_rollcall": found["se_by_rollcall"],
        "gmp_reference": gmp_reference,
        "gmp": gmp,
        "correct_reference": correct_reference,
        "correct": correct,
        "verdict": judged(found["elpd_diff"], found["se_by_rollcall"], found["n_obs"]),
        "n_k_above_reference": found["n_k_above_b"],
        "n_k_above": found["n_k_above_a"],
    }


def _in_words(one: Pointwise) -> tuple[float, float]:
    """Geometric mean probability of a vote left out, and the share of votes that got more than one half."""
    return float(np.exp(one.loo.elpd.mean())), float((one.loo.elpd > np.log(0.5)).mean())


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
