"""The textbook models, written plainly in PyMC.

They define the posterior that every other form must have. Here ``y[i, j]`` is 1 for Yea and 0 for Nay of member ``i``
on roll call ``j``; other cells are missing and leave no trace in the likelihood::

    P(y[i, j] = 1) = logistic(beta[j] * xi[i] - alpha[j])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ..priors.constants import ALPHA_SIGMA
from ..priors.families import FAMILIES
from ..priors.model import PRODUCTION, ModelPriors
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import CHAMBERS, PARTIES
from .base import CHAMBER_DIMS, DRIFT_DIMS, FLAT_DIMS, JOINT_DIMS, BuiltModel, Draws, Reported, orient
from .fast.seating import party_index
from .groups import members_spread, sigma_scale, three_groups
from .starts import bill_start, joint_xi_start, xi_start

if TYPE_CHECKING:
    from ..votes.matching import JointVotes
    from .tied import Tied

#: Standard deviation of the chains' starting points, on the scale of the sampler. It is large enough for the starts to
#: differ, and too small to put a chain on the other side of the mirror image.
_SCATTER = 0.1


#: Adds votes to the model in context, from Yea and Nay and their logits.
Observe = Callable[[np.ndarray, "pt.TensorVariable"], None]


def build_flat(votes: ChamberVotes) -> BuiltModel:
    """Build the flat model, without parties; all members take part, free-standing ones included.

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
    return BuiltModel("flat", "reference", lambda: model, start, report, FLAT_DIMS, coords, _scatter(start))


def build_chamber(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    oriented: np.ndarray | None = None,
    both_sides: bool = False,
    priors: ModelPriors = PRODUCTION,
    observe: Observe | None = None,
) -> BuiltModel:
    """Build the model of two levels: members within the two parties of one chamber, and those of neither.

    ::

        mu_raw[p]       ~ Normal(0, 2)                     p = Democrat, Republican
        mu_party        = sort(mu_raw)                     D < R fixes the sign
        sigma_within[p] ~ HalfNormal(s[p])                 s = 0.5 where a party has < 20 members, else 1
        xi[i]           = mu_party[p(i)] + sigma_within[p(i)] * xi_offset[i],  xi_offset ~ Normal(0, 1)
        xi[k]           = (mu_D + mu_R) / 2 + (mu_R - mu_D) * xi_offset[k],    k counted with neither party
        alpha[j]        ~ Normal(0, alpha_sigma)
        beta[j]         ~ beta_prior

    ``oriented`` comes from `orientation`; see `discrimination`. With ``both_sides``, every other chain starts with the
    members mirrored. ``priors`` replaces priors of alpha, mu_raw and sigma_within; where the prior of alpha is in units
    of the members' spread (`priors.model.AlphaPrior`), the free variable is ``alpha_scaled`` and alpha is the spread
    times it. ``observe`` adds the votes from Yea (1) and Nay (0) and their logits to the model; by default as above.
    """
    party = party_index(votes.parties)
    coords = {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }
    i, j = np.nonzero(votes.y >= 0)
    with pm.Model(coords=coords) as model:
        mu_raw = _variable("mu_raw", priors.mu, "party")
        mu_party = pm.Deterministic("mu_party", pt.sort(mu_raw), dims="party")
        sigma_within = _within(priors, sigma_scale(np.bincount(party, minlength=3)[:2]), ("party",))
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        center, scale = three_groups(mu_party, sigma_within, pt)
        xi = pm.Deterministic("xi", center[party] + scale[party] * xi_offset, dims="legislator")
        spread = members_spread((mu_party[0], mu_party[1]), (sigma_within[0], sigma_within[1]), pt)
        alpha = _difficulty(priors, alpha_sigma, spread)
        beta = discrimination(beta_prior, votes.n_votes, oriented)
        (observe or _observe)(votes.y[i, j], beta[j] * xi[i] - alpha[j])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu, sigma = np.sort(draws["mu_raw"], axis=-1), draws["sigma_within"]
        center, scale = three_groups(mu, sigma, np)
        return {
            "xi": center[..., party] + scale[..., party] * draws["xi_offset"],
            "mu_party": mu,
            "sigma_within": sigma,
            "alpha": _alpha(draws, mu, sigma),
            "beta": reported_beta(draws, oriented),
        }

    def start(xi0: np.ndarray) -> dict[str, np.ndarray]:
        mu0 = np.array([xi0[party == p].mean() for p in (0, 1)])
        center0, scale0 = three_groups(np.sort(mu0), np.full(2, 0.5), np)
        return {
            "mu_raw": mu0,
            "sigma_within": np.full(2, 0.5),
            "xi_offset": (xi0 - center0[party]) / scale0[party],
            **_in_units(bill_start([(votes, xi0, np.arange(votes.n_votes))], beta_prior, oriented), priors, mu0),
        }

    xi0 = xi_start(votes)
    first, others = start(xi0), (start(-xi0),) if both_sides else ()
    return BuiltModel(
        "chamber", "reference", lambda: model, first, report, CHAMBER_DIMS, coords, _scatter(first), others
    )


def build_joint(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float = ALPHA_SIGMA,
    start_xi: np.ndarray | None = None,
    oriented: np.ndarray | None = None,
    both_sides: bool = False,
    tied: Tied | None = None,
    priors: ModelPriors = PRODUCTION,
    observe: Observe | None = None,
) -> BuiltModel:
    """Build the model of three levels: members within the parties of both chambers, on one scale.

    ::

        mu_global ~ Normal(0, 2);  sigma_chamber ~ HalfNormal(1);  mu_chamber[c] ~ Normal(mu_global, sigma_chamber)
        sigma_party ~ HalfNormal(1)
        offset[c] = sort of two Normal(0, 1)
        mu_group[c, p] = mu_chamber[c] + sigma_party * offset[c, p]
        sigma_within[c, p] ~ HalfNormal(s[c, p])
        xi[i] = mu_group[c(i), p(i)] + sigma_within[c(i), p(i)] * xi_offset[i],  xi_offset ~ Normal(0, 1)
        xi[k] = (mu_group[c(k), D] + mu_group[c(k), R]) / 2 + (mu_group[c(k), R] - mu_group[c(k), D]) * xi_offset[k]
        alpha ~ Normal(0, alpha_sigma);  beta ~ beta_prior

    Members k are counted with neither party. A shared bill has one ``(alpha, beta)``. Chambers, too, are sampled as
    ``mu_global + sigma_chamber * chamber_offset``. ``start_xi``, shape (n_legislators,), replaces the PCA scores.
    ``oriented`` is that of items (`discrimination`), ``both_sides``, ``observe`` and ``priors`` as in `build_chamber`,
    where ``priors.mu`` is the prior of mu_global. With ``tied``, the Senate's side of a shared bill may differ
    (`bridges`), and alpha and beta are those of the items of `bridges.apart`.
    """
    chamber = np.repeat([0, 1], [votes.house.n_legislators, votes.senate.n_legislators])
    party = party_index(votes.parties)
    group = 3 * chamber + party
    coords = {
        "legislator": votes.legislator,
        "vote": votes.vote,
        "chamber": np.array(CHAMBERS),
        "party": np.array(PARTIES),
    }
    sigma_prior = sigma_scale(np.bincount(group, minlength=6).reshape(2, 3)[:, :2])
    i, item, y = _joint_cells(votes, votes.senate_item if tied is None else tied.senate_item)
    with pm.Model(coords=coords) as model:
        mu_global = _variable("mu_global", priors.mu)
        sigma_chamber = _variable("sigma_chamber", priors.sigma_chamber)
        chamber_offset = pm.Normal("chamber_offset", 0, 1, dims="chamber")
        mu_chamber = pm.Deterministic("mu_chamber", mu_global + sigma_chamber * chamber_offset, dims="chamber")
        sigma_party = _variable("sigma_party", priors.sigma_party)
        offset_raw = pm.Normal("offset_raw", 0, 1, dims=("chamber", "party"))
        mu_group = pm.Deterministic(
            "mu_group", mu_chamber[:, None] + sigma_party * pt.sort(offset_raw, axis=1), dims=("chamber", "party")
        )
        sigma_within = _within(priors, sigma_prior, ("chamber", "party"))
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        center, scale = three_groups(mu_group, sigma_within, pt)
        xi = pm.Deterministic("xi", center.ravel()[group] + scale.ravel()[group] * xi_offset, dims="legislator")
        groups = [(c, p) for c in range(2) for p in range(2)]
        spread = members_spread([mu_group[g] for g in groups], [sigma_within[g] for g in groups], pt)
        alpha = _difficulty(priors, alpha_sigma, spread)
        beta = discrimination(beta_prior, votes.n_items, oriented)
        if tied is not None:
            alpha, beta = tied.add(alpha, beta)
        (observe or _observe)(y, beta[item] * xi[i] - alpha[item])

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        mu_c = draws["mu_global"][..., None] + draws["sigma_chamber"][..., None] * draws["chamber_offset"]
        offset = np.sort(draws["offset_raw"], axis=-1)
        mu_g = mu_c[..., None] + draws["sigma_party"][..., None, None] * offset
        flat = (*draws["mu_global"].shape, 6)
        sigma = draws["sigma_within"]
        center, scale = (part.reshape(flat) for part in three_groups(mu_g, sigma, np))
        return {
            "xi": center[..., group] + scale[..., group] * draws["xi_offset"],
            "mu_global": draws["mu_global"],
            "sigma_chamber": draws["sigma_chamber"],
            "mu_chamber": mu_c,
            "sigma_party": draws["sigma_party"],
            "mu_group": mu_g,
            "sigma_within": sigma,
            **reported_bills(draws, _alpha(draws, mu_g.reshape(*flat[:2], 4), sigma.reshape(*flat[:2], 4))),
        }

    def reported_bills(draws: Draws, alpha: np.ndarray) -> Reported:
        beta = reported_beta(draws, oriented)
        return {"alpha": alpha, "beta": beta} if tied is None else tied.report(alpha, beta, draws)

    def start(xi0: np.ndarray) -> dict[str, np.ndarray]:
        mu0 = np.array([[xi0[(chamber == c) & (party == p)].mean() for p in (0, 1)] for c in (0, 1)])
        center0, scale0 = (part.ravel() for part in three_groups(np.sort(mu0), np.full((2, 2), 0.5), np))
        n_house = votes.house.n_legislators
        bills = [(votes.house, xi0[:n_house], votes.house_item), (votes.senate, xi0[n_house:], votes.senate_item)]
        return {
            "mu_global": np.array(mu0.mean()),
            "sigma_chamber": np.array(0.5),
            "chamber_offset": np.zeros(2),
            "sigma_party": np.array(1.0),
            "offset_raw": mu0 - mu0.mean(),
            "sigma_within": np.full((2, 2), 0.5),
            "xi_offset": (xi0 - center0[group]) / scale0[group],
            **_in_units(bill_start(bills, beta_prior, oriented), priors, mu0.ravel()),
            **(tied.start() if tied is not None else {}),
        }

    xi0 = joint_xi_start(votes) if start_xi is None else start_xi
    first, others = start(xi0), (start(-xi0),) if both_sides else ()
    dims = JOINT_DIMS if tied is None else DRIFT_DIMS
    known = coords if tied is None else {**coords, **tied.coords}
    return BuiltModel("joint", "reference", lambda: model, first, report, dims, known, _scatter(first), others)


def _scatter(start: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {name: np.full(np.shape(value), _SCATTER) for name, value in start.items()}


def _observe(y: np.ndarray, logit: pt.TensorVariable) -> None:
    pm.Bernoulli("y", logit_p=logit, observed=y)


def _variable(name: str, prior: BetaPriorSpec, dims: str | tuple[str, ...] | None = None) -> pt.TensorVariable:
    """Add a variable with a prior of one of the families to the model in context.

    ``lognormal_reparam`` is a LogNormal here: PyMC samples the logarithm in any case.
    """
    family = FAMILIES["lognormal"] if prior.family.log_variable else prior.family
    return family.variable(pm, name, prior.first_params, {} if dims is None else {"dims": dims})


def _within(priors: ModelPriors, scales: np.ndarray, dims: tuple[str, ...]) -> pt.TensorVariable:
    """Add the spreads within the parties, for which the production prior has these scales."""
    if priors.sigma_within is None:
        return pm.HalfNormal("sigma_within", scales, dims=dims)
    return _variable("sigma_within", priors.sigma_within, dims)


def _difficulty(priors: ModelPriors, alpha_sigma: float, spread: pt.TensorVariable) -> pt.TensorVariable:
    """Add alpha; ``spread`` is that of the members."""
    if priors.alpha is None:
        return pm.Normal("alpha", 0, alpha_sigma, dims="vote")
    if not priors.alpha.scaled:
        return _variable("alpha", priors.alpha.prior, "vote")
    return pm.Deterministic("alpha", spread * _variable("alpha_scaled", priors.alpha.prior, "vote"), dims="vote")


def _alpha(draws: Draws, mu: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Compute alpha from draws; ``mu, sigma``, shape (chain, draw, n_groups), are those of the parties."""
    if "alpha_scaled" not in draws:
        return draws["alpha"]
    groups = range(mu.shape[-1])
    spread = members_spread([mu[..., g] for g in groups], [sigma[..., g] for g in groups], np)
    return spread[..., None] * draws["alpha_scaled"]


def _in_units(bills: dict[str, np.ndarray], priors: ModelPriors, mu0: np.ndarray) -> dict[str, np.ndarray]:
    """Replace the start of alpha by that of ``alpha_scaled`` where the model has it; groups start with spread 0.5."""
    if priors.alpha is None or not priors.alpha.scaled:
        return bills
    rest = {name: value for name, value in bills.items() if name != "alpha"}
    return {**rest, "alpha_scaled": bills["alpha"] / members_spread([*mu0], [np.array(0.5)] * len(mu0), np)}


def discrimination(prior: BetaPriorSpec, n: int, oriented: np.ndarray | None) -> pt.TensorVariable:
    """Add beta, shape (n,), to the model in context.

    With ``o = oriented``, ``o[j] beta[j] ~ prior``, and ``beta[j] ~ prior.free_sign()`` where o[j] is 0.
    """
    if oriented is None:
        return prior.build(n)
    fixed, free = np.flatnonzero(oriented), np.flatnonzero(oriented == 0)
    positive = prior.build(len(fixed), dims=None)
    open_sign = pm.Normal("beta_free", **prior.free_sign().params, shape=len(free))
    beta = pt.zeros(n)
    beta = pt.set_subtensor(beta[fixed], oriented[fixed].astype(float) * positive)
    return pt.set_subtensor(beta[free], open_sign)


def reported_beta(draws: Draws, oriented: np.ndarray | None) -> np.ndarray:
    """Compute beta, shape (chain, draw, n), from draws of what `discrimination` added."""
    beta = np.exp(draws["log_beta"]) if "log_beta" in draws else draws["beta"]
    if oriented is None:
        return beta
    out = np.empty((*beta.shape[:2], len(oriented)))
    out[..., oriented != 0] = oriented[oriented != 0] * beta
    out[..., oriented == 0] = draws["beta_free"]
    return out


def _joint_cells(votes: JointVotes, senate_item: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """List row, item and vote of every observed cell of both chambers, House first."""
    hi, hj = np.nonzero(votes.house.y >= 0)
    si, sj = np.nonzero(votes.senate.y >= 0)
    return (
        np.concatenate([hi, si + votes.house.n_legislators]),
        np.concatenate([votes.house_item[hj], senate_item[sj]]),
        np.concatenate([votes.house.y[hi, hj], votes.senate.y[si, sj]]),
    )
