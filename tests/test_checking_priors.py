"""Priors under audit: power-scaling, reweighting against a refit, prior predictive checks."""

from dataclasses import replace

import numpy as np
import pytest
from fitted import NORMAL, fitted
from scipy import stats
from small import small_chamber

from tallgrass_models.checking.draws import Draws
from tallgrass_models.checking.observations import observations
from tallgrass_models.checking.predictive import chamber_cells
from tallgrass_models.checking.prior_predictive import (
    Prior,
    draw_positions,
    prior_predictive,
    verdicts,
)
from tallgrass_models.checking.reweight import reweight, reweighted_table
from tallgrass_models.checking.sensitivity import log_priors, quantities, sensitivity_table
from tallgrass_models.checking.vote_statistics import vote_statistics
from tallgrass_models.priors.spec import BetaPriorSpec

# --- power-scaling ----------------------------------------------------------------------------------------------------


def independent_draws(votes, joint=False, n_draws=4000, seed=0):
    """Draws in which nothing depends on anything else."""
    rng = np.random.default_rng(seed)
    parts = votes if joint else [votes]
    n_groups = 2 * len(parts)
    group = np.concatenate([2 * c + (part.parties == "Republican") for c, part in enumerate(parts)])
    n_items = int(observations(parts).item.max()) + 1
    upper = {name: np.abs(rng.normal(size=n_draws)) for name in ("mu_global", "sigma_chamber", "sigma_party")}
    return Draws(
        xi=rng.normal(0, 1, (len(group), n_draws)).astype(np.float32),
        alpha=rng.normal(0, 2, (n_items, n_draws)).astype(np.float32),
        beta=rng.normal(0, 1, (n_items, n_draws)).astype(np.float32),
        mu=np.sort(rng.normal(size=(n_groups // 2, 2, n_draws)), axis=1).reshape(n_groups, n_draws),
        sigma=np.abs(rng.normal(size=(n_groups, n_draws))),
        group=group.astype(int),
        upper=upper if joint else {},
        n_chains=4,
        beta_prior=NORMAL,
        alpha_sigma=2.0,
        sign=np.ones(n_items, dtype=np.int8),
    )


def test_log_priors_add_up_to_the_model():
    """Up to a constant: each component against scipy, draw by draw."""
    votes = small_chamber(sizes=(25, 6, 0))
    draws = independent_draws(votes, n_draws=5)
    found = log_priors(draws)
    wanted = {
        "alpha": stats.norm(0, 2).logpdf(draws.alpha.astype(float)).sum(0),
        "beta": stats.norm(0, 1).logpdf(draws.beta.astype(float)).sum(0),
        "mu": stats.norm(0, 2).logpdf(draws.mu).sum(0),
        "sigma_within": stats.halfnorm(0, 1).logpdf(draws.sigma[0]) + stats.halfnorm(0, 0.5).logpdf(draws.sigma[1]),
    }
    assert set(found) == set(wanted)
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)


def test_log_priors_of_the_joint_model():
    bills = [f"HB {j}" for j in range(12)]
    chambers = [small_chamber("house", (3, 4, 0), bills=bills), small_chamber("senate", (2, 3, 0), bills=bills)]
    draws = independent_draws(chambers, joint=True, n_draws=5)
    found = log_priors(draws)
    assert set(found) == {"alpha", "beta", "sigma_within", "mu_global", "sigma_chamber", "sigma_party"}
    np.testing.assert_allclose(found["mu_global"], stats.norm(0, 2).logpdf(draws.upper["mu_global"]))
    np.testing.assert_allclose(found["sigma_party"], stats.halfnorm(0, 1).logpdf(draws.upper["sigma_party"]))
    np.testing.assert_allclose(found["sigma_within"], stats.halfnorm(0, 0.5).logpdf(draws.sigma).sum(0))


def test_only_what_depends_on_a_prior_is_found_to():
    """One party mean follows the spread of the discriminations; nothing else has to do with any prior."""
    votes = small_chamber(sizes=(5, 6, 0), n_votes=40)
    draws = independent_draws(votes)
    spread = (draws.beta.astype(float) ** 2).sum(0)
    mu = draws.mu.copy()
    mu[1] = 20 + spread / spread.std() + 0.3 * np.random.default_rng(3).normal(size=draws.n_draws)
    obs = observations([votes])
    chance = np.random.default_rng(5)
    table = sensitivity_table(obs, replace(draws, mu=mu), chance.normal(size=draws.n_draws), chance)
    found = table.set_index(["quantity", "party", "component"])["sensitivity"]
    flagged = table[(table["diagnosis"] != "") & table["legislator"].isna() & (table["component"] == "beta")]
    assert "mu_party" in set(flagged["quantity"])
    assert not {"party_gap", "icc"} & set(flagged["quantity"])  # these are of the members, whom no prior has moved
    assert found["mu_party", "Republican", "beta"] > 5 * table["noise"].max()
    assert ("mu_party", "Democrat") not in set(zip(flagged["quantity"], flagged["party"], strict=True))
    members = table[table["quantity"].isin(["xi", "xi_relative"]) & (table["component"] != "likelihood")]
    assert (members["diagnosis"] != "").mean() < 0.15  # 5 % by chance


def test_relative_positions_know_no_scale():
    votes = small_chamber(sizes=(5, 6, 0))
    draws, obs = independent_draws(votes, n_draws=8), observations([votes])
    moved = replace(draws, xi=(3 + 7 * draws.xi.astype(float)).astype(np.float32))
    (names, one), (_, other) = quantities(obs, draws), quantities(obs, moved)
    relative = (names["quantity"] == "xi_relative").to_numpy()
    np.testing.assert_allclose(one[relative], other[relative], rtol=1e-3, atol=1e-3)
    republicans = (names["party"] == "Republican").to_numpy()
    np.testing.assert_allclose(one[relative & republicans].mean(0), 1, atol=1e-5)


# --- reweighting ------------------------------------------------------------------------------------------------------


def test_reweighted_is_what_a_refit_gives():
    votes = small_chamber(sizes=(9, 12, 0), n_votes=14, seed=8)
    obs, draws = fitted(votes)
    other = BetaPriorSpec("normal", {"mu": 0, "sigma": 1.15})
    found = reweight(draws, other, draws.sign, 5.0)
    assert found.problem is None
    before = reweighted_table(obs, draws, found.weights)
    _, refit = fitted(votes, other, seed=5)
    after = reweighted_table(obs, refit, np.full(refit.n_draws, 1 / refit.n_draws))
    noise = before["sd"] * np.sqrt(1 / (0.3 * found.ess) + 1 / (0.3 * draws.n_draws))
    assert (np.abs(before["reweighted_mean"] - after["mean"]) < 4 * noise).all()
    shift = np.abs(before["mean"] - after["mean"])
    assert np.abs(before["reweighted_mean"] - after["mean"]).mean() < 0.5 * shift.mean()
    light = (before["quantity"] != "party_gap").to_numpy()  # a distance of parties that are not apart has a heavy tail
    np.testing.assert_allclose(before["reweighted_sd"][light], after["sd"][light], rtol=0.25)


def test_a_far_prior_needs_a_refit():
    draws = independent_draws(small_chamber(n_votes=60))
    found = reweight(draws, BetaPriorSpec("normal", {"mu": 0, "sigma": 3}), draws.sign, 2.0)
    assert found.pareto_k > found.threshold
    assert "Pareto k is" in found.problem
    assert reweight(draws, NORMAL, draws.sign, 2.0).ess == pytest.approx(draws.n_draws)


def test_supports_that_do_not_fit():
    draws = independent_draws(small_chamber())
    positive = BetaPriorSpec("halfnormal", {"sigma": 1})
    assert "that the other prior forbids" in reweight(draws, positive, draws.sign, 2.0).problem
    of_positive = replace(draws, beta=np.abs(draws.beta), beta_prior=positive)
    assert "forbids one sign" in reweight(of_positive, NORMAL, draws.sign, 2.0).problem


# --- prior predictive -------------------------------------------------------------------------------------------------


def test_positions_have_the_moments_of_the_priors():
    """The difference of the two sorted means is half-normal; spreads add their variance."""
    party = np.repeat([0, 1, 2], [30, 8, 1])
    xi, _ = draw_positions(0 * party, party, False, 20000, np.random.default_rng(0))
    alone, xi = xi[:, 38], xi[:, :38]
    gap = xi[:, 30:].mean(1) - xi[:, :30].mean(1)
    assert gap.mean() == pytest.approx(2 * np.sqrt(2) * np.sqrt(2 / np.pi), rel=0.03)
    within = (xi[:, 0] - xi[:, 1]).var() / 2, (xi[:, 30] - xi[:, 31]).var() / 2
    assert within == pytest.approx((1, 0.25), rel=0.1)
    # a member of neither party: the middle has the variance 4 / 2, the distance the mean square 8
    assert alone.var() == pytest.approx(2 + 8, rel=0.05)
    four = np.repeat([0, 1, 2, 3], 20)
    joint, _ = draw_positions(four // 2, four % 2, True, 20000, np.random.default_rng(0))
    middle = joint.mean(1)
    assert middle.var() == pytest.approx(4 + 1 / 2 + 1 / 4 + 1 / 80, rel=0.1)  # global, chambers, parties, members


def test_a_prior_that_made_the_votes_finds_nothing_implausible():
    prior, rng = (
        Prior(BetaPriorSpec("normal", {"mu": 0, "sigma": 0.6}), np.ones(40), 1.0, False),
        np.random.default_rng(2),
    )
    votes = small_chamber(sizes=(12, 14, 0), n_votes=40, seed=6, missing=0.0)
    party = (votes.parties == "Republican").astype(int)
    xi = np.array([-1.0, 1.2])[party] + 0.5 * rng.normal(size=26)
    eta = np.outer(xi, 0.6 * rng.normal(size=40)) - rng.normal(size=40)
    votes = replace(votes, y=(rng.random(eta.shape) < 1 / (1 + np.exp(-eta))).astype(np.int8))
    table = prior_predictive(observations([votes]), prior, {"house": 0.0}, 0.0, 100, rng)
    assert not [sentence for sentence in verdicts(table) if "implausible" in sentence]
    assert not table["statistic"].eq("yea_share").empty


def test_a_prior_of_certainty_is_called_implausible():
    """Difficulties of +-50: nearly every vote is certain, nearly every roll call unanimous."""
    votes = small_chamber(sizes=(12, 14, 0), n_votes=40, seed=6)
    prior = Prior(NORMAL, np.ones(40), 50.0, False)
    table = prior_predictive(observations([votes]), prior, {"house": 0.1}, 0.025, 60, np.random.default_rng(1))
    values = table.set_index("statistic")["mean"]
    assert values["unanimous_share"] > 0.8
    assert values["certain_share"] > 0.8
    assert any("too lopsided to be kept is 0.100, implausible" in sentence for sentence in verdicts(table))


def test_what_is_not_contested_is_drawn_again():
    votes = small_chamber(sizes=(12, 14, 0), n_votes=20, seed=6)
    prior = Prior(NORMAL, np.ones(20), 4.0, False)
    made = {
        least: prior_predictive(observations([votes]), prior, {"house": 0.0}, least, 60, np.random.default_rng(1))
        for least in (0.0, 0.2)
    }
    lopsided = {least: table.set_index("statistic").loc["lopsided_share", "mean"] for least, table in made.items()}
    assert lopsided[0.2] < 0.02 < 0.2 < lopsided[0.0]


def test_observed_values_are_those_of_the_votes():
    votes = small_chamber(sizes=(5, 6, 0))
    obs = observations([votes])
    table = prior_predictive(
        obs, Prior(NORMAL, np.ones(12), 2.0, False), {"house": 0.25}, 0.0, 10, np.random.default_rng(0)
    )
    cells = chamber_cells(obs)[0]
    for (statistic, party), value in vote_statistics(cells.yea[None], cells.cast, cells.party).scalars.items():
        same_party = table["party"].eq(party) if party else table["party"].isna()
        assert table.loc[(table["statistic"] == statistic) & same_party, "observed"].item() == pytest.approx(value[0])
    assert table.loc[table["statistic"] == "unanimous_share", "observed"].item() == 0.25
