"""Comparison of how well the joint model and the chambers' own fits predict the same votes by leave-one-out.

The joint model gives a shared bill one pair (alpha, beta). Where that is true, it predicts better than two separate
fits, because it has more votes from which to learn about a bill. Where the bills differ between the chambers, it
predicts worse.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import UserError
from ..files.records.linking import JointVsSeparate, Setting, SomeBills
from ..files.records.specs import FitSpec
from ..priors.model import AlphaPrior, alpha_of, priors_of
from ..priors.spec import BetaPriorSpec
from ..votes.unit import Unit
from ..votes.vocabulary import SAME
from ..wording.priors import prior_words
from .loo_compare import Pointwise, standard_error
from .observations import Observations

#: A difference of more standard errors than this is more than chance.
_BEYOND = 2.0
_GAINS, _COSTS, _UNCLEAR = "gains", "costs", "unclear"
#: Settings of a fit that do not concern its priors.
_NO_PRIOR = frozenset({"unit", "kind", "session", "code", "sampling", "coordinates", "bridges"})


@dataclass(frozen=True)
class JointLoo:
    """Result of `joint_against_separate`.

    Attributes
    ----------
    summary
        The block ``joint_vs_separate`` of linking.json.
    by_bill
        The shared bills, with the votes of both chambers. Index bill; columns n_votes, elpd_diff (joint minus
        separate).
    """

    summary: JointVsSeparate
    by_bill: pd.DataFrame


def joint_against_separate(
    joint: Pointwise,
    separate: Sequence[Pointwise],
    specs: Mapping[Unit, FitSpec],
    tied: pd.DataFrame | None = None,
) -> JointLoo:
    """Compare expected log predictive densities of the joint model and of the separate fits of both chambers.

    Parameters
    ----------
    joint
        Leave-one-out of the joint model.
    separate
        Leave-one-out of the House's and of the Senate's own fit.
    specs
        Settings of the fits by unit (house, senate, joint).
    tied
        `matching.shared_bills`, if the joint model ties the two sides of shared bills without merging them.

    Returns
    -------
    JointLoo
        ``elpd_diff`` is positive where the joint model predicts better. ``se`` takes bills to be independent. The two
        roll calls of a shared bill are one cluster, because one pair (alpha, beta) predicts both, or two that hang
        together. Every other roll call is a cluster of its own. ``mcse`` is the Monte Carlo error of the estimate
        itself.

    Raises
    ------
    UserError
        If the fits do not have the same votes.
    """
    there = _same_votes(joint, separate)
    apart = np.concatenate([own.loo.elpd for own in separate])[there]
    difference = joint.loo.elpd - apart
    of_call, both = _clusters(joint.obs.rollcalls, tied)
    of_both = both[joint.obs.rollcall]
    clusters, cluster = np.unique(of_call[joint.obs.rollcall], return_inverse=True)
    by_cluster = np.bincount(cluster, difference, len(clusters))
    shared = np.zeros(len(clusters), dtype=bool)
    shared[cluster[of_both]] = True
    elpd_diff, se = float(difference.sum()), standard_error(by_cluster)
    mcse = math.sqrt(joint.loo.variance.sum() + sum(own.loo.variance.sum() for own in separate))
    chambers = joint.obs.rollcalls["chamber"].to_numpy()[joint.obs.rollcall]
    summary: JointVsSeparate = {
        "n_votes": len(difference),
        "n_bills": len(clusters),
        "n_shared": int(shared.sum()),
        "bridges": specs[Unit.JOINT].get("bridges", SAME),
        "elpd_joint": float(joint.loo.elpd.sum()),
        "elpd_separate": float(apart.sum()),
        "elpd_diff": elpd_diff,
        "se": _known(se),
        "mcse": mcse,
        "verdict": verdict(elpd_diff, math.hypot(se, mcse)),
        "shared_bills": _sum(by_cluster[shared]),
        "other_bills": _sum(by_cluster[~shared]),
        "by_chamber": {name: float(difference[chambers == name].sum()) for name in dict.fromkeys(chambers)},
        "n_k_above": int(joint.loo.unreliable.sum() + sum(own.loo.unreliable.sum() for own in separate)),
        "settings": different_settings(specs),
    }
    return JointLoo(summary, _by_bill(joint.obs, difference, of_both))


def _clusters(rollcalls: pd.DataFrame, tied: pd.DataFrame | None) -> tuple[np.ndarray, np.ndarray]:
    """Give each roll call the number of its cluster, and tell whether both chambers are in it."""
    cluster = rollcalls["item"].to_numpy(copy=True)
    if tied is None:
        return cluster, rollcalls["vote"].str.startswith("both:").to_numpy()
    place = pd.Index(rollcalls["chamber"] + ":" + rollcalls["rollcall"])
    house, senate = (place.get_indexer(f"{chamber}:" + tied[f"{chamber}_vote"]) for chamber in ("house", "senate"))
    cluster[senate] = cluster[house]
    return cluster, np.isin(np.arange(len(cluster)), np.concatenate([house, senate]))


def _sum(values: np.ndarray) -> SomeBills:
    return {"elpd_diff": float(values.sum()), "se": _known(standard_error(values))}


def _known(error: float) -> float | None:
    """Return the error, or None for the standard error of a single bill, which cannot be known."""
    return error if math.isfinite(error) else None


def verdict(difference: float, error: float) -> str:
    """Classify the difference as gain, cost or chance: `_GAINS`, `_COSTS` or `_UNCLEAR`."""
    if not abs(difference) > _BEYOND * error:
        return _UNCLEAR
    return _GAINS if difference > 0 else _COSTS


def different_settings(specs: Mapping[Unit, FitSpec]) -> list[Setting]:
    """List the priors in which the joint fit and the separate ones differ, each with its values in words.

    If there are any, the shared bills alone do not explain the difference in predictive density.
    """
    out: list[Setting] = []
    flat = {unit: _flat(spec) for unit, spec in specs.items()}
    joint = flat[Unit.JOINT]
    for key in sorted({key for spec in flat.values() for key in spec} - _NO_PRIOR):
        apart = {shown(key, flat[unit].get(key)) for unit in Unit.JOINT.starts}
        if apart != {shown(key, joint.get(key))}:
            out.append({"setting": key, "joint": shown(key, joint.get(key)), "separate": " and ".join(sorted(apart))})
    return out


def _flat(spec: FitSpec) -> dict[str, Any]:
    """Return the settings of a fit with each prior of its model as one of them.

    Only those that both models have. Where a prior of alpha is not Normal(0, alpha_sigma), it stands under ``alpha``.
    """
    rest = {key: value for key, value in spec.items() if key != "model"}
    own = {key: value for key, value in spec.get("model", {}).items() if key != "priors"}
    priors = priors_of(spec)
    out = {**rest, **own, "mu": priors.mu, "sigma_within": priors.sigma_within}
    if priors.alpha:
        out["alpha"] = alpha_of(spec)
        del out["alpha_sigma"]
    return out


def shown(key: str, value: Any) -> str:
    """Put a setting in words; the two names of the lognormal prior become one."""
    if isinstance(value, AlphaPrior | BetaPriorSpec):
        return value.describe()
    if key == "sigma_within":
        return "HalfNormal by size of the party"
    if key == "beta_prior" and value:
        return prior_words(BetaPriorSpec.from_dict(value))
    return f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _same_votes(joint: Pointwise, separate: Sequence[Pointwise]) -> np.ndarray:
    """Find where each vote of the joint fit is among those of the separate ones, put end to end."""
    expected = _keys(joint.obs, prefixed=True)
    found = pd.concat([_keys(own.obs) for own in separate], ignore_index=True)
    columns = ["chamber", "rollcall", "legislator"]
    at = pd.MultiIndex.from_frame(found[columns]).get_indexer(pd.MultiIndex.from_frame(expected[columns]))
    same = len(found) == len(expected) and bool((at >= 0).all())
    if not same or (found["y"].to_numpy()[at] != expected["y"].to_numpy()).any():
        raise UserError(
            f"leave-one-out of the joint model and of the {' and the '.join(own.facts['unit'] for own in separate)}"
            f" do not have the same votes ({len(expected)} and {len(found)}); run `check` on each of them again"
        )
    return np.asarray(at)


def _keys(obs: Observations, prefixed: bool = False) -> pd.DataFrame:
    """List chamber, roll call, member and vote of each observation.

    Ids of members in a joint fit have the chamber before them (``prefixed``), which is removed.
    """
    legislator = obs.members["legislator"]
    if prefixed:
        legislator = legislator.str.split(":", n=1).str[1]
    calls = obs.rollcalls[["chamber", "rollcall"]].iloc[obs.rollcall].reset_index(drop=True)
    return calls.assign(legislator=legislator.to_numpy()[obs.member], y=obs.y)


def _by_bill(obs: Observations, difference: np.ndarray, of_both: np.ndarray) -> pd.DataFrame:
    bill = obs.rollcalls["bill"].to_numpy()[obs.rollcall[of_both]]
    sums = pd.Series(difference[of_both]).groupby(bill).agg(["size", "sum"])
    return sums.set_axis(["n_votes", "elpd_diff"], axis=1).rename_axis("bill")
