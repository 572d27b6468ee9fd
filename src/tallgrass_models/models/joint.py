"""The joint model: members within the parties of both chambers, on one scale bridged by shared bills."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from ..priors import BetaPriorSpec
from ..votes import JointVotes
from . import coordinates as co
from . import reference
from .base import ALPHA_SIGMA, CHAMBERS, JOINT_DIMS, MU_SIGMA, PARTIES, BuiltModel, Draws, Reported, sigma_scale
from .blocks import (
    FAMILY,
    Bills,
    BillSketch,
    FastModel,
    Group,
    Parties,
    as_data,
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
from .chamber import party_order
from .coordinates import Array, Frame
from .likelihood import sign_matrix, vote_loglik
from .pilot import run_joint_pilot

PREFIXES = tuple(f"{chamber}_" for chamber in CHAMBERS)


@dataclass(frozen=True)
class Columns:
    """Roll calls in the order of the fast model: House only, shared; shared, Senate only.

    ``house`` and ``senate`` are column numbers of the chambers' vote matrices.
    """

    house: np.ndarray
    senate: np.ndarray
    n_shared: int

    @classmethod
    def of(cls, votes: JointVotes) -> Columns:
        """Order both chambers' roll calls."""
        items, in_house, in_senate = np.intersect1d(votes.house_item, votes.senate_item, return_indices=True)
        house_only = np.setdiff1d(np.arange(votes.house.n_votes), in_house)
        senate_only = np.setdiff1d(np.arange(votes.senate.n_votes), in_senate)
        return cls(np.concatenate([house_only, in_house]), np.concatenate([in_senate, senate_only]), len(items))


@dataclass(frozen=True)
class JointPoint:
    """The joint model at one point (or at many draws); its bills by the chambers that voted on them."""

    house: Parties
    senate: Parties
    house_only: Bills
    shared: Bills
    """In the frame of the House."""
    shared_w: Array
    """Slopes of the shared bills in the frame of the Senate."""
    shared_a: Array
    senate_only: Bills
    sigma_chamber: Array
    sigma_party: Array


@dataclass(frozen=True)
class FastJoint:
    """The map from sampling coordinates to the joint model, with its fixed numbers.

    There are two sketches of the shared bills: by the votes of each chamber and in its frame.
    """

    house: Group
    senate: Group
    house_only: BillSketch
    shared_by_house: BillSketch
    shared_by_senate: BillSketch
    senate_only: BillSketch
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        shapes: dict[str, tuple[int, ...]] = {"log_sigma_chamber": (), "log_sigma_party": ()}
        shapes |= party_shapes("house_", self.house) | party_shapes("senate_", self.senate)
        for name in ("house_only", "shared", "senate_only"):
            sketch = self.shared_by_house if name == "shared" else getattr(self, name)
            shapes |= dict.fromkeys((f"{name}_c_first", f"{name}_c_second"), sketch_rows(sketch).shape[1:])
        return shapes

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> JointPoint:
        """Members and bills of both chambers at the coordinates ``v``.

        A shared bill is sampled in the House's frame, informed by the votes of both chambers, and carried to the
        Senate's.
        """
        house = party_members(v, "house_", self.house, xp)
        senate = party_members(v, "senate_", self.senate, xp)
        home, away = house.members.frame, senate.members.frame

        def bills_of(name: str, sketch: BillSketch, frame: Frame) -> Bills:
            c_first, c_second = v[f"{name}_c_first"], v[f"{name}_c_second"]
            return bills(c_first, c_second, sketch, frame, self.beta_prior, self.alpha_sigma, xp)

        both = bills_of("shared", co.shared_info(self.shared_by_house, self.shared_by_senate, away, home, xp), home)
        ratio, shift = (x[..., None] for x in co.relative_frame(away, home))
        return JointPoint(
            house=house,
            senate=senate,
            house_only=bills_of("house_only", self.house_only, home),
            shared=both,
            shared_w=ratio * both.w,
            shared_a=both.a + shift * both.w,
            senate_only=bills_of("senate_only", self.senate_only, away),
            sigma_chamber=xp.exp(v["log_sigma_chamber"]),
            sigma_party=xp.exp(v["log_sigma_party"]),
        )

    def log_prior(self, at: JointPoint, v: Mapping[str, Array], xp: ModuleType) -> Array:
        """Log density without the votes at the mapped point, plus the log Jacobian of the map.

        ``mu_global``, ``mu_chamber`` and the offsets are integrated out. With ``G_c = mu_R - mu_D`` and ``m_c`` the
        mean of mu_D and mu_R in chamber c: the sorted pair of offsets of a chamber has a mean ``~ Normal(0, 1/sqrt 2)``
        and, independent of it, a gap ``~ HalfNormal(sqrt 2)``. So ``G_c ~ HalfNormal(sqrt 2 * sigma_party)`` and, given
        mu_global, ``m_c ~ Normal(mu_global, sqrt v)`` with ``v = sigma_chamber^2 + sigma_party^2 / 2``. With
        ``mu_global ~ Normal(0, 2)`` integrated out, ``(m_H + m_S) / 2 ~ Normal(0, sqrt(4 + v / 2))`` and
        ``m_H - m_S ~ Normal(0, sqrt(2 v))``, independent. Both maps, of (mu_D, mu_R) and of (m_H, m_S), have
        determinant 1.
        """
        chambers = (at.house, self.house), (at.senate, self.senate)
        log_prior = sum(parties.log_density for parties, _ in chambers)
        for part in (at.house_only, at.shared, at.senate_only):
            log_prior = log_prior + part.log_prior
        log_prior = log_prior + halfnormal_logp(at.sigma_chamber, 1.0, xp) + v["log_sigma_chamber"]
        log_prior = log_prior + halfnormal_logp(at.sigma_party, 1.0, xp) + v["log_sigma_party"]
        for parties, group in chambers:
            log_prior = log_prior + halfnormal_logp(parties.mu[1] - parties.mu[0], math.sqrt(2) * at.sigma_party, xp)
            scale = sigma_scale(np.array([group.n_left, group.n_right]))
            for sigma, scale_p in zip(parties.sigma, scale, strict=True):
                log_prior = log_prior + halfnormal_logp(sigma, float(scale_p), xp)
        m_h, m_s = ((parties.mu[0] + parties.mu[1]) / 2 for parties, _ in chambers)
        variance = at.sigma_chamber**2 + at.sigma_party**2 / 2
        log_prior = log_prior + normal_logp((m_h + m_s) / 2, 0.0, xp.sqrt(MU_SIGMA**2 + variance / 2), xp)
        return log_prior + normal_logp(m_h - m_s, 0.0, xp.sqrt(2 * variance), xp)


def draw_chamber_means(
    mu_group: np.ndarray, sigma_chamber: np.ndarray, sigma_party: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw ``mu_global`` and ``mu_chamber`` from their exact conditionals given the rest of the joint model.

    Parameters
    ----------
    mu_group : ndarray, shape (..., 2, 2)
        Chamber by party.
    sigma_chamber, sigma_party : ndarray, shape (...)
    rng : Generator

    Returns
    -------
    mu_global : ndarray, shape (...)
    mu_chamber : ndarray, shape (..., 2)

    Notes ----- Notation of `FastJoint.log_prior`. ``m_c ~ Normal(mu_global, sqrt v)`` twice with
    ``mu_global ~ Normal(0, 2)`` gives mu_global the precision ``k = 1/4 + 2/v`` and the mean ``(m_H + m_S) / (v k)``.
    Then ``mu_chamber[c] ~ Normal(mu_global, sigma_chamber)`` with ``m_c ~ Normal(mu_chamber[c], sigma_party / sqrt 2)``
    gives mu_chamber[c] the mean ``mu_global + f (m_c - mu_global)``, ``f = sigma_chamber^2 / v``, and the variance
    ``f sigma_party^2 / 2``. The gap of the two means says nothing about either.
    """
    m = mu_group.mean(axis=-1)
    variance = sigma_chamber**2 + sigma_party**2 / 2
    precision = MU_SIGMA**-2 + 2 / variance
    noise = rng.standard_normal((*sigma_party.shape, 3))
    mu_global = m.sum(axis=-1) / (variance * precision) + noise[..., 0] / np.sqrt(precision)
    f = (sigma_chamber**2 / variance)[..., None]
    mean = mu_global[..., None] + f * (m - mu_global[..., None])
    return mu_global, mean + np.sqrt(f / 2) * sigma_party[..., None] * noise[..., 1:]


def build_joint(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    start_xi: np.ndarray | None = None,
) -> BuiltModel:
    """Three levels: members within the parties of both chambers, on one scale.

    ::

        mu_global ~ Normal(0, 2);  sigma_chamber ~ HalfNormal(1);  mu_chamber[c] ~ Normal(mu_global, sigma_chamber)
        sigma_party ~ HalfNormal(1);  offset[c] = sort of two Normal(0, 1)
        mu_group[c, p]     = mu_chamber[c] + sigma_party * offset[c, p]
        sigma_within[c, p] ~ HalfNormal(s[c, p])       s = 0.5 where a group has < 20 members, else 1
        xi[i]              ~ Normal(mu_group[c(i), p(i)], sigma_within[c(i), p(i)])
        alpha ~ Normal(0, alpha_sigma);  beta ~ beta_prior

    A bill voted on in both chambers has one ``(alpha, beta)``.

    Parameters
    ----------
    votes : JointVotes
    beta_prior : BetaPriorSpec
    alpha_sigma : float
    coordinates : str
        ``reference``: the equations as they stand. ``fast``: the same posterior in the coordinates of `FastJoint`; the
        note on sample means in `chamber.build_chamber` holds for each chamber.
    start_xi : ndarray, shape (n_legislators,), optional
        First guess of the members' positions, House first, in place of principal component scores.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party of a chamber without members.
    """
    if coordinates == "reference":
        return reference.build_joint(votes, beta_prior, alpha_sigma, start_xi)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    columns, chambers = Columns.of(votes), (votes.house, votes.senate)
    orders = party_order(votes.house.parties), party_order(votes.senate.parties)
    signs = tuple(
        np.ascontiguousarray(sign_matrix(chamber.y)[np.ix_(order, column)])
        for chamber, order, column in zip(chambers, orders, (columns.house, columns.senate), strict=True)
    )
    fast, start = _fast_joint(votes, columns, orders, signs, beta_prior, alpha_sigma, start_xi)
    in_model = as_data(fast)
    with pm.Model() as model:
        v = {name: pm.Flat(name, shape=value.shape) for name, value in start.items()}
        at = in_model.forward(v, pt)
        pm.Potential("prior", in_model.log_prior(at, v, pt))
        w, a = pt.concatenate([at.house_only.w, at.shared.w]), pt.concatenate([at.house_only.a, at.shared.a])
        pm.Potential("house_votes", vote_loglik(at.house.members.u, w, a, pytensor.shared(signs[0], name="house_sign")))
        w, a = pt.concatenate([at.shared_w, at.senate_only.w]), pt.concatenate([at.shared_a, at.senate_only.a])
        pm.Potential(
            "senate_votes", vote_loglik(at.senate.members.u, w, a, pytensor.shared(signs[1], name="senate_sign"))
        )

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return in_chunks(lambda part: _reported(fast.forward(part, np), votes, columns, orders, rng), draws)

    coords = {
        "legislator": votes.legislator,
        "vote": votes.vote,
        "chamber": np.array(CHAMBERS),
        "party": np.array(PARTIES),
    }
    groups = fast.house, fast.senate
    left = [group.n_left for group in groups]
    sizes = (*signs[0].shape, *signs[1].shape, columns.n_shared, *left, FAMILY[beta_prior.distribution])
    scales = sigma_scale(np.array([n for group in groups for n in (group.n_left, group.n_right)]))
    sketches = fast.house_only, fast.shared_by_house, fast.shared_by_senate, fast.senate_only
    rows = [*map(group_rows, groups), *map(sketch_rows, sketches), scales]
    data = pack(sizes, rows, beta_prior, alpha_sigma, *signs)
    return FastModel("joint", "fast", model, start, report, JOINT_DIMS, coords, "joint", data)


def _fast_joint(
    votes: JointVotes,
    columns: Columns,
    orders: tuple[np.ndarray, np.ndarray],
    signs: tuple[np.ndarray, ...],
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    start_xi: np.ndarray | None,
) -> tuple[FastJoint, dict[str, np.ndarray]]:
    """Run the pilot; return the map it informs and the starting values."""
    chambers = votes.house, votes.senate
    scores = [chamber.legislators["pc1"].to_numpy(float) for chamber in chambers]
    if start_xi is not None:
        scores = np.split(np.asarray(start_xi, dtype=float), [votes.house.n_legislators])
    n_left = [int((chamber.parties == PARTIES[0]).sum()) for chamber in chambers]
    house, senate, frame = run_joint_pilot(
        (signs[0], signs[1]),
        (scores[0][orders[0]], scores[1][orders[1]]),
        (n_left[0], n_left[1]),
        columns.n_shared,
        lambda: pilot_bills(beta_prior, alpha_sigma),
    )
    n, first = columns.n_shared, len(columns.house) - columns.n_shared
    fast = FastJoint(
        house=group_of(house),
        senate=group_of(senate),
        house_only=part(house.bills, slice(0, first)),
        shared_by_house=part(house.bills, slice(first, None)),
        shared_by_senate=part(senate.bills, slice(0, n)),
        senate_only=part(senate.bills, slice(n, None)),
        beta_prior=beta_prior,
        alpha_sigma=alpha_sigma,
    )
    known = party_start("house_", house) | party_start("senate_", dataclasses.replace(senate, sep=float(frame.sep)))
    known |= {"senate_location": float(frame.s), "log_sigma_chamber": math.log(0.5), "log_sigma_party": math.log(1.5)}
    return fast, scattered_start(fast.shapes(), known)


def part(sketch: BillSketch, where: slice) -> BillSketch:
    """The sketch of some of the bills."""
    return type(sketch)(*(getattr(sketch, field.name)[where] for field in dataclasses.fields(sketch)))


def _reported(
    at: JointPoint,
    votes: JointVotes,
    columns: Columns,
    orders: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
) -> Reported:
    """Reported variables at many draws, members and items in the order of ``votes``."""
    xi = []
    for parties, order in zip((at.house, at.senate), orders, strict=True):
        ordered = np.concatenate([parties.members.xi_left, parties.members.xi_right], axis=-1)
        xi.append(ordered[..., np.argsort(order)])
    items = np.concatenate([votes.house_item[columns.house], votes.senate_item[columns.senate[columns.n_shared :]]])
    place, by_chamber = np.argsort(items), (at.house_only, at.shared, at.senate_only)
    mu_group = np.stack([np.stack(parties.mu, axis=-1) for parties in (at.house, at.senate)], axis=-2)
    mu_global, mu_chamber = draw_chamber_means(mu_group, at.sigma_chamber, at.sigma_party, rng)
    return {
        "xi": np.concatenate(xi, axis=-1),
        "mu_global": mu_global,
        "sigma_chamber": at.sigma_chamber,
        "mu_chamber": mu_chamber,
        "sigma_party": at.sigma_party,
        "mu_group": mu_group,
        "sigma_within": np.stack([np.stack(p.sigma, axis=-1) for p in (at.house, at.senate)], axis=-2),
        "alpha": np.concatenate([part.alpha for part in by_chamber], axis=-1)[..., place],
        "beta": np.concatenate([part.beta for part in by_chamber], axis=-1)[..., place],
    }
