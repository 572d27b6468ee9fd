"""Settings of the joint model, and the choice of its prior of discrimination.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..priors.constants import ALPHA_SIGMA, JOINT_ALPHA_SIGMA
from ..priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec
from ..votes.vocabulary import BRIDGES, SAME
from . import checks
from .mappings import section, shape_of_mapping

#: Priors of the members of the joint model.
PARTIES, FLAT = "parties", "flat"


@dataclass(frozen=True)
class JointConfig:
    """Settings of the joint model of an experiment.

    Attributes
    ----------
    beta_prior
        Prior of discrimination. For None, `ExperimentConfig` fills in the experiment's own prior where that is not
        `PRODUCTION_BETA` or members are flat, else `JOINT_BETA`.
    alpha_sigma
        Standard deviation of the prior of difficulty.
    bridges
        How shared bills tie the chambers, one of `votes.vocabulary.BRIDGES`.
    members
        Prior of the members: ``parties`` within the parties of the chambers, ``flat`` one Normal(0, 1) for all.
    """

    beta_prior: BetaPriorSpec | None = None
    alpha_sigma: float = JOINT_ALPHA_SIGMA
    bridges: str = SAME
    members: str = PARTIES


def prior_of_joint(joint: JointConfig, own: BetaPriorSpec) -> BetaPriorSpec:
    """Return the joint model's prior of discrimination; ``own`` is the prior of the experiment's chamber models."""
    if joint.beta_prior is not None:
        return joint.beta_prior
    if joint.members == FLAT:
        return own
    return JOINT_BETA if own == PRODUCTION_BETA else own


def joint_check(prior: checks.Check) -> Callable[[Any], JointConfig | None]:
    """Return the check of the setting ``joint``; ``prior`` checks the prior in it."""
    known = {
        "beta_prior": prior,
        "alpha_sigma": checks.number(0, 1e6),
        "bridges": checks.one_of(*BRIDGES),
        "members": checks.one_of(PARTIES, FLAT),
    }

    @checks.shaped({"anyOf": [{"type": "boolean"}, shape_of_mapping(known)]})
    def check(value: Any) -> JointConfig | None:
        if isinstance(value, bool):
            return JointConfig() if value else None
        if not isinstance(value, dict):
            raise ValueError(f"must be true, false or a mapping, not {value!r}")
        problems: list[str] = []
        kept = section(value, "", known, problems)
        if problems:
            raise ValueError("; ".join(p.removeprefix(": ").removeprefix(".") for p in problems))
        if kept.get("members") == FLAT:
            kept.setdefault("alpha_sigma", ALPHA_SIGMA)
        return JointConfig(**kept)

    return check
