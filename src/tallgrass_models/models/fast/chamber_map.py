"""The chamber model in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ..groups import members_spread
from ..pilot.bills import Sketch
from .bills import BillPriors, Bills, all_bills, bill_shapes
from .frames import Array
from .halves import Halves
from .members import Group, Parties
from .normals import halfnormal_logp


@dataclass(frozen=True)
class FastChamber:
    """Map from the fast coordinates to the chamber model, with its fixed numbers."""

    group: Group | Halves
    sketches: tuple[Sketch, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float
    priors: ModelPriors = PRODUCTION

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        return self.group.shapes("") | bill_shapes("", self.sketches)

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Parties, Bills]:
        """Compute members and bills at the coordinates ``v``."""
        parties = self.group.members(v, "", xp)
        alpha = self.priors.alpha
        spread = members_spread(parties.mu, parties.sigma, xp) if alpha and alpha.scaled else None
        priors = BillPriors(self.beta_prior, self.alpha_sigma, alpha, spread)
        return parties, all_bills(v, "", self.sketches, parties.frame, priors, xp)

    def log_prior(self, parties: Parties, at: Bills, xp: ModuleType) -> Array:
        """Compute the log density of the textbook form without the votes, plus the log Jacobian of the map.

        Two iid means, sorted, have twice their density on ``mu_D < mu_R``. So has a half of the plane that
        `halves.reflect` carries over to that half.
        """
        log_prior = parties.log_density + at.log_prior + math.log(2)
        for mu, sigma, scale_p in zip(parties.mu, parties.sigma, self.group.sigma_scales(), strict=True):
            log_prior = log_prior + self.priors.mu.log_density(mu, xp)
            log_prior = log_prior + within_logp(self.priors, sigma, float(scale_p), xp)
        return log_prior


def within_logp(priors: ModelPriors, sigma: Array, scale: float, xp: ModuleType) -> Array:
    """Compute the log density of the spread within a party, for which the production prior has this scale."""
    if priors.sigma_within is None:
        return halfnormal_logp(sigma, scale, xp)
    return priors.sigma_within.log_density(sigma, xp)
