"""The flat model: no parties, the baseline that shows how far the hierarchical models shrink."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import PRODUCTION_BETA
from ...votes.matrix import ChamberVotes
from ..base import FLAT_DIMS, BuiltModel, Draws, Reported, orient
from ..compiled.likelihood import sign_matrix
from ..pilot.bills import Sketch
from ..pilot.chamber import run_pilot
from .bill_priors import collect_bills
from .bills import BillPriors, Bills, all_bills, bill_shapes
from .frames import Array
from .members import Group, Members, group_of, members
from .model import FastModel, in_chunks, start_about
from .normals import normal_logp
from .packing import pack_chamber

if TYPE_CHECKING:
    import pymc as pm

_XI_SIGMA = 1.0


@dataclass(frozen=True)
class FastFlat:
    """The map from sampling coordinates to the flat model, with its fixed numbers."""

    group: Group
    sketches: tuple[Sketch]

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        members = {"z_left": (self.group.n_left - 1,), "z_right": (self.group.n_right - 1,)}
        return {"location": (), "log_sep": (), **members, **bill_shapes("", self.sketches)}

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Members, Bills]:
        """Members and bills at the coordinates ``v``."""
        one = xp.ones_like(v["location"])
        at = members(v, "", self.group, (_XI_SIGMA * one, _XI_SIGMA * one), xp)
        return at, all_bills(v, "", self.sketches, at.frame, BillPriors(PRODUCTION_BETA, ALPHA_SIGMA), xp)

    def log_prior(self, at: Members, at_bills: Bills, xp: ModuleType) -> Array:
        """Log density without the votes at the mapped point, plus the log Jacobian of the map."""
        log_prior = at.log_jacobian + at_bills.log_prior
        for xi in (at.xi_left, at.xi_right):
            log_prior = log_prior + normal_logp(xi, 0.0, _XI_SIGMA, xp).sum(axis=-1)
        return log_prior


def build_flat(votes: ChamberVotes, coordinates: str = "fast") -> BuiltModel:
    """The baseline without parties; all legislators take part, independents included.

    ::

        xi[i] ~ Normal(0, 1);  alpha[j] ~ Normal(0, 5);  beta[j] ~ Normal(0, 1)
        P(y[i, j] = 1) = logistic(beta[j] * xi[i] - alpha[j])

    The posterior is two mirror images, (xi, beta) and (-xi, -beta). The sign is fixed afterwards, chain by chain: the
    Republican mean above the Democratic one (`base.orient`).

    Parameters
    ----------
    votes : ChamberVotes
    coordinates : str
        ``reference``: the equations as they stand. ``fast``: the same posterior in the coordinates of `frames`.
        The two groups of the frame are the halves of the members by principal component score. Their sample means in
        this order single out one of the two mirror images, and nothing is lost.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or fewer than four members.
    """
    if coordinates == "reference":
        from .. import reference

        return reference.build_flat(votes)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    if votes.n_legislators < 4:
        raise ValueError(f"{votes.n_legislators} members: the flat model needs at least four")
    score = votes.legislators["pc1"].to_numpy(float)
    order = np.argsort(score, kind="stable")
    sign = sign_matrix(votes.y)[order]
    bills = collect_bills(PRODUCTION_BETA, ALPHA_SIGMA, None, votes.n_votes)
    halves = len(order) // 2, len(order) - len(order) // 2
    pilot = run_pilot(sign, score[order], halves, bills, xi_sd=_XI_SIGMA)
    fast = FastFlat(group_of(pilot), (pilot.sketches[0],))

    def make_model() -> pm.Model:
        from .graphs import flat_model

        return flat_model(fast, sign)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        def mapped(part: Draws) -> Reported:
            at, at_bills = fast.forward(part, np)
            xi = np.concatenate([at.xi_left, at.xi_right], axis=-1)[..., np.argsort(order)]
            return {"xi": xi, "alpha": at_bills.alpha, "beta": at_bills.beta}

        return orient(**in_chunks(mapped, draws), parties=votes.parties)

    start, scatter = start_about(fast.shapes(), {"location": pilot.s, "log_sep": float(np.log(pilot.sep))})
    coords = {"legislator": votes.legislators.index.to_numpy(), "vote": votes.rollcalls.index.to_numpy()}
    data = pack_chamber(fast.group, fast.sketches, PRODUCTION_BETA, ALPHA_SIGMA, sign)
    return FastModel("flat", "fast", make_model, start, report, FLAT_DIMS, coords, scatter, density="flat", data=data)
