"""Bridges that may differ: the two sides of a shared bill as two items that are tied.

A bill that is amended between the chambers is not one item. With ``bridges: drift`` the House's side of a shared bill
has the priors of any bill, and the Senate's side is the House's and a difference::

    alpha_S[j] = alpha_H[j] + delta + tau_alpha * e[j]
    beta_S[j]  = beta_H[j] + tau_beta * f[j]             under a prior of beta of either sign
    beta_S[j]  = beta_H[j] * exp(tau_beta * f[j])        under a positive one
    e[j], f[j] ~ Normal(0, 1)
    delta      ~ Normal(0, d_alpha)
    tau_alpha  ~ HalfNormal(d_alpha)
    tau_beta   ~ HalfNormal(d_beta)

``d_alpha`` and ``d_beta`` are half the spread of the bills themselves (`drift_scales`). With ``tau_alpha = tau_beta =
delta = 0`` this is the joint model with one pair of parameters for a shared bill. The larger they are, the less the
shared bills say of one chamber by the votes of the other. (Approximate measurement invariance: Muthen & Asparouhov
2013, Mplus Web Notes 17.)

A bill of open sign among oriented ones differs by ``beta_S = beta_H + free * tau_beta * f``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..priors.spec import BetaPriorSpec
from ..votes.matching import JointVotes, join_chambers

#: Reported variables.
DRIFT_NAMES = ("tau_alpha", "tau_beta", "delta")
#: Coordinates of its posterior file: the shared bills, and the items of their two sides.
BRIDGE, BRIDGE_HOUSE, BRIDGE_SENATE = "bridge", "bridge_house", "bridge_senate"
#: Scale of the priors of the differences, as a share of the bills' own spread.
_SHARE = 0.5


class DriftScales(NamedTuple):
    """Scales of the differences.

    Attributes
    ----------
    alpha
        Scale of the priors of ``tau_alpha`` and of ``delta``: half the prior's standard deviation of alpha.
    beta
        Scale of the prior of ``tau_beta``: half the spread of the prior of beta, or of log beta if it is positive.
    free
        The spread of a discrimination of open sign, in units of that of the others.
    """

    alpha: float
    beta: float
    free: float


def drift_scales(beta_prior: BetaPriorSpec, alpha_sigma: float) -> DriftScales:
    """Find the scales of the differences from the priors of the bills.

    With the production priors of the joint model (alpha of standard deviation 2, log beta of 1) they are 1 for
    ``tau_alpha`` and ``delta`` and 0.5 for ``tau_beta``.
    """
    spread = beta_prior.moments[1]
    free = beta_prior.free_sign().params["sigma"] / spread if beta_prior.positive else 1.0
    return DriftScales(_SHARE * alpha_sigma, _SHARE * spread, free)


def apart(votes: JointVotes) -> JointVotes:
    """Return the same chambers with each roll call as an item of its own."""
    return join_chambers(votes.house, votes.senate, merged=())


def bridge_coords(votes: JointVotes) -> dict[str, np.ndarray]:
    """Name the shared bills, and the items of `apart` that are their two sides."""
    columns = {BRIDGE: "bill", BRIDGE_HOUSE: "house_vote", BRIDGE_SENATE: "senate_vote"}
    prefix = {BRIDGE: "", BRIDGE_HOUSE: "house:", BRIDGE_SENATE: "senate:"}
    return {
        name: np.array([f"{prefix[name]}{value}" for value in votes.shared[column]], dtype=object)
        for name, column in columns.items()
    }


def sides(votes: JointVotes) -> np.ndarray:
    """Find each item of `apart` in the vector of the items of ``votes`` followed by the Senate's side of shared bills.

    Shape (house.n_votes + senate.n_votes,).
    """
    senate = votes.senate_item.copy()
    merged = votes.senate.rollcalls.index.get_indexer(votes.shared["senate_vote"])
    senate[merged] = votes.n_items + np.arange(votes.n_shared)
    return np.concatenate([votes.house_item, senate])
