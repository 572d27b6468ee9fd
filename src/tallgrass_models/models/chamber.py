"""The model of one chamber: members within the two major parties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ..priors import BetaPriorSpec
from ..votes import ChamberVotes
from .base import ALPHA_SIGMA, CHAMBER_DIMS, MU_SIGMA, PARTIES, BuiltModel, Draws, Reported, sigma_scale
from .blocks import (
    FAMILY,
    Bills,
    FastModel,
    Group,
    Parties,
    bills,
    group_of,
    group_rows,
    halfnormal_logp,
    in_chunks,
    normal_logp,
    pack,
    party_members,
    party_shapes,
    party_start,
    pilot_bills,
    scattered_start,
    sketch_rows,
)
from .coordinates import Array
from .likelihood import sign_matrix
from .pilot import run_pilot
from .pilot_bills import Sketch

if TYPE_CHECKING:
    import pymc as pm

# Standard errors, over roll calls, by which Democrats' Yea share must exceed Republicans' to be beyond doubt.
CERTAIN = 5.0
# Rows of the left group, then of the right one; size of the left group; whether it is the Republicans.
Seating = tuple[np.ndarray, int, bool]


@dataclass(frozen=True)
class FastChamber:
    """The map from sampling coordinates to the chamber model, with its fixed numbers."""

    group: Group
    sketch: Sketch
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self, n_votes: int) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        return party_shapes("", self.group) | {"c_first": (n_votes,), "c_second": (n_votes,)}

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Parties, Bills]:
        """Members and bills at the coordinates ``v``."""
        parties = party_members(v, "", self.group, xp)
        at = bills(
            v["c_first"], v["c_second"], self.sketch, parties.members.frame, self.beta_prior, self.alpha_sigma, xp
        )
        return parties, at

    def log_prior(self, parties: Parties, at: Bills, xp: ModuleType) -> Array:
        """Log density of the textbook model without the votes at the mapped point, plus the log Jacobian of the map.

        Two iid ``Normal(0, 2)`` sorted have twice their density, on ``mu_D < mu_R``.
        """
        log_prior = parties.log_density + at.log_prior + math.log(2)
        scale = sigma_scale(np.array([self.group.n_left, self.group.n_right]))
        for mu, sigma, scale_p in zip(parties.mu, parties.sigma, scale, strict=True):
            log_prior = log_prior + normal_logp(mu, 0.0, MU_SIGMA, xp) + halfnormal_logp(sigma, float(scale_p), xp)
        return log_prior


def build_chamber(
    votes: ChamberVotes, beta_prior: BetaPriorSpec, alpha_sigma: float = ALPHA_SIGMA, coordinates: str = "fast"
) -> BuiltModel:
    """Two levels: members within the two major parties of one chamber.

    ::

        mu_raw[p]       ~ Normal(0, 2)                     p = Democrat, Republican
        mu_party        = sort(mu_raw)                     D < R fixes the sign
        sigma_within[p] ~ HalfNormal(s[p])                 s = 0.5 where a party has < 20 members, else 1
        xi[i]           ~ Normal(mu_party[p(i)], sigma_within[p(i)])
        alpha[j]        ~ Normal(0, alpha_sigma)
        beta[j]         ~ beta_prior
        P(y[i, j] = 1)  = logistic(beta[j] * xi[i] - alpha[j])

    Parameters
    ----------
    votes : ChamberVotes
        Members of neither major party take no part.
    beta_prior : BetaPriorSpec
    alpha_sigma : float
    coordinates : str
        ``reference``: the equations as they stand. ``fast``: the same posterior in the coordinates of `coordinates`
        (`FastChamber.forward`), with the sample means of the two parties as frame. It takes these to be in the order
        of the population means, or, where `seating` finds so beyond doubt, in the opposite one. Given mu_party and
        sigma_within, an opposite order has the prior probability
        ``Phi(-(mu_R - mu_D) / sqrt(sigma_D^2 / n_D + sigma_R^2 / n_R))``: nil for parties that differ at all, and under
        a normal prior of beta the votes then leave still less.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party without members.
    """
    if coordinates == "reference":
        from . import reference

        return reference.build_chamber(votes, beta_prior, alpha_sigma)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    votes = votes.major()
    order, n_left, crossed = seating(votes, beta_prior)
    sign = sign_matrix(votes.y)[order]
    score = votes.legislators["pc1"].to_numpy(float)[order] * (-1 if crossed else 1)
    pilot = run_pilot(sign, score, n_left, pilot_bills(beta_prior, alpha_sigma))
    fast = FastChamber(group_of(pilot, crossed), pilot.sketch, beta_prior, alpha_sigma)
    shapes = fast.shapes(votes.n_votes)

    def make_model() -> pm.Model:
        from .graphs import chamber_model

        return chamber_model(fast, sign, shapes)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        def mapped(part: Draws) -> Reported:
            parties, at = fast.forward(part, np)
            xi = np.concatenate([parties.members.xi_left, parties.members.xi_right], axis=-1)
            return {
                "xi": xi[..., np.argsort(order)],
                "mu_party": np.stack(fast.group.by_party(parties.mu), axis=-1),
                "sigma_within": np.stack(fast.group.by_party(parties.sigma), axis=-1),
                "alpha": at.alpha,
                "beta": at.beta,
            }

        return in_chunks(mapped, draws)

    start = scattered_start(shapes, party_start("", pilot, crossed))
    coords = {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }
    scales = sigma_scale(np.array([fast.group.n_left, fast.group.n_right]))
    sizes = (*sign.shape, n_left, FAMILY[beta_prior.distribution], crossed)
    rows = group_rows(fast.group), sketch_rows(fast.sketch), scales
    data = pack(sizes, rows, beta_prior, alpha_sigma, sign)
    return FastModel("chamber", "fast", make_model, start, report, CHAMBER_DIMS, coords, "chamber", data)


def seating(votes: ChamberVotes, beta_prior: BetaPriorSpec) -> Seating:
    """Which party is the left group of the frame.

    Democrats, as ``mu_D < mu_R``. But a positive prior of beta makes the side whose members vote Yea more often the
    right one, whatever the order of mu_party: where these are Democrats, thousands of votes put their xi to the right
    of Republicans', and only the population means, of which few votes tell, keep their order (`Group.crossed`).

    Returns
    -------
    order : ndarray of int
        Row numbers of the left group, then of the right group.
    n_left : int
    crossed : bool

    Raises
    ------
    ValueError
        If a party has no member.
    """
    rows = [np.flatnonzero(votes.parties == party) for party in PARTIES]
    for party, members in zip(PARTIES, rows, strict=True):
        if not len(members):
            raise ValueError(f"the model needs members of both parties; there is no {party}")
    yea = [(votes.y[part] == 1).sum(0) / np.maximum((votes.y[part] >= 0).sum(0), 1) for part in rows]
    lead = yea[0] - yea[1]
    certain = np.mean(lead) > CERTAIN * np.std(lead) / math.sqrt(len(lead))
    crossed = beta_prior.positive and bool(certain)
    if crossed:
        rows = rows[::-1]
    return np.concatenate(rows), len(rows[0]), crossed
