"""The probability of a vote by every structure's parameters, against the formulas written out."""

import numpy as np
import pytest
import xarray as xr
from small import small_chamber

from tallgrass_models.checking.arviz_groups import with_groups
from tallgrass_models.checking.draws import unit_draws
from tallgrass_models.checking.integrate import grid_loglik
from tallgrass_models.checking.loo import psis_loo
from tallgrass_models.checking.observations import bill_signs, observations
from tallgrass_models.checking.predictive import _logits as replicated_logits
from tallgrass_models.checking.predictive import chamber_cells
from tallgrass_models.draws.frame import Frame
from tallgrass_models.draws.vote_probability import VoteParameters, lapsed, probability
from tallgrass_models.summary.repeated import _log_likelihood
from tallgrass_models.summary.tables import fit_tables
from tallgrass_models.summary.vote_probabilities import vote_tables, yea_probability
from tallgrass_models.votes.unit_votes import make_unit

SHAPE = (2, 60)
PRIOR = {"distribution": "normal", "mu": 0.0, "sigma": 1.0}
SPEC = {
    "unit": "house", "session": "s", "kind": "chamber", "coordinates": "fast", "alpha_sigma": 5.0,
    "beta_prior": PRIOR, "orient_bills": False, "sampling": {"seed": 1},
}  # fmt: skip
STRUCTURES = {"plain": (), "second dimension": ("xi2", "beta2"), "lapses": ("eps",), "both": ("xi2", "beta2", "eps")}


def yea(xi, alpha, beta, xi2=0.0, beta2=0.0, eps=0.0):
    """The equations of the structures, as the page states them."""
    return eps / 2 + (1 - eps) / (1 + np.exp(alpha - beta * xi - beta2 * xi2))


@pytest.fixture(scope="module")
def votes():
    return small_chamber("house", (9, 12, 1), 24)


@pytest.fixture(params=STRUCTURES, ids=str)
def posterior(request, votes):
    """Draws all over the place, of a fit with the parameters of one structure."""
    rng = np.random.default_rng(3)
    sizes = {"xi": "legislator", "alpha": "vote", "beta": "vote", "mu_party": "party", "sigma_within": "party"}
    sizes |= {"xi2": "legislator", "beta2": "vote"} if "xi2" in STRUCTURES[request.param] else {}
    coords = {"legislator": votes.legislators.index, "vote": votes.rollcalls.index, "party": ["D", "R"]}
    coords |= {"chain": range(SHAPE[0]), "draw": range(SHAPE[1])}
    values = {
        name: (("chain", "draw", dim), np.abs(rng.normal(size=(*SHAPE, len(coords[dim])))).cumsum(-1) % 3 - 1)
        for name, dim in sizes.items()
    }
    if "eps" in STRUCTURES[request.param]:
        values["eps"] = (("chain", "draw"), rng.beta(2, 20, SHAPE))
    return xr.Dataset(values, coords)


def truth(posterior, obs):
    """Probability of Yea of each observation in each draw, shape (chain, draw, n_obs)."""
    own = {name: posterior[name].to_numpy() for name in ("xi", "alpha", "beta", "xi2", "beta2") if name in posterior}
    at = {name: values[..., obs.member if name.startswith("xi") else obs.item] for name, values in own.items()}
    eps = posterior["eps"].to_numpy()[..., None] if "eps" in posterior else 0.0
    return yea(**at, eps=eps)


def test_every_use_of_draws_has_the_probability_of_the_structure(votes, posterior):
    obs, unit = observations([votes]), make_unit([votes])
    p = truth(posterior, obs)
    loglik = np.where(obs.y == 1, np.log(p), np.log1p(-p))

    tree = with_groups(xr.DataTree.from_dict({"posterior": posterior}), SPEC, [votes])
    np.testing.assert_allclose(tree["log_likelihood"]["y"].to_numpy(), loglik, atol=1e-10)

    draws = unit_draws(posterior, SPEC, obs, bill_signs([votes], False))
    _, total = psis_loo(obs, draws, 1.0)
    np.testing.assert_allclose(draws.by_chain(total), loglik.sum(-1), atol=1e-8)

    (cells,) = chamber_cells(obs)
    replicated = probability(replicated_logits(cells, draws, np.arange(draws.n_draws)))
    np.testing.assert_allclose(replicated[:, obs.member, obs.rollcall], p.reshape(-1, len(obs)), atol=1e-5)

    parameters = VoteParameters.of(posterior)
    np.testing.assert_allclose(_log_likelihood(parameters, unit), loglik.sum(-1), atol=1e-8)
    np.testing.assert_allclose(yea_probability(parameters)[obs.member, obs.item], p.mean((0, 1)), atol=1e-5)
    table = vote_tables(unit, Frame(np.zeros(SHAPE), np.ones(SHAPE)), posterior)["house"]
    np.testing.assert_allclose(table["p_yea"].to_numpy()[obs.member, obs.rollcall], p.mean((0, 1)), atol=1e-5)


def test_fit_is_judged_at_the_means_of_all_parameters(votes, posterior):
    obs, unit = observations([votes]), make_unit([votes])
    parameters = VoteParameters.of(posterior)
    means = posterior.mean(("chain", "draw")).expand_dims(chain=1, draw=1)
    p = truth(means, obs)[0, 0]
    log_p = np.where(obs.y == 1, np.log(p), np.log1p(-p))
    members = posterior["xi"].mean(("chain", "draw")).rename("xi_mean").to_dataframe()
    bills = posterior[["alpha", "beta"]].mean(("chain", "draw")).to_dataframe().add_suffix("_mean")
    more = None if parameters.plain else parameters.means()
    table = fit_tables(unit, members, bills.assign(wrong_sign=False), more)["member_fit"]
    sums = np.bincount(obs.member, log_p) / np.bincount(obs.member)
    np.testing.assert_allclose(table["gmp"], np.exp(sums))


def test_the_logit_of_a_vote_with_lapses():
    logit = np.array([-800.0, -30.0, -2.0, -0.1, 0.0, 0.1, 2.0, 30.0, 800.0])
    for eps in (0.5, 0.02, 1e-9):
        found = lapsed(logit, eps)
        np.testing.assert_allclose(probability(found), eps / 2 + (1 - eps) * probability(logit), rtol=1e-9)
        np.testing.assert_array_equal(found, -lapsed(-logit, eps))
    np.testing.assert_allclose(lapsed(logit, 0.0), logit)
    assert np.isfinite(lapsed(np.array([2000.0]), 1e-300)).all()


def test_without_lapses_and_second_dimension_nothing_is_added():
    xi, alpha, beta = np.random.default_rng(0).normal(size=(3, 50)).astype(np.float32)
    found = VoteParameters(xi, alpha, beta).logits(np.asarray, np.asarray, np.asarray)
    np.testing.assert_array_equal(found, beta * xi - alpha)
    assert found.dtype == np.float32


def test_the_integral_over_a_bill_has_the_probability_of_votes_that_lapse():
    rng = np.random.default_rng(7)
    u, sign = rng.normal(size=(5, 3)), np.array([1.0, -1.0, 1.0, 1.0, -1.0])
    a, w, eps = np.linspace(-2, 2, 4), np.linspace(-1, 3, 6), np.array([0.3, 0.05, 0.001])
    found = grid_loglik(u, sign, a, w, eps)
    for d, i, j in np.ndindex(found.shape):
        p = yea(u[:, d], a[i], w[j], eps=eps[d])
        assert found[d, i, j] == pytest.approx(np.log(np.where(sign > 0, p, 1 - p)).sum())
