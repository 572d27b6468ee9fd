"""`metrics.json`: the numbers of one experiment that other programs compare, checked against a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from .config import ExperimentConfig
from .errors import UserError

SCHEMA_VERSION = 1

Summary = Mapping[str, Any]


def unit_metrics(summary: Summary, pearson_r_vs_baseline: float | None) -> dict[str, Any]:
    """The block of one fit.

    Parameters
    ----------
    summary
        The unit's summary.json.
    pearson_r_vs_baseline
        Correlation of posterior mean ideal points with those of the experiment compared with; None without one.
    """
    convergence, sampling = summary["convergence"], summary["sampling"]
    blocks = {block["block"]: block for block in convergence["blocks"]}
    out = {
        "n_legislators": summary["n_legislators"],
        "n_rollcalls": summary["n_rollcalls"],
        "n_votes": summary["n_votes"],
        "sampling_time_s": sampling["time_s"],
        "compile_time_s": sampling["compile_s"],
        "gradients": sampling["gradients"],
        "convergence_ok": convergence["ok"],
        "convergence_failures": convergence["failures"],
        "rhat_xi_max": blocks["xi"]["rhat_max"],
        "ess_xi_min": blocks["xi"]["ess_bulk_min"],
        "divergences": convergence["divergences"],
        "ebfmi": convergence["ebfmi"],
        "rhat_max": {name: block["rhat_max"] for name, block in blocks.items()},
        "ess_bulk_min": {name: block["ess_bulk_min"] for name, block in blocks.items()},
        "ess_tail_min": {name: block["ess_tail_min"] for name, block in blocks.items()},
        "flat_corr": summary["flat_corr"],
        "icc": summary["icc"],
        "truth": summary["truth"],
        "pearson_r_vs_baseline": pearson_r_vs_baseline,
        "beta_prior": summary["experiment_spec"]["beta_prior"],
        "alpha_sigma": summary["experiment_spec"]["alpha_sigma"],
        "chain_seeds": sampling["chain_seeds"],
        "cores": sampling["cores"],
        "data_hash": summary["data_hash"],
        "model_fingerprint": summary["model_fingerprint"],
        "spec_hash": summary["spec_hash"],
    }
    if summary["kind"] == "joint":
        return out | {"n_shared_bills": summary["n_shared_bills"]}
    return out | {
        "rhat_mu_party_max": blocks["mu_party"]["rhat_max"],
        "rhat_sigma_within_max": blocks["sigma_within"]["rhat_max"],
        "ess_mu_party_min": blocks["mu_party"]["ess_bulk_min"],
        "flat_corr": summary["flat_corr"].get(summary["unit"]),
        "icc_mean": summary["icc"][0]["mean"],
        "n_left_out": summary["n_left_out"],
    }


def build_metrics(
    config: ExperimentConfig,
    summaries: Sequence[Summary],
    pearson_r_vs_baseline: Mapping[str, float | None],
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
    units = {s["unit"]: unit_metrics(s, pearson_r_vs_baseline.get(s["unit"])) for s in summaries}
    joint = units.pop("joint", None)
    metrics = {
        "schema_version": SCHEMA_VERSION,
        "experiment": config.name,
        "description": config.description,
        "convergence_ok": all(s["convergence"]["ok"] for s in summaries),
        "chambers": units,
        "joint": joint,
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
    text = files("tallgrass_models").joinpath("metrics.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def check(metrics: Mapping[str, Any]) -> None:
    """Raise `UserError` naming every place where ``metrics`` breaks the schema."""
    import jsonschema

    errors = sorted(jsonschema.Draft202012Validator(schema()).iter_errors(metrics), key=lambda e: e.json_path)
    if errors:
        raise UserError("\n".join(f"metrics.json: {error.json_path}: {error.message}" for error in errors))
