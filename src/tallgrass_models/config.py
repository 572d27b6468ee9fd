"""What `config/experiments.yaml` may contain, read and checked once; every problem comes in one message.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from .errors import UserError
from .files import canonical_json, short_hash
from .priors import PRODUCTION_BETA, BetaPriorSpec

CHAMBERS = ("house", "senate")
SOURCES = ("simulated", "tallgrass", "voteview")
SAMPLERS = ("nutpie", "pymc")
COORDINATES = ("fast", "reference")
#: Folders of `results/` that are not experiments.
RESERVED = ("comparison", "sessions")


@dataclass(frozen=True)
class SessionConfig:
    """Where the votes of one session come from, and who is left out.

    Attributes
    ----------
    name
        Name of the session, and of its folder under ``results/sessions``.
    source
        ``simulated``, ``tallgrass`` or ``voteview``.
    path, stem
        Folder of the three CSV files and what their names begin with (``{stem}_votes.csv``); None when simulated.
    seed
        Seed of the simulator.
    min_minority_share, min_votes
        Roll calls with a smaller minority share of Yea + Nay are dropped, then members with fewer such votes.
    """

    name: str = "demo"
    source: str = "simulated"
    path: str | None = None
    stem: str | None = None
    seed: int = 2025
    min_minority_share: float = 0.025
    min_votes: int = 20

    def to_json(self) -> str:
        """The session as canonical JSON: equal sessions give equal text."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SessionConfig:
        """Inverse of `to_json`."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class SamplingConfig:
    """How many draws, by which sampler. Each of these reaches the sampler."""

    sampler: str = "nutpie"
    draws: int = 2000
    tune: int = 1500
    chains: int = 4
    target_accept: float = 0.95
    seed: int = 42


@dataclass(frozen=True)
class JointConfig:
    """The joint model of a variant; ``beta_prior`` None means the variant's own."""

    beta_prior: BetaPriorSpec | None = None
    alpha_sigma: float = 5.0


@dataclass(frozen=True)
class GateConfig:
    """Thresholds of convergence, applied to every parameter block."""

    rhat: float = 1.01
    ess: int = 400
    divergence_share: float = 0.001
    ebfmi: float = 0.3


@dataclass(frozen=True)
class PlatformConfig:
    """``samplers``: how many fits may sample at once on one machine."""

    samplers: int = 1


@dataclass(frozen=True)
class ExperimentConfig:
    """One variant with everything resolved; defaults are the production settings.

    Attributes
    ----------
    compare_with
        Name of the experiment on the same session that this one is compared with, or None.
    flat_sampling
        How the flat baseline of the session is sampled; shared by all variants, hence set in ``defaults`` only.
    """

    name: str
    description: str = ""
    session: SessionConfig = field(default_factory=SessionConfig)
    chambers: tuple[str, ...] = CHAMBERS
    beta_prior: BetaPriorSpec = PRODUCTION_BETA
    joint: JointConfig | None = None
    coordinates: str = "fast"
    compare_with: str | None = None
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    flat_sampling: SamplingConfig = field(default_factory=SamplingConfig)
    gates: GateConfig = field(default_factory=GateConfig)
    platform: PlatformConfig = field(default_factory=PlatformConfig)

    def __post_init__(self) -> None:
        problem = name_problem(self.name)
        if problem is None and self.joint and set(self.chambers) != set(CHAMBERS):
            problem = "a joint model needs both chambers"
        if problem:
            raise UserError(f"experiment {self.name!r}: {problem}")

    @property
    def units(self) -> tuple[str, ...]:
        """What is fitted: the chambers, and ``joint`` where asked for."""
        return (*self.chambers, "joint") if self.joint else self.chambers

    @property
    def joint_beta_prior(self) -> BetaPriorSpec:
        """The beta prior of the joint model."""
        return self.joint.beta_prior if self.joint and self.joint.beta_prior else self.beta_prior

    def fit_spec(self, unit: str) -> dict[str, Any]:
        """Everything in the configuration that the posterior of ``unit`` depends on.

        ``unit`` is a chamber, ``joint``, ``flat_house`` or ``flat_senate``. Description, thresholds and the like are
        left out: changing them does not sample again.
        """
        spec: dict[str, Any] = {"unit": unit, "session": self.session.name, "coordinates": self.coordinates}
        if unit.startswith("flat_"):
            return {**spec, "kind": "flat", "coordinates": "fast", "sampling": asdict(self.flat_sampling)}
        spec |= {"sampling": asdict(self.sampling), "alpha_sigma": 5.0, "kind": "chamber"}
        if unit == "joint":
            assert self.joint is not None, "no joint model in this experiment"
            spec |= {"kind": "joint", "alpha_sigma": self.joint.alpha_sigma}
            return {**spec, "beta_prior": self.joint_beta_prior.to_dict()}
        return {**spec, "beta_prior": self.beta_prior.to_dict()}

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as recorded in metrics.json."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        for key in ("session", "sampling", "flat_sampling", "gates", "platform"):
            out[key] = asdict(out[key])
        out["chambers"] = list(self.chambers)
        out["beta_prior"] = self.beta_prior.to_dict()
        if self.joint:
            out["joint"] = {
                "beta_prior": self.joint.beta_prior and self.joint.beta_prior.to_dict(),
                "alpha_sigma": self.joint.alpha_sigma,
            }
        return out

    def to_json(self) -> str:
        """The experiment as canonical JSON: equal experiments give equal text."""
        return canonical_json(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> ExperimentConfig:
        """Inverse of `to_json`."""
        raw = json.loads(text)
        raw["session"] = SessionConfig(**raw["session"])
        raw["chambers"] = tuple(raw["chambers"])
        raw["beta_prior"] = _prior_from_dict(raw["beta_prior"])
        if raw["joint"]:
            prior = raw["joint"]["beta_prior"]
            raw["joint"] = JointConfig(prior and _prior_from_dict(prior), raw["joint"]["alpha_sigma"])
        raw["sampling"] = SamplingConfig(**raw["sampling"])
        raw["flat_sampling"] = SamplingConfig(**raw["flat_sampling"])
        raw["gates"] = GateConfig(**raw["gates"])
        raw["platform"] = PlatformConfig(**raw["platform"])
        return cls(**raw)


def spec_hash(spec: Mapping[str, Any] | str) -> str:
    """Hash by which a result is matched with the settings that made it."""
    return short_hash(spec if isinstance(spec, str) else canonical_json(spec))


def load_experiments(path: str | Path) -> dict[str, ExperimentConfig]:
    """Read and check the experiments file.

    Returns
    -------
    dict
        Experiment name to its resolved configuration, in the order of the file.

    Raises
    ------
    UserError
        Listing every problem of the file: YAML syntax, keys written twice, unknown keys, wrong values, unsafe names,
        sessions that are not declared.
    """
    raw, problems = _read_yaml(Path(path))
    experiments = _experiments(raw, problems) if isinstance(raw, dict) else {}
    if not isinstance(raw, dict) and not problems:
        problems.append("needs a mapping with 'sessions' and 'experiments'")
    if problems:
        raise UserError("\n".join(f"{path}: {problem}" for problem in problems))
    return experiments


def name_problem(name: Any) -> str | None:
    """Why ``name`` cannot name an experiment; None if it can."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+", name):
        return "a name is made of lower-case letters, digits and _"
    return f"{name!r} is the name of a results folder with another use" if name in RESERVED else None


# --- reading YAML -----------------------------------------------------------------------------------------------------


def _read_yaml(path: Path) -> tuple[Any, list[str]]:
    problems: list[str] = []

    class Loader(yaml.SafeLoader):
        """Safe loader that reports a key written twice in one mapping (YAML itself lets the last one win)."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        first: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":  # `<<: *anchor`; what is written beside it wins
                continue
            line = key_node.start_mark.line + 1
            key = loader.construct_object(key_node, deep=True)  # type: ignore[no-untyped-call]
            if not isinstance(key, str | int | float | bool | None):
                raise yaml.MarkedYAMLError(problem="a key must be a plain word", problem_mark=key_node.start_mark)
            if key in first:
                problems.append(f"line {line}: {key!r} is defined twice (first on line {first[key]})")
            first.setdefault(key, line)
        return dict(loader.construct_mapping(node, deep=True))

    Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader), problems
    except FileNotFoundError:
        problems.append("no such file")
    except OSError as error:
        problems.append(f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"not UTF-8 text (byte {error.start})")
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        problems.append(f"{line}not valid YAML: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problems.append(f"not valid YAML: {error}")
    return None, problems


# --- checking values: each check returns the value to keep or raises ValueError with what is wrong -------------------

Check = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value!r}")
    return value


def _one_of(*known: str) -> Check:
    def check(value: Any) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}")
        return str(value)

    return check


def _whole(low: int, high: int = 2**31 - 1) -> Check:
    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return check


def _number(low: float, high: float, closed_low: bool = False) -> Check:
    def check(value: Any) -> float:
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not (low < value < high or (closed_low and value == low)):
            sign = "at least" if closed_low else "above"
            upper = f" and below {high:g}" if high < float("inf") else ""
            raise ValueError(f"must be a number {sign} {low:g}{upper}, not {value!r}")
        return float(value)

    return check


def _prior(value: Any) -> BetaPriorSpec:
    if not isinstance(value, dict) or "distribution" not in value:
        raise ValueError("must look like {distribution: normal, mu: 0, sigma: 1}")
    return _prior_from_dict(value)


def _prior_from_dict(value: Mapping[str, Any]) -> BetaPriorSpec:
    params = {str(key): v for key, v in value.items() if key != "distribution"}
    return BetaPriorSpec(str(value["distribution"]), params)


def _joint(value: Any) -> JointConfig | None:
    if isinstance(value, bool):
        return JointConfig() if value else None
    if not isinstance(value, dict):
        raise ValueError(f"must be true, false or a mapping, not {value!r}")
    problems: list[str] = []
    kept = _section(value, "", {"beta_prior": _prior, "alpha_sigma": _number(0, 1e6)}, problems)
    if problems:
        raise ValueError("; ".join(p.removeprefix(": ").removeprefix(".") for p in problems))
    return JointConfig(**kept)


def _chambers(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or any(c not in CHAMBERS for c in value):
        raise ValueError(f"must be a list of {' and '.join(CHAMBERS)}, not {value!r}")
    if len(set(value)) < len(value):
        raise ValueError(f"names a chamber twice: {value!r}")
    return tuple(c for c in CHAMBERS if c in value)


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


SAMPLING_CHECKS: dict[str, Check] = {
    "sampler": _one_of(*SAMPLERS),
    "draws": _whole(10),
    "tune": _whole(10),
    "chains": _whole(2, 64),
    "target_accept": _number(0.5, 1),
    "seed": _whole(0),
}
GATE_CHECKS: dict[str, Check] = {
    "rhat": _number(1, 10),
    "ess": _whole(1),
    "divergence_share": _number(0, 1, closed_low=True),
    "ebfmi": _number(0, 10, closed_low=True),
}
EXPERIMENT_CHECKS: dict[str, Check] = {
    "description": _text,
    "session": _text,
    "chambers": _chambers,
    "beta_prior": _prior,
    "joint": _joint,
    "coordinates": _one_of(*COORDINATES),
    "compare_with": _optional_text,
}
NESTED_CHECKS = {"sampling": SAMPLING_CHECKS, "gates": GATE_CHECKS}
SESSION_CHECKS: dict[str, dict[str, Check]] = {
    "simulated": {"seed": _whole(0)},
    "tallgrass": {"path": _text, "name": _text},
    "voteview": {"path": _text, "congress": _whole(1, 999)},
}
FILTER_CHECKS: dict[str, Check] = {
    "min_minority_share": _number(0, 0.5, closed_low=True),
    "min_votes": _whole(1),
}


def _section(raw: Any, where: str, checks: Mapping[str, Check], problems: list[str]) -> dict[str, Any]:
    """The values of one mapping that pass their checks; what does not is added to ``problems``."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping, not {raw!r}")
        return {}
    kept = {}
    for key, value in raw.items():
        if key not in checks:
            problems.append(f"{where}: {_unknown(key, checks)}")
            continue
        try:
            kept[key] = checks[key](value)
        except (ValueError, OverflowError) as error:
            problems.append(f"{where}.{key}: {error}")
    return kept


def _unknown(key: Any, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(str(key), list(known), 1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"unknown key {key!r} ({hint})"


# --- the three parts of the file --------------------------------------------------------------------------------------


def _experiments(raw: dict[Any, Any], problems: list[str]) -> dict[str, ExperimentConfig]:
    known = dict.fromkeys(("sessions", "platform", "defaults", "experiments"))
    problems += [_unknown(key, known) for key in raw if key not in known]
    sessions = _sessions(raw.get("sessions"), problems)
    platform = PlatformConfig(**_section(raw.get("platform", {}), "platform", {"samplers": _whole(1, 64)}, problems))
    defaults = _settings(raw.get("defaults", {}), "defaults", problems)
    bodies = raw.get("experiments")
    if not isinstance(bodies, dict) or not bodies:
        problems.append("needs 'experiments:' with at least one experiment")
        return {}
    base: dict[str, Any] = {"platform": platform, "flat_sampling": SamplingConfig(**defaults.get("sampling", {}))}
    out: dict[str, ExperimentConfig] = {}
    for name, body in bodies.items():
        where = f"experiments.{name}"
        if problem := name_problem(name):
            problems.append(f"{where}: {problem}")
            continue
        own = _settings({} if body is None else body, where, problems)
        merged = {**defaults, **own}
        for key, cls in (("sampling", SamplingConfig), ("gates", GateConfig)):
            merged[key] = cls(**{**defaults.get(key, {}), **own.get(key, {})})
        session = merged.pop("session", next(iter(sessions), None))
        if session not in sessions:
            declared = raw.get("sessions")
            if isinstance(declared, dict) and session not in {None, *declared}:  # else its own problem is told already
                problems.append(f"{where}.session: {session!r} is not declared under 'sessions'")
            continue
        try:
            out[name] = ExperimentConfig(name=name, session=sessions[session], **base, **merged)
        except UserError as error:
            problems.append(str(error))
    return _resolve_comparisons(out, bodies, problems)


def _settings(raw: Any, where: str, problems: list[str]) -> dict[str, Any]:
    """The settings of ``defaults`` or of one experiment, nested mappings kept as mappings."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping, not {raw!r}")
        return {}
    nested = {k: _section(raw[k], f"{where}.{k}", NESTED_CHECKS[k], problems) for k in NESTED_CHECKS if k in raw}
    plain = {key: value for key, value in raw.items() if key not in NESTED_CHECKS}
    checks = {**EXPERIMENT_CHECKS, **dict.fromkeys(NESTED_CHECKS, _text)}  # the nested names are known, for hints
    return {**_section(plain, where, checks, problems), **nested}


def _sessions(raw: Any, problems: list[str]) -> dict[str, SessionConfig]:
    if not isinstance(raw, dict) or not raw:
        problems.append("needs 'sessions:' with at least one session, such as {demo: {source: simulated}}")
        return {}
    out = {}
    for name, body in raw.items():
        where = f"sessions.{name}"
        if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
            problems.append(f"{where}: a session's name is made of lower-case letters, digits, _ and -")
            continue
        source = body.get("source") if isinstance(body, dict) else None
        if source not in SOURCES:
            problems.append(f"{where}.source: must be one of {', '.join(SOURCES)}, not {source!r}")
            continue
        checks = {"source": _text, **SESSION_CHECKS[source], **FILTER_CHECKS}
        kept = _section(body, where, checks, problems)
        needed = [key for key in SESSION_CHECKS[source] if key not in body and key != "seed"]
        problems += [f"{where}: needs {key!r} for source {source!r}" for key in needed]
        stem = kept.pop("name", None)
        if congress := kept.pop("congress", None):
            stem = f"HS{congress:03d}"
        if stem is not None and Path(stem).name != stem:
            problems.append(f"{where}.name: {stem!r} is not a file name")
        out[name] = SessionConfig(name=name, stem=stem, **kept)
    return out


def _resolve_comparisons(
    experiments: dict[str, ExperimentConfig], bodies: Mapping[str, Any], problems: list[str]
) -> dict[str, ExperimentConfig]:
    """Drop the default comparison with oneself or another session; complain of other ones that cannot be."""
    out = {}
    for name, config in experiments.items():
        other = config.compare_with
        if other is not None and other not in bodies:
            problems.append(f"experiments.{name}.compare_with: there is no experiment {other!r}")
        elif other == name or (other in experiments and experiments[other].session != config.session):
            if isinstance(bodies[name], dict) and "compare_with" in bodies[name]:
                why = "is the experiment itself" if other == name else "is on another session"
                problems.append(f"experiments.{name}.compare_with: {other!r} {why}")
            config = replace(config, compare_with=None)
        out[name] = config
    return out
