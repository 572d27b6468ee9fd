"""The textbook form of the Rasch model of a chamber."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ...votes.matrix import ChamberVotes
from ..base import BuiltModel, Draws, Reported
from ..compiled.likelihood import sign_matrix
from ..starts import bill_start
from .rasch_graph import either_side
from .rasch_map import DIMS, draw_sides, log_density_of_size
from .structure import Settings
from .textbook import PartyMembers, coords_of, scatter, starts


def build(votes: ChamberVotes, settings: Settings, oriented: np.ndarray, both_sides: bool) -> BuiltModel:
    """Build the equations of `rasch` as they stand."""
    members, coords = PartyMembers.of(votes), coords_of(votes)
    known, doubt = oriented != 0, oriented == 0
    i, j = np.nonzero((votes.y >= 0) & known)
    in_doubt = sign_matrix(votes.y)[:, doubt]
    with pm.Model(coords=coords) as model:
        xi = members.in_model()
        size = pm.HalfFlat("discrimination")
        pm.Potential("prior_discrimination", log_density_of_size(settings.beta_prior, size, pt))
        alpha = pm.Normal("alpha", 0, settings.alpha_sigma, dims="vote")
        pm.Bernoulli("y", logit_p=oriented[j] * size * xi[i] - alpha[j], observed=votes.y[i, j])
        if doubt.any():
            pm.Potential("votes_in_doubt", either_side(size * xi, alpha[np.flatnonzero(doubt)], in_doubt))

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        at = members.reported(draws)
        size = np.asarray(draws["discrimination"])
        side = np.broadcast_to(oriented.astype(float), draws["alpha"].shape).copy()
        side[..., doubt] = draw_sides(at["xi"], draws["alpha"][..., doubt], size, in_doubt, rng)
        return {**at, "alpha": draws["alpha"], "beta": size[..., None] * side, "discrimination": size}

    def start(xi0: np.ndarray) -> dict[str, np.ndarray]:
        bills = bill_start([(votes, xi0, np.arange(votes.n_votes))], settings.beta_prior)
        slopes = np.exp(bills["log_beta"]) if "log_beta" in bills else bills["beta"]
        size = np.array(max(float(np.median(np.abs(slopes))), 0.1))
        return {**members.start(xi0), "discrimination": size, "alpha": bills["alpha"]}

    first, *others = (start(xi0) for xi0 in starts(votes, both_sides))
    return BuiltModel("chamber", "reference", lambda: model, first, report, DIMS, coords, scatter(first), tuple(others))
