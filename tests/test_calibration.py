"""Simulation-based calibration: parameters drawn from the prior rank uniformly among the draws of their posterior.

Talts, Betancourt, Simpson, Vehtari & Gelman (2018). It checks the whole of a model: densities, Jacobians, sampler and
what `report` makes of the draws. Truths are drawn from the textbook's equations, not by the model under test.
"""

from dataclasses import replace

import numpy as np
import pytest
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.traversal import graph_inputs
from scipy import stats
from small import small_chamber, small_pair

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.fast.chamber_forms import fast_chamber, halves_chamber
from tallgrass_models.models.fast.drift import DriftBuilder
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.models.fast.seating import party_index
from tallgrass_models.models.groups import sigma_scale
from tallgrass_models.priors.bridges import drift_scales
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import compile_model, sample
from tallgrass_models.votes.matching import join_chambers

SAMPLING = SamplingConfig(draws=500, tune=500, chains=2, target_accept=0.9)
N_CHAMBER, N_JOINT, N_HALVES, N_DRIFT = 100, 80, 60, 80
BINS = 10
PRIOR = BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5})
ALPHA_SIGMA = 2.0
#: Below this a rank histogram is taken for not uniform. Some 45 are looked at, and other rounding is another sample.
LEAST_P = 1e-4


def vote(rng, votes, xi, alpha, beta):
    """The same members and roll calls with votes drawn anew; the pilot's scores are the members' noisy places."""
    eta = np.outer(xi, beta) - alpha
    y = np.where(votes.y >= 0, rng.random(eta.shape) < 1 / (1 + np.exp(-eta)), -1).astype(np.int8)
    score = xi + 0.3 * rng.normal(size=len(xi))
    return replace(votes, y=y, legislators=votes.legislators.assign(pc1=score))


def party_means_in_order(xi, party, chamber=None):
    """Fast coordinates leave out sample means in reverse order; so do the truths (an exact condition on both sides)."""
    chamber = np.zeros(len(xi), int) if chamber is None else chamber
    groups = [(xi[(chamber == c) & (party == 0)], xi[(chamber == c) & (party == 1)]) for c in set(chamber)]
    return all(left.mean() < right.mean() for left, right in groups)


def rank(draws, truth):
    """Rank of the truth among about 100 nearly independent draws, as a number in [0, 1)."""
    thinned = draws.reshape(-1)[::10]
    return (thinned < truth).sum() / (thinned.size + 1)


def frame_of_parties(votes, prior):
    return fast_chamber(votes, prior, ALPHA_SIGMA, None, crossed=False)


def frame_of_halves(votes, prior):
    return halves_chamber(votes, prior, ALPHA_SIGMA, None, crossed=False)[0]


COMPILED = []


def compiled_once(built):
    """Machine code of the first model of its shape, with the votes and the numbers of this one."""
    if not COMPILED:
        COMPILED.append(compile_model(built, "nutpie"))
    first = COMPILED[0]
    inputs = graph_inputs(built.model.potentials)
    data = {v.name: v.get_value() for v in inputs if isinstance(v, SharedVariable) and v.name in ("sketches", "sign")}
    start = np.concatenate([np.ravel(value) for value in built.start.values()])
    model = replace(first.model.with_data(**data), initial_point_func=scattered_about(start))
    return replace(first, model=model)


def scattered_about(start):
    return lambda seed: start + np.random.default_rng(seed).normal(0, 0.5, start.size)


def chamber_ranks(seed, prior=PRIOR, build=frame_of_parties):
    """Eight Democrats, ten Republicans and two members of neither party."""
    rng = np.random.default_rng(seed)
    votes = small_chamber(sizes=(8, 10, 2), n_votes=15)
    party = party_index(votes.parties)
    while True:
        mu = np.sort(rng.normal(0, 2, 2))
        sigma = np.abs(rng.normal(0, sigma_scale(np.array([8, 10]))))
        xi = rng.normal(np.append(mu, mu.mean())[party], np.append(sigma, mu[1] - mu[0])[party])
        if build is frame_of_halves or party_means_in_order(xi, party):
            break
    alpha = rng.normal(0, ALPHA_SIGMA, 15)
    beta = rng.normal(0, 1, 15) if build is frame_of_halves else np.exp(rng.normal(0, 0.5, 15))
    built = build(vote(rng, votes, xi, alpha, beta), prior)
    compiled = compiled_once(built) if build is frame_of_halves else None
    at = built.report(sample(built, replace(SAMPLING, seed=seed), "house", 2, compiled=compiled).draws, rng)
    return {
        "mu_D": rank(at["mu_party"][..., 0], mu[0]),
        "gap": rank(at["mu_party"][..., 1] - at["mu_party"][..., 0], mu[1] - mu[0]),
        "sigma_D": rank(at["sigma_within"][..., 0], sigma[0]),
        "sigma_R": rank(at["sigma_within"][..., 1], sigma[1]),
        "xi": rank(at["xi"][..., 3], xi[3]),
        "xi_independent": rank(at["xi"][..., 19], xi[19]),
        "alpha": rank(at["alpha"][..., 2], alpha[2]),
        "beta": rank(at["beta"][..., 2], beta[2]),
    }


def joint_ranks(seed, drift=False):
    """With ``drift``, the Senate's side of a shared bill differs from the House's as `models.bridges` says."""
    rng = np.random.default_rng(seed)
    house, senate = small_pair(n_shared=4)
    joined = join_chambers(house, senate)
    party = party_index(joined.parties)
    chamber = np.repeat([0, 1], [joined.house.n_legislators, joined.senate.n_legislators])
    while True:
        mu_global, sigma_chamber, sigma_party = rng.normal(0, 2), abs(rng.normal()), abs(rng.normal())
        mu_chamber = rng.normal(mu_global, sigma_chamber, 2)
        mu = mu_chamber[:, None] + sigma_party * np.sort(rng.normal(size=(2, 2)), axis=1)
        sigma = np.abs(rng.normal(0, 0.5, (2, 2)))
        gap = mu[:, 1:] - mu[:, :1]
        center, spread = np.hstack([mu, mu[:, :1] + gap / 2]), np.hstack([sigma, gap])
        xi = rng.normal(center[chamber, party], spread[chamber, party])
        if party_means_in_order(xi, party, chamber):
            break
    alpha, beta = rng.normal(0, ALPHA_SIGMA, joined.n_items), np.exp(rng.normal(0, 0.5, joined.n_items))
    n, scales = joined.house.n_legislators, drift_scales(PRIOR, ALPHA_SIGMA)
    alpha_s, beta_s = alpha[joined.senate_item], beta[joined.senate_item]
    if drift:
        tau_alpha, tau_beta = np.abs(rng.normal(0, (scales.alpha, scales.beta)))
        delta = rng.normal(0, scales.alpha)
        k = joined.n_shared  # the Senate's first bills are the shared ones
        alpha_s[:k] += delta + tau_alpha * rng.normal(size=k)
        beta_s[:k] *= np.exp(tau_beta * rng.normal(size=k))
    voted = replace(
        joined,
        house=vote(rng, joined.house, xi[:n], alpha[joined.house_item], beta[joined.house_item]),
        senate=vote(rng, joined.senate, xi[n:], alpha_s, beta_s),
    )
    builder = DriftBuilder if drift else JointBuilder
    built = builder(voted, PRIOR, ALPHA_SIGMA, None, None).build((False, False))
    at = built.report(sample(built, replace(SAMPLING, seed=seed), "joint", 2).draws, rng)
    return {
        "mu_global": rank(at["mu_global"], mu_global),
        "sigma_chamber": rank(at["sigma_chamber"], sigma_chamber),
        "sigma_party": rank(at["sigma_party"], sigma_party),
        "mu_chamber": rank(at["mu_chamber"][..., 0], mu_chamber[0]),
        "mu_group": rank(at["mu_group"][..., 1, 1], mu[1, 1]),
        "chambers": rank(at["mu_group"][..., 0, 1] - at["mu_group"][..., 1, 1], mu[0, 1] - mu[1, 1]),
        "sigma_within": rank(at["sigma_within"][..., 0, 0], sigma[0, 0]),
        "xi": rank(at["xi"][..., 3], xi[3]),
        "xi_independent": rank(at["xi"][..., 9], xi[9]),
        "beta": rank(at["beta"][..., 1], beta[1]),
        **(_drift_ranks(at, tau_alpha, tau_beta, delta, alpha_s[1], beta_s[1]) if drift else {}),
    }


def _drift_ranks(at, tau_alpha, tau_beta, delta, alpha_s, beta_s):
    """The Senate's second bill is its item 9 + 1, after the nine of the House."""
    return {
        "tau_alpha": rank(at["tau_alpha"], tau_alpha),
        "tau_beta": rank(at["tau_beta"], tau_beta),
        "delta": rank(at["delta"], delta),
        "alpha_senate": rank(at["alpha"][..., 10], alpha_s),
        "beta_senate": rank(at["beta"][..., 10], beta_s),
    }


def p_values(ranks):
    """Chi-squared test of uniformity of each quantity's ranks."""
    return {name: stats.chisquare(np.histogram([r[name] for r in ranks], BINS, (0, 1))[0]).pvalue for name in ranks[0]}


@pytest.mark.slow
def test_chamber_is_calibrated():
    found = p_values([chamber_ranks(seed) for seed in range(N_CHAMBER)])
    assert min(found.values()) > LEAST_P, found


@pytest.mark.slow
def test_the_frame_of_halves_is_calibrated():
    """Sample means of the parties in either order, and the mirror image too: nothing is left out."""
    prior = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
    found = p_values([chamber_ranks(seed, prior, frame_of_halves) for seed in range(N_HALVES)])
    assert min(found.values()) > LEAST_P, found


@pytest.mark.slow
def test_joint_is_calibrated():
    found = p_values([joint_ranks(seed) for seed in range(N_JOINT)])
    assert min(found.values()) > LEAST_P, found


@pytest.mark.slow
def test_joint_with_drift_is_calibrated():
    found = p_values([joint_ranks(seed, drift=True) for seed in range(N_DRIFT)])
    assert min(found.values()) > LEAST_P, found


@pytest.mark.slow
def test_a_wrong_prior_is_caught():
    """Bills from a wider prior than the model's: the method has the power to see it."""
    wrong = BetaPriorSpec("lognormal", {"mu": 0.7, "sigma": 0.2})
    found = p_values([chamber_ranks(seed, wrong) for seed in range(60)])
    assert min(found.values()) < LEAST_P, found
