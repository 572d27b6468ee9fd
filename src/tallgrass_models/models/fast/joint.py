"""The joint model: members within the parties of both chambers, on one scale bridged by shared bills."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ...votes.matrix import ChamberVotes
from ..base import (
    ALPHA_SIGMA,
    CHAMBERS,
    JOINT_DIMS,
    MU_SIGMA,
    PARTIES,
    BuiltModel,
    Draws,
    Reported,
    sigma_scale,
)
from ..compiled.likelihood import sign_matrix
from ..orientation import joint_orientation
from ..pilot.bills import Collection, Sketch
from ..pilot.chamber import Pilot, join_pilots, parties_apart, run_pilot
from . import coordinates as co
from .blocks import (
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
    info_rows,
    normal_logp,
    pack,
    party_start,
    sketch_numbers,
    start_about,
)
from .chamber import arranged, assignment
from .coordinates import Array, BillInfo, Frame, LogSlopeInfo
from .halves import Halves, halves_of
from .sides import (
    HALVES,
    PARTIES_FRAME,
    TEXTBOOK,
    Seating,
    choose_joint_form,
    party_index,
    seat,
    seat_halves,
    try_sides,
)

if TYPE_CHECKING:
    import pymc as pm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Columns:
    """Roll calls in the order of the fast model: House only, shared; shared, Senate only.

    ``house`` and ``senate`` are column numbers of the chambers' vote matrices, ``flip`` is -1 for the items whose Yea
    and Nay are exchanged (else +1). ``free`` says of the three parts which bills have an open sign, each part's last
    ones; None where bills are not oriented.
    """

    house: np.ndarray
    senate: np.ndarray
    n_shared: int
    flip: np.ndarray
    free: tuple[np.ndarray, np.ndarray, np.ndarray] | None

    @classmethod
    def of(cls, votes: JointVotes, oriented: np.ndarray | None) -> Columns:
        """Order both chambers' roll calls; ``oriented`` is that of items by `joint_orientation`, or None."""
        _, flip, _ = arranged(oriented, votes.n_items)
        items, in_house, in_senate = np.intersect1d(votes.house_item, votes.senate_item, return_indices=True)
        house_only = np.setdiff1d(np.arange(votes.house.n_votes), in_house)
        senate_only = np.setdiff1d(np.arange(votes.senate.n_votes), in_senate)
        free = None
        if oriented is not None:
            parts = votes.house_item[house_only], items, votes.senate_item[senate_only]
            orders = [arranged(oriented[part], len(part))[0] for part in parts]
            house_only, senate_only = house_only[orders[0]], senate_only[orders[2]]
            in_house, in_senate = in_house[orders[1]], in_senate[orders[1]]
            free = tuple(np.sort(oriented[part] == 0) for part in parts)
        house, senate = np.concatenate([house_only, in_house]), np.concatenate([in_senate, senate_only])
        return cls(house, senate, len(items), flip, free)

    def signs(self, votes: JointVotes, seats: tuple[Seating, Seating]) -> tuple[np.ndarray, np.ndarray]:
        """Sign matrices of both chambers in the order of the fast model."""

        def of(chamber: ChamberVotes, item: np.ndarray, seating: Seating, columns: np.ndarray) -> np.ndarray:
            return np.ascontiguousarray((sign_matrix(chamber.y)[seating.order] * self.flip[item])[:, columns])

        return (
            of(votes.house, votes.house_item, seats[0], self.house),
            of(votes.senate, votes.senate_item, seats[1], self.senate),
        )

    def collections(self, prior: BetaPriorSpec, alpha_sigma: float) -> tuple[Collection, Collection, Collection]:
        """The pilot's bills: of the House, of the Senate, and the shared ones."""
        house, shared, senate = self.free or (None, None, None)
        by_house = None if house is None or shared is None else np.concatenate([house, shared])
        by_senate = None if senate is None or shared is None else np.concatenate([shared, senate])
        return (
            collect_bills(prior, alpha_sigma, by_house, len(self.house)),
            collect_bills(prior, alpha_sigma, by_senate, len(self.senate)),
            collect_bills(prior, alpha_sigma, shared, self.n_shared),
        )

    def n_free(self) -> tuple[int, int, int]:
        """Bills of free sign: House only, shared, Senate only."""
        house, shared, senate = (0, 0, 0) if self.free is None else tuple(int(part.sum()) for part in self.free)
        return house, shared, senate


@dataclass(frozen=True)
class _JointPoint:
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

    Sketches by kind of bill (`blocks.all_bills`). What is known about shared bills is in two parts: by the votes of the
    House, ``shared``, and by those of the Senate, in its frame.
    """

    house: Group | Halves
    senate: Group | Halves
    house_only: tuple[Sketch, ...]
    shared: tuple[Sketch, ...]
    shared_by_senate: tuple[BillInfo | LogSlopeInfo, ...]
    senate_only: tuple[Sketch, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        shapes: dict[str, tuple[int, ...]] = {"log_sigma_chamber": (), "log_sigma_party": ()}
        shapes |= self.house.shapes("house_") | self.senate.shapes("senate_")
        for name in ("house_only", "shared", "senate_only"):
            shapes |= bill_shapes(f"{name}_", getattr(self, name))
        return shapes

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> _JointPoint:
        """Members and bills of both chambers at the coordinates ``v``.

        A shared bill is sampled in the House's frame, informed by the votes of both chambers, and carried to the
        Senate's.
        """
        house = self.house.members(v, "house_", xp)
        senate = self.senate.members(v, "senate_", xp)
        home, away = house.frame, senate.frame

        def bills_of(name: str, sketches: Sequence[Sketch], frame: Frame) -> Bills:
            return all_bills(v, f"{name}_", sketches, frame, self.beta_prior, self.alpha_sigma, xp)

        informed = [
            dataclasses.replace(sketch, info=co.shared_info(sketch.info, by_senate, away, home, xp))
            for sketch, by_senate in zip(self.shared, self.shared_by_senate, strict=True)
        ]
        both = bills_of("shared", informed, home)
        ratio, shift = (x[..., None] for x in co.relative_frame(away, home))
        return _JointPoint(
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

    def log_prior(self, at: _JointPoint, v: Mapping[str, Array], xp: ModuleType) -> Array:
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
            mu_d, mu_r = group.by_party(parties.mu)
            log_prior = log_prior + halfnormal_logp(mu_r - mu_d, math.sqrt(2) * at.sigma_party, xp)
            for sigma, scale_p in zip(parties.sigma, group.sigma_scales(), strict=True):
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

    Notes
    -----
    Notation of `FastJoint.log_prior`. ``m_c ~ Normal(mu_global, sqrt v)`` twice with
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
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False, False),
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
    orient_bills : bool
        As in `chamber.build_chamber`; a shared bill is oriented by the votes of both chambers.
    pressed : tuple of bool
        As in `chamber.build_chamber`, House and Senate.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party of a chamber without members.
    """
    oriented = joint_orientation(votes) if orient_bills and beta_prior.positive else None
    if coordinates == "reference":
        from .. import reference

        return reference.build_joint(votes, beta_prior, alpha_sigma, start_xi, oriented)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    builder = JointBuilder(votes, beta_prior, alpha_sigma, start_xi, oriented)
    sides = try_sides(lambda crossed: assignment(builder.build(crossed), crossed), 2)
    form, halves, reason = choose_joint_form(sides, votes.house.y.size + votes.senate.y.size, pressed)
    facts = {"sides": sides.to_dict(CHAMBERS), "form": form, "reason": reason}
    if form != PARTIES_FRAME:
        log.warning("joint: %s", reason)
    if form == TEXTBOOK:
        from .. import reference

        return replace(reference.build_joint(votes, beta_prior, alpha_sigma, start_xi, oriented, True), facts=facts)
    if form == HALVES:
        return replace(builder.build_halves(sides.best, halves), facts=facts)
    return replace(builder.build(sides.best), facts=facts)


class JointBuilder:
    """The fast forms of one joint model, by the sides on which the parties of both chambers sit.

    Arguments are those of `build_joint`; ``oriented`` is that of `orientation`.
    """

    def __init__(
        self,
        votes: JointVotes,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        start_xi: np.ndarray | None,
        oriented: np.ndarray | None,
    ) -> None:
        self.votes, self.beta_prior, self.alpha_sigma = votes, beta_prior, alpha_sigma
        self.columns = Columns.of(votes, oriented)
        self._pilots: dict[tuple[int, bool, bool], Pilot] = {}
        if start_xi is None:
            self.scores = [chamber.legislators["pc1"].to_numpy(float) for chamber in (votes.house, votes.senate)]
        else:
            self.scores = np.split(np.asarray(start_xi, dtype=float), [votes.house.n_legislators])

    def build(self, crossed: Sequence[bool]) -> FastModel:
        """Build the form in which the sample means of the parties of House and Senate are reversed, or not."""
        columns = self.columns
        house, senate = (self._seat(c, crossed[c], in_halves=False) for c in range(2))
        fast, pilots, signs = self._fast((house, senate))
        groups = group_of(pilots[0], crossed[0]), group_of(pilots[1], crossed[1])
        family = self.beta_prior.family.compiled
        parties = [n for seating in (house, senate) for n in seating.sizes]
        sizes = (*signs[0].shape, *signs[1].shape, columns.n_shared, *parties, family, *crossed, *columns.n_free())
        rows = [
            *map(group_rows, groups),
            sketch_numbers(fast.house_only),
            sketch_numbers(fast.shared),
            *map(info_rows, fast.shared_by_senate),
            sketch_numbers(fast.senate_only),
            sigma_scale(np.array(parties)),
        ]
        apart = tuple(parties_apart(p, seating.sizes) for p, seating in zip(pilots, (house, senate), strict=True))
        data = pack(sizes, rows, self.beta_prior, self.alpha_sigma, *signs)
        return FastModel(**self._parts(fast, pilots, signs, (house, senate)), density="joint", apart=apart, data=data)

    def build_halves(self, crossed: Sequence[bool], in_halves: Sequence[bool]) -> BuiltModel:
        """Build a form in which some chambers have the frame of `halves`."""
        house, senate = (self._seat(c, crossed[c], in_halves[c]) for c in range(2))
        fast, pilots, signs = self._fast((house, senate), in_halves)
        return BuiltModel(**self._parts(fast, pilots, signs, (house, senate)))

    def _seat(self, c: int, crossed: bool, in_halves: bool) -> Seating:
        if in_halves:
            return seat_halves(self.scores[c], crossed)
        return seat((self.votes.house, self.votes.senate)[c].parties, crossed)

    def _fast(
        self, seats: tuple[Seating, Seating], in_halves: Sequence[bool] = (False, False)
    ) -> tuple[FastJoint, tuple[Pilot, Pilot], tuple[np.ndarray, np.ndarray]]:
        """Run the pilot; return the map it informs, the chambers' pilots and their sign matrices."""
        columns, prior, alpha_sigma = self.columns, self.beta_prior, self.alpha_sigma
        signs = columns.signs(self.votes, seats)
        *bills, shared_bills = columns.collections(prior, alpha_sigma)
        house, alone = (self._pilot(c, seats[c], signs[c], bills[c], in_halves[c]) for c in range(2))
        senate, shared, share = join_pilots(house, alone, signs, (seats[0].sizes, seats[1].sizes), shared_bills)
        groups = []
        for chamber, pilot, seating, halved in zip(
            (self.votes.house, self.votes.senate), (house, senate), seats, in_halves, strict=True
        ):
            party = party_index(chamber.parties)[seating.order]
            groups.append(halves_of(pilot, party, ordered=True) if halved else group_of(pilot, seating.crossed))
        frames = Frame(np.array(senate.s), np.array(senate.sep)), Frame(np.array(house.s), np.array(house.sep))
        n_free = columns.n_free()
        fixed_h, fixed_b = len(columns.house) - columns.n_shared - n_free[0], columns.n_shared - n_free[1]
        shares = (share[:fixed_b], share[fixed_b:])[: len(shared)]
        by_kind = list(zip(shared, shares, strict=True))
        fast = FastJoint(
            house=groups[0],
            senate=groups[1],
            house_only=tuple(part(k, slice(0, n)) for k, n in zip(house.sketches, (fixed_h, n_free[0]), strict=False)),
            shared=tuple(replace(k, info=scaled(k.info, 1 - x)) for k, x in by_kind),
            shared_by_senate=tuple(co.carried_back(scaled(k.info, x), *frames) for k, x in by_kind),
            senate_only=tuple(
                part(k, slice(n, None)) for k, n in zip(senate.sketches, (fixed_b, n_free[1]), strict=False)
            ),
            beta_prior=prior,
            alpha_sigma=alpha_sigma,
        )
        return fast, (house, senate), signs

    def _pilot(self, c: int, seating: Seating, sign: np.ndarray, bills: Collection, in_halves: bool) -> Pilot:
        """Fit one chamber alone, once for each way to seat it."""
        key = c, seating.crossed, in_halves
        if key not in self._pilots:
            self._pilots[key] = run_pilot(sign, seating.scores(self.scores[c]), seating.sizes, bills)
        return self._pilots[key]

    def _parts(
        self,
        fast: FastJoint,
        pilots: tuple[Pilot, Pilot],
        signs: tuple[np.ndarray, np.ndarray],
        seats: tuple[Seating, Seating],
    ) -> dict[str, Any]:
        """Fields of a `BuiltModel` in fast coordinates."""
        votes, columns = self.votes, self.columns
        known = {"log_sigma_chamber": math.log(0.5), "log_sigma_party": math.log(1.5)}
        for chamber, group, pilot, seating in zip(CHAMBERS, (fast.house, fast.senate), pilots, seats, strict=True):
            prefix = f"{chamber}_"
            known |= (
                group.start(prefix, pilot) if isinstance(group, Halves) else party_start(prefix, pilot, seating.crossed)
            )
        start, scatter = start_about(fast.shapes(), known)

        def make_model() -> pm.Model:
            from .graphs import joint_model

            return joint_model(fast, signs)

        def report(draws: Draws, rng: np.random.Generator) -> Reported:
            return in_chunks(lambda part: _reported(fast, fast.forward(part, np), votes, columns, seats, rng), draws)

        return {
            "kind": "joint",
            "coordinates": "fast",
            "make_model": make_model,
            "start": start,
            "report": report,
            "dims": JOINT_DIMS,
            "coords": _joint_coords(votes),
            "scatter": scatter,
        }


def _joint_coords(votes: JointVotes) -> dict[str, np.ndarray]:
    """Labels of the dimensions of the joint model's reported variables."""
    return {
        "legislator": votes.legislator,
        "vote": votes.vote,
        "chamber": np.array(CHAMBERS),
        "party": np.array(PARTIES),
    }


def part(sketch: Sketch, where: slice) -> Sketch:
    """The sketch of some of the bills."""
    info = type(sketch.info)(*(row[where] for row in info_rows(sketch.info)))
    return Sketch(info, *(row[where] for row in sketch.shape()))


def scaled(info: BillInfo | LogSlopeInfo, share: np.ndarray) -> BillInfo | LogSlopeInfo:
    """A share of what is known about each bill."""
    return type(info)(*(share * row for row in info_rows(info)))


def _reported(
    fast: FastJoint,
    at: _JointPoint,
    votes: JointVotes,
    columns: Columns,
    seats: tuple[Seating, Seating],
    rng: np.random.Generator,
) -> Reported:
    """Reported variables at many draws, members and items in the order of ``votes``."""
    xi = [parties.xi[..., seating.inverse] for parties, seating in zip((at.house, at.senate), seats, strict=True)]
    items = np.concatenate([votes.house_item[columns.house], votes.senate_item[columns.senate[columns.n_shared :]]])
    place, by_chamber = np.argsort(items), (at.house_only, at.shared, at.senate_only)
    groups = (fast.house, at.house), (fast.senate, at.senate)
    mu_group = np.stack([np.stack(group.by_party(p.mu), axis=-1) for group, p in groups], axis=-2)
    mu_global, mu_chamber = draw_chamber_means(mu_group, at.sigma_chamber, at.sigma_party, rng)
    return {
        "xi": np.concatenate(xi, axis=-1),
        "mu_global": mu_global,
        "sigma_chamber": at.sigma_chamber,
        "mu_chamber": mu_chamber,
        "sigma_party": at.sigma_party,
        "mu_group": mu_group,
        "sigma_within": np.stack([np.stack(group.by_party(p.sigma), axis=-1) for group, p in groups], axis=-2),
        "alpha": columns.flip * np.concatenate([part.alpha for part in by_chamber], axis=-1)[..., place],
        "beta": columns.flip * np.concatenate([part.beta for part in by_chamber], axis=-1)[..., place],
    }
