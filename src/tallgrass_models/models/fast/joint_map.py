"""The joint model in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ..groups import members_spread
from ..pilot.bills import Sketch
from .bills import BillPriors, Bills, all_bills, bill_shapes
from .chamber_map import within_logp
from .frames import Array, Frame
from .halves import Halves
from .logits import BillInfo
from .members import Group, Parties
from .normals import halfnormal_logp, normal_logp
from .shared_bills import relative_frame, shared_info
from .slopes import LogSlopeInfo


@dataclass(frozen=True)
class JointPoint:
    """The joint model at one point (or at many draws), with bills by the chambers that voted on them."""

    house: Parties
    senate: Parties
    house_only: Bills
    shared: Bills
    """Shared bills in the frame of the House."""
    shared_w: Array
    """Slopes of the shared bills in the frame of the Senate."""
    shared_a: Array
    senate_only: Bills
    sigma_chamber: Array
    sigma_party: Array
    mu_global: Array | None = None
    """None if it is integrated out."""


@dataclass(frozen=True)
class FastJoint:
    """Map from the fast coordinates to the joint model, with its fixed numbers.

    Each `Sketch` belongs to one kind of bill (`bills.all_bills`). What is known about shared bills is in two parts:
    from the votes of the House, ``shared``, and from those of the Senate, in its frame.
    """

    house: Group | Halves
    senate: Group | Halves
    house_only: tuple[Sketch, ...]
    shared: tuple[Sketch, ...]
    shared_by_senate: tuple[BillInfo | LogSlopeInfo, ...]
    senate_only: tuple[Sketch, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float
    priors: ModelPriors = PRODUCTION

    @property
    def closed_mean(self) -> bool:
        """True if ``mu_global`` can be integrated out, because its prior is Normal."""
        return self.priors.mu.distribution == "normal"

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        shapes: dict[str, tuple[int, ...]] = {"log_sigma_chamber": (), "log_sigma_party": ()}
        if not self.closed_mean:
            shapes["z_mu_global"] = ()
        shapes |= self.house.shapes("house_") | self.senate.shapes("senate_")
        for name in ("house_only", "shared", "senate_only"):
            shapes |= bill_shapes(f"{name}_", getattr(self, name))
        return shapes

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> JointPoint:
        """Compute members and bills of both chambers at the coordinates ``v``.

        A shared bill is sampled in the House's frame, informed by the votes of both chambers, and carried to the
        Senate's.
        """
        house = self.house.members(v, "house_", xp)
        senate = self.senate.members(v, "senate_", xp)
        home, away = house.frame, senate.frame
        sigma_chamber, sigma_party = xp.exp(v["log_sigma_chamber"]), xp.exp(v["log_sigma_party"])
        alpha, spread, mu_global = self.priors.alpha, None, None
        if alpha and alpha.scaled:
            spread = members_spread((*house.mu, *senate.mu), (*house.sigma, *senate.sigma), xp)
        if not self.closed_mean:
            between = xp.sqrt((sigma_chamber**2 + sigma_party**2 / 2) / 2)
            mu_global = (sum(house.mu) + sum(senate.mu)) / 4 + between * v["z_mu_global"]
        priors = BillPriors(self.beta_prior, self.alpha_sigma, alpha, spread)

        def bills_of(name: str, sketches: Sequence[Sketch], frame: Frame) -> Bills:
            return all_bills(v, f"{name}_", sketches, frame, priors, xp)

        informed = [
            dataclasses.replace(sketch, info=shared_info(sketch.info, by_senate, away, home, xp))
            for sketch, by_senate in zip(self.shared, self.shared_by_senate, strict=True)
        ]
        both = bills_of("shared", informed, home)
        ratio, shift = (x[..., None] for x in relative_frame(away, home))
        return JointPoint(
            house=house,
            senate=senate,
            house_only=bills_of("house_only", self.house_only, home),
            shared=both,
            shared_w=ratio * both.w,
            shared_a=both.a + shift * both.w,
            senate_only=bills_of("senate_only", self.senate_only, away),
            sigma_chamber=sigma_chamber,
            sigma_party=sigma_party,
            mu_global=mu_global,
        )

    def log_prior(self, at: JointPoint, v: Mapping[str, Array], xp: ModuleType) -> Array:
        """Compute the log density without the votes at the mapped point, plus the log Jacobian of the map.

        ``mu_global``, ``mu_chamber`` and the offsets are integrated out. In chamber c, let ``G_c = mu_R - mu_D``, and
        let ``m_c`` be the mean of mu_D and mu_R. The sorted pair of offsets of a chamber has a mean ``~ Normal(0,
        1/sqrt 2)`` and, independent of it, a gap ``~ HalfNormal(sqrt 2)``. So ``G_c ~ HalfNormal(sqrt 2 *
        sigma_party)`` and, given mu_global, ``m_c ~ Normal(mu_global, sqrt v)`` with ``v = sigma_chamber^2 +
        sigma_party^2 / 2``. With ``mu_global ~ Normal(0, 2)`` integrated out, ``(m_H + m_S) / 2 ~ Normal(0, sqrt(4 + v
        / 2))`` and ``m_H - m_S ~ Normal(0, sqrt(2 v))``, independent. Both maps, of (mu_D, mu_R) and of (m_H, m_S),
        have determinant 1. Another Normal prior of mu_global has its own mean and standard deviation in place of 0 and
        2.

        Under any other prior of mu_global there is no closed form. Then it is sampled as ``mu_global = (m_H + m_S) / 2
        + sqrt(v / 2) z``, whose coordinate z would be standard normal under a flat prior, and the terms are its prior,
        ``m_c ~ Normal(mu_global, sqrt v)`` twice, and the Jacobian ``sqrt(v / 2)``.
        """
        chambers = (at.house, self.house), (at.senate, self.senate)
        log_prior = sum(parties.log_density for parties, _ in chambers)
        for part in (at.house_only, at.shared, at.senate_only):
            log_prior = log_prior + part.log_prior
        log_prior = log_prior + self.priors.sigma_chamber.log_density(at.sigma_chamber, xp) + v["log_sigma_chamber"]
        log_prior = log_prior + self.priors.sigma_party.log_density(at.sigma_party, xp) + v["log_sigma_party"]
        for parties, group in chambers:
            mu_d, mu_r = group.by_party(parties.mu)
            log_prior = log_prior + halfnormal_logp(mu_r - mu_d, math.sqrt(2) * at.sigma_party, xp)
            for sigma, scale_p in zip(parties.sigma, group.sigma_scales(), strict=True):
                log_prior = log_prior + within_logp(self.priors, sigma, float(scale_p), xp)
        m_h, m_s = ((parties.mu[0] + parties.mu[1]) / 2 for parties, _ in chambers)
        variance = at.sigma_chamber**2 + at.sigma_party**2 / 2
        if at.mu_global is None:
            mean, sd = self.priors.mu.moments
            log_prior = log_prior + normal_logp((m_h + m_s) / 2, mean, xp.sqrt(sd**2 + variance / 2), xp)
            return log_prior + normal_logp(m_h - m_s, 0.0, xp.sqrt(2 * variance), xp)
        log_prior = log_prior + self.priors.mu.log_density(at.mu_global, xp) + 0.5 * xp.log(variance / 2)
        for m_c in (m_h, m_s):
            log_prior = log_prior + normal_logp(m_c, at.mu_global, xp.sqrt(variance), xp)
        return log_prior


def draw_chamber_means(
    mu_group: np.ndarray,
    sigma_chamber: np.ndarray,
    sigma_party: np.ndarray,
    rng: np.random.Generator,
    mu_prior: BetaPriorSpec = PRODUCTION.mu,
    sampled: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw ``mu_global`` and ``mu_chamber`` from their exact conditionals given the rest of the joint model.

    Parameters
    ----------
    mu_group : ndarray, shape (..., 2, 2)
        Chamber by party.
    sigma_chamber, sigma_party : ndarray, shape (...)
    rng : Generator
    mu_prior : BetaPriorSpec
        Prior of mu_global.
    sampled : ndarray, shape (...), optional
        mu_global, where it is not integrated out.

    Returns
    -------
    mu_global : ndarray, shape (...)
    mu_chamber : ndarray, shape (..., 2)

    Notes
    -----
    Notation of `FastJoint.log_prior`. ``m_c ~ Normal(mu_global, sqrt v)`` twice with
    ``mu_global ~ Normal(0, 2)`` gives mu_global the precision ``k = 1/4 + 2/v`` and the mean ``(m_H + m_S) / (v k)``;
    another Normal prior puts in its own precision, and adds that times its mean, over k.
    Then ``mu_chamber[c] ~ Normal(mu_global, sigma_chamber)`` with ``m_c ~ Normal(mu_chamber[c], sigma_party / sqrt 2)``
    gives mu_chamber[c] the mean ``mu_global + f (m_c - mu_global)``, ``f = sigma_chamber^2 / v``, and the variance
    ``f sigma_party^2 / 2``. The gap of the two means says nothing about either.
    """
    m = mu_group.mean(axis=-1)
    variance = sigma_chamber**2 + sigma_party**2 / 2
    center, sd = mu_prior.moments
    precision = sd**-2 + 2 / variance
    noise = rng.standard_normal((*sigma_party.shape, 3))
    mu_global = m.sum(axis=-1) / (variance * precision) + noise[..., 0] / np.sqrt(precision)
    mu_global = mu_global + center * sd**-2 / precision if sampled is None else sampled
    f = (sigma_chamber**2 / variance)[..., None]
    mean = mu_global[..., None] + f * (m - mu_global[..., None])
    return mu_global, mean + np.sqrt(f / 2) * sigma_party[..., None] * noise[..., 1:]
