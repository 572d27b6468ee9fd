"""Families of priors of discrimination: one record for each, and the table from which everything else reads them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import UserError
from .family import Array, Parameter, Params, PriorFamily, Steering, Way

if TYPE_CHECKING:
    import numpy as np

_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
# Mean and standard deviation of log|x|, x ~ Normal(0, 1); Euler's gamma is 0.5772...
_LOG_HALFNORMAL = -(0.5772156649015329 + math.log(2)) / 2, math.pi / math.sqrt(8)
# exp of a much larger number overflows
_LARGEST = 300

_MU, _SIGMA = Parameter("mu"), Parameter("sigma", positive=True)


def _pymc(distribution: str) -> Callable[[ModuleType, str, Params, Mapping[str, Any]], Any]:
    """Return the builder of a variable that PyMC has by that name, with the parameters of the first way."""
    return lambda pm, name, p, size: getattr(pm, distribution)(name, **p, **size)


def _sigma_scaled(p: Params, factor: float) -> dict[str, float]:
    return {**p, "sigma": factor * p["sigma"]}


def _normal_log_density(x: Array, mu: float, sigma: float) -> Array:
    return -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - _HALF_LOG_2PI


def _normal_scale_score(beta: Array, p: Params, xp: ModuleType) -> tuple[Array, Array]:
    tau, mu = p["sigma"] ** -2, p["mu"]
    return tau * (beta - mu) * beta - 1, tau * (2 * beta - mu) * beta


_NORMAL = PriorFamily(
    name="normal",
    words="Normal",
    ways=(Way((_MU, _SIGMA)),),
    positive=False,
    log_density=lambda x, p, xp: _normal_log_density(x, p["mu"], p["sigma"]),
    draw=lambda p, rng, size: p["mu"] + p["sigma"] * rng.normal(size=size),
    root_mean_square=lambda p: math.hypot(p["mu"], p["sigma"]),
    scaled=_sigma_scaled,
    variable=_pymc("Normal"),
    symmetric=lambda p: p["mu"] == 0,
    moments=lambda p: (p["mu"], p["sigma"]),
    steering=Steering(lambda x, p, xp: -0.5 * ((x - p["mu"]) / p["sigma"]) ** 2, _normal_scale_score),
    compiled=0,
)


def _lognormal_draw(p: Params, rng: np.random.Generator, size: int | tuple[int, ...]) -> np.ndarray:
    import numpy as np

    return np.exp(p["mu"] + p["sigma"] * rng.normal(size=size))


_LOGNORMAL = PriorFamily(
    name="lognormal",
    words="LogNormal",
    ways=(Way((_MU, _SIGMA)),),
    positive=True,
    log_density=lambda x, p, xp: _normal_log_density(x, p["mu"], p["sigma"]),
    on_log_scale=True,
    draw=_lognormal_draw,
    root_mean_square=lambda p: math.exp(p["mu"] + p["sigma"] ** 2),
    scaled=_sigma_scaled,
    variable=_pymc("LogNormal"),
    moments=lambda p: (p["mu"], p["sigma"]),
    steering=Steering(
        lambda x, p, xp: -0.5 * ((x - p["mu"]) / p["sigma"]) ** 2,
        lambda beta, p, xp: ((xp.log(beta) - p["mu"]) / p["sigma"] ** 2, xp.full_like(beta, p["sigma"] ** -2)),
    ),
    compiled=1,
    note="the parameters of a LogNormal are on the log scale",
)

# the same prior, but its textbook form samples log beta
_LOGNORMAL_REPARAM = replace(
    _LOGNORMAL, name="lognormal_reparam", words="LogNormal_reparam", variable=_pymc("Normal"), log_variable=True
)


def _halfnormal_scale_score(beta: Array, p: Params, xp: ModuleType) -> tuple[Array, Array]:
    squares = (beta / p["sigma"]) ** 2
    return squares - 1, 2 * squares


_HALFNORMAL = PriorFamily(
    name="halfnormal",
    words="HalfNormal",
    ways=(Way((_SIGMA,)),),
    positive=True,
    log_density=lambda x, p, xp: _normal_log_density(x, 0.0, p["sigma"]) + math.log(2),
    draw=lambda p, rng, size: abs(p["sigma"] * rng.normal(size=size)),
    root_mean_square=lambda p: p["sigma"],
    scaled=_sigma_scaled,
    variable=_pymc("HalfNormal"),
    moments=lambda p: (math.log(p["sigma"]) + _LOG_HALFNORMAL[0], _LOG_HALFNORMAL[1]),
    steering=Steering(
        lambda x, p, xp: x - 0.5 * (xp.exp(xp.minimum(x, _LARGEST)) / p["sigma"]) ** 2, _halfnormal_scale_score
    ),
    compiled=2,
)


def _gamma_log_density(x: Array, p: Params, xp: ModuleType) -> Array:
    alpha, rate = p["alpha"], p["beta"]
    return alpha * x - rate * xp.exp(x) + (alpha * math.log(rate) - math.lgamma(alpha))


_GAMMA = PriorFamily(
    name="gamma",
    words="Gamma",
    ways=(
        Way((Parameter("alpha", positive=True), Parameter("beta", positive=True))),
        Way(
            (Parameter("mu", positive=True), _SIGMA),
            lambda p: {"alpha": (p["mu"] / p["sigma"]) ** 2, "beta": p["mu"] / p["sigma"] ** 2},
        ),
    ),
    positive=True,
    log_density=_gamma_log_density,
    on_log_scale=True,
    draw=lambda p, rng, size: rng.gamma(p["alpha"], 1 / p["beta"], size),
    root_mean_square=lambda p: math.sqrt(p["alpha"] * (p["alpha"] + 1)) / p["beta"],
    scaled=lambda p, factor: {**p, "beta": p["beta"] / factor},
    variable=_pymc("Gamma"),
    note="Gamma(alpha, beta) has shape alpha and rate beta, Gamma(mu, sigma) mean mu and standard deviation sigma",
)


def _student_t_log_density(x: Array, p: Params, xp: ModuleType) -> Array:
    nu, mu, sigma = p["nu"], p["mu"], p["sigma"]
    constant = math.lgamma((nu + 1) / 2) - math.lgamma(nu / 2) - math.log(sigma) - 0.5 * math.log(math.pi * nu)
    return constant - (nu + 1) / 2 * xp.log1p(((x - mu) / sigma) ** 2 / nu)


def _student_t_root(p: Params) -> float:
    nu, mu, sigma = p["nu"], p["mu"], p["sigma"]
    return math.hypot(mu, sigma * math.sqrt(nu / (nu - 2))) if nu > 2 else math.inf


_STUDENT_T = PriorFamily(
    name="student_t",
    words="StudentT",
    ways=(Way((Parameter("nu", positive=True), _MU, _SIGMA)),),
    positive=False,
    log_density=_student_t_log_density,
    draw=lambda p, rng, size: p["mu"] + p["sigma"] * rng.standard_t(p["nu"], size),
    root_mean_square=_student_t_root,
    scaled=_sigma_scaled,
    variable=_pymc("StudentT"),
    symmetric=lambda p: p["mu"] == 0,
    # its standard deviation; with tails so heavy that a few draws decide it, sqrt(2) sigma, as for nu = 4
    moments=lambda p: (p["mu"], p["sigma"] * math.sqrt(p["nu"] / max(p["nu"] - 2, p["nu"] / 2))),
    note="StudentT has nu degrees of freedom, centre mu and scale sigma",
)


_EXPONENTIAL = PriorFamily(
    name="exponential",
    words="Exponential",
    ways=(
        Way((Parameter("lam", positive=True),)),
        Way((Parameter("scale", positive=True),), lambda p: {"lam": 1 / p["scale"]}),
    ),
    positive=True,
    log_density=lambda x, p, xp: math.log(p["lam"]) - p["lam"] * x,
    draw=lambda p, rng, size: rng.exponential(1 / p["lam"], size),
    root_mean_square=lambda p: math.sqrt(2) / p["lam"],
    scaled=lambda p, factor: {"lam": p["lam"] / factor},
    variable=_pymc("Exponential"),
    note="Exponential(lam) has rate lam, Exponential(scale) mean scale",
)


#: Every family by its name in the experiments file, in the order in which they are listed.
FAMILIES: dict[str, PriorFamily] = {
    family.name: family
    for family in (
        _NORMAL,
        _LOGNORMAL,
        _LOGNORMAL_REPARAM,
        _HALFNORMAL,
        _GAMMA,
        _STUDENT_T,
        _EXPONENTIAL,
    )
}


def family_of(distribution: str) -> PriorFamily:
    """Return the record of a family.

    Raises
    ------
    UserError
        For an unknown family; the message names the known ones. No family ever stands in for another.
    """
    if distribution not in FAMILIES:
        raise UserError(f"unknown prior family {distribution!r}; known are {', '.join(FAMILIES)}")
    return FAMILIES[distribution]
