"""The textbook models, written plainly in PyMC.

They define the posterior that every other form must have. Here ``y[i, j]`` is 1 for Yea and 0 for Nay of legislator
``i`` on roll call ``j``; other cells are missing and leave no trace in the likelihood::

    P(y[i, j] = 1) = logistic(beta[j] * xi[i] - alpha[j])
"""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ..priors import PRODUCTION_BETA, BetaPriorSpec
from ..votes import ChamberVotes, JointVotes
from .base import (
    ALPHA_SIGMA,
    CHAMBER_DIMS,
    CHAMBERS,
    FLAT_DIMS,
    JOINT_DIMS,
    MU_SIGMA,
    PARTIES,
    BuiltModel,
    Draws,
    Reported,
    orient,
    sigma_scale,
)
from .starts import bill_start, joint_xi_start, xi_start


def build_flat(votes: ChamberVotes) -> BuiltModel:
    """The baseline without parties; all legislators take part, independents included.

    ::

        xi[i] ~ Normal(0, 1);  alpha[j] ~ Normal(0, 5);  beta[j] ~ Normal(0, 1)

    The sign is free in the model and fixed afterwards, chain by chain (`orient`).
    """
    coords = {"legislator": votes.legislators.index.to_numpy(), "vote": votes.rollcalls.index.to_numpy()}
    i, j = np.nonzero(votes.y >= 0)
    with pm.Model(coords=coords) as model:
        xi = pm.Normal("xi", 0, 1, dims="legislator")
        alpha = pm.Normal("alpha", 0, ALPHA_SIGMA, dims="vote")
        beta = PRODUCTION_BETA.build(votes.n_votes)
        _observe(votes.y[i, j], beta[j] * xi[i] - alpha[j])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        return orient(draws["xi"], draws["alpha"], draws["beta"], votes.parties)

    xi0 = xi_start(votes)
    start = {"xi": xi0, **bill_start([(votes, xi0, np.arange(votes.n_votes))], PRODUCTION_BETA)}
    return BuiltModel("flat", "reference", lambda: model, start, report, FLAT_DIMS, coords)


def build_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    oriented: np.ndarray | None = None,
) -> BuiltModel:
    """Two levels: members within the two major parties of one chamber.

    ::

        mu_raw[p]       ~ Normal(0, 2)                     p = Democrat, Republican
        mu_party        = sort(mu_raw)                     D < R fixes the sign
        sigma_within[p] ~ HalfNormal(s[p])                 s = 0.5 where a party has < 20 members, else 1
        xi[i]           = mu_party[p(i)] + sigma_within[p(i)] * xi_offset[i],  xi_offset ~ Normal(0, 1)
        alpha[j]        ~ Normal(0, alpha_sigma)
        beta[j]         ~ beta_prior

    Members of neither major party take no part. ``oriented`` is that of `orientation`: see `_discrimination`.
    """
    votes = votes.major()
    party = party_index(votes.parties)
    coords = {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }
    i, j = np.nonzero(votes.y >= 0)
    with pm.Model(coords=coords) as model:
        mu_raw = pm.Normal("mu_raw", 0, MU_SIGMA, dims="party")
        mu_party = pm.Deterministic("mu_party", pt.sort(mu_raw), dims="party")
        sigma_within = pm.HalfNormal("sigma_within", sigma_scale(np.bincount(party, minlength=2)), dims="party")
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        xi = pm.Deterministic("xi", mu_party[party] + sigma_within[party] * xi_offset, dims="legislator")
        alpha = pm.Normal("alpha", 0, alpha_sigma, dims="vote")
        beta = _discrimination(beta_prior, votes.n_votes, oriented)
        _observe(votes.y[i, j], beta[j] * xi[i] - alpha[j])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu, sigma = np.sort(draws["mu_raw"], axis=-1), draws["sigma_within"]
        return {
            "xi": mu[..., party] + sigma[..., party] * draws["xi_offset"],
            "mu_party": mu,
            "sigma_within": sigma,
            "alpha": draws["alpha"],
            "beta": _beta(draws, oriented),
        }

    xi0 = xi_start(votes)
    mu0 = np.array([xi0[party == p].mean() for p in (0, 1)])
    start = {
        "mu_raw": mu0,
        "sigma_within": np.full(2, 0.5),
        "xi_offset": (xi0 - mu0[party]) / 0.5,
        **bill_start([(votes, xi0, np.arange(votes.n_votes))], beta_prior, oriented),
    }
    return BuiltModel("chamber", "reference", lambda: model, start, report, CHAMBER_DIMS, coords)


def build_joint(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    start_xi: np.ndarray | None = None,
    oriented: np.ndarray | None = None,
) -> BuiltModel:
    """Three levels: members within the parties of both chambers, on one scale.

    ::

        mu_global ~ Normal(0, 2);  sigma_chamber ~ HalfNormal(1);  mu_chamber[c] ~ Normal(mu_global, sigma_chamber)
        sigma_party ~ HalfNormal(1)
        offset[c] = sort of two Normal(0, 1)
        mu_group[c, p] = mu_chamber[c] + sigma_party * offset[c, p]
        sigma_within[c, p] ~ HalfNormal(s[c, p])
        xi[i] = mu_group[c(i), p(i)] + sigma_within[c(i), p(i)] * xi_offset[i],  xi_offset ~ Normal(0, 1)
        alpha ~ Normal(0, alpha_sigma);  beta ~ beta_prior

    A bill voted on in both chambers has one ``(alpha, beta)``. Chambers, too, are sampled as
    ``mu_global + sigma_chamber * chamber_offset``. ``start_xi``, shape (n_legislators,), replaces the PCA scores;
    ``oriented`` is that of items (`_discrimination`).
    """
    chamber = np.repeat([0, 1], [votes.house.n_legislators, votes.senate.n_legislators])
    party = party_index(votes.parties)
    group = 2 * chamber + party
    coords = {
        "legislator": votes.legislator,
        "vote": votes.vote,
        "chamber": np.array(CHAMBERS),
        "party": np.array(PARTIES),
    }
    scale = sigma_scale(np.bincount(group, minlength=4)).reshape(2, 2)
    i, item, y = _joint_cells(votes)
    with pm.Model(coords=coords) as model:
        mu_global = pm.Normal("mu_global", 0, MU_SIGMA)
        sigma_chamber = pm.HalfNormal("sigma_chamber", 1)
        chamber_offset = pm.Normal("chamber_offset", 0, 1, dims="chamber")
        mu_chamber = pm.Deterministic("mu_chamber", mu_global + sigma_chamber * chamber_offset, dims="chamber")
        sigma_party = pm.HalfNormal("sigma_party", 1)
        offset_raw = pm.Normal("offset_raw", 0, 1, dims=("chamber", "party"))
        mu_group = pm.Deterministic(
            "mu_group", mu_chamber[:, None] + sigma_party * pt.sort(offset_raw, axis=1), dims=("chamber", "party")
        )
        sigma_within = pm.HalfNormal("sigma_within", scale, dims=("chamber", "party"))
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        xi = pm.Deterministic(
            "xi", mu_group.ravel()[group] + sigma_within.ravel()[group] * xi_offset, dims="legislator"
        )
        alpha = pm.Normal("alpha", 0, alpha_sigma, dims="vote")
        beta = _discrimination(beta_prior, votes.n_items, oriented)
        _observe(y, beta[item] * xi[i] - alpha[item])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu_c = draws["mu_global"][..., None] + draws["sigma_chamber"][..., None] * draws["chamber_offset"]
        offset = np.sort(draws["offset_raw"], axis=-1)
        mu_g = mu_c[..., None] + draws["sigma_party"][..., None, None] * offset
        flat = (*draws["mu_global"].shape, 4)
        sigma = draws["sigma_within"]
        return {
            "xi": mu_g.reshape(flat)[..., group] + sigma.reshape(flat)[..., group] * draws["xi_offset"],
            "mu_global": draws["mu_global"],
            "sigma_chamber": draws["sigma_chamber"],
            "mu_chamber": mu_c,
            "sigma_party": draws["sigma_party"],
            "mu_group": mu_g,
            "sigma_within": sigma,
            "alpha": draws["alpha"],
            "beta": _beta(draws, oriented),
        }

    xi0 = joint_xi_start(votes) if start_xi is None else start_xi
    mu0 = np.array([xi0[group == g].mean() for g in range(4)])
    n_house = votes.house.n_legislators
    bills = [(votes.house, xi0[:n_house], votes.house_item), (votes.senate, xi0[n_house:], votes.senate_item)]
    start = {
        "mu_global": np.array(mu0.mean()),
        "sigma_chamber": np.array(0.5),
        "chamber_offset": np.zeros(2),
        "sigma_party": np.array(1.0),
        "offset_raw": (mu0 - mu0.mean()).reshape(2, 2),
        "sigma_within": np.full((2, 2), 0.5),
        "xi_offset": (xi0 - mu0[group]) / 0.5,
        **bill_start(bills, beta_prior, oriented),
    }
    return BuiltModel("joint", "reference", lambda: model, start, report, JOINT_DIMS, coords)


def party_index(parties: np.ndarray) -> np.ndarray:
    """0 for Democrat, 1 for Republican, in the order given."""
    return np.array([PARTIES.index(p) for p in parties])


def _observe(y: np.ndarray, logit: pt.TensorVariable) -> None:
    pm.Bernoulli("y", logit_p=logit, observed=y)


def _discrimination(prior: BetaPriorSpec, n: int, oriented: np.ndarray | None) -> pt.TensorVariable:
    """beta, shape (n,): with ``o = oriented``, ``o[j] beta[j] ~ prior``, and ``prior.free_sign()`` where o[j] is 0."""
    if oriented is None:
        return prior.build(n)
    fixed, free = np.flatnonzero(oriented), np.flatnonzero(oriented == 0)
    positive = prior.build(len(fixed), dims=None)
    open_sign = pm.Normal("beta_free", **prior.free_sign().params, shape=len(free))
    beta = pt.zeros(n)
    beta = pt.set_subtensor(beta[fixed], oriented[fixed].astype(float) * positive)
    return pt.set_subtensor(beta[free], open_sign)


def _beta(draws: Draws, oriented: np.ndarray | None) -> np.ndarray:
    beta = np.exp(draws["log_beta"]) if "log_beta" in draws else draws["beta"]
    if oriented is None:
        return beta
    out = np.empty((*beta.shape[:2], len(oriented)))
    out[..., oriented != 0] = oriented[oriented != 0] * beta
    out[..., oriented == 0] = draws["beta_free"]
    return out


def _joint_cells(votes: JointVotes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, item and vote of every observed cell of both chambers, House first."""
    hi, hj = np.nonzero(votes.house.y >= 0)
    si, sj = np.nonzero(votes.senate.y >= 0)
    return (
        np.concatenate([hi, si + votes.house.n_legislators]),
        np.concatenate([votes.house_item[hj], votes.senate_item[sj]]),
        np.concatenate([votes.house.y[hi, hj], votes.senate.y[si, sj]]),
    )
