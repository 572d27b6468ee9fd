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

``d_alpha`` and ``d_beta`` are half the spread of the bills themselves (`priors.bridges`). With ``tau_alpha = tau_beta =
delta = 0`` this is the joint model with one pair of parameters for a shared bill. The larger they are, the less the
shared bills say of one chamber by the votes of the other. (Approximate measurement invariance: Muthen & Asparouhov
2013, Mplus Web Notes 17.)

A bill of open sign among oriented ones differs by ``beta_S = beta_H + free * tau_beta * f``.
"""

from __future__ import annotations

import numpy as np

from ..votes.matching import JointVotes, join_chambers

#: Reported variables.
DRIFT_NAMES = ("tau_alpha", "tau_beta", "delta")
#: Coordinates of its posterior file: the shared bills, and the items of their two sides.
BRIDGE, BRIDGE_HOUSE, BRIDGE_SENATE = "bridge", "bridge_house", "bridge_senate"


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
