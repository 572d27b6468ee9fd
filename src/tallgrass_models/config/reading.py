"""Reader of the experiments file, which checks it once and reports every problem in one message.

This module needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..priors.model import ModelPriors
from ..priors.spec import JOINT_BETA, PRODUCTION_BETA
from ..votes.locate import ambiguous
from ..votes.sources import SOURCES
from ..votes.vocabulary import CHAMBERS
from . import checks
from .experiments import ExperimentConfig, Follow, name_problem
from .filters import FILTER_CHECKS
from .folds import folds_check
from .gates import GATE_CHECKS, GateConfig
from .joint import FLAT, joint_check
from .mappings import section, unknown_key
from .model import NAMED, STANDARD, ModelConfig, dimensions_check, members_check
from .multiverse import expand
from .over_sessions import over_sessions, session_list
from .priors import PRIOR_CHECKS, prior
from .running import EARLY_STOP_CHECKS, PLATFORM_CHECKS, EarlyStopConfig, PlatformConfig
from .sampling import SAMPLING_CHECKS, SamplingConfig, flat_sampling
from .selection import ALL, OfExperiment, selection, votes_of_experiment
from .series import Series, joint_problems, over_time, together_problems
from .sessions import COMMON_SESSION_CHECKS, SESSION_CHECKS, SessionConfig
from .yaml import read_yaml

_COORDINATES = ("fast", "reference")
#: Pattern of the names of sessions.
NAME_OF_SESSION = r"[a-z0-9][a-z0-9_-]{0,99}"


def load_experiments(path: str | Path) -> dict[str, ExperimentConfig]:
    """Read and check the experiments file.

    Returns
    -------
    dict
        Configuration of each experiment by name, with every setting filled in, in the order of the file.

    Raises
    ------
    UserError
        If the file has problems, with a line for each: YAML syntax, keys written twice, unknown keys, wrong values,
        unsafe names, sessions that are not declared.
    """
    return _load(path)[1]


def load_sessions(path: str | Path) -> dict[str, SessionConfig]:
    """Read and check the experiments file as `load_experiments` does, and return its sessions by name."""
    return _load(path)[0]


def varied(path: str | Path) -> dict[str, str]:
    """Return of each experiment that the key ``vary`` makes the name of the one that has the key.

    Of an experiment on several sessions that is its run on one of them (`over_sessions`).
    """
    raw = over_sessions(read_yaml(Path(path))[0], {}, []).raw
    raw = over_sessions(raw, {}, []).raw
    expanded, first = expand(raw["experiments"], raw.get("defaults", {}), EXPERIMENT_CHECKS, NESTED_CHECKS, [])
    return {name: body.origin for name, body in expanded.items() if body.origin in first}


def on_sessions(path: str | Path) -> dict[str, str]:
    """Return of each experiment that the key ``sessions`` makes the name of the one that has the key."""
    return over_sessions(read_yaml(Path(path))[0], {}, []).origin


def load_series(path: str | Path) -> dict[str, Series]:
    """Read and check the experiments file as `load_experiments` does, and return its series over time by name."""
    return _load(path)[2]


def load_experiments_and_series(path: str | Path) -> tuple[dict[str, ExperimentConfig], dict[str, Series]]:
    """Read and check the experiments file once, and return what `load_experiments` and `load_series` return."""
    return _load(path)[1:]


def _load(path: str | Path) -> tuple[dict[str, SessionConfig], dict[str, ExperimentConfig], dict[str, Series]]:
    raw, problems = read_yaml(Path(path))
    sessions: dict[str, SessionConfig] = {}
    experiments: dict[str, ExperimentConfig] = {}
    series: dict[str, Series] = {}
    if isinstance(raw, dict):
        known = dict.fromkeys(("sessions", "platform", "defaults", "experiments"))
        problems += [unknown_key(key, known) for key in raw if key not in known]
        sessions = _sessions(raw.get("sessions"), problems)
        swept = over_sessions(raw, {name: one.source for name, one in sessions.items()}, problems)
        experiments, series = _experiments(swept.raw, sessions, problems), swept.series
        for name, one in experiments.items():
            if one.follow:  # a message of the comparison has to name the file
                (key,) = swept.as_written([one.follow.key])
                asked = replace(one.follow, key=f"{Path(path).name}: {key}")
                experiments[name] = replace(one, follow=asked)
        problems = swept.as_written(problems)
        if not problems:
            problems += [
                f"experiments.{name}: over_time links one experiment on each session, so it cannot stand beside 'vary'"
                for name, one in series.items()
                if not set(one.experiments) <= set(experiments)
            ]
            problems += [
                f"experiments.{name}.over_time: {problem}"
                for name, one in series.items()
                if one.together and one.experiments[0] in experiments
                for problem in together_problems(experiments[one.experiments[0]], one.method)
            ]
            problems += [
                f"experiments.{name}.over_time: {problem}"
                for name, one in series.items()
                if one.joint and one.experiments[0] in experiments
                for problem in joint_problems(experiments[one.experiments[0]], one.method)
            ]
    elif not problems:
        problems.append("needs a mapping with 'sessions' and 'experiments'")
    if problems:
        raise UserError("\n".join(f"{path}: {problem}" for problem in problems))
    return sessions, experiments, series


# --- what each key may hold -------------------------------------------------------------------------------------------


@checks.shaped({"type": "array", "items": {"enum": list(CHAMBERS)}, "minItems": 1, "uniqueItems": True})
def _chambers(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or any(c not in CHAMBERS for c in value):
        raise ValueError(f"must be a list of {' and '.join(CHAMBERS)}, not {value!r}")
    if len(set(value)) < len(value):
        raise ValueError(f"names a chamber twice: {value!r}")
    return tuple(c for c in CHAMBERS if c in value)


EXPERIMENT_CHECKS: dict[str, checks.Check] = {
    "description": checks.text,
    "session": checks.text,
    "sessions": session_list,
    "over_time": over_time,
    "chambers": _chambers,
    "beta_prior": prior,
    "joint": joint_check(prior),
    "structure": checks.one_of(STANDARD, *NAMED),
    "members": members_check,
    "dimensions": dimensions_check,
    "coordinates": checks.one_of(*_COORDINATES),
    "orient_bills": checks.yes_or_no,
    "compare_with": checks.optional_text,
    "votes": votes_of_experiment,
    "folds": folds_check,
}
_NESTED = {
    "sampling": (SamplingConfig, SAMPLING_CHECKS),
    "gates": (GateConfig, GATE_CHECKS),
    "early_stop": (EarlyStopConfig, EARLY_STOP_CHECKS),
}
NESTED_CHECKS = {key: known for key, (_, known) in _NESTED.items()} | {"filters": FILTER_CHECKS, "priors": PRIOR_CHECKS}


# --- the three parts of the file --------------------------------------------------------------------------------------


def _experiments(
    raw: dict[Any, Any], sessions: Mapping[str, SessionConfig], problems: list[str]
) -> dict[str, ExperimentConfig]:
    platform = PlatformConfig(**section(raw.get("platform", {}), "platform", PLATFORM_CHECKS, problems))
    defaults = _settings(raw.get("defaults", {}), "defaults", problems)
    bodies = raw.get("experiments")
    if not isinstance(bodies, dict) or not bodies:
        problems.append("needs 'experiments:' with at least one experiment")
        return {}
    expanded, first = expand(bodies, raw.get("defaults", {}), EXPERIMENT_CHECKS, NESTED_CHECKS, problems)
    if (reference := defaults.get("compare_with")) in first:
        defaults["compare_with"] = first[reference]
    base: dict[str, Any] = {
        "platform": platform,
        "flat_sampling": flat_sampling(SamplingConfig(**defaults.get("sampling", {}))),
    }
    out: dict[str, ExperimentConfig] = {}
    for name, (body, origin, follow) in expanded.items():
        where = f"experiments.{origin}"
        if problem := name_problem(name):
            problems.append(f"{where}: {problem}")
            continue
        own = _settings({} if body is None else body, where, problems)
        merged = {**defaults, **own}
        merged |= {"follow": Follow(f"{where}.follow", follow)} if follow else {}
        if (joint := merged.get("joint")) and joint.beta_prior is None:  # the beta_prior of defaults does not count
            usual = PRODUCTION_BETA if joint.members == FLAT else JOINT_BETA
            merged["joint"] = replace(joint, beta_prior=own.get("beta_prior", usual))
        for key, (cls, _) in _NESTED.items():
            merged[key] = cls(**{**defaults.get(key, {}), **own.get(key, {})})
        filters = {**defaults.get("filters", {}), **own.get("filters", {})}
        merged.pop("filters", None)
        merged.pop("votes", None)
        priors = {**defaults.get("priors", {}), **own.get("priors", {})}
        merged.pop("priors", None)
        problems += _alpha_twice(priors, raw.get("defaults", {}), body, where)
        chosen, lapse = own.get("votes", OfExperiment()).over(defaults.get("votes", OfExperiment()))
        try:
            merged["model"] = ModelConfig.asked(merged, bool(lapse), ModelPriors(**priors))
        except UserError as error:
            problems.append(f"{where}: {error}")
            continue
        session = merged.pop("session", next(iter(sessions), None))
        if session not in sessions:
            declared = raw.get("sessions")
            if isinstance(declared, dict) and session not in {None, *declared}:  # else ``problems`` has it already
                problems.append(f"{where}.session: {session!r} is not declared under 'sessions'")
            continue
        problems += _unsaid(chosen, sessions[session].source, f"{where}.votes")
        try:
            out[name] = ExperimentConfig(name=name, session=sessions[session].varied(filters, chosen), **base, **merged)
        except UserError as error:
            problems.append(str(error))
    problems[:] = dict.fromkeys(problems)  # experiments of one ``vary`` have the same
    return _resolve_comparisons(out, {name: body.settings for name, body in expanded.items()}, problems)


def _settings(raw: Any, where: str, problems: list[str]) -> dict[str, Any]:
    """Return the settings of ``defaults`` or of one experiment that pass their checks, with nested mappings as such."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping, not {raw!r}")
        return {}
    nested = {k: section(raw[k], f"{where}.{k}", NESTED_CHECKS[k], problems) for k in NESTED_CHECKS if k in raw}
    plain = {key: value for key, value in raw.items() if key not in NESTED_CHECKS}
    known = {**EXPERIMENT_CHECKS, **dict.fromkeys(NESTED_CHECKS, checks.text)}  # nested names are for hints
    kept = section(plain, where, known, problems)
    if "beta" in nested.get("priors", {}):
        if "beta_prior" in raw:
            problems.append(f"{where}: priors.beta and beta_prior are the same setting; give one of them")
        kept["beta_prior"] = nested["priors"].pop("beta")
    return {**kept, **nested}


def _alpha_twice(priors: Mapping[str, Any], defaults: Any, body: Any, where: str) -> list[str]:
    """Say that ``priors.alpha`` and ``joint.alpha_sigma`` both set the prior of difficulty, if they do."""
    given = [one["joint"] for one in (body, defaults) if isinstance(one, dict) and "joint" in one]
    if "alpha" not in priors or not given or not isinstance(given[0], dict) or "alpha_sigma" not in given[0]:
        return []
    return [f"{where}: priors.alpha and joint.alpha_sigma both set the prior of alpha; give one of them"]


def _sessions(raw: Any, problems: list[str]) -> dict[str, SessionConfig]:
    if not isinstance(raw, dict) or not raw:
        problems.append("needs 'sessions:' with at least one session, such as {demo: {source: simulated}}")
        return {}
    out = {}
    for name, body in raw.items():
        where = f"sessions.{name}"
        if not isinstance(name, str) or not re.fullmatch(NAME_OF_SESSION, name):
            problems.append(f"{where}: a session's name is made of at most 100 lower-case letters, digits, _ and -")
            continue
        source = body.get("source") if isinstance(body, dict) else None
        if not isinstance(source, str) or source not in SOURCES:
            problems.append(f"{where}.source: must be one of {', '.join(SOURCES)}, not {source!r}")
            continue
        body, chosen = _split_votes(body, source, where, problems)
        known = {"source": checks.text, **SESSION_CHECKS[source], **COMMON_SESSION_CHECKS}
        kept = section(body, where, known, problems)
        needed = [key for key, known in SOURCES[source].keys.items() if known.needed and key not in body]
        problems += [f"{where}: needs {key!r} for source {source!r}" for key in needed]
        whole = all(key in kept for key, known in SOURCES[source].keys.items() if known.needed)
        stem = kept.pop("name", None)
        if stem is not None and Path(stem).name != stem:
            problems.append(f"{where}.name: {stem!r} is not a file name")
        common = {f.name for f in fields(SessionConfig)}
        options = {key: kept.pop(key) for key in SESSION_CHECKS[source] if key in kept and key not in common}
        out[name] = SessionConfig(name=name, stem=stem, options=options, selection=chosen, **kept)
        if whole and (doubt := ambiguous(SOURCES[source].forms, out[name].files_from())):
            problems.append(f"{where}.path: {doubt}")
    return out


def _split_votes(
    body: Mapping[Any, Any], source: str, where: str, problems: list[str]
) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Take the selection of votes out of a session; of a table, ``votes`` is its file, alone or as ``file`` in it."""
    rest = dict(body)
    given = rest.pop("votes", ALL)
    if "votes" in SESSION_CHECKS[source] and "votes" in body:
        if not isinstance(given, dict):
            return dict(body), {}
        given = dict(given)
        if "file" in given:
            rest["votes"] = given.pop("file")
        else:
            problems.append(f"{where}.votes: needs 'file', the file of the votes, beside what is selected of them")
            rest["votes"] = ""
    try:
        chosen = selection(given)
    except ValueError as error:
        problems.append(f"{where}.votes: {error}")
        return rest, {}
    problems += _unsaid(chosen, source, f"{where}.votes")
    return rest, chosen


def _unsaid(chosen: Mapping[str, Any] | None, source: str, where: str) -> list[str]:
    """Say which keys of a selection ask for what no file of a source says."""
    silent = [key for key in chosen or () if key in SOURCES[source].silent_on]
    return [f"{where}.{key}: {SOURCES[source].files} (source {source}) say nothing of that" for key in silent]


def _resolve_comparisons(
    experiments: dict[str, ExperimentConfig], bodies: Mapping[str, Any], problems: list[str]
) -> dict[str, ExperimentConfig]:
    """Drop comparisons with the experiment itself or with another session.

    Such a comparison is a problem if the experiment itself asks for it, but not if it comes from ``defaults``. A
    comparison with an experiment that does not exist is always a problem.
    """
    out = {}
    for name, config in experiments.items():
        other = config.compare_with
        if other is not None and other not in bodies:
            problems.append(f"experiments.{name}.compare_with: there is no experiment {other!r}")
        elif other == name or (other in experiments and experiments[other].session.name != config.session.name):
            if isinstance(bodies[name], dict) and "compare_with" in bodies[name]:
                why = "is the experiment itself" if other == name else "is on another session"
                problems.append(f"experiments.{name}.compare_with: {other!r} {why}")
            config = replace(config, compare_with=None)
        out[name] = config
    return out
