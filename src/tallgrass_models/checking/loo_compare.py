"""Differences in leave-one-out predictive density between models of the same votes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import UserError
from .loo import Loo
from .observations import Observations

#: Levels over which `difference_table` can sum, with the columns that name their rows.
_GROUPS = {
    "rollcall": ["rollcall", "chamber", "bill"],
    "member": ["legislator", "name", "chamber", "party"],
    "party": ["chamber", "party"],
}


@dataclass(frozen=True)
class Pointwise:
    """Leave-one-out of one model, with the votes and the fit that it belongs to.

    Attributes
    ----------
    loo, obs
        The estimates and the observations, in the same order.
    facts
        The fit it belongs to: unit, session, spec_hash, data_hash (JSON text).
    """

    loo: Loo
    obs: Observations
    facts: Mapping[str, str]


def paired_difference(a: Pointwise, b: Pointwise) -> dict[str, Any]:
    """Compute how much better ``a`` predicts a vote left out than ``b``, over all votes.

    Returns
    -------
    dict
        n_obs, elpd_diff (a - b, positive where a is better), its standard error ``se`` if votes are independent, and
        ``se_by_rollcall`` if only roll calls are; n_k_above_a, n_k_above_b (numbers of unreliable votes).
        ``se_by_rollcall`` is the more honest error, since members of a party err together.

    Raises
    ------
    UserError
        If the two do not have the same votes in the same order.
    """
    difference = _difference(a, b)
    return {
        "n_obs": len(difference),
        "elpd_diff": float(difference.sum()),
        "se": standard_error(difference),
        "se_by_rollcall": standard_error(np.bincount(a.obs.rollcall, difference)),
        "n_k_above_a": int(a.loo.unreliable.sum()),
        "n_k_above_b": int(b.loo.unreliable.sum()),
    }


def difference_table(a: Pointwise, b: Pointwise, by: str) -> pd.DataFrame:
    """Compute `paired_difference` within each roll call, member or party.

    Returns
    -------
    DataFrame
        The columns of `_GROUPS`, n_obs, elpd_diff and se. The error takes roll calls to be independent, like
        ``se_by_rollcall`` of `paired_difference`, so a single roll call has none.
    """
    table = a.obs.rollcalls if by == "rollcall" else a.obs.members
    cells = table[_GROUPS[by]].iloc[a.obs.rollcall if by == "rollcall" else a.obs.member].reset_index(drop=True)
    cells = cells.assign(cluster=a.obs.rollcall, difference=_difference(a, b))
    sums = cells.groupby([*_GROUPS[by], "cluster"], sort=False)["difference"].agg(["size", "sum"]).reset_index()
    grouped = sums.groupby(_GROUPS[by], sort=False)
    out = grouped.agg(
        n_obs=("size", "sum"),
        elpd_diff=("sum", "sum"),
        se=("sum", lambda values: standard_error(values.to_numpy())),
    )
    return out.reset_index()


def compare_table(named: Mapping[str, Pointwise]) -> pd.DataFrame:
    """Rank all models, the best first.

    Returns
    -------
    DataFrame
        name, rank (from 0), elpd, se, p_loo, elpd_diff (to the best, at most 0), dse, dse_by_rollcall, n_k_above.
    """
    order = sorted(named, key=lambda name: -float(named[name].loo.elpd.sum()))
    rows = []
    for rank, name in enumerate(order):
        own = named[name]
        difference = paired_difference(own, named[order[0]])
        rows.append(
            {
                "name": name,
                "rank": rank,
                "elpd": float(own.loo.elpd.sum()),
                "se": standard_error(own.loo.elpd),
                "p_loo": float(own.loo.p_loo.sum()),
                "elpd_diff": difference["elpd_diff"],
                "dse": difference["se"],
                "dse_by_rollcall": difference["se_by_rollcall"],
                "n_k_above": difference["n_k_above_a"],
            }
        )
    return pd.DataFrame(rows)


def standard_error(values: np.ndarray) -> float:
    """Compute the standard error of the sum of independent values, sqrt(n var); it is NaN for a single value."""
    return math.sqrt(len(values) * values.var(ddof=1)) if len(values) > 1 else math.nan


def _difference(a: Pointwise, b: Pointwise) -> np.ndarray:
    if a.obs.order_hash != b.obs.order_hash:
        raise UserError(
            f"leave-one-out of {a.facts['unit']} and {b.facts['unit']} do not have the same votes in the same order"
            f" ({a.obs.order_hash} and {b.obs.order_hash}); run both on the same session and filters"
        )
    return a.loo.elpd - b.loo.elpd
