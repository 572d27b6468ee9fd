"""Structures recover what was planted, agree with independent programs, and are calibrated on sessions of their own.

Calibration is as in `test_calibration`: truths are drawn from the equations, not by the model under test. Machine code
of a structure is compiled once and takes the numbers of every session.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from pytensor.compile.sharedvalue import SharedVariable
from pytensor.graph.traversal import graph_inputs
from scipy import optimize, stats
from small import small_chamber, small_pair
from test_calibration import LEAST_P, party_means_in_order, rank, scattered_about, vote

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.vote_probability import VoteParameters
from tallgrass_models.files.forms import PARTIES_FRAME
from tallgrass_models.models.fast.seating import party_index
from tallgrass_models.models.groups import sigma_scale
from tallgrass_models.models.structures import covariates, flat_joint, lapse, rasch
from tallgrass_models.models.structures.structure import Settings
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import compile_model, sample
from tallgrass_models.summary.structures import chance_of_lapse
from tallgrass_models.votes.matching import join_chambers
from tallgrass_models.votes.unit_votes import make_unit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SAMPLING = SamplingConfig(draws=300, tune=300, chains=2, target_accept=0.9)
SIZES, M, N_SESSIONS, BINS = (9, 11, 2), 24, 40, 8
N = sum(SIZES)
NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
ALPHA_SIGMA = 2.0
COMPILED = {}


class Uncrossed:
    """The truths have their parties in order, an exact condition on both sides."""

    best = (False,)

    def to_dict(self, chambers):
        return {}


@pytest.fixture(autouse=True)
def in_order(monkeypatch):
    """Sample the frame of the parties; all sides of bills are in doubt, so that every session has the same shape."""
    where = "tallgrass_models.models.structures.in_frame"
    monkeypatch.setattr(f"{where}.choose_form", lambda *_: (PARTIES_FRAME, ""))
    monkeypatch.setattr(f"{where}.try_sides", lambda *_: Uncrossed())
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", np.inf)


def fitted(module, votes, seed, **model):
    """Sample one session; return what is reported."""
    built = module.build_chamber(votes, Settings(NORMAL, ALPHA_SIGMA, "fast", False, model))
    first = COMPILED.get(module)
    if first is None:
        first = COMPILED[module] = compile_model(built, "nutpie")
    data = {
        v.name: v.get_value() for v in graph_inputs(built.model.potentials) if isinstance(v, SharedVariable) and v.name
    }
    start = np.concatenate([np.ravel(value) for value in built.start.values()])
    swapped = replace(first.model.with_data(**data), initial_point_func=scattered_about(start))
    found = sample(built, replace(SAMPLING, seed=seed), "house", 2, compiled=replace(first, model=swapped))
    return built.report(found.draws, np.random.default_rng(seed))


def members(rng, shift=0.0, apart=None):
    """Parameters of the members from their priors, or with parties ``apart``."""
    party = party_index(small_chamber(sizes=SIZES, n_votes=M).parties)
    while True:
        mu = np.sort(rng.normal(0, 2, 2)) if apart is None else np.array([-apart, apart])
        sigma = np.abs(rng.normal(0, sigma_scale(np.array(SIZES[:2])))) if apart is None else np.array([0.4, 0.4])
        xi = shift + rng.normal(np.append(mu, mu.mean())[party], np.append(sigma, mu[1] - mu[0])[party])
        if party_means_in_order(xi, party):
            return mu, sigma, xi


def voted(rng, xi, alpha, beta, eps=0.0, missing=0.15, **columns):
    votes = small_chamber(sizes=SIZES, n_votes=M, missing=missing)
    made = vote(rng, votes, xi, alpha, beta)
    random = (rng.random(made.y.shape) < eps) & (made.y >= 0)
    y = np.where(random, rng.integers(0, 2, made.y.shape), made.y).astype(np.int8)
    return replace(made, y=y, more=pd.DataFrame(columns, made.legislators.index).astype("str"))


def ranks_of(at, mu, sigma, xi, alpha):
    return {
        "mu_D": rank(at["mu_party"][..., 0], mu[0]),
        "gap": rank(np.diff(at["mu_party"])[..., 0], mu[1] - mu[0]),
        "sigma_R": rank(at["sigma_within"][..., 1], sigma[1]),
        "xi": rank(at["xi"][..., 3], xi[3]),
        "alpha": rank(at["alpha"][..., 2], alpha[2]),
    }


def assert_calibrated(ranks):
    found = {k: stats.chisquare(np.histogram([r[k] for r in ranks], BINS, (0, 1))[0]).pvalue for k in ranks[0]}
    assert min(found.values()) > LEAST_P, found


# --- lapses -----------------------------------------------------------------------------------------------------------


def test_lapses_are_calibrated():
    def one(seed):
        rng = np.random.default_rng(seed)
        mu, sigma, xi = members(rng)
        alpha, beta, eps = rng.normal(0, ALPHA_SIGMA, M), rng.normal(size=M), rng.beta(1, 50)
        at = fitted(lapse, voted(rng, xi, alpha, beta, eps), seed)
        return ranks_of(at, mu, sigma, xi, alpha) | {
            "eps": rank(at["eps"], eps),
            "beta": rank(at["beta"][..., 2], beta[2]),
        }

    assert_calibrated([one(seed) for seed in range(N_SESSIONS)])


def test_planted_random_votes_are_found():
    """Ten votes that are all but impossible for their members: these are the likeliest to be random.

    So few votes cannot make any of them certain to be random, because less discrimination explains them too.
    """
    rng = np.random.default_rng(1)
    _, _, xi = members(rng, apart=2.0)
    alpha, beta = rng.normal(0, 0.5, M), rng.choice([-3.0, 3.0], M)
    votes = voted(rng, xi, alpha, beta)
    y, eta = votes.y.copy(), np.outer(xi, beta) - alpha
    certain = np.argwhere((np.abs(eta) > 5) & (y >= 0))
    planted = certain[rng.choice(len(certain), 10, replace=False)]
    y[tuple(planted.T)] = 1 - y[tuple(planted.T)]
    votes = replace(votes, y=y)
    at = fitted(lapse, votes, 1)
    (part,) = make_unit([votes]).parts
    chance = chance_of_lapse(VoteParameters(at["xi"], at["alpha"], at["beta"], eps=at["eps"]), part)
    likeliest = np.argsort(-chance, axis=None)[:10]
    assert np.isin(likeliest, np.ravel_multi_index(tuple(planted.T), y.shape)).sum() >= 7
    rest = y >= 0
    rest[tuple(planted.T)] = False
    assert chance[tuple(planted.T)].mean() > 5 * chance[rest].mean()


# --- Rasch ------------------------------------------------------------------------------------------------------------


def test_rasch_is_calibrated():
    def one(seed):
        rng = np.random.default_rng(seed)
        mu, sigma, xi = members(rng)
        alpha, size = rng.normal(0, ALPHA_SIGMA, M), abs(rng.normal())
        beta = size * rng.choice([-1, 1], M)
        at = fitted(rasch, voted(rng, xi, alpha, beta), seed)
        own = {"discrimination": rank(at["discrimination"], size)}
        return ranks_of(at, mu, sigma, xi, alpha) | own | {"right": ((at["beta"] > 0) == (beta > 0)).mean()}

    found = [one(seed) for seed in range(N_SESSIONS)]
    assert np.mean([r.pop("right") for r in found]) > 0.7  # of sides by chance alone, one half
    assert_calibrated(found)


def test_rasch_agrees_with_conditional_likelihood():
    """Difficulties of complete data by conditional maximum likelihood (Andersen 1970), which needs no prior at all."""
    rng = np.random.default_rng(5)
    _, _, xi = members(rng, apart=1.0)
    alpha = rng.normal(0, 0.7, M)
    votes = voted(rng, xi, alpha, np.full(M, 1.2), missing=0.0)
    y = votes.y[:, (votes.y.mean(0) > 0) & (votes.y.mean(0) < 1)]
    kept = np.flatnonzero((votes.y.mean(0) > 0) & (votes.y.mean(0) < 1))
    scores = y.sum(1)
    used = (scores > 0) & (scores < y.shape[1])

    def loss(delta):
        gamma = np.zeros(y.shape[1] + 1)
        gamma[0] = 1.0  # elementary symmetric functions of exp(-delta)
        for e in np.exp(-delta):
            gamma[1:] = gamma[1:] + e * gamma[:-1]
        return (y[used] @ delta).sum() + np.log(gamma)[scores[used]].sum() + 1e-6 * (delta**2).sum()

    delta = optimize.minimize(loss, np.zeros(y.shape[1]), method="BFGS").x
    at = fitted(rasch, votes, 5)
    draws = at["alpha"][..., kept].reshape(-1, len(kept))
    draws = draws - draws.mean(1, keepdims=True)
    delta -= delta.mean()
    assert np.corrcoef(delta, draws.mean(0))[0, 1] > 0.99
    assert (np.abs(draws.mean(0) - delta) < draws.std(0)).mean() > 0.9


# --- covariates -------------------------------------------------------------------------------------------------------


def with_columns(rng):
    """A chamber's columns, and z by the definition."""
    age, woman = rng.integers(30, 80, N), rng.integers(0, 2, N)
    party = party_index(small_chamber(sizes=SIZES, n_votes=M).parties)
    z = np.zeros((N, 2))
    for k, column in enumerate((age, woman)):
        column = column / column[party < 2].std()
        for p in (0, 1):
            z[party == p, k] = column[party == p] - column[party == p].mean()
    return {"age": age, "woman": woman}, z


def test_covariates_are_calibrated():
    def one(seed):
        rng = np.random.default_rng(seed)
        columns, z = with_columns(rng)
        gamma = rng.normal(size=2)
        mu, sigma, xi = members(rng, z @ gamma)
        alpha, beta = rng.normal(0, ALPHA_SIGMA, M), rng.normal(size=M)
        at = fitted(covariates, voted(rng, xi, alpha, beta, **columns), seed, covariates=["age", "woman"])
        own = {f"gamma_{k}": rank(at["gamma"][..., k], gamma[k]) for k in range(2)}
        return ranks_of(at, mu, sigma, xi, alpha) | own

    assert_calibrated([one(seed) for seed in range(N_SESSIONS)])


def test_a_known_regression_is_recovered():
    """Coefficients of both signs, as large as the regression of the true positions on the columns finds them."""
    rng = np.random.default_rng(2)
    columns, z = with_columns(rng)
    _, _, xi = members(rng, z @ np.array([0.8, -0.5]), apart=2.0)
    alpha, beta = rng.normal(0, 1, M), rng.choice([-2.0, 2.0], M)
    at = fitted(covariates, voted(rng, xi, alpha, beta, **columns), 2, covariates=["age", "woman"])
    party = party_index(small_chamber(sizes=SIZES, n_votes=M).parties)
    dummies = np.column_stack([z, party == 0, party == 1])[party < 2]
    least_squares = np.linalg.lstsq(dummies, xi[party < 2], rcond=None)[0][:2]
    gap = np.diff(at["mu_party"])[..., 0]
    relative = at["gamma"] / gap[..., None] * 4  # the scale is the priors'; that of the truth has parties 4 apart
    low, high = np.quantile(relative, [0.005, 0.995], axis=(0, 1))
    assert (low < least_squares).all()
    assert (least_squares < high).all()
    assert ((relative > 0).mean((0, 1)) > [0.97, -1]).all()
    assert ((relative > 0).mean((0, 1)) < [1.01, 0.1]).all()


# --- flat joint model -------------------------------------------------------------------------------------------------


def test_the_flat_joint_model_is_calibrated():
    """Both mirror images are turned by the parties; so are the truths."""

    def one(seed):
        rng = np.random.default_rng(seed)
        joined = join_chambers(*small_pair(n_shared=4))
        n = len(joined.legislator)
        xi, alpha, beta = (
            rng.normal(size=n),
            rng.normal(0, ALPHA_SIGMA, joined.n_items),
            rng.normal(size=joined.n_items),
        )
        if xi[joined.parties == "Republican"].mean() < xi[joined.parties == "Democrat"].mean():
            xi, beta = -xi, -beta
        cut = joined.house.n_legislators
        there = replace(
            joined,
            house=vote(rng, joined.house, xi[:cut], alpha[joined.house_item], beta[joined.house_item]),
            senate=vote(rng, joined.senate, xi[cut:], alpha[joined.senate_item], beta[joined.senate_item]),
        )
        start = xi + 0.3 * rng.normal(size=n)
        built = flat_joint.build_joint(there, Settings(NORMAL, ALPHA_SIGMA, "fast", False, {}), start)
        at = built.report(sample(built, replace(SAMPLING, seed=seed), "joint", 2).draws, rng)
        # what does not change with the mirror image, which so few votes leave open
        return {
            "alpha": rank(at["alpha"][..., 1], alpha[1]),
            "size": rank(np.abs(at["beta"][..., 1]), abs(beta[1])),
            "logit": rank(at["beta"][..., 2] * at["xi"][..., 0] - at["alpha"][..., 2], beta[2] * xi[0] - alpha[2]),
            "alike": rank(at["xi"][..., 0] * at["xi"][..., cut], xi[0] * xi[cut]),
            "spread": rank(at["xi"].std(-1), xi.std()),
        }

    assert_calibrated([one(seed) for seed in range(100)])
