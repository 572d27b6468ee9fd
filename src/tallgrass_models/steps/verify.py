"""The check that results, the configuration, the votes and the code of the models belong together."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..comparison.same_models import changes, same_models
from ..config import specs
from ..config.experiments import ExperimentConfig
from ..config.series import Series
from ..config.session_files import session_files
from ..errors import UserError
from ..files.json import read_json
from ..votes.unit import Unit, by_unit
from .fitted import fitted_hash, same_votes, votes_hash
from .prepared import prepare, pressed_of
from .verify_series import verify_series

log = logging.getLogger(__name__)

#: Facts of the posterior that summary.json repeats, and metrics.json after it.
_REPEATED = ("spec_hash", "data_hash", "model_fingerprint")


@dataclass
class Verified:
    """Findings of a check.

    Attributes
    ----------
    checked
        Name ``experiment/unit`` of every posterior that was checked; of a series over time, ``over_time/series`` and
        ``over_time/series/chamber``.
    problems
        Lines on what does not belong together, each of which begins with the file.
    same
        Units, each with the names of the experiments that have the same model of it.
    """

    checked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    same: list[tuple[Unit, list[str]]] = field(default_factory=list)


def verify(
    experiments: Mapping[str, ExperimentConfig],
    results: Path,
    models: bool = True,
    series: Mapping[str, Series] | None = None,
) -> Verified:
    """Check every result of the experiments that exists.

    Parameters
    ----------
    experiments
        The configuration.
    results
        The results folder.
    models
        Whether to build each model again and compare its log density with that of the fit, and to make the link of each
        series again.
    series
        Series over time of the configuration. One whose experiments or votes have problems is left alone.

    Raises
    ------
    UserError
        If there is nothing to check.
    """
    out, fingerprints = Verified(), {}
    sessions = {c.session.folder: c.session for c in experiments.values()}
    for folder, session in sessions.items():
        used = {name for c in experiments.values() if c.session.folder == folder for name in c.model.covariates}
        for chamber in ("house", "senate"):
            out.problems += _votes(session, chamber, results, sorted(used))
    for config in experiments.values():
        found: dict[Unit, Mapping[str, Any]] = {}
        for unit in config.units:
            path = results / config.name / unit / "posterior.nc"
            if path.exists():
                out.checked.append(f"{config.name}/{unit}")
                found[unit] = _unit(config, unit, results, models, out.problems)
        out.problems += _metrics(results / config.name, found)
        fingerprints[config.name] = {unit: about.get("model_fingerprint") for unit, about in found.items()}
    if not out.checked:
        raise UserError(f"{results}: no posterior of the experiments {', '.join(experiments)}")
    for one in (series or {}).values():
        places = {f"{results}/{name}/" for name in one.experiments}
        places |= {f"{results}/sessions/{experiments[name].session.folder}/" for name in one.experiments}
        if not any(problem.startswith(tuple(places)) for problem in out.problems):
            checked, problems = verify_series(one, experiments, results, models)
            out.checked += checked
            out.problems += problems
    out.same = same_models(fingerprints)
    return out


def _votes(session: Any, chamber: str, results: Path, covariates: Sequence[str]) -> Iterator[str]:
    """Yield a problem if a chamber's votes, or its covariates, are not those that the session's files give now."""
    from ..votes.matrix import ChamberVotes
    from ..votes.members_file import with_more_columns
    from ..votes.session import load_chambers, read_session

    path = results / "sessions" / session.folder / f"{chamber}.nc"
    if not path.exists():
        return
    try:
        stored = ChamberVotes.load(path)
        files = session_files(session, str(results))
        raw = read_session(session.source, session.options, **files)
        filters = session.min_minority_share, session.min_votes
        now = load_chambers(raw, session.name, (chamber,), *filters, session.caucus, session.selection)[chamber]
        now = with_more_columns(now, session.source, session.options, files) if covariates else now
    except UserError as error:
        yield str(error)
        return
    if votes_hash(stored) != votes_hash(now):
        yield f"{path}: not what the session's files and filters give now; the votes have changed"
    for name in covariates:
        one = {"model": {"covariates": [name]}}
        if fitted_hash(stored, one).partition("-")[2] != fitted_hash(now, one).partition("-")[2]:
            yield f"{path}: not what the session's files give now; covariate {name!r} has changed"


@dataclass(frozen=True)
class _Fit:
    """A posterior file, its spec, its facts that `_REPEATED` names, and what `prepare` is told beside the spec."""

    path: Path
    spec: Mapping[str, Any]
    about: Mapping[str, Any]
    pressed: tuple[bool, ...]
    merged: frozenset[str]


def _unit(config: ExperimentConfig, unit: Unit, results: Path, models: bool, problems: list[str]) -> Mapping[str, Any]:
    """Check one posterior and its summary, and return the facts of the posterior that `_REPEATED` names."""
    from ..sampling.posterior import load_posterior
    from ..votes.matching import merged_bills

    path = results / config.name / unit / "posterior.nc"
    try:
        tree = load_posterior(path)
        attributes, merged = tree.attrs, merged_bills(tree["posterior"]["vote"].to_numpy())
    except UserError as error:
        problems.append(str(error))
        return {}
    spec, wanted = json.loads(attributes["spec"]), json.loads(specs.fit_spec_json(config, unit))
    problems += [f"{path}: {change}" for change in changes(spec, wanted)]
    about = {**{key: attributes.get(key) for key in _REPEATED}, "data_hash": json.loads(attributes["data_hash"])}
    data = {chamber: results / "sessions" / config.session.folder / f"{chamber}.nc" for chamber in unit.chambers}
    problems += [
        f"{path}: {problem}"
        for problem in _model(_Fit(path, spec, about, pressed_of(attributes), merged), data, models)
    ]
    problems += _summary(path.with_name("summary.json"), about, path)
    return about


def _model(fit: _Fit, data: Mapping[str, Path], models: bool) -> Iterator[str]:
    """Yield a problem if the votes, by chamber in ``data``, or their model are not those of the posterior."""
    from ..sampling.sample import compile_model, model_fingerprint
    from ..votes.matrix import ChamberVotes

    try:
        chambers = [ChamberVotes.load(file) for file in data.values()]
        if [fitted_hash(votes, fit.spec) for votes in chambers] != fit.about["data_hash"]:
            what = "covariates" if same_votes(fit.about["data_hash"], chambers) else "votes"
            yield f"fitted to other {what} than {' and '.join(map(str, data.values()))}"
        elif models:
            homes = {f"{chamber}_posterior": fit.path.parents[1] / chamber / "posterior.nc" for chamber in data}
            inputs = {**data, **homes} if len(data) == 2 else {"data": next(iter(data.values()))}
            prepared = prepare(fit.spec, inputs, fit.pressed, fit.merged)
            now = model_fingerprint(compile_model(prepared.built, fit.spec["sampling"]["sampler"]))
            if now != fit.about["model_fingerprint"]:
                yield f"the model's log density has changed (now {now}, was {fit.about['model_fingerprint']})"
    except UserError as error:
        yield str(error)


def _metrics(home: Path, units: Mapping[Unit, Mapping[str, Any]]) -> list[str]:
    path = home / "metrics.json"
    if not path.exists():
        return []
    try:
        blocks, problems = by_unit(read_json(path)), list[str]()
    except UserError as error:
        return [str(error)]
    for unit, about in units.items():
        if about and unit in blocks:
            problems += _other_fit(path, blocks[unit], about, home / unit / "posterior.nc")
        elif about:
            problems.append(f"{path}: has no block for {unit}, although there is a posterior of it")
    return problems


def _summary(path: Path, about: Mapping[str, Any], of: Path) -> list[str]:
    """Return what does not belong together between a summary, if it is there, and its posterior."""
    try:
        return _other_fit(path, read_json(path), about, of) if path.exists() else []
    except UserError as error:
        return [str(error)]


def _other_fit(path: Path, block: Mapping[str, Any], about: Mapping[str, Any], of: Path) -> list[str]:
    other = [key.replace("_", " ") for key in _REPEATED if block.get(key) != about[key]]
    return [f"{path}: has another {' and '.join(other)} than {of}; made from another posterior"] if other else []
