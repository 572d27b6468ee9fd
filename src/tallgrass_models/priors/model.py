"""Priors of all parameters beside discrimination, each of which a variant may replace.

Nothing here imports numpy or PyMC, because the configuration is read without them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any

from .constants import LEVEL_SIGMA, MU_SIGMA, WITHIN_SIGMA
from .family import Array
from .spec import BetaPriorSpec

#: Parameters that are spreads, in the order in which they are listed.
SPREADS = ("sigma_within", "sigma_chamber", "sigma_party")
#: The members' spread as the production priors expect it: ``E spread^2 = MU_SIGMA^2 / 2 + WITHIN_SIGMA^2``.
_TYPICAL_SPREAD = math.sqrt(MU_SIGMA**2 / 2 + WITHIN_SIGMA**2)


@dataclass(frozen=True)
class AlphaPrior:
    """Prior of the difficulties ``alpha``.

    Attributes
    ----------
    prior
        A prior on the whole real line.
    scaled
        False if ``alpha[j] ~ prior``. True if ``alpha[j] / S ~ prior``, where S is the members' spread: the standard
        deviation of a member who belongs to each group with equal probability. It depends on the hyperparameters alone
        and changes from draw to draw::

            S^2 = mean over g of sigma_g^2  +  mean over g of (mu_g - mean of mu)^2

        The groups g are the two parties of a chamber, with ``mu_party`` and ``sigma_within``, or in the joint model the
        four parties of both chambers, with ``mu_group``. Free-standing members do not count. In one chamber this is
        ``S^2 = (sigma_D^2 + sigma_R^2) / 2 + (mu_R - mu_D)^2 / 4``. If all positions and alpha are stretched by a
        factor, S is too, so the density of alpha / S does not change.

    Raises
    ------
    ValueError
        For a prior that forbids negative numbers.
    """

    prior: BetaPriorSpec
    scaled: bool = False

    def __post_init__(self) -> None:
        needs_real_line("alpha", self.prior)

    @property
    def is_plain(self) -> bool:
        """True for ``alpha ~ Normal(0, sigma)``, which a spec gives by ``alpha_sigma`` alone."""
        return self.prior.distribution == "normal" and self.prior.symmetric and not self.scaled

    @property
    def unit_sigma(self) -> float:
        """Standard deviation of the Normal(0, sigma) near the prior, in units of S where the prior is ``scaled``."""
        return math.hypot(*self.prior.moments)

    @property
    def sigma(self) -> float:
        """Standard deviation of the Normal(0, sigma) near the prior of alpha, with S as production priors expect it.

        Coordinates and the pilot are scaled by it. It does not enter the posterior.
        """
        return self.unit_sigma * (_TYPICAL_SPREAD if self.scaled else 1.0)

    def log_density(self, alpha: Array, spread: Array | None, xp: ModuleType) -> Array:
        """Compute the log density of alpha elementwise; ``spread`` is S, and broadcasts. None if it is not needed."""
        if not self.scaled:
            return self.prior.log_density(alpha, xp)
        return self.prior.log_density(alpha / spread, xp) - xp.log(spread)

    def rescaled(self, factor: float) -> AlphaPrior:
        """Return the prior with a scale ``factor`` times as large."""
        return AlphaPrior(self.prior.rescaled(factor), self.scaled)

    def describe(self) -> str:
        """Write the prior as people do, such as ``Normal(mu=0, sigma=5)``, with the unit if it is ``scaled``."""
        return self.prior.describe() + (" x the members' spread" if self.scaled else "")

    def to_dict(self) -> dict[str, Any]:
        """Write the form used in the YAML file."""
        return {**self.prior.to_dict(), **({"scaled": True} if self.scaled else {})}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> AlphaPrior:
        """Read what `to_dict` wrote."""
        prior = {key: x for key, x in value.items() if key != "scaled"}
        return cls(BetaPriorSpec.from_dict(prior), value.get("scaled", False))


def needs_real_line(name: str, prior: BetaPriorSpec) -> None:
    """Raise ValueError if a prior forbids negative numbers."""
    if prior.positive:
        raise ValueError(f"{name} may be negative, so its prior cannot be {prior.distribution}")


def needs_positive(name: str, prior: BetaPriorSpec) -> None:
    """Raise ValueError if a prior allows negative numbers."""
    if not prior.positive:
        raise ValueError(f"{name} is a spread, so its prior must forbid negative numbers, unlike {prior.distribution}")


_MU = BetaPriorSpec("normal", {"mu": 0.0, "sigma": MU_SIGMA})
_LEVEL = BetaPriorSpec("halfnormal", {"sigma": LEVEL_SIGMA})


@dataclass(frozen=True)
class ModelPriors:
    """The priors of a model, without that of discrimination. The defaults are the production priors.

    Attributes
    ----------
    alpha
        Prior of difficulty; None for Normal(0, alpha_sigma), where ``alpha_sigma`` is a setting of its own.
    mu
        Prior of each of a chamber's two party means before they are sorted, and of ``mu_global`` in the joint model.
    sigma_within
        Prior of the spread within each party; None for HalfNormal with the scale of `models.groups.sigma_scale`, which
        depends on the size of the party. A prior given here holds for parties of any size.
    sigma_chamber, sigma_party
        Priors of the spreads above the parties in the joint model.

    Raises
    ------
    ValueError
        For a spread that could be negative, or a mean that could not.
    """

    alpha: AlphaPrior | None = None
    mu: BetaPriorSpec = _MU
    sigma_within: BetaPriorSpec | None = None
    sigma_chamber: BetaPriorSpec = _LEVEL
    sigma_party: BetaPriorSpec = _LEVEL

    def __post_init__(self) -> None:
        needs_real_line("mu", self.mu)
        for name in SPREADS:
            if (prior := getattr(self, name)) is not None:
                needs_positive(name, prior)

    @property
    def compiled(self) -> bool:
        """True if the compiled densities know these priors, because they are those of production."""
        return self == ModelPriors()

    def alpha_prior(self, alpha_sigma: float) -> AlphaPrior:
        """Return the prior of alpha, which is Normal(0, alpha_sigma) where these priors have none."""
        if self.alpha is None:
            return AlphaPrior(BetaPriorSpec("normal", {"mu": 0.0, "sigma": alpha_sigma}))
        return self.alpha

    def spec(self) -> dict[str, Any]:
        """Return the priors that differ from those of production, by name."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: prior.to_dict() for name, prior in own.items() if prior != getattr(PRODUCTION, name)}

    def of_unit(self, joint: bool) -> ModelPriors:
        """Return the priors as the spec of a fit has them.

        Without those that only the joint model has, unless ``joint``; without a plain prior of alpha (`AlphaPrior`).
        """
        alpha = None if self.alpha is None or self.alpha.is_plain else self.alpha
        if joint:
            return ModelPriors(alpha, self.mu, self.sigma_within, self.sigma_chamber, self.sigma_party)
        return ModelPriors(alpha, self.mu, self.sigma_within)

    @classmethod
    def from_spec(cls, spec: Mapping[str, Mapping[str, Any]]) -> ModelPriors:
        """Read what `spec` wrote."""
        read = {name: (AlphaPrior if name == "alpha" else BetaPriorSpec).from_dict(one) for name, one in spec.items()}
        return cls(**read)  # type: ignore[arg-type]


#: The production priors.
PRODUCTION = ModelPriors()


def priors_of(spec: Mapping[str, Any]) -> ModelPriors:
    """Return the priors of the fit that has this spec."""
    return ModelPriors.from_spec(spec.get("model", {}).get("priors", {}))


def alpha_of(spec: Mapping[str, Any]) -> AlphaPrior:
    """Return the prior of alpha of the fit that has this spec."""
    return priors_of(spec).alpha_prior(spec["alpha_sigma"])
