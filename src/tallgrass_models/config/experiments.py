"""What `config/experiments.yaml` may contain, read and checked once; every problem comes in one message.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..files.atomic import canonical_json, short_hash
from ..priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec
from ..votes.locate import ambiguous
from ..votes.scores import read_scores
from ..votes.sources import SOURCES
from . import checks
from . import sessions as session_checks
from .filters import FILTER_CHECKS, filters_label
from .joint import JointConfig, joint_check, prior_of_joint
from .running import (
    EARLY_STOP_CHECKS,
    PLATFORM_CHECKS,
    EarlyStopConfig,
    PlatformConfig,
    RunOptions,
    platform_from_dict,
)
from .yaml import read_yaml

CHAMBERS = ("house", "senate")
SAMPLERS = ("nutpie", "pymc")
COORDINATES = ("fast", "reference")
#: Setting of ``draws`` that leaves their number to the gates.
ENOUGH = "enough"
#: Draws of each chain of a flat baseline, where their number is left open.
_FLAT_DRAWS = 500
#: Folders of `results/` that are not experiments.
_RESERVED = ("comparison", "sessions")


@dataclass(frozen=True)
class SessionConfig:
    """Where the votes of one session come from, and who is left out.

    Attributes
    ----------
    name
        Name of the session, and of its folder under ``results/sessions``.
    source
        A name in `votes.sources.SOURCES`.
    path, stem
        Folder of the files, and what the names of tallgrass files begin with (``{stem}_votes.csv``); None otherwise.
    seed
        Seed of the simulator.
    min_minority_share, min_votes
        Roll calls with a smaller minority share of Yea + Nay are dropped, then members with fewer such votes.
    external
        CSV file of external scores of the members, or None.
    caucus
        Parties as listed, or ids of members, to the party they are counted with: Democrat, Republican or none.
    pivots
        Majorities whose pivots are reported besides the median and two thirds, as shares of the seats.
    pivots_on
        Date (``yyyy-mm-dd``) whose members medians and pivots run over; None: all, each by her time in office.
    label
        Empty, or the folder in that of the session where the votes of an experiment with other filters are kept.
    options
        The other keys of the source (`votes.sources.Source.keys`), such as ``congress``.
    """

    name: str = "demo"
    source: str = "simulated"
    path: str | None = None
    stem: str | None = None
    seed: int = 2025
    min_minority_share: float = 0.025
    min_votes: int = 20
    external: str | None = None
    caucus: Mapping[str, str] = field(default_factory=dict)
    pivots: tuple[float, ...] = ()
    pivots_on: str | None = None
    label: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pivots", tuple(self.pivots))  # JSON has lists only

    @property
    def folder(self) -> str:
        """Folder of the votes under ``results/sessions``, shared by all experiments with the same filters."""
        return f"{self.name}/{self.label}" if self.label else self.name

    def with_filters(self, **filters: Any) -> SessionConfig:
        """Return the session with other ``min_minority_share`` or ``min_votes``; itself where they are no others."""
        changed = replace(self, **filters)
        if changed == self:
            return self
        return replace(changed, label=filters_label(changed.min_minority_share, changed.min_votes))

    def files_from(self) -> dict[str, Any]:
        """What says where the files of the session are: the folder, what their names begin with, the source's keys."""
        return {"path": self.path, "stem": self.stem, **self.options}

    def to_json(self) -> str:
        """The session as canonical JSON: equal sessions give equal text."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> SessionConfig:
        """Inverse of `to_json`."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class SamplingConfig:
    """How many draws, by which sampler.

    Attributes
    ----------
    draws
        Of each chain after tuning: a number, or ``enough`` to stop at the first multiple of `sampling.enough.BLOCK` at
        which every quantity is beyond the gates by a margin, and at ``most_draws`` at the latest.
    restarts
        How often chains in another mode are sampled again.
    """

    sampler: str = "nutpie"
    draws: int | str = ENOUGH
    most_draws: int = 4000
    tune: int = 500
    chains: int = 4
    target_accept: float = 0.8
    seed: int = 42
    restarts: int = 0

    @property
    def limit(self) -> int:
        """Draws of each chain that are made at most."""
        return self.most_draws if isinstance(self.draws, str) else self.draws

    @property
    def enough(self) -> bool:
        """Whether sampling stops where draws are enough."""
        return self.draws == ENOUGH

    def describe(self) -> str:
        """Return the settings as people read them, such as ``4 x (500 + 2000) by nutpie``."""
        draws = f"at most {self.most_draws}" if self.enough else str(self.draws)
        return f"{self.chains} x ({self.tune} + {draws}) by {self.sampler}"


def flat_sampling(sampling: SamplingConfig) -> SamplingConfig:
    """Return how flat baselines are sampled: as fits are, but their means need no more than `_FLAT_DRAWS`."""
    return replace(sampling, draws=_FLAT_DRAWS) if sampling.enough else sampling


@dataclass(frozen=True)
class GateConfig:
    """Thresholds of convergence, applied to every parameter block."""

    rhat: float = 1.01
    ess: int = 400
    divergence_share: float = 0.001
    ebfmi: float = 0.3


@dataclass(frozen=True)
class ExperimentConfig:
    """One variant with everything resolved; defaults are the production settings.

    Attributes
    ----------
    beta_prior
        Prior of discrimination in the models of single chambers.
    joint
        The joint model, or None. Its ``beta_prior`` is filled in here, so that a later `dataclasses.replace` of
        ``beta_prior`` changes the chambers' prior alone.
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
    orient_bills: bool = False
    compare_with: str | None = None
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    flat_sampling: SamplingConfig = field(default_factory=lambda: flat_sampling(SamplingConfig()))
    gates: GateConfig = field(default_factory=GateConfig)
    early_stop: EarlyStopConfig = field(default_factory=EarlyStopConfig)
    platform: PlatformConfig = field(default_factory=PlatformConfig)

    def __post_init__(self) -> None:
        if self.joint:
            prior = prior_of_joint(self.joint, self.beta_prior)
            object.__setattr__(self, "joint", replace(self.joint, beta_prior=prior))
        problem = _name_problem(self.name)
        if problem is None and self.joint and set(self.chambers) != set(CHAMBERS):
            problem = "a joint model needs both chambers"
        priors = [self.prior(unit) for unit in self.units]
        if problem is None and self.orient_bills and not any(prior.positive for prior in priors):
            problem = "orient_bills needs a positive beta prior: a normal one leaves every sign open"
        if problem is None and self.sampling.sampler != "nutpie" and self.sampling.enough:
            problem = f"sampling.draws: sampler {self.sampling.sampler} needs a number of draws, not {ENOUGH!r}"
        if problem:
            raise UserError(f"experiment {self.name!r}: {problem}")

    @property
    def units(self) -> tuple[str, ...]:
        """What is fitted: the chambers, and ``joint`` where asked for."""
        return (*self.chambers, "joint") if self.joint else self.chambers

    def prior(self, unit: str) -> BetaPriorSpec:
        """Return the prior of discrimination in the model of ``unit``, a chamber or ``joint``."""
        return self.joint_beta_prior if unit == "joint" else self.beta_prior

    @property
    def joint_beta_prior(self) -> BetaPriorSpec:
        """The prior of discrimination in the joint model; that of the chambers where there is no joint model."""
        return prior_of_joint(self.joint, self.beta_prior) if self.joint else self.beta_prior

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
        prior = self.prior(unit)
        return {**spec, "beta_prior": prior.to_dict(), "orient_bills": self.orient_bills and prior.positive}

    def run_options(self, unit: str) -> RunOptions:
        """How the fit of ``unit`` is run; a flat baseline belongs to its session and is never given up."""
        if unit.startswith("flat_"):
            return RunOptions(self.session.folder, self.platform)
        return RunOptions(self.name, self.platform, self.early_stop)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as recorded in metrics.json."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        for key in ("session", "sampling", "flat_sampling", "gates", "early_stop", "platform"):
            out[key] = asdict(out[key])
        out["platform"]["allow"] = list(self.platform.allow)
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
        raw["beta_prior"] = BetaPriorSpec.from_dict(raw["beta_prior"])
        if raw["joint"]:
            prior = raw["joint"]["beta_prior"]
            raw["joint"] = JointConfig(prior and BetaPriorSpec.from_dict(prior), raw["joint"]["alpha_sigma"])
        raw["sampling"] = SamplingConfig(**raw["sampling"])
        raw["flat_sampling"] = SamplingConfig(**raw["flat_sampling"])
        raw["gates"] = GateConfig(**raw["gates"])
        raw["early_stop"] = EarlyStopConfig(**raw["early_stop"])
        raw["platform"] = platform_from_dict(raw["platform"])
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
    raw, problems = read_yaml(Path(path))
    experiments = _experiments(raw, problems) if isinstance(raw, dict) else {}
    if not isinstance(raw, dict) and not problems:
        problems.append("needs a mapping with 'sessions' and 'experiments'")
    if problems:
        raise UserError("\n".join(f"{path}: {problem}" for problem in problems))
    return experiments


def _name_problem(name: Any) -> str | None:
    """Why ``name`` cannot name an experiment; None if it can."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]+", name):
        return "a name is made of lower-case letters, digits and _"
    return f"{name!r} is the name of a results folder with another use" if name in _RESERVED else None


# --- what each key may hold -------------------------------------------------------------------------------------------


def _prior(value: Any) -> BetaPriorSpec:
    if not isinstance(value, dict) or "distribution" not in value:
        raise ValueError("must look like {distribution: normal, mu: 0, sigma: 1}")
    return BetaPriorSpec.from_dict(value)


def _chambers(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or any(c not in CHAMBERS for c in value):
        raise ValueError(f"must be a list of {' and '.join(CHAMBERS)}, not {value!r}")
    if len(set(value)) < len(value):
        raise ValueError(f"names a chamber twice: {value!r}")
    return tuple(c for c in CHAMBERS if c in value)


def _draws(value: Any) -> int | str:
    return ENOUGH if value == ENOUGH else int(checks.whole(10)(value))


SAMPLING_CHECKS: dict[str, checks.Check] = {
    "sampler": checks.one_of(*SAMPLERS),
    "draws": _draws,
    "most_draws": checks.whole(10),
    "tune": checks.whole(10),
    "chains": checks.whole(2, 64),
    "target_accept": checks.number(0.5, 1),
    "seed": checks.whole(0),
    "restarts": checks.whole(0, 10),
}
GATE_CHECKS: dict[str, checks.Check] = {
    "rhat": checks.number(1, 10),
    "ess": checks.whole(1),
    "divergence_share": checks.number(0, 1, closed_low=True),
    "ebfmi": checks.number(0, 10, closed_low=True),
}
EXPERIMENT_CHECKS: dict[str, checks.Check] = {
    "description": checks.text,
    "session": checks.text,
    "chambers": _chambers,
    "beta_prior": _prior,
    "joint": joint_check(_prior),
    "coordinates": checks.one_of(*COORDINATES),
    "orient_bills": checks.yes_or_no,
    "compare_with": checks.optional_text,
}
_NESTED = {
    "sampling": (SamplingConfig, SAMPLING_CHECKS),
    "gates": (GateConfig, GATE_CHECKS),
    "early_stop": (EarlyStopConfig, EARLY_STOP_CHECKS),
}
NESTED_CHECKS = {key: known for key, (_, known) in _NESTED.items()} | {"filters": FILTER_CHECKS}
#: Of each source the keys that only it knows.
SESSION_CHECKS: dict[str, dict[str, checks.Check]] = {
    name: {key: known.check for key, known in source.keys.items()} for name, source in SOURCES.items()
}


def _scores_file(value: Any) -> str:
    try:
        read_scores(checks.text(value))
    except UserError as error:
        raise ValueError(str(error).replace("\n", "; ")) from None
    return str(value)


COMMON_SESSION_CHECKS: dict[str, checks.Check] = {
    **FILTER_CHECKS,
    "external": _scores_file,
    "caucus": session_checks.caucus,
    "pivots": session_checks.pivots,
    "pivots_on": session_checks.date_text,
}


# --- the three parts of the file --------------------------------------------------------------------------------------


def _experiments(raw: dict[Any, Any], problems: list[str]) -> dict[str, ExperimentConfig]:
    known = dict.fromkeys(("sessions", "platform", "defaults", "experiments"))
    problems += [checks.unknown(key, known) for key in raw if key not in known]
    sessions = _sessions(raw.get("sessions"), problems)
    platform = PlatformConfig(**checks.section(raw.get("platform", {}), "platform", PLATFORM_CHECKS, problems))
    defaults = _settings(raw.get("defaults", {}), "defaults", problems)
    bodies = raw.get("experiments")
    if not isinstance(bodies, dict) or not bodies:
        problems.append("needs 'experiments:' with at least one experiment")
        return {}
    base: dict[str, Any] = {
        "platform": platform,
        "flat_sampling": flat_sampling(SamplingConfig(**defaults.get("sampling", {}))),
    }
    out: dict[str, ExperimentConfig] = {}
    for name, body in bodies.items():
        where = f"experiments.{name}"
        if problem := _name_problem(name):
            problems.append(f"{where}: {problem}")
            continue
        own = _settings({} if body is None else body, where, problems)
        merged = {**defaults, **own}
        if (joint := merged.get("joint")) and joint.beta_prior is None:  # the beta_prior of defaults is no own one
            merged["joint"] = replace(joint, beta_prior=own.get("beta_prior", JOINT_BETA))
        for key, (cls, _) in _NESTED.items():
            merged[key] = cls(**{**defaults.get(key, {}), **own.get(key, {})})
        filters = {**defaults.get("filters", {}), **own.get("filters", {})}
        merged.pop("filters", None)
        session = merged.pop("session", next(iter(sessions), None))
        if session not in sessions:
            declared = raw.get("sessions")
            if isinstance(declared, dict) and session not in {None, *declared}:  # else its own problem is told already
                problems.append(f"{where}.session: {session!r} is not declared under 'sessions'")
            continue
        try:
            out[name] = ExperimentConfig(name=name, session=sessions[session].with_filters(**filters), **base, **merged)
        except UserError as error:
            problems.append(str(error))
    return _resolve_comparisons(out, bodies, problems)


def _settings(raw: Any, where: str, problems: list[str]) -> dict[str, Any]:
    """The settings of ``defaults`` or of one experiment, nested mappings kept as mappings."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping, not {raw!r}")
        return {}
    nested = {k: checks.section(raw[k], f"{where}.{k}", NESTED_CHECKS[k], problems) for k in NESTED_CHECKS if k in raw}
    plain = {key: value for key, value in raw.items() if key not in NESTED_CHECKS}
    known = {**EXPERIMENT_CHECKS, **dict.fromkeys(NESTED_CHECKS, checks.text)}  # the nested names, for hints
    return {**checks.section(plain, where, known, problems), **nested}


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
        if not isinstance(source, str) or source not in SOURCES:
            problems.append(f"{where}.source: must be one of {', '.join(SOURCES)}, not {source!r}")
            continue
        known = {"source": checks.text, **SESSION_CHECKS[source], **COMMON_SESSION_CHECKS}
        kept = checks.section(body, where, known, problems)
        needed = [key for key, known in SOURCES[source].keys.items() if known.needed and key not in body]
        problems += [f"{where}: needs {key!r} for source {source!r}" for key in needed]
        whole = all(key in kept for key, known in SOURCES[source].keys.items() if known.needed)
        stem = kept.pop("name", None)
        if stem is not None and Path(stem).name != stem:
            problems.append(f"{where}.name: {stem!r} is not a file name")
        common = {f.name for f in fields(SessionConfig)}
        options = {key: kept.pop(key) for key in SESSION_CHECKS[source] if key in kept and key not in common}
        out[name] = SessionConfig(name=name, stem=stem, options=options, **kept)
        if whole and (doubt := ambiguous(SOURCES[source].forms, out[name].files_from())):
            problems.append(f"{where}.path: {doubt}")
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
        elif other == name or (other in experiments and experiments[other].session.name != config.session.name):
            if isinstance(bodies[name], dict) and "compare_with" in bodies[name]:
                why = "is the experiment itself" if other == name else "is on another session"
                problems.append(f"experiments.{name}.compare_with: {other!r} {why}")
            config = replace(config, compare_with=None)
        out[name] = config
    return out
