"""Rasch: all bills of a chamber discriminate equally well, and differ in their side and their difficulty.

::

    beta[j] = o[j] * discrimination,    discrimination > 0 with the density of abs(beta) under beta_prior
    o[j]    = the side of the bill (`orientation`), where the parties' votes leave no doubt of it
    o[j]    = +1 or -1 with probability 1/2 each, where they do

Members, difficulties and the votes are those of the production model. A side in doubt is summed out of the likelihood,
and drawn for every draw from its distribution given the rest; so no bill is left out.

The likelihood does not change under ``xi -> c xi``, ``discrimination -> discrimination / c``. As in the production
model, the priors alone fix the scale.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel, Draws, Reported
from ..compiled.likelihood import sign_matrix
from ..fast.members import party_start
from ..fast.model import in_chunks, start_about
from ..orientation import chamber_orientation
from .in_frame import Framed, chamber_structure
from .rasch_map import DIMS, draw_sides, fast_rasch, log_density_of_size
from .structure import Settings, Structure

if TYPE_CHECKING:
    import pymc as pm


def build_chamber(votes: ChamberVotes, settings: Settings) -> BuiltModel:
    """Build the model of one chamber."""
    oriented, prior = chamber_orientation(votes), settings.beta_prior

    def textbook(both_sides: bool) -> BuiltModel:
        from .rasch_textbook import build

        return build(votes, settings, oriented, both_sides)

    def fast(framed: Framed) -> BuiltModel:
        return _fast(framed, settings, oriented, votes)

    # where the parties sit is found with bills of either sign, as the sides make them
    either = prior if prior.symmetric else prior.free_sign()
    return chamber_structure(votes, replace(settings, beta_prior=either), None, textbook, fast)


def _fast(framed: Framed, settings: Settings, oriented: np.ndarray, votes: ChamberVotes) -> BuiltModel:
    parts, plain = framed.parts, framed.model
    seating = parts.seating
    known, doubt = np.flatnonzero(oriented), np.flatnonzero(oriented == 0)
    sides, place = oriented[known], np.argsort(np.concatenate([known, doubt]))
    signs = (
        np.ascontiguousarray(parts.matrix.sign[:, known] * sides),
        np.ascontiguousarray(parts.matrix.sign[:, doubt]),
    )
    fast = fast_rasch(parts.pilot, parts.fast.group, signs, settings.beta_prior, settings.alpha_sigma)
    in_doubt = sign_matrix(votes.y)[:, doubt]

    def make_model() -> pm.Model:
        from .rasch_graph import chamber_model

        return chamber_model(fast, signs)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return in_chunks(lambda part: mapped(part, rng), draws)

    def mapped(part: Draws, rng: np.random.Generator) -> Reported:
        at = fast.forward(part, np)
        xi, size = at.parties.xi[..., seating.inverse], at.size[..., None]
        drawn = draw_sides(xi, at.alpha_in_doubt, at.size, in_doubt, rng)
        alpha = np.concatenate([sides * at.alpha, at.alpha_in_doubt], axis=-1)
        side = np.concatenate([np.broadcast_to(sides, at.alpha.shape), drawn], axis=-1)
        group = parts.fast.group
        return {
            "xi": xi,
            "mu_party": np.stack(group.by_party(at.parties.mu), axis=-1),
            "sigma_within": np.stack(group.by_party(at.parties.sigma), axis=-1),
            "alpha": alpha[..., place],
            "beta": size * side[..., place],
            "discrimination": at.size,
        }

    start, scatter = start_about(fast.shapes(), party_start("", parts.pilot, seating.crossed))
    return BuiltModel("chamber", "fast", make_model, start, report, DIMS, plain.coords, scatter)


def log_priors(own: Draws, beta_prior: BetaPriorSpec, scale: float) -> dict[str, np.ndarray]:
    """Compute the log density of the one discrimination."""
    return {"discrimination": log_density_of_size(beta_prior.rescaled(scale), own["discrimination"], np)}


STRUCTURE = Structure(
    build_chamber, own=("discrimination",), without=("beta",), log_priors=log_priors, bills_apart=False
)
