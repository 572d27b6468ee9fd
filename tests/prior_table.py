"""Every family of priors of discrimination beside scipy's distribution: the one list of families that tests keep."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.priors.spec import BetaPriorSpec

SIZE = np.array([0.05, 0.3, 0.9, 2.5])


@dataclass(frozen=True)
class Known:
    """One prior of a family.

    Attributes
    ----------
    params
        By the family's first way.
    law
        scipy's distribution by the factor of its scale; ``law(1.0)`` is the prior itself.
    other_ways
        The same prior by other parameters.
    """

    params: dict[str, float]
    law: Callable[[float], Any]
    other_ways: tuple[dict[str, float], ...] = ()


KNOWN = {
    "normal": Known({"mu": 0.2, "sigma": 1.3}, lambda c: stats.norm(0.2, 1.3 * c)),
    "lognormal": Known({"mu": 0.1, "sigma": 0.5}, lambda c: stats.lognorm(0.5 * c, scale=np.exp(0.1))),
    "lognormal_reparam": Known({"mu": -0.1, "sigma": 0.6}, lambda c: stats.lognorm(0.6 * c, scale=np.exp(-0.1))),
    "halfnormal": Known({"sigma": 0.8}, lambda c: stats.halfnorm(0, 0.8 * c)),
    "gamma": Known(
        {"alpha": 2.5, "beta": 2.0},
        lambda c: stats.gamma(2.5, scale=c / 2),
        other_ways=({"mu": 1.25, "sigma": 0.5 * math.sqrt(2.5)},),
    ),
    "student_t": Known({"nu": 5, "mu": 0.2, "sigma": 0.7}, lambda c: stats.t(5, 0.2, 0.7 * c)),
    "exponential": Known({"lam": 1.6}, lambda c: stats.expon(scale=c / 1.6), other_ways=({"scale": 0.625},)),
}


def prior_of(family: str) -> BetaPriorSpec:
    """The family's prior of this table."""
    return BetaPriorSpec(family, KNOWN[family].params)


def law_of(prior: BetaPriorSpec) -> Any:
    """scipy's distribution of a prior of this table."""
    return KNOWN[prior.distribution].law(1.0)


def priors(only: Callable[[BetaPriorSpec], bool] = lambda prior: True) -> list[BetaPriorSpec]:
    """The priors of this table, in the package's order; a family that the table lacks is an error."""
    return [prior for prior in map(prior_of, FAMILIES) if only(prior)]


def positive(prior: BetaPriorSpec) -> bool:
    """Whether beta must be positive."""
    return prior.positive


def compiled(prior: BetaPriorSpec) -> bool:
    """Whether its fast form is machine code of this package."""
    return prior.family.compiled is not None
