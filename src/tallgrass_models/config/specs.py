"""What each result depends on, as one canonical JSON text that Snakemake compares from run to run.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from ..files.atomic import canonical_json
from ..files.records.specs import LinkSpec, OfFit, SummarySpec
from .experiments import ExperimentConfig, spec_hash
from .fingerprint import fingerprint
from .sessions import SessionConfig


def simulate_spec_json(session: SessionConfig) -> str:
    """Of a simulated session's files: the seed and the simulator, not the filters."""
    kept = {"name": session.name, "source": session.source, "seed": session.seed}
    return canonical_json({"session": kept, "code": fingerprint("simulate")})


def data_spec_json(session: SessionConfig) -> str:
    """Of a chamber's filtered votes, without external scores, the choice of pivots and the name of a folder."""
    kept = replace(session, external=None, pivots=(), pivots_on=None, label="")
    return canonical_json({"session": json.loads(kept.to_json()), "code": fingerprint("data", session.source)})


def fit_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Of a posterior; ``unit`` is house, senate, joint, flat_house or flat_senate."""
    spec = config.fit_spec(unit)
    return canonical_json({**spec, "code": fingerprint(spec["kind"])})


def summary_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Of a fit's tables: which fit of which source, held against which gates."""
    spec: SummarySpec = {
        "fit_hash": spec_hash(fit_spec_json(config, unit)),
        "gates": config.to_dict()["gates"],
        "source": config.session.source,
        "pivots": list(config.session.pivots),
        "pivots_on": config.session.pivots_on,
        "code": fingerprint("summary"),
    }
    return canonical_json(spec)


def check_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Of a fit's checks: which fit."""
    spec: OfFit = {"fit_hash": spec_hash(fit_spec_json(config, unit)), "code": fingerprint("check")}
    return canonical_json(spec)


def link_spec_json(config: ExperimentConfig) -> str:
    """Of the link of both chambers and the audit of the axes: which fits, and the pivots that are compared."""
    spec: LinkSpec = {
        "fit_hashes": _fit_hashes(config),
        "pivots": list(config.session.pivots),
        "pivots_on": config.session.pivots_on,
        "code": fingerprint("link"),
    }
    return canonical_json(spec)


def draw_tables_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Of the small tables behind pictures of draws."""
    spec: OfFit = {"fit_hash": spec_hash(fit_spec_json(config, unit)), "code": fingerprint("draw_tables")}
    return canonical_json(spec)


def report_spec_json(config: ExperimentConfig) -> str:
    """Of the page."""
    return canonical_json({"experiment": config.to_dict(), "code": fingerprint("report")})


def compare_report_spec_json() -> str:
    """Of the page that compares experiments: nothing but its files and its code."""
    return canonical_json({"code": fingerprint("report")})


def metrics_spec_json(config: ExperimentConfig) -> str:
    """Of metrics.json: the experiment, and the hash of the fit of each unit."""
    return canonical_json(
        {
            "experiment": config.to_dict(),
            "fit_hashes": _fit_hashes(config),
            "code": fingerprint("metrics"),
        }
    )


def _fit_hashes(config: ExperimentConfig) -> dict[str, str]:
    return {unit: spec_hash(fit_spec_json(config, unit)) for unit in config.units}


def comparison_spec_json(names: Iterable[str]) -> str:
    """Of the comparison of experiments."""
    return canonical_json({"experiments": list(names), "code": fingerprint("comparison")})
