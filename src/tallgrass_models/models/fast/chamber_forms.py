"""The fast forms of the chamber model: in the frame of the parties, and in that of the halves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import PARTIES
from ..base import CHAMBER_DIMS, BuiltModel, Draws, Reported
from ..compiled.likelihood import one_pass
from ..pilot.chamber import Pilot, parties_apart, run_pilot
from .chamber_map import FastChamber
from .evidence import N_DRAWS, Density, evidence_bound
from .halves import halves_of, reflect
from .matrix import Matrix
from .members import group_of, party_start
from .model import FastModel, in_chunks, start_about
from .packing import pack_chamber
from .seating import Seating, party_index, seat, seat_halves
from .sides import Assignment

if TYPE_CHECKING:
    import pymc as pm


def symmetric(prior: BetaPriorSpec, oriented: np.ndarray | None, priors: ModelPriors = PRODUCTION) -> bool:
    """Say if the priors of all discriminations and of the party means do not change with their sign."""
    return oriented is None and prior.symmetric and priors.mu.symmetric


@dataclass(frozen=True)
class InParties:
    """A chamber in the frame of its parties: the order of members and bills, the pilot, and the map."""

    seating: Seating
    matrix: Matrix
    pilot: Pilot
    fast: FastChamber

    @classmethod
    def of(
        cls,
        votes: ChamberVotes,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        oriented: np.ndarray | None,
        crossed: bool,
        priors: ModelPriors = PRODUCTION,
    ) -> InParties:
        """Run the pilot with the parties in the order of `seating.Seating.crossed`; arguments as for `fast_chamber`."""
        seating = seat(votes.parties, crossed)
        matrix = Matrix.of(votes, seating, beta_prior, alpha_sigma, oriented)
        pilot = run_pilot(matrix.sign, matrix.score, seating.sizes, matrix.bills)
        fast = FastChamber(group_of(pilot, crossed), pilot.sketches, beta_prior, alpha_sigma, priors)
        return cls(seating, matrix, pilot, fast)

    def model(self, votes: ChamberVotes) -> FastModel:
        """Build the fast form of the chamber model."""
        fast, matrix, pilot, seating = self.fast, self.matrix, self.pilot, self.seating
        start, scatter = start_about(fast.shapes(), party_start("", pilot, seating.crossed))
        group = group_of(pilot, seating.crossed)
        packed = pack_chamber(group, fast.sketches, fast.beta_prior, fast.alpha_sigma, matrix.sign)
        return FastModel(
            "chamber",
            "fast",
            _graph(fast, matrix.sign),
            start,
            _reporter(fast, seating, matrix),
            CHAMBER_DIMS,
            chamber_coords(votes),
            scatter,
            density="chamber",
            apart=(parties_apart(pilot, seating.sizes),),
            data=packed if fast.priors.compiled else (),
        )


def fast_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    oriented: np.ndarray | None,
    crossed: bool,
    priors: ModelPriors = PRODUCTION,
) -> FastModel:
    """Build the fast form with the sample means of the parties in the order of `seating.Seating.crossed`.

    Arguments are those of `build_chamber`; ``oriented`` comes from `orientation`.
    """
    return InParties.of(votes, beta_prior, alpha_sigma, oriented, crossed, priors).model(votes)


def halves_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    oriented: np.ndarray | None,
    crossed: bool,
    priors: ModelPriors = PRODUCTION,
) -> tuple[BuiltModel, float]:
    """Build the form with the frame of `halves`; ``crossed`` turns the members' component scores.

    The function also returns the log likelihood of the pilot, by which a positive prior decides which way scores run.
    """
    score = votes.legislators["pc1"].to_numpy(float)
    for _ in range(2):  # halves by component scores, then by the positions that the pilot finds
        seating = seat_halves(score, crossed)
        matrix = Matrix.of(votes, seating, beta_prior, alpha_sigma, oriented)
        pilot = run_pilot(matrix.sign, matrix.score, seating.sizes, matrix.bills)
        score = seating.scores_back(pilot.u)
    free_order = symmetric(beta_prior, oriented, priors)
    group = halves_of(pilot, party_index(votes.parties)[seating.order], ordered=not free_order)
    fast = FastChamber(group, pilot.sketches, beta_prior, alpha_sigma, priors)
    start, scatter = start_about(fast.shapes(), group.start("", pilot))
    mapped = _reporter(fast, seating, matrix)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        found = mapped(draws, rng)
        return reflect(found) if free_order else found

    built = BuiltModel(
        "chamber", "fast", _graph(fast, matrix.sign), start, report, CHAMBER_DIMS, chamber_coords(votes), scatter
    )
    return built, float(one_pass(pilot.u, *pilot.bills.center(), matrix.sign)[0])


def _graph(fast: FastChamber, sign: np.ndarray) -> Callable[[], pm.Model]:
    def make_model() -> pm.Model:
        from .graphs import chamber_model

        return chamber_model(fast, sign)

    return make_model


def _reporter(fast: FastChamber, seating: Seating, matrix: Matrix) -> Callable[[Draws, np.random.Generator], Reported]:
    """Make the map from draws to reported variables, with members and roll calls in the order of the votes."""
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


def chamber_coords(votes: ChamberVotes) -> dict[str, np.ndarray]:
    """Label the dimensions of a chamber's reported variables."""
    return {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }


def assignment(built: FastModel, crossed: tuple[bool, ...], n_draws: int = N_DRAWS) -> Assignment:
    """Describe one assignment of sides, with the evidence computed from the log density of its form, by `n_draws`."""
    center = np.concatenate([np.ravel(value) for value in built.start.values()])
    return Assignment(crossed, evidence_bound(_density(built), center, built.scalars(), n_draws), built.apart)


def _density(built: FastModel) -> Density:
    """Return the compiled log density, or PyTensor's if there is none.

    PyTensor's is interpreted, because a few hundred values are not worth compiling it.
    """
    if built.is_compiled:
        from ..compiled.nutpie import density

        return density(built)
    from .graphs import uncompiled_density

    return uncompiled_density(built.model)
