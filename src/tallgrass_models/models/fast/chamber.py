"""The model of one chamber: members within the two major parties."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from ...priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..base import ALPHA_SIGMA, CHAMBER_DIMS, MU_SIGMA, PARTIES, BuiltModel, Draws, Reported
from ..compiled.likelihood import one_pass, sign_matrix
from ..orientation import chamber_orientation
from ..pilot.bills import Collection, Sketch
from ..pilot.chamber import parties_apart, run_pilot
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
    normal_logp,
    pack,
    party_start,
    sketch_numbers,
    start_about,
)
from .coordinates import Array
from .evidence import evidence_bound
from .halves import Halves, halves_of, reflect
from .sides import (
    PARTIES_FRAME,
    TEXTBOOK,
    UNDECIDED,
    Assignment,
    Seating,
    choose_form,
    party_index,
    seat,
    seat_halves,
    try_sides,
)

if TYPE_CHECKING:
    import pymc as pm

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FastChamber:
    """The map from sampling coordinates to the chamber model, with its fixed numbers."""

    group: Group | Halves
    sketches: tuple[Sketch, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Free variables and their shapes."""
        return self.group.shapes("") | bill_shapes("", self.sketches)

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Parties, Bills]:
        """Members and bills at the coordinates ``v``."""
        parties = self.group.members(v, "", xp)
        return parties, all_bills(v, "", self.sketches, parties.frame, self.beta_prior, self.alpha_sigma, xp)

    def log_prior(self, parties: Parties, at: Bills, xp: ModuleType) -> Array:
        """Log density of the textbook model without the votes at the mapped point, plus the log Jacobian of the map.

        Two iid ``Normal(0, 2)`` sorted have twice their density, on ``mu_D < mu_R``; so has a half of the plane that
        `halves.reflect` carries over to that.
        """
        log_prior = parties.log_density + at.log_prior + math.log(2)
        for mu, sigma, scale_p in zip(parties.mu, parties.sigma, self.group.sigma_scales(), strict=True):
            log_prior = log_prior + normal_logp(mu, 0.0, MU_SIGMA, xp) + halfnormal_logp(sigma, float(scale_p), xp)
        return log_prior


def build_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False,),
) -> BuiltModel:
    """Build the model of two levels: members within the two parties of one chamber, and those of neither.

    ::

        mu_raw[p]       ~ Normal(0, 2)                     p = Democrat, Republican
        mu_party        = sort(mu_raw)                     D < R fixes the sign
        sigma_within[p] ~ HalfNormal(s[p])                 s = 0.5 where a party has < 20 members, else 1
        xi[i]           ~ Normal(mu_party[p(i)], sigma_within[p(i)])
        xi[k]           ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)     k counted with neither party
        alpha[j]        ~ Normal(0, alpha_sigma)
        beta[j]         ~ beta_prior
        P(y[i, j] = 1)  = logistic(beta[j] * xi[i] - alpha[j])

    Parameters
    ----------
    votes : ChamberVotes
        What each member is counted as is ``votes.parties``.
    beta_prior : BetaPriorSpec
    alpha_sigma : float
    coordinates : str
        ``reference``: the equations as they stand. ``fast``: the same posterior in the coordinates of `coordinates`
        (`FastChamber.forward`), with the sample means of the two parties as frame. It takes these to be in the order
        of the population means or in the opposite one, whichever has the higher evidence (`sides`). Where both may
        hold mass that counts, the chamber goes over to the frame of `halves` or to the textbook form
        (`sides.choose_form`).
    orient_bills : bool
        For a positive prior: with ``o[j]`` of `orientation`, ``o[j] beta[j] ~ beta_prior`` where it is not zero, and
        ``beta[j] ~ beta_prior.free_sign()`` elsewhere. Without effect under a normal prior.
    pressed : tuple of bool
        Whether chains were seen to press against the frame of the parties (`sides.cut_off`): it is left, then.

    Raises
    ------
    ValueError
        For unknown ``coordinates``, or a party without members.
    """
    oriented = chamber_orientation(votes) if orient_bills and beta_prior.positive else None
    if coordinates == "reference":
        from .. import reference

        return reference.build_chamber(votes, beta_prior, alpha_sigma, oriented)
    if coordinates != "fast":
        raise ValueError(f"unknown coordinates {coordinates!r} (known: fast, reference)")
    forms = {crossed: fast_chamber(votes, beta_prior, alpha_sigma, oriented, crossed) for crossed in (False, True)}
    sides = try_sides(lambda crossed: assignment(forms[crossed[0]], crossed), 1)
    best = sides.best[0]
    form, reason = choose_form(sides, symmetric(beta_prior, oriented), votes.y.size, pressed[0])
    facts = {"sides": sides.to_dict([votes.chamber]), "form": form, "reason": reason}
    if form == PARTIES_FRAME:
        return replace(forms[best], facts=facts)
    log.warning("%s: %s", votes.chamber, reason)
    if form == UNDECIDED:
        return replace(forms[best], facts=facts)
    if form == TEXTBOOK:
        from .. import reference

        return replace(reference.build_chamber(votes, beta_prior, alpha_sigma, oriented, both_sides=True), facts=facts)
    built = {crossed: halves_chamber(votes, beta_prior, alpha_sigma, oriented, crossed) for crossed in (False, True)}
    better = max(built, key=lambda crossed: built[crossed][1])
    return replace(built[better][0], facts=facts)


def symmetric(prior: BetaPriorSpec, oriented: np.ndarray | None) -> bool:
    """Whether the prior of all discriminations does not change with their sign."""
    return oriented is None and prior.symmetric


@dataclass(frozen=True)
class Matrix:
    """Votes as a fast model has them.

    Attributes
    ----------
    sign : ndarray of int8, shape (n_members, n_votes)
        +1, -1 or 0, members in the order of the frame, bills of free sign last.
    score : ndarray, shape (n_members,)
        First guess of the members' order.
    columns, flip
        Of `arranged`.
    bills : Collection
        The pilot's bills.
    """

    sign: np.ndarray
    score: np.ndarray
    columns: np.ndarray
    flip: np.ndarray
    n_free: int
    bills: Collection

    @classmethod
    def of(
        cls,
        votes: ChamberVotes,
        seating: Seating,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        oriented: np.ndarray | None,
    ) -> Matrix:
        """Arrange a chamber's votes by a seating and by the orientation of its bills."""
        columns, flip, n_free = arranged(oriented, votes.n_votes)
        sign = np.ascontiguousarray((sign_matrix(votes.y)[seating.order] * flip)[:, columns])
        free = None if oriented is None else oriented[columns] == 0
        bills = collect_bills(beta_prior, alpha_sigma, free, votes.n_votes)
        return cls(sign, seating.scores(votes.legislators["pc1"].to_numpy(float)), columns, flip, n_free, bills)


def fast_chamber(
    votes: ChamberVotes, beta_prior: BetaPriorSpec, alpha_sigma: float, oriented: np.ndarray | None, crossed: bool
) -> FastModel:
    """Build the fast form with the sample means of the parties in the order of `sides.Seating.crossed`.

    Arguments are those of `build_chamber`; ``oriented`` is that of `orientation`.
    """
    seating = seat(votes.parties, crossed)
    matrix = Matrix.of(votes, seating, beta_prior, alpha_sigma, oriented)
    pilot = run_pilot(matrix.sign, matrix.score, seating.sizes, matrix.bills)
    group = group_of(pilot, crossed)
    fast = FastChamber(group, pilot.sketches, beta_prior, alpha_sigma)
    start, scatter = start_about(fast.shapes(), party_start("", pilot, crossed))
    sizes = (*matrix.sign.shape, *seating.sizes, beta_prior.family.compiled, crossed, matrix.n_free)
    rows = group_rows(group), sketch_numbers(fast.sketches), group.sigma_scales()
    return FastModel(
        "chamber",
        "fast",
        _graph(fast, matrix.sign),
        start,
        _reporter(fast, seating, matrix),
        CHAMBER_DIMS,
        _chamber_coords(votes),
        scatter,
        density="chamber",
        apart=(parties_apart(pilot, seating.sizes),),
        data=pack(sizes, rows, beta_prior, alpha_sigma, matrix.sign),
    )


def halves_chamber(
    votes: ChamberVotes, beta_prior: BetaPriorSpec, alpha_sigma: float, oriented: np.ndarray | None, crossed: bool
) -> tuple[BuiltModel, float]:
    """Build the form with the frame of `halves`; ``crossed`` turns the members' component scores.

    Returns the log likelihood of its approximate fit, too: a positive prior decides by it which way scores run.
    """
    score = votes.legislators["pc1"].to_numpy(float)
    for _ in range(2):  # halves by component scores, then by the positions that the pilot finds
        seating = seat_halves(score, crossed)
        matrix = Matrix.of(votes, seating, beta_prior, alpha_sigma, oriented)
        pilot = run_pilot(matrix.sign, matrix.score, seating.sizes, matrix.bills)
        score = seating.scores_back(pilot.u)
    free_order = symmetric(beta_prior, oriented)
    group = halves_of(pilot, party_index(votes.parties)[seating.order], ordered=not free_order)
    fast = FastChamber(group, pilot.sketches, beta_prior, alpha_sigma)
    start, scatter = start_about(fast.shapes(), group.start("", pilot))
    mapped = _reporter(fast, seating, matrix)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        found = mapped(draws, rng)
        return reflect(found) if free_order else found

    built = BuiltModel(
        "chamber", "fast", _graph(fast, matrix.sign), start, report, CHAMBER_DIMS, _chamber_coords(votes), scatter
    )
    return built, float(one_pass(pilot.u, *pilot.bills.center(), matrix.sign)[0])


def _graph(fast: FastChamber, sign: np.ndarray) -> Callable[[], pm.Model]:
    def make_model() -> pm.Model:
        from .graphs import chamber_model

        return chamber_model(fast, sign)

    return make_model


def _reporter(fast: FastChamber, seating: Seating, matrix: Matrix) -> Callable[[Draws, np.random.Generator], Reported]:
    """The map from draws to reported variables, members and roll calls in the order of the votes."""
    place, flip = np.argsort(matrix.columns), matrix.flip

    def mapped(part: Draws) -> Reported:
        parties, at = fast.forward(part, np)
        return {
            "xi": parties.xi[..., seating.inverse],
            "mu_party": np.stack(fast.group.by_party(parties.mu), axis=-1),
            "sigma_within": np.stack(fast.group.by_party(parties.sigma), axis=-1),
            "alpha": flip * at.alpha[..., place],
            "beta": flip * at.beta[..., place],
        }

    return lambda draws, rng: in_chunks(mapped, draws)


def _chamber_coords(votes: ChamberVotes) -> dict[str, np.ndarray]:
    """Labels of the dimensions of a chamber's reported variables."""
    return {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }


def assignment(built: FastModel, crossed: tuple[bool, ...]) -> Assignment:
    """What is to be known of one assignment of sides: the evidence by the compiled density of its form."""
    from ..compiled.nutpie import density

    center = np.concatenate([np.ravel(value) for value in built.start.values()])
    return Assignment(crossed, evidence_bound(density(built), center, built.scalars()), built.apart)


def arranged(oriented: np.ndarray | None, n_votes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Columns with those of free sign last, -1 where Yea and Nay are exchanged (else +1), number of free ones."""
    if oriented is None:
        return np.arange(n_votes), np.ones(n_votes, dtype=np.int8), 0
    free = oriented == 0
    return np.argsort(free, kind="stable"), np.where(free, 1, oriented).astype(np.int8), int(free.sum())
