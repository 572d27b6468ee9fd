"""Blocks of metrics.json on one fit, from its summary.json and check.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..files.records.checking import Calibration, Check
from ..files.records.statistics import AgainstBaseline, Classification, PartiesApart, Scale
from ..files.records.summary import Block, PivotOfChamber, Summary
from .records.checks import Checks, PairsOutside
from .records.fit import ChamberFit, Convergence, JointFit, Origin, Parties, SizeAndTime, Statistics
from .records.statistics import Pivot


@dataclass(frozen=True)
class FitFiles:
    """Content of the files of one fit, and comparisons with another experiment.

    Attributes
    ----------
    summary
        Content of the unit's summary.json.
    check
        Content of the unit's check.json.
    pearson_r_vs_baseline
        Correlation of posterior mean positions with those of the experiment compared with. None without one.
    wrong_sign_vs_baseline
        Result of `wrong_sign_bills.against_baseline`. None without an experiment compared with, or where ``yea_side``
        of the fit's wrong-sign bills is null.
    """

    summary: Summary
    check: Check
    pearson_r_vs_baseline: float | None = None
    wrong_sign_vs_baseline: AgainstBaseline | None = None


def as_record[Record](record: type[Record], row: Mapping[str, Any], without: Iterable[str] = ()) -> Record:
    """Return a row of one of our files as a record. The schema checks later whether it holds the record's keys.

    Keys keep the order they have in the file. ``without`` names those to leave out.
    """
    return cast(Record, {key: value for key, value in row.items() if key not in without})


def chamber_fit(found: FitFiles) -> ChamberFit:
    """Make the block of a chamber model."""
    summary = found.summary
    blocks = _blocks(summary)
    return {
        **_size(summary),
        **_convergence(summary),
        **_statistics(found),
        "flat_corr": summary["flat_corr"].get(summary["unit"]),
        **_parties(found),
        **_origin(found),
        "rhat_mu_party_max": blocks["mu_party"]["rhat_max"],
        "rhat_sigma_within_max": blocks["sigma_within"]["rhat_max"],
        "ess_mu_party_min": blocks["mu_party"]["ess_bulk_min"],
        "icc_mean": summary["icc"][0]["mean"],
        "n_left_out": summary["n_left_out"],
    }


def size_and_convergence(summary: Summary) -> dict[str, Any]:
    """Return what is known of a fit that nothing was compared with: its size, times and convergence, and its spec."""
    return {**_size(summary), **_convergence(summary), "spec_hash": summary["spec_hash"]}


def joint_fit(found: FitFiles) -> JointFit:
    """Make the block of the joint model."""
    summary, n_shared, bridges = found.summary, found.summary["n_shared_bills"], found.summary["bridges"]
    assert n_shared is not None, "a joint model has bills of both chambers, or none"
    assert bridges is not None, "a joint model"
    return {
        **_size(summary),
        **_convergence(summary),
        **_statistics(found),
        "flat_corr": summary["flat_corr"],
        **_parties(found),
        **_origin(found),
        "n_shared_bills": n_shared,
        "bridges": bridges,
        "gaps_compared": summary["gaps_compared"],
    }


def _blocks(summary: Summary) -> dict[str, Block]:
    """Return the parameter blocks of a fit by name."""
    return {block["block"]: block for block in summary["convergence"]["blocks"]}


def _size(summary: Summary) -> SizeAndTime:
    sampling = summary["sampling"]
    return {
        "n_legislators": summary["n_legislators"],
        "n_rollcalls": summary["n_rollcalls"],
        "n_votes": summary["n_votes"],
        "sampling_time_s": sampling["time_s"],
        "compile_time_s": sampling["compile_s"],
        "gradients": sampling["gradients"],
        "draws": sampling["draws"],
    }


def _convergence(summary: Summary) -> Convergence:
    convergence, modes, blocks = summary["convergence"], summary["chain_modes"], _blocks(summary)

    return {
        "convergence_ok": convergence["ok"],
        "convergence_failures": convergence["failures"],
        "rhat_xi_max": blocks["xi"]["rhat_max"],
        "ess_xi_min": blocks["xi"]["ess_bulk_min"],
        "divergences": convergence["divergences"],
        "ebfmi": convergence["ebfmi"],
        "rhat_max": {name: block["rhat_max"] for name, block in blocks.items()},
        "ess_bulk_min": {name: block["ess_bulk_min"] for name, block in blocks.items()},
        "ess_tail_min": {name: block["ess_tail_min"] for name, block in blocks.items()},
        "n_rhat_above": {name: block["n_rhat_above"] for name, block in blocks.items()},
        "n_rhat_chance": {name: block["n_rhat_chance"] for name, block in blocks.items()},
        "draws_needed": convergence["draws_needed"],
        "minutes_needed": convergence["minutes_needed"],
        "rank_mcse_max": convergence["rank_mcse_max"],
        "chain_modes": {"verdict": modes["verdict"], "text": modes["text"], "restarts": len(modes["before_restarts"])},
    }


def _statistics(found: FitFiles) -> Statistics:
    summary, against = found.summary, found.wrong_sign_vs_baseline
    whole = [row for row in summary["fit"] if row["party"] == "all"]
    return {
        "sides": summary["sides"],
        "fit": {row["chamber"]: as_record(Classification, row, ("chamber", "party")) for row in whole},
        "pivots": _pivots(summary["pivots"]),
        "overlap": summary["overlap"],
        "roster": summary["roster"],
        "across": summary["across"],
        "external": summary["external"],
        "wrong_sign": {**summary["wrong_sign"], "vs_baseline": against},
    }


def _pivots(rows: Sequence[PivotOfChamber]) -> dict[str, dict[str, Pivot]]:
    """Return by chamber and pivot where it is, who most probably holds it, and over whom it runs."""
    out: dict[str, dict[str, Pivot]] = {}
    for row in rows:
        holder = row["members"][0]
        out.setdefault(row["chamber"], {})[row["pivot"]] = {
            "mean": row["position_mean"],
            "sd": row["position_sd"],
            "q05": row["position_q05"],
            "q95": row["position_q95"],
            "mcse": row["position_mcse"],
            "legislator": holder["legislator"],
            "name": holder["name"],
            "probability": holder["probability"],
            "n_members": row["n_members"],
            "seats": row["seats"],
            "on": row["on"],
        }
    return out


def _parties(found: FitFiles) -> Parties:
    summary = found.summary
    return {
        "icc": summary["icc"],
        "scale": {row["chamber"]: as_record(Scale, row, ("chamber",)) for row in summary["scale"]},
        "parties_apart": {
            row["chamber"]: as_record(PartiesApart, row, ("chamber",)) for row in summary["parties_apart"]
        },
        "truth": summary["truth"],
        "pearson_r_vs_baseline": found.pearson_r_vs_baseline,
    }


def _origin(found: FitFiles) -> Origin:
    summary = found.summary
    sampling, spec = summary["sampling"], summary["experiment_spec"]
    return {
        "beta_prior": spec["beta_prior"],
        "alpha_sigma": spec["alpha_sigma"],
        "chain_seeds": sampling["chain_seeds"],
        "cores": sampling["cores"],
        "data_hash": summary["data_hash"],
        "model_fingerprint": summary["model_fingerprint"],
        "spec_hash": summary["spec_hash"],
        "checks": _checks(found.check),
    }


def _checks(check: Check) -> Checks:
    loo, predictive, sensitivity = check["loo"], check["predictive"], check["sensitivity"]
    of_beta = [row for row in sensitivity["rows"] if row["component"] == "beta" and row["quantity"] == "icc"]
    return {
        "elpd_loo": loo["elpd"],
        "elpd_loo_se": loo["se"],
        "p_loo": loo["p_loo"],
        "gmp_loo": loo["gmp"],
        "n_k_above": loo["n_k_above"],
        "n_k_above_after": loo["n_k_above_after"],
        "loo_order_hash": loo["order_hash"],
        "predictive_unusual": {
            "/".join(filter(None, (row["chamber"], row["party"], row["statistic"]))): row["tail_probability"]
            for row in predictive["statistics"]
            if row["unusual"] and row["tail_probability"] is not None
        },
        "predictive_expected": predictive["n_expected"],
        "predictive_threshold": predictive["threshold"],
        "icc_sensitivity_to_beta": {row["chamber"]: row["sensitivity"] for row in of_beta},
        "n_members_sensitive": sensitivity["n_members_sensitive"],
        "prior_scale_movement": sensitivity["movement"],
        "pairs_outside": {row["chamber"]: _pairs(row) for row in predictive["calibration"] if row["level"] == "pair"},
    }


def _pairs(row: Calibration) -> PairsOutside:
    return {"n": row["n"], "outside": row["outside"], "expected": row["expected"]}
