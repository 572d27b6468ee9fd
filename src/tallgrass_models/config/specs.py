"""Specs of all that each result depends on, as canonical JSON texts that Snakemake compares from run to run.

This module needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from ..files.json import canonical_json
from ..files.records.over_time import LinkTimeSpec
from ..files.records.specs import FollowSpec, LinkSpec, OfFit, SummarySpec
from ..votes.unit import Unit
from .experiments import ExperimentConfig, spec_hash
from .fingerprint import fingerprint
from .series import Series
from .sessions import WORDS, SessionConfig


def simulate_spec_json(session: SessionConfig) -> str:
    """Return the spec of a simulated session's files: the seed and the simulator, without the filters."""
    kept = {"name": session.name, "source": session.source, "seed": session.seed}
    return canonical_json({"session": kept, "code": fingerprint("simulate")})


def data_spec_json(session: SessionConfig) -> str:
    """Return the spec of a chamber's filtered votes.

    It leaves out external scores, the choice of pivots, the label of the folder, and what pages call things.
    """
    kept = json.loads(replace(session, external=None, pivots=(), pivots_on=None, label="").to_json())
    kept = {key: value for key, value in kept.items() if key not in WORDS}
    return canonical_json({"session": kept, "code": fingerprint("data", session.source)})


def fit_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Return the spec of a posterior; ``unit`` is house, senate, joint, flat_house or flat_senate."""
    known = config.known_specs  # most specs of an experiment have the hashes of its fits
    work, code, text = known.get(unit, ("", "", ""))
    if not work or code != fingerprint(work):
        spec = config.fit_spec(unit)
        work = _work(spec)
        code = fingerprint(work)
        text = canonical_json({**spec, "code": code})
        known[unit] = work, code, text
    return text


def _work(spec: Mapping[str, Any]) -> str:
    """Name the work behind a fit: a structure has its own code, and so have bridges that are not the same."""
    return str(spec.get("model", {}).get("structure", spec.get("bridges", spec["kind"])))


def fold_spec_json(config: ExperimentConfig, unit: str, fold: int) -> str:
    """Return the spec of the fit of a unit without the votes of one fold, and of what is kept of it."""
    spec = config.fold_spec(unit, fold)
    return canonical_json({**spec, "code": fingerprint(_work(spec)), "fold_code": fingerprint("fold")})


def pool_spec_json(config: ExperimentConfig) -> str:
    """Return the spec of the ladder of held-out votes: all fits and folds, the gates and the code."""
    assert config.folds is not None, "no folds in this experiment"
    fits = [*config.units, *(f"flat_{chamber}" for chamber in config.chambers)]
    spec = {
        "experiment": config.name,
        "folds": config.folds.to_dict(),
        "gates": asdict(config.gates),
        "fit_hashes": _fit_hashes(config),
        "fold_hashes": [spec_hash(fold_spec_json(config, fit, fold)) for fit in fits for fold in config.folds.fitted],
        "code": fingerprint("pool_folds"),
    }
    if config.model.covariates:
        spec["covariates"] = list(config.model.covariates)
    return canonical_json(spec)


def summary_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Return the spec of a fit's tables: the fit, the source of its votes, the gates, the pivots and the code."""
    gates: Any = asdict(config.gates)
    spec: SummarySpec = {
        "fit_hash": spec_hash(fit_spec_json(config, unit)),
        "gates": gates,
        "source": config.session.source,
        "pivots": list(config.session.pivots),
        "pivots_on": config.session.pivots_on,
        "code": fingerprint("summary"),
    }
    return canonical_json(spec)


def check_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Return the spec of a fit's checks: the fit and the code."""
    spec: OfFit = {"fit_hash": spec_hash(fit_spec_json(config, unit)), "code": fingerprint("check")}
    return canonical_json(spec)


def link_spec_json(config: ExperimentConfig) -> str:
    """Return the spec of the link and of the axis audit: the fits, the pivots that are compared, and the code."""
    spec: LinkSpec = {
        "fit_hashes": _fit_hashes(config),
        "pivots": list(config.session.pivots),
        "pivots_on": config.session.pivots_on,
        "code": fingerprint("link"),
    }
    return canonical_json(spec)


def link_time_spec_json(series: Series, experiments: Mapping[str, ExperimentConfig]) -> str:
    """Return the spec of a series on one scale: the fits that are linked, who is the same person, and the code."""
    spec: LinkTimeSpec = {
        "series": series.name,
        "experiments": list(series.experiments),
        "fit_hashes": {
            name: {unit: spec_hash(fit_spec_json(experiments[name], unit)) for unit in series.units(experiments[name])}
            for name in series.experiments
        },
        "matching": series.matching.spec(),
        "code": fingerprint("link_time"),
    }
    if series.together:
        first = experiments[series.experiments[0]]
        hashes = {unit: spec_hash(dynamic_spec_json(series, experiments, unit)) for unit in series.units(first)}
        spec[series.method] = {"fit_hashes": hashes, "gates": first.to_dict()["gates"]}  # type: ignore[literal-required]
    return canonical_json(spec)


def dynamic_spec_json(series: Series, experiments: Mapping[str, ExperimentConfig], unit: str) -> str:
    """Return the spec of the fit of a unit's sessions together: that of its first session, and the series."""
    runs = [experiments[name] for name in series.experiments]
    spec = {key: value for key, value in runs[0].fit_spec(unit).items() if key != "session"}
    own = {
        "kind": series.method,
        "sessions": [run.session.name for run in runs],
        "sources": [run.session.source for run in runs],
        "matching": series.matching.spec(),
        "code": fingerprint(series.work),
    }
    return canonical_json({**spec, **own, "session": series.name})


def time_report_spec_json() -> str:
    """Return the spec of the page over time: the code alone, because the rest is in its input files."""
    return canonical_json({"code": fingerprint("time_report")})


def draw_tables_spec_json(config: ExperimentConfig, unit: str) -> str:
    """Return the spec of the small tables behind pictures of draws: the fit and the code."""
    spec: OfFit = {"fit_hash": spec_hash(fit_spec_json(config, unit)), "code": fingerprint("draw_tables")}
    return canonical_json(spec)


def report_spec_json(config: ExperimentConfig) -> str:
    """Return the spec of the page: the experiment and the code."""
    return canonical_json({"experiment": config.to_dict(), "code": fingerprint("report")})


def compare_report_spec_json() -> str:
    """Return the spec of the page that compares experiments: the code alone, because the rest is in its input files."""
    return canonical_json({"code": fingerprint("report")})


def metrics_spec_json(config: ExperimentConfig) -> str:
    """Return the spec of metrics.json: the experiment, the hash of each unit's fit, and the code."""
    return canonical_json(
        {
            "experiment": config.to_dict(),
            "fit_hashes": _fit_hashes(config),
            "code": fingerprint("metrics"),
        }
    )


def _fit_hashes(config: ExperimentConfig) -> dict[str, str]:
    return {unit: spec_hash(fit_spec_json(config, unit)) for unit in config.units}


def comparison_spec_json(names: Iterable[str], configs: Iterable[ExperimentConfig] = ()) -> str:
    """Return the spec of the comparison of experiments: their names, the members that ``configs`` follow, the code."""
    asked: dict[str, FollowSpec] = {}
    for config in configs:
        if own := config.follow:
            one = asked.setdefault(own.key, {"key": own.key, "members": list(own.members), "experiments": []})
            one["experiments"].append(config.name)
    follow = {"follow": list(asked.values())} if asked else {}
    return canonical_json({"experiments": list(names), "code": fingerprint("comparison"), **follow})


def lab_spec_json(config: ExperimentConfig, unit: str, origin: str, replicate: int) -> str:
    """Return the spec of a replicate of a known-truth lab: the fit, the origin of its truth, its number, the code."""
    said = {"fit": json.loads(fit_spec_json(config, unit)), "origin": origin, "replicate": replicate}
    if unit == Unit.JOINT:
        said["chambers"] = {chamber: json.loads(fit_spec_json(config, chamber)) for chamber in config.chambers}
    return canonical_json({**said, "code": fingerprint("lab")})


def lab_pool_spec_json(config: ExperimentConfig, unit: str, origin: str, n: int) -> str:
    """Return the spec of the findings of a lab of ``n`` replicates: their specs and the code."""
    hashes = [spec_hash(lab_spec_json(config, unit, origin, k)) for k in range(n)]
    return canonical_json({"unit": unit, "origin": origin, "hashes": hashes, "code": fingerprint("lab_pool")})
