"""Assembly of check.json and the tables of one unit from leave-one-out, predictive checks and prior sensitivity."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import pandas as pd
import xarray as xr

from ..draws.seeds import unit_seed
from ..files.records.checking import Check, LooNumbers, SensitivityNumbers, SurprisingVote
from ..files.records.specs import FitSpec
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from ..wording.movement import movement_sentences
from .draws import observed_draws, thinned
from .loo import Loo, mend, psis_loo, relative_efficiency
from .loo_compare import Pointwise, standard_error
from .observations import Observations
from .predictive import Predictive, counts, posterior_predictive
from .prior_scales import prior_scales, summarized
from .sensitivity import THRESHOLD, sensitivity_table

#: Number of votes that check.json lists as the most surprising.
_WORST = 10


@dataclass(frozen=True)
class UnitCheck:
    """Results of the checks of one posterior: check.json, its tables by file stem, and the file of leave-one-out."""

    check: Check
    tables: dict[str, pd.DataFrame]
    pointwise: Pointwise


def check_unit(tree: xr.DataTree, chambers: Sequence[ChamberVotes]) -> UnitCheck:
    """Check one posterior against the votes it was fitted to.

    Parameters
    ----------
    tree
        The posterior file.
    chambers
        Votes of its chambers, House first.
    """
    spec: FitSpec = json.loads(tree.attrs["spec"])
    kept = thinned(tree["posterior"].to_dataset())
    obs, draws = observed_draws(kept, spec, chambers)
    rng = np.random.default_rng(unit_seed(spec["sampling"]["seed"], spec["unit"] + ":check"))
    first, loglik = psis_loo(obs, draws, relative_efficiency(draws))
    loo = mend(obs, draws, first)
    predictive = posterior_predictive(obs, draws, rng)
    sensitivity = sensitivity_table(obs, draws, loglik, rng)
    scales, moved = prior_scales(obs, draws)
    movement = summarized(scales, moved)
    facts = {"unit": spec["unit"], "session": chambers[0].session} | {
        n: tree.attrs[n] for n in ("spec_hash", "data_hash")
    }
    check: Check = {
        "unit": spec["unit"],
        "session": chambers[0].session,
        "spec_hash": tree.attrs["spec_hash"],
        "data_hash": json.loads(tree.attrs["data_hash"]),
        "kind": spec["kind"],
        "loo": {**_loo_numbers(obs, first, loo), "n_draws": draws.n_draws},
        "predictive": {
            "n_replicates": predictive.n_replicates,
            **counts(predictive.statistics),
            "statistics": predictive.statistics,
            "calibration": predictive.calibration,
            "findings": predictive.findings,
        },
        "sensitivity": {
            **_sensitivity_numbers(sensitivity),
            "prior_scales": scales,
            "movement": movement,
            "findings": movement_sentences(movement, Unit(spec["unit"])),
        },
    }
    tables = {
        "check_members": _with_loo(obs, loo, predictive, "member"),
        "check_rollcalls": _with_loo(obs, loo, predictive, "rollcall"),
        "check_pairs": predictive.pairs,
        "sensitivity": sensitivity,
        "prior_scales": moved,
    }
    return UnitCheck(cast(Check, _without_nan(check)), tables, Pointwise(loo, obs, facts))


def _loo_numbers(obs: Observations, first: Loo, loo: Loo) -> LooNumbers:
    elpd, trusted = float(loo.elpd.sum()), loo.pareto_k[~loo.flat]
    cells = obs.members.iloc[obs.member].assign(elpd=loo.elpd)
    party = cells.groupby(["chamber", "party"], sort=False)["elpd"].agg(n_obs="size", elpd="sum", mean_elpd="mean")
    return {
        "n_obs": len(obs),
        "order_hash": obs.order_hash,
        "elpd": elpd,
        "se": standard_error(loo.elpd),
        "se_by_rollcall": standard_error(np.bincount(obs.rollcall, loo.elpd)),
        "p_loo": float(loo.p_loo.sum()),
        "mean_elpd": elpd / len(obs),
        "gmp": math.exp(elpd / len(obs)),
        "mcse": math.sqrt(loo.variance.sum()),
        "r_eff": loo.r_eff,
        "k_threshold": loo.threshold,
        "n_k_above": int(first.unreliable.sum()),
        "n_flat": int((first.flat & ~(first.pareto_k <= first.threshold)).sum()),
        "n_mended": int(loo.mended.sum()),
        "n_k_above_after": int(loo.unreliable.sum()),
        "k_max": float(trusted.max()) if len(trusted) else None,
        "by_party": party.reset_index().to_dict("records"),
        "worst": [_vote(obs, loo, int(o)) for o in np.argsort(loo.elpd)[:_WORST]],
    }


def _vote(obs: Observations, loo: Loo, o: int) -> SurprisingVote:
    """Describe one vote in words that people understand."""
    who, what = obs.members.iloc[obs.member[o]], obs.rollcalls.iloc[obs.rollcall[o]]
    return {
        "legislator": who["legislator"],
        "name": who["name"],
        "party": who["party"],
        "chamber": who["chamber"],
        "rollcall": what["rollcall"],
        "bill": what["bill"],
        "motion": what["motion"],
        "date": what["date"],
        "vote": "Yea" if obs.y[o] else "Nay",
        "elpd": float(loo.elpd[o]),
        "pareto_k": float(loo.pareto_k[o]),
    }


def _with_loo(obs: Observations, loo: Loo, predictive: Predictive, level: str) -> pd.DataFrame:
    """Tabulate members or roll calls: their names, sums of leave-one-out, and predictive checks, one row each."""
    if level == "member":
        index, names = obs.member, obs.members[["legislator", "name", "chamber", "party"]]
    else:
        columns = ["rollcall", "item", "chamber", "bill", "motion", "date"]
        index, names = obs.rollcall, obs.rollcalls.assign(item=obs.rollcalls["vote"])[columns]
    trusted = np.where(loo.flat, -np.inf, loo.pareto_k)
    found = pd.DataFrame({"elpd": loo.elpd, "p_loo": loo.p_loo, "k_max": trusted}).groupby(index)
    sums = found.agg({"elpd": ["size", "sum", "mean"], "p_loo": "sum", "k_max": "max"})
    sums.columns = ["n_obs", "elpd", "mean_elpd", "p_loo", "k_max"]
    sums["k_max"] = sums["k_max"].replace(-np.inf, np.nan)
    checks = predictive.members if level == "member" else predictive.rollcalls
    return names.join(sums).join(checks)


def _sensitivity_numbers(table: pd.DataFrame) -> SensitivityNumbers:
    of_groups = table[table["legislator"].isna()]
    counted = table[(table["quantity"] == "xi_relative") & (table["diagnosis"] != "")]
    counts = counted["component"].value_counts()
    components = list(dict.fromkeys(table["component"]))
    return {
        "threshold": THRESHOLD,
        "components": components,
        "rows": of_groups.drop(columns=["legislator", "name"])
        .astype(object)
        .where(of_groups.notna(), None)
        .to_dict("records"),
        "n_members_sensitive": {name: int(counts.get(name, 0)) for name in components if name != "likelihood"},
    }


def _without_nan(value: Any) -> Any:
    """Replace every number that is not finite by None, as JSON requires."""
    if isinstance(value, dict):
        return {name: _without_nan(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value
