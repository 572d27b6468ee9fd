"""Experiments with every setting filled in.

This module needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from ..errors import UserError
from ..files.json import canonical_json, short_hash
from ..priors.constants import ALPHA_SIGMA
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..votes.unit import Unit
from ..votes.vocabulary import CHAMBERS, DRIFT, SAME, SCREENED
from .folds import ROLL_CALLS, VOTES, FoldsConfig
from .gates import GateConfig
from .joint import FLAT, JointConfig, prior_of_joint
from .model import ASKED_BY, NO_JOINT, STANDARD, ModelConfig
from .running import EarlyStopConfig, PlatformConfig, RunOptions
from .sampling import ENOUGH, SamplingConfig, flat_sampling
from .sessions import SessionConfig

#: Folders of `results/` that are not experiments.
_RESERVED = ("comparison", "over_time", "sessions")


@dataclass(frozen=True)
class ExperimentConfig:
    """One experiment with every setting filled in. The defaults are the production settings.

    Attributes
    ----------
    beta_prior
        Prior of discrimination in the chamber models.
    joint
        Settings of the joint model, or None. Its ``beta_prior`` is filled in here, so that a later
        `dataclasses.replace` of ``beta_prior`` changes the chambers' prior alone.
    model
        Structure of the chamber models and the joint model, and their priors beside ``beta_prior``.
    compare_with
        Name of the experiment on the same session that this one is compared with, or None.
    flat_sampling
        Sampling settings of the flat models. All experiments share these fits, so only ``defaults`` can set them.
    folds
        Settings of held-out votes, or None.
    """

    name: str
    description: str = ""
    session: SessionConfig = field(default_factory=SessionConfig)
    chambers: tuple[str, ...] = CHAMBERS
    beta_prior: BetaPriorSpec = PRODUCTION_BETA
    joint: JointConfig | None = None
    model: ModelConfig = field(default_factory=ModelConfig)
    coordinates: str = "fast"
    orient_bills: bool = False
    compare_with: str | None = None
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    flat_sampling: SamplingConfig = field(default_factory=lambda: flat_sampling(SamplingConfig()))
    gates: GateConfig = field(default_factory=GateConfig)
    early_stop: EarlyStopConfig = field(default_factory=EarlyStopConfig)
    platform: PlatformConfig = field(default_factory=PlatformConfig)
    folds: FoldsConfig | None = None

    def __post_init__(self) -> None:
        if self.joint:
            prior = prior_of_joint(self.joint, self.beta_prior)
            object.__setattr__(self, "joint", replace(self.joint, beta_prior=prior))
        problem = name_problem(self.name)
        if problem is None and self.joint and set(self.chambers) != set(CHAMBERS):
            problem = "a joint model needs both chambers"
        if problem is None and self.joint and self.joint.bridges != SAME and self.model.structure != STANDARD:
            problem = f"joint.bridges: structure {self.model.structure} has one pair of parameters for a shared bill"
        priors = [self.prior(unit) for unit in self.units]
        if problem is None and self.orient_bills and not any(prior.positive for prior in priors):
            problem = "orient_bills needs a positive beta prior: a normal one leaves every sign open"
        alpha = self.model.priors.alpha
        if problem is None and self.orient_bills and alpha and not alpha.prior.symmetric:
            problem = "orient_bills exchanges Yea and Nay of bills, so priors.alpha needs mu: 0"
        own = self.model.priors.of_unit(joint=True).spec()
        if problem is None and self.joint and self.joint.bridges == DRIFT and own:
            problem = f"joint.bridges: drift takes only the production priors of {' and '.join(own)}"
        if problem is None and self.model.structure != STANDARD and own:
            problem = f"structure {self.model.structure} has priors of its own, so 'priors' can only set beta"
        if problem is None and self.sampling.sampler != "nutpie" and self.sampling.enough:
            problem = f"sampling.draws: sampler {self.sampling.sampler} needs a number of draws, not {ENOUGH!r}"
        problem = problem or self._structure_problem() or self._folds_problem()
        if problem:
            raise UserError(f"experiment {self.name!r}: {problem}")

    def _structure_problem(self) -> str | None:
        """Say why the structure does not go together with the other settings; return None if it does."""
        structure, flat = self.model.structure, self.joint is not None and self.joint.members == FLAT
        if flat != (structure == "flat_joint"):
            other = ASKED_BY.get(structure, STANDARD)
            return f"the joint model's members and the structure ({other}) do not agree; see config/README.md"
        if self.joint and structure in NO_JOINT:
            return f"{ASKED_BY[structure]}: there is no joint model of that; set joint: false"
        if flat and not self.joint_beta_prior.symmetric:
            prior = self.joint_beta_prior.describe()
            return f"joint: members: flat needs a beta_prior that is the same for either sign, not {prior}"
        if structure == "rasch" and not self.beta_prior.symmetric:
            prior = self.beta_prior.describe()
            return f"structure: rasch needs a beta_prior that is the same for either sign, not {prior}"
        normal = self.beta_prior.distribution == "normal" and self.beta_prior.symmetric
        if structure == "plane" and not normal:
            return f"dimensions: 2 needs a normal beta_prior with mu: 0, not {self.beta_prior.describe()}"
        return None

    def _folds_problem(self) -> str | None:
        """Say why whole roll calls cannot be held out; return None if they can or need not."""
        if self.folds is None or self.folds.of != ROLL_CALLS:
            return None
        structure, bridges = self.model.structure, self.joint.bridges if self.joint else SAME
        if self.orient_bills or structure == "rasch":
            asked = "orient_bills" if self.orient_bills else ASKED_BY[structure]
            why = "takes the side of a roll call from its votes, so it does not predict one whose votes are held out"
        elif structure == "plane":
            asked, why = ASKED_BY[structure], "has a third parameter of a roll call, which is not integrated over"
        elif bridges == SCREENED:
            asked, why = (
                "joint: {bridges: screened}",
                "decides by all votes which shared bills have one pair of parameters",
            )
        elif bridges == DRIFT:
            asked, why = (
                "joint: {bridges: drift}",
                "has four parameters of a shared bill, which are not integrated over",
            )
        else:
            return None
        return f"folds: {{of: {ROLL_CALLS}}}: {asked} {why}; hold out votes ({{of: {VOTES}}}), or set folds: false"

    @property
    def units(self) -> tuple[Unit, ...]:
        """Units that are fitted: the chambers, and ``joint`` where the experiment has a joint model."""
        return (*(Unit(chamber) for chamber in self.chambers), *([Unit.JOINT] if self.joint else []))

    def prior(self, unit: str) -> BetaPriorSpec:
        """Return the prior of discrimination in the model of ``unit``, a chamber or ``joint``."""
        return self.joint_beta_prior if unit == Unit.JOINT else self.beta_prior

    @property
    def joint_beta_prior(self) -> BetaPriorSpec:
        """Prior of discrimination in the joint model, or in the chamber models where there is no joint model."""
        return prior_of_joint(self.joint, self.beta_prior) if self.joint else self.beta_prior

    def fit_spec(self, unit: str) -> dict[str, Any]:
        """Return all settings that the posterior of ``unit`` depends on.

        ``unit`` is a chamber, ``joint``, ``flat_house`` or ``flat_senate``. The spec leaves out settings such as the
        description and the gates, because a change of these must not start the sampler again.
        """
        spec: dict[str, Any] = {"unit": unit, "session": self.session.name, "coordinates": self.coordinates}
        if unit.startswith("flat_"):
            return {**spec, "kind": "flat", "coordinates": "fast", "sampling": asdict(self.flat_sampling)}
        spec |= {"sampling": asdict(self.sampling), "alpha_sigma": ALPHA_SIGMA, "kind": "chamber"}
        if unit == Unit.JOINT:
            assert self.joint is not None, "no joint model in this experiment"
            spec |= {"kind": "joint", "alpha_sigma": self.joint.alpha_sigma}
            spec |= {} if self.joint.bridges == SAME else {"bridges": self.joint.bridges}
        prior = self.prior(unit)
        spec |= {"beta_prior": prior.to_dict(), "orient_bills": self.orient_bills and prior.positive}
        if self.model.priors.alpha:
            spec["alpha_sigma"] = self.model.priors.alpha.sigma
        own = self.model.spec(unit)
        return {**spec, "model": own} if own else spec

    def fold_spec(self, unit: str, fold: int) -> dict[str, Any]:
        """Return the settings of the fit of ``unit`` without the votes of one fold; ``unit`` is as in `fit_spec`.

        Experiments share the folds of flat models, which are therefore sampled by the defaults of `FoldsConfig`.
        """
        assert self.folds is not None, "no folds in this experiment"
        flat = unit.startswith("flat_")
        full, folds = (self.flat_sampling, FoldsConfig()) if flat else (self.sampling, self.folds)
        sampling = asdict(folds.sampling(full))
        return {**self.fit_spec(unit), "sampling": sampling, "fold": self.folds.fold(fold)}

    def run_options(self, unit: str) -> RunOptions:
        """Return how the fit of ``unit`` is run.

        The fit of a flat model belongs to its session, and monitoring never gives it up.
        """
        if unit.startswith("flat_"):
            return RunOptions(self.session.folder, self.platform)
        return RunOptions(self.name, self.platform, self.early_stop)

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, as metrics.json records them."""
        out = {f.name: getattr(self, f.name) for f in fields(self)}
        out["session"] = self.session.to_dict()
        for key in ("sampling", "flat_sampling", "gates", "early_stop", "platform"):
            out[key] = asdict(out[key])
        out["platform"]["allow"] = list(self.platform.allow)
        out["chambers"] = list(self.chambers)
        out["beta_prior"] = self.beta_prior.to_dict()
        out["model"] = self.model.spec()
        if self.joint:
            out["joint"] = {
                "beta_prior": self.joint.beta_prior and self.joint.beta_prior.to_dict(),
                "alpha_sigma": self.joint.alpha_sigma,
                "bridges": self.joint.bridges,
                **({"members": self.joint.members} if self.joint.members == FLAT else {}),
            }
        if out.pop("folds"):
            out["folds"] = self.folds.to_dict()  # type: ignore[union-attr]
        return out

    def to_json(self) -> str:
        """Return the experiment as canonical JSON. Equal experiments give equal text."""
        return canonical_json(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> ExperimentConfig:
        """Read an experiment that `to_json` wrote."""
        raw = json.loads(text)
        raw["session"] = SessionConfig(**raw["session"])
        raw["chambers"] = tuple(raw["chambers"])
        raw["beta_prior"] = BetaPriorSpec.from_dict(raw["beta_prior"])
        if raw["joint"]:
            prior = raw["joint"]["beta_prior"]
            raw["joint"] |= {"beta_prior": prior and BetaPriorSpec.from_dict(prior)}
            raw["joint"] = JointConfig(**raw["joint"])
        raw["model"] = ModelConfig.from_spec(raw["model"])
        raw["sampling"] = SamplingConfig(**raw["sampling"])
        raw["flat_sampling"] = SamplingConfig(**raw["flat_sampling"])
        raw["gates"] = GateConfig(**raw["gates"])
        raw["early_stop"] = EarlyStopConfig(**raw["early_stop"])
        raw["platform"] = PlatformConfig.from_dict(raw["platform"])
        raw["folds"] = FoldsConfig(**raw["folds"]) if raw.get("folds") else None
        return cls(**raw)


def spec_hash(spec: Mapping[str, Any] | str) -> str:
    """Return the hash that matches a result with the settings behind it."""
    return short_hash(spec if isinstance(spec, str) else canonical_json(spec))


def name_problem(name: Any) -> str | None:
    """Say why ``name`` cannot name an experiment; return None if it can."""
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9_]{1,100}", name):
        return "a name is made of at most 100 lower-case letters, digits and _"
    return f"{name!r} is the name of a results folder with another use" if name in _RESERVED else None
