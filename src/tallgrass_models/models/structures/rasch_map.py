"""The Rasch model of a chamber in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from scipy.optimize import minimize_scalar

from ...priors.spec import BetaPriorSpec
from ..base import CHAMBER_DIMS
from ..fast.bills import Bills
from ..fast.chamber_map import FastChamber
from ..fast.frames import Array
from ..fast.halves import Halves
from ..fast.members import Group, Parties
from ..fast.normals import normal_logp
from ..pilot.chamber import Pilot

#: Dimensions of the reported variables.
DIMS = {**CHAMBER_DIMS, "discrimination": ()}
#: Slopes in the frame among which the pilot's is sought, and the steps of Newton's method.
_SLOPES, _STEPS = (0.05, 60.0), 12


@dataclass(frozen=True)
class RaschPoint:
    """The model at one point (or at many draws); ``alpha`` and ``a`` are of bills turned to the side of the right."""

    parties: Parties
    w: Array
    size: Array
    a: Array
    alpha: Array
    alpha_in_doubt: Array
    log_prior: Array
    """Log prior of size and alpha, plus the log Jacobian of the coordinates -> (size, alpha)."""


@dataclass(frozen=True)
class FastRasch:
    """Map from the fast coordinates, with its fixed numbers.

    The slope in the frame, ``w = sep discrimination``, is one for all bills. Of a bill whose side is known, the votes
    say about ``-g a**2 / 2 + pull a``, from which the coordinates of its intercept ``a`` are made as in
    `independents.informed_independents`. The difficulty of a bill in doubt has fixed center and scale.
    """

    group: Group | Halves
    g: np.ndarray
    pull: np.ndarray
    center: np.ndarray
    scale: np.ndarray
    slope: np.ndarray
    """Center and scale of ``log w``."""
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        return {**self.group.shapes(""), "slope": (), "c": self.g.shape, "c_doubt": self.center.shape}

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> RaschPoint:
        """Compute members and bills at the coordinates ``v``."""
        parties = self.group.members(v, "", xp)
        s, sep = parties.frame.s, parties.frame.sep
        log_w = self.slope[0] + self.slope[1] * v["slope"]
        w = xp.exp(log_w)
        size = w / sep
        tau, shift = self.alpha_sigma**-2.0, (size * s)[..., None]
        h = self.g + tau
        a = (self.pull - tau * shift) / h + v["c"] / xp.sqrt(h)
        alpha, in_doubt = a + shift, self.center + self.scale * v["c_doubt"]
        log_prior = log_density_of_size(self.beta_prior, size, xp) + log_w - xp.log(sep) + xp.log(self.slope[1])
        log_prior = log_prior - 0.5 * xp.log(h).sum() + xp.log(self.scale).sum()
        for difficulty in (alpha, in_doubt):
            log_prior = log_prior + normal_logp(difficulty, 0.0, self.alpha_sigma, xp).sum(axis=-1)
        return RaschPoint(parties, w, size, a, alpha, in_doubt, log_prior)

    def log_prior(self, at: RaschPoint, xp: ModuleType) -> Array:
        """Compute the log density of the textbook form without the votes, plus the log Jacobian of the map."""
        members = FastChamber(self.group, (), self.beta_prior, self.alpha_sigma)
        return members.log_prior(at.parties, Bills(at.w, at.a, at.alpha, at.size, at.log_prior), xp)


def log_density_of_size(prior: BetaPriorSpec, size: Array, xp: ModuleType) -> Array:
    """Compute the log density of abs(beta) at ``size`` > 0."""
    if prior.positive:
        return prior.log_density(size, xp)
    return xp.logaddexp(prior.log_density(size, xp), prior.log_density(-size, xp))


def draw_sides(
    xi: np.ndarray, alpha: np.ndarray, size: np.ndarray, sign: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Draw the sides in doubt given everything else.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n_members)
    alpha : ndarray, shape (chain, draw, n_bills)
        Of the bills in doubt.
    size : ndarray, shape (chain, draw)
        Discrimination.
    sign : ndarray of int8, shape (n_members, n_bills)
        +1 Yea, -1 Nay, 0 missing.

    Returns
    -------
    ndarray, shape (chain, draw, n_bills)
        +1 or -1.
    """
    out, slope = np.empty(alpha.shape), size[..., None] * xi
    for j in range(alpha.shape[-1]):
        level, cast = alpha[..., j, None], np.abs(sign[:, j])
        right, left = (-(np.logaddexp(0, -sign[:, j] * (side * slope - level)) * cast).sum(-1) for side in (1, -1))
        with np.errstate(over="ignore"):
            out[..., j] = np.where(rng.random(right.shape) < 1 / (1 + np.exp(left - right)), 1.0, -1.0)
    return out


def fast_rasch(
    pilot: Pilot,
    group: Group | Halves,
    signs: tuple[np.ndarray, np.ndarray],
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
) -> FastRasch:
    """Inform the map by the pilot's positions; ``signs`` are votes on bills of known side, turned, and in doubt."""
    tau, turned = alpha_sigma**-2.0, signs[0] if signs[0].shape[1] else signs[1]

    def loss(log_w: float) -> float:
        a, _ = _intercepts(np.exp(log_w), pilot.u, turned, tau)
        eta = turned * (np.exp(log_w) * pilot.u[:, None] - a)
        return float((np.logaddexp(0, -eta) * np.abs(turned)).sum() + (tau * a**2).sum() / 2)

    found = minimize_scalar(loss, bounds=np.log(_SLOPES), method="bounded")
    step = 0.02
    bend = (loss(found.x + step) - 2 * found.fun + loss(found.x - step)) / step**2
    w = float(np.exp(found.x))
    a, g = _intercepts(w, pilot.u, signs[0], tau)
    at, shift = [], w / pilot.sep * pilot.s
    for side in (1.0, -1.0):
        own, info = _intercepts(side * w, pilot.u, signs[1], tau)
        eta = signs[1] * (side * w * pilot.u[:, None] - own)
        at.append((own + side * shift, 1 / (info + tau), -(np.logaddexp(0, -eta) * np.abs(signs[1])).sum(0)))
    (right, v_right, l_right), (left, v_left, l_left) = at
    p = 1 / (1 + np.exp(np.clip(l_left - l_right, -500, 500)))
    center = p * right + (1 - p) * left
    spread = p * v_right + (1 - p) * v_left + p * (1 - p) * (right - left) ** 2
    slope = np.array([found.x, 1 / np.sqrt(max(bend, 1.0))])
    return FastRasch(group, g, (g + tau) * a, center, np.sqrt(spread), slope, beta_prior, alpha_sigma)


def _intercepts(w: float, u: np.ndarray, sign: np.ndarray, tau: float) -> tuple[np.ndarray, np.ndarray]:
    """Fit the intercepts of bills of slope w with precision tau about zero; return them and their information."""
    cast = np.abs(sign)
    a, information = np.zeros(sign.shape[1]), np.zeros(sign.shape[1])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(np.clip(a - w * u[:, None], -500, 500)))
        information = (cast * p * (1 - p)).sum(0)
        step = ((cast * p - (sign > 0)).sum(0) - tau * a) / (information + tau)
        a = a + np.clip(step, -2, 2)
    return a, information
