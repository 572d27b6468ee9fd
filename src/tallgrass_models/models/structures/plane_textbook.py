"""The textbook form of the model of two dimensions, written plainly in PyMC."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ...priors.constants import MU_SIGMA
from ...priors.spec import PRODUCTION_BETA
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel, Draws, Reported
from ..fast.seating import party_index
from ..groups import sigma_scale, three_groups
from ..starts import bill_start, xi_start
from .plane_frame import DIMS, in_frame, plane_coords, with_sign

_SCATTER = 0.1


def build_textbook(votes: ChamberVotes, beta_sigma: float, alpha_sigma: float) -> BuiltModel:
    """Build the equations of `plane.build_plane` as they stand, with x1 as mean plus spread times offset."""
    party = party_index(votes.parties)
    coords = plane_coords(votes)
    i, j = np.nonzero(votes.y >= 0)
    with pm.Model(coords=coords) as model:
        mu_raw = pm.Normal("mu_raw", 0, MU_SIGMA, dims="party")
        mu_party = pt.sort(mu_raw)
        sigma_within = pm.HalfNormal("sigma_within", sigma_scale(np.bincount(party, minlength=3)[:2]), dims="party")
        offset = pm.Normal("x1_offset", 0, 1, dims="legislator")
        center, scale = three_groups(mu_party, sigma_within, pt)
        x1 = center[party] + scale[party] * offset
        x2 = pm.Normal("x2", 0, 1, dims="legislator")
        alpha = pm.Normal("alpha", 0, alpha_sigma, dims="vote")
        beta = pm.Normal("beta", 0, beta_sigma, dims="vote")
        beta2 = pm.Normal("beta2", 0, 1, dims="vote")
        logit = beta[j] * x1[i] + beta2[j] * x2[i] - alpha[j]
        pm.Bernoulli("y", logit_p=logit, observed=votes.y[i, j])

    parties, pc2 = votes.parties, votes.legislators["pc2"].to_numpy(float)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu, sigma = np.sort(draws["mu_raw"], axis=-1), draws["sigma_within"]
        center, scale = three_groups(mu, sigma, np)
        x1 = center[..., party] + scale[..., party] * draws["x1_offset"]
        found = in_frame(x1, draws["x2"], draws["alpha"], draws["beta"], draws["beta2"], parties)
        return with_sign(found | {"mu_party": mu, "sigma_within": sigma}, pc2, parties)

    x0 = xi_start(votes)
    mu0 = np.sort([x0[party == p].mean() for p in (0, 1)])
    center0, scale0 = three_groups(mu0, np.full(2, 0.5), np)
    start = {
        "mu_raw": mu0,
        "sigma_within": np.full(2, 0.5),
        "x1_offset": (x0 - center0[party]) / scale0[party],
        "x2": (pc2 - pc2.mean()) / max(pc2.std(), 1e-9),
        **bill_start([(votes, x0, np.arange(votes.n_votes))], PRODUCTION_BETA),
        "beta2": np.zeros(votes.n_votes),
    }
    scatter = {name: np.full(np.shape(value), _SCATTER) for name, value in start.items()}
    return BuiltModel("chamber", "reference", lambda: model, start, report, DIMS, coords, scatter)
