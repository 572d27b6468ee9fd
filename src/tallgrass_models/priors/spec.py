"""Priors for bill discrimination (beta): what a variant may ask for, and how it enters a model."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..errors import UserError

if TYPE_CHECKING:
    from pytensor.tensor.variable import TensorVariable

# Parameters of each family, in the order in which `describe` shows them.
FAMILIES: dict[str, tuple[str, ...]] = {
    "normal": ("mu", "sigma"),
    "lognormal": ("mu", "sigma"),
    "lognormal_reparam": ("mu", "sigma"),
    "halfnormal": ("sigma",),
}

_SHOWN = {
    "normal": "Normal",
    "lognormal": "LogNormal",
    "lognormal_reparam": "LogNormal_reparam",
    "halfnormal": "HalfNormal",
}

#: Whether a family forbids a negative beta.
_POSITIVE = {"normal": False, "lognormal": True, "lognormal_reparam": True, "halfnormal": True}


def not_written(distribution: str, what: str) -> UserError:
    """The error for a family of priors that a piece of code does not know; none is ever taken for another one.

    Parameters
    ----------
    distribution
        The family's name.
    what
        What that piece of code would need of it, such as ``log density``.
    """
    if distribution not in FAMILIES:
        return UserError(f"unknown prior family {distribution!r}; known are {', '.join(FAMILIES)}")
    others = ", ".join(name for name in FAMILIES if name != distribution)
    return UserError(f"prior family {distribution!r}: its {what} is not written; choose one of {others}")


def of_family[Value](table: Mapping[str, Value], distribution: str, what: str) -> Value:
    """The entry of a family in a table of them; `not_written` where there is none."""
    if distribution not in table:
        raise not_written(distribution, what)
    return table[distribution]


@dataclass(frozen=True)
class BetaPriorSpec:
    """Prior of the discriminations ``beta``, checked when it is made.

    Parameters
    ----------
    distribution
        ``normal``: beta ~ Normal(mu, sigma). ``lognormal``: log beta ~ Normal(mu, sigma).
        ``lognormal_reparam``: the same posterior, sampled as log beta. ``halfnormal``: beta ~ HalfNormal(sigma).
    params
        ``mu`` (on the log scale for the lognormals) and ``sigma > 0``; ``halfnormal`` has ``sigma`` only.

    Raises
    ------
    ValueError
        For an unknown distribution, a missing or unknown parameter, or a value that is not a finite number
        (``sigma`` must be positive).
    """

    distribution: str
    params: Mapping[str, float]

    def __post_init__(self) -> None:
        if self.distribution not in FAMILIES:
            raise ValueError(f"unknown distribution {self.distribution!r} (known: {', '.join(FAMILIES)})")
        wanted = FAMILIES[self.distribution]
        problems = [f"needs {name!r}" for name in wanted if name not in self.params]
        problems += [f"unknown parameter {k!r} (known: {', '.join(wanted)})" for k in self.params if k not in wanted]
        problems += [p for k in wanted if k in self.params and (p := _problem(k, self.params[k]))]
        if problems:
            raise ValueError(f"{self.distribution}: " + "; ".join(problems))
        values = {name: float(self.params[name]) for name in wanted}
        object.__setattr__(self, "params", MappingProxyType(values))

    def __hash__(self) -> int:
        return hash((self.distribution, tuple(self.params.items())))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.distribution, dict(self.params))

    @property
    def positive(self) -> bool:
        """Whether the prior forbids a bill whose Yea is the side of the left."""
        return of_family(_POSITIVE, self.distribution, "support")

    @property
    def symmetric(self) -> bool:
        """Whether the prior does not change with the sign of beta."""
        if self.positive:
            return False
        if self.distribution != "normal":
            raise not_written(self.distribution, "symmetry")
        return self.params["mu"] == 0

    def free_sign(self) -> BetaPriorSpec:
        """The Normal prior with mean zero and the same mean square: that of a bill whose sign is left open.

        ``E beta^2`` is ``exp(2 mu + 2 sigma^2)`` of a lognormal and ``sigma^2`` of a half-normal beta, of which the
        Normal is the same density on both sides of zero.
        """
        params = self.params
        match self.distribution:
            case "normal":
                root = math.hypot(params["mu"], params["sigma"])
            case "lognormal" | "lognormal_reparam":
                root = math.exp(params["mu"] + params["sigma"] ** 2)
            case "halfnormal":
                root = params["sigma"]
            case _:
                raise not_written(self.distribution, "mean square")
        return BetaPriorSpec("normal", {"mu": 0.0, "sigma": root})

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
            Named ``beta``; for ``lognormal_reparam`` a Deterministic ``exp(log_beta)``.
        """
        import pymc as pm

        size: dict[str, Any] = {"shape": n_votes} if dims is None else {"dims": dims}
        match self.distribution:
            case "normal":
                return pm.Normal("beta", **self.params, **size)
            case "lognormal":
                return pm.LogNormal("beta", **self.params, **size)
            case "halfnormal":
                return pm.HalfNormal("beta", **self.params, **size)
            case "lognormal_reparam":
                log_beta = pm.Normal("log_beta", **self.params, **size)
                return pm.Deterministic("beta", pm.math.exp(log_beta), dims=dims)
            case _:
                raise not_written(self.distribution, "PyMC variable")

    def describe(self) -> str:
        """The prior as people write it, such as ``Normal(mu=0, sigma=1)``."""
        shown = ", ".join(f"{name}={value:g}" for name, value in self.params.items())
        return f"{of_family(_SHOWN, self.distribution, 'name in words')}({shown})"

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> BetaPriorSpec:
        """Inverse of `to_dict`."""
        return cls(str(value["distribution"]), {str(k): v for k, v in value.items() if k != "distribution"})

    def to_dict(self) -> dict[str, Any]:
        """The form used in the YAML file: ``{"distribution": ..., "mu": ..., "sigma": ...}``."""
        return {"distribution": self.distribution, **self.params}


def _problem(name: str, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return f"{name} must be a finite number, not {value!r}"
    if name == "sigma" and value <= 0:
        return f"sigma must be above 0, not {value!r}"
    return None


#: Per-chamber production prior.
PRODUCTION_BETA = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
#: Production prior of the joint model (with ``alpha_sigma`` 2): one sign for the bills that bridge the chambers.
JOINT_BETA = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 1})
