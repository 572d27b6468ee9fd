"""The textbook form of a chamber with covariates."""

from __future__ import annotations

import numpy as np
import pymc as pm

from ...priors.constants import GAMMA_SIGMA
from ...votes.matrix import ChamberVotes
from ..base import CHAMBER_DIMS, BuiltModel, Draws, Reported
from ..reference import discrimination, reported_beta
from ..starts import bill_start
from .structure import Settings
from .textbook import PartyMembers, coords_of, scatter, starts


def build(
    votes: ChamberVotes,
    settings: Settings,
    oriented: np.ndarray | None,
    names: list[str],
    z: np.ndarray,
    both_sides: bool,
) -> BuiltModel:
    """Build the equations of `covariates` as they stand; ``z`` as `covariates.design` computes it."""
    members, prior = PartyMembers.of(votes), settings.beta_prior
    coords = {**coords_of(votes), "covariate": np.array(names)}
    i, j = np.nonzero(votes.y >= 0)
    with pm.Model(coords=coords) as model:
        gamma = pm.Normal("gamma", 0, GAMMA_SIGMA, dims="covariate")
        xi = members.in_model(pm.math.dot(z, gamma))
        alpha = pm.Normal("alpha", 0, settings.alpha_sigma, dims="vote")
        beta = discrimination(prior, votes.n_votes, oriented)
        pm.Bernoulli("y", logit_p=beta[j] * xi[i] - alpha[j], observed=votes.y[i, j])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        at = members.reported(draws, draws["gamma"] @ z.T)
        return {**at, "alpha": draws["alpha"], "beta": reported_beta(draws, oriented), "gamma": draws["gamma"]}

    def start(xi0: np.ndarray) -> dict[str, np.ndarray]:
        bills = bill_start([(votes, xi0, np.arange(votes.n_votes))], prior, oriented)
        return {**members.start(xi0), "gamma": np.zeros(len(names)), **bills}

    first, *others = (start(xi0) for xi0 in starts(votes, both_sides))
    dims = {**CHAMBER_DIMS, "gamma": ("covariate",)}
    return BuiltModel("chamber", "reference", lambda: model, first, report, dims, coords, scatter(first), tuple(others))
