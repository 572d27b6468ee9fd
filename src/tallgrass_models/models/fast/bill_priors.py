"""What pilot, maps and compiled densities need to know about each family of the prior of beta."""

from __future__ import annotations

import math

import numpy as np

from ...priors.spec import BetaPriorSpec, not_written, of_family
from ..pilot.bills import PilotBills
from ..pilot.collection import Collection
from ..pilot.normal_bills import NormalBills
from ..pilot.positive_bills import PositiveBills

# Mean and standard deviation of log|x|, x ~ Normal(0, 1): -(Euler's gamma + log 2) / 2 and pi / sqrt(8).
_LOG_HALFNORMAL = -(np.euler_gamma + math.log(2)) / 2, math.pi / math.sqrt(8)


def log_beta_moments(prior: BetaPriorSpec) -> tuple[float, float]:
    """Mean and standard deviation of log beta under a positive prior."""
    match prior.distribution:
        case "halfnormal":
            mean, sd = _LOG_HALFNORMAL
            return math.log(prior.params["sigma"]) + mean, sd
        case "lognormal" | "lognormal_reparam":
            return prior.params["mu"], prior.params["sigma"]
        case _:
            raise not_written(prior.distribution, "mean and standard deviation of log beta")


def collect_bills(prior: BetaPriorSpec, alpha_sigma: float, free: np.ndarray | None, n_votes: int) -> Collection:
    """The bills of the pilot; ``free`` says which have an open sign, or is None where bills are not oriented."""
    if free is None:
        return Collection([(_pilot_bills(prior, alpha_sigma), np.arange(n_votes))], n_votes)
    kinds = (prior, ~free), (prior.free_sign(), free)
    return Collection([(_pilot_bills(kind, alpha_sigma), np.flatnonzero(mask)) for kind, mask in kinds], n_votes)


def _pilot_bills(prior: BetaPriorSpec, alpha_sigma: float) -> PilotBills:
    match prior.distribution:
        case "normal":
            return NormalBills(prior.params["mu"], prior.params["sigma"], alpha_sigma)
        case "lognormal" | "lognormal_reparam":
            return PositiveBills(*log_beta_moments(prior), alpha_sigma)
        case "halfnormal":
            return PositiveBills(*log_beta_moments(prior), alpha_sigma, prior.params["sigma"])
        case _:
            raise not_written(prior.distribution, "pilot")


#: How `densities` tells the families of the prior of beta apart.
FAMILY = {"normal": 0, "lognormal": 1, "lognormal_reparam": 1, "halfnormal": 2}


def family_code(prior: BetaPriorSpec) -> int:
    """The number by which `densities` knows the family of a prior."""
    return of_family(FAMILY, prior.distribution, "compiled density")
