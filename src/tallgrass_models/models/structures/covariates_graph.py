"""The fast form of a chamber with covariates as a PyMC model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt

from ...priors.constants import GAMMA_SIGMA
from ..compiled.pytensor_op import vote_loglik
from ..fast.chamber_map import FastChamber
from ..fast.graphs import as_data, flat
from ..fast.normals import normal_logp
from .covariates_guess import Guess


def chamber_model(fast: FastChamber, sign: np.ndarray, z: np.ndarray, guess: Guess) -> pm.Model:
    """Make the PyMC model.

    Parameters
    ----------
    fast, sign
        Map and votes of the production model.
    z : ndarray, shape (n_party_members, n_covariates)
        Of the members of both parties, in the order of the fast model.
    guess
        Coordinates of gamma.

    Notes
    -----
    The map to xi, mu, sigma, alpha and beta is that of the production model; only the density of xi differs, and gamma
    is added, with the Jacobian ``sep scale`` for each covariate. A party's mean of z is zero, so that the coordinates
    of mu fit as they are.
    """
    in_model, shapes = as_data(fast), fast.shapes()
    n_left, n_covariates = fast.group.n_left, z.shape[1]
    covariates, both = pytensor.shared(z, name="z"), _shared(guess)
    center, scale = both[0], both[1]
    with pm.Model() as model:
        parties, at = in_model.forward(flat(shapes), pt)
        gamma = parties.frame.sep * (center + scale * pm.Flat("g", shape=n_covariates))
        shift, log_prior = pt.dot(covariates, gamma), in_model.log_prior(parties, at, pt)
        for mu, sigma, own in zip(parties.mu, parties.sigma, (slice(0, n_left), slice(n_left, len(z))), strict=True):
            x = parties.xi[own] - mu
            log_prior += (normal_logp(x, shift[own], sigma, pt) - normal_logp(x, 0.0, sigma, pt)).sum()
        jacobian = n_covariates * pt.log(parties.frame.sep) + pt.log(scale).sum()
        pm.Potential("prior", log_prior + normal_logp(gamma, 0.0, GAMMA_SIGMA, pt).sum() + jacobian)
        pm.Potential("votes", vote_loglik(parties.u, at.w, at.a, pytensor.shared(sign, name="sign")))
    return model


def _shared(guess: Guess) -> Any:
    """Put center and scale into one shared variable: nutpie compiles code for each, which takes most of a second."""
    return pytensor.shared(np.stack([guess.center, guess.scale]), name="guess")
