"""The flat model in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..pilot.bills import Sketch
from .bills import BillPriors, Bills, all_bills, bill_shapes
from .frames import Array
from .members import Group, Members, members
from .normals import normal_logp

XI_SIGMA = 1.0


@dataclass(frozen=True)
class FastFlat:
    """Map from the fast coordinates to the flat model, with its fixed numbers."""

    group: Group
    sketches: tuple[Sketch]
    beta_prior: BetaPriorSpec = PRODUCTION_BETA
    alpha_sigma: float = ALPHA_SIGMA

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        members = {"z_left": (self.group.n_left - 1,), "z_right": (self.group.n_right - 1,)}
        return {"location": (), "log_sep": (), **members, **bill_shapes("", self.sketches)}

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Members, Bills]:
        """Compute members and bills at the coordinates ``v``."""
        one = xp.ones_like(v["location"])
        at = members(v, "", self.group, (XI_SIGMA * one, XI_SIGMA * one), xp)
        return at, all_bills(v, "", self.sketches, at.frame, BillPriors(self.beta_prior, self.alpha_sigma), xp)

    def log_prior(self, at: Members, at_bills: Bills, xp: ModuleType) -> Array:
        """Compute the log density without the votes at the mapped point, plus the log Jacobian of the map."""
        log_prior = at.log_jacobian + at_bills.log_prior
        for xi in (at.xi_left, at.xi_right):
            log_prior = log_prior + normal_logp(xi, 0.0, XI_SIGMA, xp).sum(axis=-1)
        return log_prior
