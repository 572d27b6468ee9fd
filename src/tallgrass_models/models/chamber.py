"""The model of one chamber: members within the two major parties."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ..priors import PRODUCTION_BETA, BetaPriorSpec
from ..votes import ChamberVotes
from .base import ALPHA_SIGMA, CHAMBER_DIMS, MU_SIGMA, PARTIES, BuiltModel, Draws, Reported, sigma_scale
from .blocks import (
    FAMILY,
    Bills,
    FastModel,
    Group,
    Parties,
    all_bills,
    bill_shapes,
    collect_bills,
    group_of,
    group_rows,
    halfnormal_logp,
    in_chunks,
    normal_logp,
    pack,
    party_members,
    party_shapes,
    party_start,
    scattered_start,
    sketch_numbers,
)
from .coordinates import Array
from .likelihood import sign_matrix
from .orientation import chamber_orientation
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
    sketches: tuple[Sketch, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        return party_shapes("", self.group) | bill_shapes("", self.sketches)

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Parties, Bills]:
        """Members and bills at the coordinates ``v``."""
        parties = party_members(v, "", self.group, xp)
        frame = parties.members.frame
        return parties, all_bills(v, "", self.sketches, frame, self.beta_prior, self.alpha_sigma, xp)

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
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
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
    orient_bills : bool
        For a positive prior: with ``o[j]`` of `orientation`, ``o[j] beta[j] ~ beta_prior`` where it is not zero, and
        ``beta[j] ~ beta_prior.free_sign()`` elsewhere. Without effect under a normal prior.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party without members.
    """
    oriented = chamber_orientation(votes.major()) if orient_bills and beta_prior.positive else None
    if coordinates == "reference":
        from . import reference

        return reference.build_chamber(votes, beta_prior, alpha_sigma, oriented)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    votes = votes.major()
    order, n_left, crossed = seating(votes, beta_prior, oriented)
    columns, flip, n_free = arranged(oriented, votes.n_votes)
    sign = np.ascontiguousarray((sign_matrix(votes.y)[order] * flip)[:, columns])
    score = votes.legislators["pc1"].to_numpy(float)[order] * (-1 if crossed else 1)
    free = None if oriented is None else oriented[columns] == 0
    pilot = run_pilot(sign, score, n_left, collect_bills(beta_prior, alpha_sigma, free, votes.n_votes))
    fast = FastChamber(group_of(pilot, crossed), pilot.sketches, beta_prior, alpha_sigma)

    def make_model() -> pm.Model:
        from .graphs import chamber_model

        return chamber_model(fast, sign)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        def mapped(part: Draws) -> Reported:
            parties, at = fast.forward(part, np)
            xi = np.concatenate([parties.members.xi_left, parties.members.xi_right], axis=-1)
            return {
                "xi": xi[..., np.argsort(order)],
                "mu_party": np.stack(fast.group.by_party(parties.mu), axis=-1),
                "sigma_within": np.stack(fast.group.by_party(parties.sigma), axis=-1),
                "alpha": flip * at.alpha[..., np.argsort(columns)],
                "beta": flip * at.beta[..., np.argsort(columns)],
            }

        return in_chunks(mapped, draws)

    start = scattered_start(fast.shapes(), party_start("", pilot, crossed))
    coords = {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }
    scales = sigma_scale(np.array([fast.group.n_left, fast.group.n_right]))
    sizes = (*sign.shape, n_left, FAMILY[beta_prior.distribution], crossed, n_free)
    rows = group_rows(fast.group), sketch_numbers(fast.sketches), scales
    data = pack(sizes, rows, beta_prior, alpha_sigma, sign)
    return FastModel("chamber", "fast", make_model, start, report, CHAMBER_DIMS, coords, "chamber", data)


def arranged(oriented: np.ndarray | None, n_votes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Columns with those of free sign last, -1 where Yea and Nay are exchanged (else +1), number of free ones."""
    if oriented is None:
        return np.arange(n_votes), np.ones(n_votes, dtype=np.int8), 0
    free = oriented == 0
    return np.argsort(free, kind="stable"), np.where(free, 1, oriented).astype(np.int8), int(free.sum())


def seating(votes: ChamberVotes, beta_prior: BetaPriorSpec, oriented: np.ndarray | None = None) -> Seating:
    """Which party is the left group of the frame.

    Democrats, as ``mu_D < mu_R``. But a positive prior of beta makes the side whose members vote Yea more often the
    right one, whatever the order of mu_party: where these are Democrats, thousands of votes put their xi to the right
    of Republicans', and only the population means, of which few votes tell, keep their order (`Group.crossed`). Bills
    that are oriented contradict nothing.

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
    crossed = beta_prior.positive and oriented is None and bool(certain)
    if crossed:
        rows = rows[::-1]
    return np.concatenate(rows), len(rows[0]), crossed
