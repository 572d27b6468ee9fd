"""Priors of discrimination (beta) that a variant may ask for, and how they enter a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from .families import FAMILIES, family_of
from .family import Array, Params, PriorFamily

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable


@dataclass(frozen=True)
class BetaPriorSpec:
    """Prior of the discriminations ``beta``, checked when it is made.

    Parameters
    ----------
    distribution
        The name of one of `families.FAMILIES`; ``config/README.md`` lists them.
    params
        Its parameters, by the names of one of the family's ways.

    Raises
    ------
    ValueError
        For an unknown distribution, a missing or unknown parameter, or a value that is not a finite number or not in
        its range.
    """

    distribution: str
    params: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.distribution not in FAMILIES:
            raise ValueError(f"unknown distribution {self.distribution!r} (known: {', '.join(FAMILIES)})")
        names = self.family.way(self.params).names
        object.__setattr__(self, "params", MappingProxyType({name: float(self.params[name]) for name in names}))

    def __hash__(self) -> int:
        return hash((self.distribution, tuple(self.params.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.distribution, dict(self.params))

    @property
    def family(self) -> PriorFamily:
        """Record of the family; raises `UserError` if there is none by that name."""
        return family_of(self.distribution)

    @property
    def first_params(self) -> Params:
        """Parameters by the names of the family's first way, as its record takes them."""
        to_first = self.family.way(self.params).to_first
        return self.params if to_first is None else to_first(self.params)

    @property
    def positive(self) -> bool:
        """True if the prior forbids a bill whose Yea is the side of the left."""
        return self.family.positive

    @property
    def symmetric(self) -> bool:
        """True if the prior does not change with the sign of beta."""
        return not self.positive and self.family.symmetric(self.first_params)

    @cached_property
    def moments(self) -> tuple[float, float]:
        """Center and spread of log beta where beta is positive, else of beta (`PriorFamily.moments`)."""
        if self.family.moments is not None:
            return self.family.moments(self.first_params)
        from .numeric import log_moments

        return log_moments(self.family, self.first_params)

    def log_density(self, beta: Array, xp: ModuleType) -> Array:
        """Compute the log density of beta elementwise; for a positive prior, only where beta is positive."""
        return self.family.log_density_of_beta(beta, self.first_params, xp)

    def log_density_of_log(self, log_beta: Array, beta: Array, xp: ModuleType) -> Array:
        """Compute the log density of log beta under a positive prior, elementwise."""
        return self.family.log_density_of_log(log_beta, beta, self.first_params, xp)

    def free_sign(self) -> BetaPriorSpec:
        """Return the Normal prior with mean zero and the same mean square, which a bill of open sign gets.

        ``E beta^2`` is ``exp(2 mu + 2 sigma^2)`` for a lognormal beta and ``sigma^2`` for a half-normal one. The Normal
        of the latter has the half-normal density on both sides of zero.

        Raises
        ------
        UserError
            If the mean square is infinite.
        """
        root = self.family.root_mean_square(self.first_params)
        if not math.isfinite(root):
            raise UserError(
                f"{self.describe()}: its mean square is infinite, so there is no prior for bills of open sign"
            )
        return BetaPriorSpec("normal", {"mu": 0.0, "sigma": root})

    def rescaled(self, factor: float) -> BetaPriorSpec:
        """Return the prior with a scale ``factor`` times as large: that of log beta for a lognormal, else of beta."""
        return BetaPriorSpec(self.distribution, self.family.scaled(self.first_params, factor))

    def build(self, n_votes: int, dims: str | None = "vote") -> TensorVariable:
        """Add ``beta`` to the PyMC model in whose context this is called.

        Parameters
        ----------
        n_votes
            Number of roll calls (bill parameter pairs).
        dims
            Name of the model's dimension of that length; None for a bare shape.

        Returns
        -------
        TensorVariable, shape (n_votes,)
            The variable ``beta``, which is a Deterministic ``exp(log_beta)`` where the family's variable is
            ``log_beta``.
        """
        import pymc as pm

        size: dict[str, Any] = {"shape": n_votes} if dims is None else {"dims": dims}
        family = self.family
        if not family.log_variable:
            return family.variable(pm, "beta", self.first_params, size)
        log_beta = family.variable(pm, "log_beta", self.first_params, size)
        return pm.Deterministic("beta", pm.math.exp(log_beta), dims=dims)

    def describe(self) -> str:
        """Write the prior as people do, such as ``Normal(mu=0, sigma=1)``."""
        shown = ", ".join(f"{name}={value:g}" for name, value in self.params.items())
        return f"{self.family.words}({shown})"

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> BetaPriorSpec:
        """Read what `to_dict` wrote."""
        return cls(str(value["distribution"]), {str(k): v for k, v in value.items() if k != "distribution"})

    def to_dict(self) -> dict[str, Any]:
        """Write the form used in the YAML file: ``{"distribution": ..., "mu": ..., "sigma": ...}``."""
        return {"distribution": self.distribution, **self.params}


#: Production prior of the chamber model.
PRODUCTION_BETA = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
#: Production prior of the joint model (with ``alpha_sigma`` 2): the bills that bridge the chambers have one sign.
JOINT_BETA = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 1})
