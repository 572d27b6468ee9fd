"""`metrics.json`: the numbers of one experiment that other programs compare, checked against a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from ..config.experiments import ExperimentConfig
from ..errors import UserError

SCHEMA_VERSION = 1

Summary = Mapping[str, Any]


def _unit_metrics(
    summary: Summary,
    unit_check: Summary,
    pearson_r_vs_baseline: float | None,
    wrong_sign_vs_baseline: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The block of one fit.

    Parameters
    ----------
    summary
        The unit's summary.json.
    unit_check
        The unit's check.json.
    pearson_r_vs_baseline
        Correlation of posterior mean positions with those of the experiment compared with; None without one.
    wrong_sign_vs_baseline
        From `wrong_sign.against_baseline`; None without one, or with a prior that is not one-sided.
    """
    sampling = summary["sampling"]
    blocks = {block["block"]: block for block in summary["convergence"]["blocks"]}
    out = {
        "n_legislators": summary["n_legislators"],
        "n_rollcalls": summary["n_rollcalls"],
        "n_votes": summary["n_votes"],
        "sampling_time_s": sampling["time_s"],
        "compile_time_s": sampling["compile_s"],
        "gradients": sampling["gradients"],
        "draws": sampling["draws"],
        **_convergence(summary, blocks),
        "sides": summary["sides"],
        "fit": {row["chamber"]: _without(row, "chamber", "party") for row in summary["fit"] if row["party"] == "all"},
        "pivots": _pivots(summary["pivots"]),
        "overlap": summary["overlap"],
        "roster": summary["roster"],
        "across": summary["across"],
        "external": summary["external"],
        "wrong_sign": {**summary["wrong_sign"], "vs_baseline": wrong_sign_vs_baseline},
        "flat_corr": summary["flat_corr"],
        "icc": summary["icc"],
        "scale": _by_chamber(summary["scale"]),
        "parties_apart": _by_chamber(summary["parties_apart"]),
        "truth": summary["truth"],
        "pearson_r_vs_baseline": pearson_r_vs_baseline,
        "beta_prior": summary["experiment_spec"]["beta_prior"],
        "alpha_sigma": summary["experiment_spec"]["alpha_sigma"],
        "chain_seeds": sampling["chain_seeds"],
        "cores": sampling["cores"],
        "data_hash": summary["data_hash"],
        "model_fingerprint": summary["model_fingerprint"],
        "spec_hash": summary["spec_hash"],
        "checks": _check_metrics(unit_check),
    }
    if summary["kind"] == "joint":
        return out | {"n_shared_bills": summary["n_shared_bills"], "gaps_compared": summary["gaps_compared"]}
    return out | {
        "rhat_mu_party_max": blocks["mu_party"]["rhat_max"],
        "rhat_sigma_within_max": blocks["sigma_within"]["rhat_max"],
        "ess_mu_party_min": blocks["mu_party"]["ess_bulk_min"],
        "flat_corr": summary["flat_corr"].get(summary["unit"]),
        "icc_mean": summary["icc"][0]["mean"],
        "n_left_out": summary["n_left_out"],
    }


def _convergence(summary: Summary, blocks: Mapping[str, Any]) -> dict[str, Any]:
    """Gates, chance and modes; ``blocks`` are those of the summary by name."""
    convergence, modes = summary["convergence"], summary["chain_modes"]
    by_block = ("rhat_max", "ess_bulk_min", "ess_tail_min", "n_rhat_above", "n_rhat_chance")
    return {
        "convergence_ok": convergence["ok"],
        "convergence_failures": convergence["failures"],
        "rhat_xi_max": blocks["xi"]["rhat_max"],
        "ess_xi_min": blocks["xi"]["ess_bulk_min"],
        "divergences": convergence["divergences"],
        "ebfmi": convergence["ebfmi"],
        **{key: {name: block[key] for name, block in blocks.items()} for key in by_block},
        "draws_needed": convergence["draws_needed"],
        "minutes_needed": convergence["minutes_needed"],
        "rank_mcse_max": convergence["rank_mcse_max"],
        "chain_modes": {"verdict": modes["verdict"], "text": modes["text"], "restarts": len(modes["before_restarts"])},
    }


def _without(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in keys}


def _by_chamber(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["chamber"]: _without(row, "chamber") for row in rows}


def _pivots(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By chamber and pivot: where it is, who most probably holds it, and over whom it runs."""
    out: dict[str, dict[str, Any]] = {}
    for row in rows:
        place = {key: row[f"position_{key}"] for key in ("mean", "sd", "q05", "q95", "mcse")}
        holder = {key: row["members"][0][key] for key in ("legislator", "name", "probability")}
        counted = {key: row[key] for key in ("n_members", "seats", "on")}
        out.setdefault(row["chamber"], {})[row["pivot"]] = {**place, **holder, **counted}
    return out


def _linking_block(linking: Mapping[str, Any]) -> dict[str, Any] | None:
    """The constants of the link, from linking.json; None where nothing is linked."""
    if not linking["linked"]:
        return None
    row = next(row for row in linking["methods"] if row["method"] == linking["method"])
    counts, joint = linking["anchors"], linking["joint"]
    of = ("mean", "q05", "q95")
    return {
        "method": linking["method"],
        **{f"{letter}_{key}": row[f"{letter}_{key}"] for letter in "AB" for key in of},
        **{f"{c}_relative": {key: row[f"{c}_relative_{key}"] for key in ("median", "q05", "q95")} for c in "AB"},
        "n_anchors": counts["n_used"],
        "n_anchors_dropped": counts["n_shared"] - counts["n_used"],
        "methods_agree": linking["methods_agree"],
        "joint": joint and _without(joint, "n_senate", "max_p_member"),
    }


def _across_block(linking: Mapping[str, Any]) -> dict[str, Any] | None:
    """House against Senate by every method that has an answer, from linking.json; None where none has."""
    if not linking["statements"]:
        return None
    said = [row for row in linking["statements"] if row["kind"] == "probability"]
    sources = {"all": "value", "link": "link_value", "joint": "joint_value"}
    return {
        "weights": linking["weights"],
        "p_senate_right": {
            row["key"].removeprefix("p_senate_").removesuffix("_right"): {k: row[v] for k, v in sources.items()}
            for row in said
        },
        "findings": [finding["text"] for finding in linking["findings"] if finding["level"] == "bad"],
    }


def axis_rows(axis: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The verdict on every axis, from axis.json."""
    return [
        {
            **{name: entry[name] for name in ("unit", "chamber", "verdict")},
            **{f"d_{name}": entry["d"] and entry["d"][name] for name in ("mean", "q05", "q95")},
            **{name: entry[name] for name in ("d_pc1", "d_pc2", "eigenvalue_ratio")},
        }
        for entry in axis["units"]
    ]


def _check_metrics(unit_check: Summary) -> dict[str, Any]:
    """The block ``checks`` of one fit, from its check.json."""
    loo, predictive, sensitivity = (unit_check[name] for name in ("loo", "predictive", "sensitivity"))
    unusual = {
        "/".join(filter(None, (row["chamber"], row["party"], row["statistic"]))): row["tail_probability"]
        for row in predictive["statistics"]
        if row["unusual"]
    }
    of_beta = [row for row in sensitivity["rows"] if row["component"] == "beta" and row["quantity"] == "icc"]
    return {
        "elpd_loo": loo["elpd"],
        "elpd_loo_se": loo["se"],
        "p_loo": loo["p_loo"],
        "gmp_loo": loo["gmp"],
        "n_k_above": loo["n_k_above"],
        "n_k_above_after": loo["n_k_above_after"],
        "loo_order_hash": loo["order_hash"],
        "predictive_unusual": unusual,
        "predictive_expected": predictive["n_expected"],
        "predictive_threshold": predictive["threshold"],
        "icc_sensitivity_to_beta": {row["chamber"]: row["sensitivity"] for row in of_beta},
        "n_members_sensitive": sensitivity["n_members_sensitive"],
        "prior_scale_movement": sensitivity["movement"],
        "pairs_outside": {
            row["chamber"]: {key: row[key] for key in ("n", "outside", "expected")}
            for row in predictive["calibration"]
            if row["level"] == "pair"
        },
    }


def build_metrics(
    config: ExperimentConfig,
    summaries: Sequence[Summary],
    checks: Sequence[Summary],
    pearson_r_vs_baseline: Mapping[str, float | None],
    wrong_sign_vs_baseline: Mapping[str, Mapping[str, Any]],
    linking: Mapping[str, Any],
    axis: Mapping[str, Any],
    platform: Mapping[str, Any],
    code: Mapping[str, Any],
    versions: Mapping[str, str],
) -> dict[str, Any]:
    """The whole of metrics.json.

    Raises
    ------
    UserError
        If the result does not meet the schema (a bug, or a summary made by another version).
    """
    of_unit = {found["unit"]: found for found in checks}
    units = {
        unit: _unit_metrics(summary, of_unit[unit], pearson_r_vs_baseline.get(unit), wrong_sign_vs_baseline.get(unit))
        for unit, summary in ((summary["unit"], summary) for summary in summaries)
    }
    joint = units.pop("joint", None)
    metrics = {
        "schema_version": SCHEMA_VERSION,
        "experiment": config.name,
        "description": config.description,
        "convergence_ok": all(s["convergence"]["ok"] for s in summaries),
        "chambers": units,
        "joint": joint,
        "linking": _linking_block(linking),
        "house_vs_senate": _across_block(linking),
        "joint_vs_separate": linking["joint_vs_separate"],
        "axis": axis_rows(axis),
        "baseline": config.compare_with,
        "config": config.to_dict(),
        "code": dict(code),
        "versions": dict(versions),
        "platform": dict(platform),
    }
    check(metrics)
    return metrics


def schema() -> dict[str, Any]:
    """The JSON Schema of metrics.json."""
    text = files("tallgrass_models.metrics").joinpath("metrics.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def check(metrics: Mapping[str, Any]) -> None:
    """Raise `UserError` naming every place where ``metrics`` breaks the schema."""
    import jsonschema

    errors = sorted(jsonschema.Draft202012Validator(schema()).iter_errors(metrics), key=lambda e: e.json_path)
    if errors:
        raise UserError("\n".join(f"metrics.json: {error.json_path}: {error.message}" for error in errors))
