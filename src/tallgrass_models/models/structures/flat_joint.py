"""The joint model without parties and chambers: all members of both chambers on one scale with one prior.

::

    xi[i] ~ Normal(0, 1);  alpha[j] ~ Normal(0, alpha_sigma);  beta[j] ~ beta_prior
    P(y[i, j] = 1) = logistic(beta[j] * xi[i] - alpha[j])

A shared bill has one ``(alpha, beta)``. This is what pscl's ``ideal`` and MCMCpack's ``MCMCirt1d`` fit to the matrix of
all members by all bills, apart from the scale of the priors. The prior of beta does not change with its sign, so the
posterior has two mirror images, and each chain is turned at the end (`base.orient`). Chambers keep the production
model.
"""

from __future__ import annotations

import numpy as np

from ...errors import UserError
from ...votes.matching import JointVotes
from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import MISSING
from ..base import FLAT_DIMS, BuiltModel, Draws, Reported, orient
from ..fast.bills import BillPriors
from ..fast.flat import fast_flat
from ..starts import bill_start
from .structure import Settings, Structure


def no_chamber(votes: ChamberVotes, settings: Settings) -> BuiltModel:
    """Refuse: the structure concerns the joint model alone.

    Raises
    ------
    UserError
        Always.
    """
    raise UserError(f"{votes.chamber}: joint: {{members: flat}} changes the joint model alone")


def build_joint(votes: JointVotes, settings: Settings, start_xi: np.ndarray) -> BuiltModel:
    """Build the model of both chambers.

    Raises
    ------
    ValueError
        For unknown coordinates.
    """
    y = pooled(votes)
    coords = {"legislator": votes.legislator, "vote": votes.vote}
    if settings.coordinates == "reference":
        return textbook(votes, settings, y, start_xi, coords)
    if settings.coordinates != "fast":
        raise ValueError(f"unknown coordinates {settings.coordinates!r} (known: fast, reference)")
    priors = BillPriors(settings.beta_prior, settings.alpha_sigma)
    return fast_flat("joint", y, start_xi, votes.parties, coords, priors)


def pooled(votes: JointVotes) -> np.ndarray:
    """Return the matrix of all members by all items, House first; int8, 1 Yea, 0 Nay, -1 missing."""
    n_house = votes.house.n_legislators
    y = np.full((n_house + votes.senate.n_legislators, votes.n_items), MISSING, dtype=np.int8)
    y[:n_house, votes.house_item] = votes.house.y
    y[n_house:, votes.senate_item] = votes.senate.y
    return y


def textbook(
    votes: JointVotes, settings: Settings, y: np.ndarray, start_xi: np.ndarray, coords: dict[str, np.ndarray]
) -> BuiltModel:
    """Build the equations as they stand."""
    import pymc as pm

    i, j = np.nonzero(y >= 0)
    with pm.Model(coords=coords) as model:
        xi = pm.Normal("xi", 0, 1, dims="legislator")
        alpha = pm.Normal("alpha", 0, settings.alpha_sigma, dims="vote")
        beta = settings.beta_prior.build(votes.n_items)
        pm.Bernoulli("y", logit_p=beta[j] * xi[i] - alpha[j], observed=y[i, j])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return orient(draws["xi"], draws["alpha"], draws["beta"], votes.parties)

    n_house = votes.house.n_legislators
    bills = [(votes.house, start_xi[:n_house], votes.house_item), (votes.senate, start_xi[n_house:], votes.senate_item)]
    start = {"xi": start_xi, **bill_start(bills, settings.beta_prior)}
    scatter = {name: np.full(np.shape(value), 0.1) for name, value in start.items()}
    return BuiltModel("joint", "reference", lambda: model, start, report, FLAT_DIMS, coords, scatter)


STRUCTURE = Structure(no_chamber, build_joint, without=("mu", "sigma_within"))
