"""Members under half and twice the prior scales: against tilted normals, scipy, and fits with those priors."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from fitted import fitted
from prior_table import KNOWN, priors
from scipy import stats
from small import small_chamber
from test_checking_priors import independent_draws

from tallgrass_models.checking import prior_scales as ps
from tallgrass_models.checking.observations import observations
from tallgrass_models.checking.sensitivity import log_priors
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.files.names import MOVED
from tallgrass_models.models import reference
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.groups import sigma_scale
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.unit import Unit
from tallgrass_models.wording.movement import movement_sentences

THRESHOLD = 0.7


def test_tilting_a_normal_moves_it_by_the_tilt():
    """Weights exp(a z) make the standard normal z a normal with mean a; what has nothing to do with z stays."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=4000)
    x = np.stack([5 + 3 * z, -z, rng.normal(size=4000)])
    found = ps.moves(x, 0.3 * z, 4)
    np.testing.assert_allclose(found.move, [0.3, -0.3, 0], atol=0.04)
    assert found.told(THRESHOLD)
    assert found.ess == pytest.approx(4000 * np.exp(-(0.3**2)), rel=0.1)


def test_the_error_of_a_move_is_what_repetitions_show():
    """Draws that come in runs of ten are worth a tenth."""
    rng = np.random.default_rng(1)
    moves, errors = [], []
    for _ in range(200):
        z = rng.normal(size=(3, 400)).repeat(10, axis=1)
        found = ps.moves(z[:2], 0.5 * z[2], 4)
        moves.append(found.move)
        errors.append(found.error)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(np.std(moves), rel=0.1)


def test_what_the_draws_cannot_tell_is_not_told():
    rng = np.random.default_rng(2)
    z = rng.normal(size=4000)
    assert not ps.moves(z[None], 4 * z**2, 4).told(THRESHOLD)  # a tail without a mean
    few = rng.normal(size=(2, 40)).repeat(100, axis=1)
    assert not ps.moves(few[:1], few[1], 4).told(THRESHOLD)  # forty draws in truth
    assert not ps.moves(z[None], np.where(z > 3, np.nan, z), 4).told(THRESHOLD)
    chain = np.repeat([0.0, 0, 0, -900], 1000)
    assert not ps.moves(z[None], 900 + chain + 0.1 * z, 4).told(THRESHOLD)  # nothing is left of one chain


def test_a_member_whom_the_scale_holds_does_not_move():
    """The only member of a party is at -1 in every draw, but for rounding."""
    z = np.random.default_rng(3).normal(size=4000)
    found = ps.moves(np.stack([-1 + 1e-12 * z, z]), 0.3 * z, 4)
    assert found.move[0] == 0
    assert found.move[1] == pytest.approx(0.3, abs=0.04)


@pytest.mark.parametrize("factor", ps.FACTORS)
def test_rescaled_priors_are_those_of_scipy(factor):
    """Log ratios, draw by draw, up to a constant: every component of a chamber, with each family of beta."""
    votes = small_chamber(sizes=(25, 6, 0))
    draws = independent_draws(votes, n_draws=6)
    for prior in priors():
        beta = np.abs(draws.beta) if prior.positive else draws.beta
        here = replace(draws, beta=beta, beta_prior=prior)
        ratio = log_priors(here, factor)["beta"] - log_priors(here)["beta"]
        law = KNOWN[prior.distribution].law
        expected = law(factor).logpdf(beta.astype(float)) - law(1).logpdf(beta.astype(float))
        np.testing.assert_allclose(ratio, expected.sum(0), rtol=1e-5, err_msg=prior.describe())
    found = {name: log_priors(draws, factor)[name] - values for name, values in log_priors(draws).items()}
    alpha, spread = draws.alpha.astype(float), np.array([1, 0.5])[:, None]
    wanted = {
        "alpha": stats.norm(0, 2 * factor).logpdf(alpha) - stats.norm(0, 2).logpdf(alpha),
        "mu": stats.norm(0, 2 * factor).logpdf(draws.mu) - stats.norm(0, 2).logpdf(draws.mu),
        "sigma_within": stats.halfnorm(0, factor * spread).logpdf(draws.sigma)
        - stats.halfnorm(0, spread).logpdf(draws.sigma),
    }
    for name, values in wanted.items():
        np.testing.assert_allclose(found[name], values.sum(0), rtol=1e-5, atol=1e-8, err_msg=name)


def test_positions_of_a_joint_model_are_those_of_the_house():
    """Averages of the House's parties at -1 and +1 in every draw; the Senate on the same scale."""
    bills = [f"HB {j}" for j in range(12)]
    chambers = [small_chamber("house", (6, 9, 0), bills=bills), small_chamber("senate", (4, 5, 0), bills=bills)]
    obs, draws = observations(chambers), independent_draws(chambers, joint=True, n_draws=8)
    apart = draws.xi + np.where(obs.members["party"] == "Democrat", -20, 20)[:, None].astype(np.float32)
    x = ps.positions(obs, replace(draws, xi=apart))
    for party, at in (("Democrat", -1), ("Republican", 1)):
        here = (obs.members["chamber"] == "house") & (obs.members["party"] == party)
        np.testing.assert_allclose(x[here].mean(0), at, atol=1e-5)
    house = (obs.members["chamber"] == "house").to_numpy()
    line = np.polyfit(apart[house, 0], x[house, 0], 1)
    np.testing.assert_allclose(x[~house, 0], np.polyval(line, apart[~house, 0]), rtol=1e-4)


def refitted(votes, monkeypatch, factor):
    """The textbook form with another prior scale of sigma_within."""
    monkeypatch.setattr(reference, "sigma_scale", lambda sizes: factor * sigma_scale(sizes))
    built = build_chamber(votes, coordinates="reference")
    sampled = sample(built, SamplingConfig(draws=2000, tune=1000, chains=4, seed=9), "house", 2)
    found = built.report(sampled.draws, np.random.default_rng(0))["xi"]
    return found.reshape(-1, found.shape[-1]).T


def test_moves_are_those_of_a_fit_with_that_scale(monkeypatch):
    """The spread within the parties, whose prior no setting changes: by the textbook model with another constant."""
    votes = small_chamber(sizes=(14, 16, 0), n_votes=14, seed=8)
    obs, draws = fitted(votes)
    rows, table = ps.prior_scales(obs, draws)
    told = {(row["component"], row["factor"]) for row in rows if row["told"]}
    assert ("sigma_within", 0.5) in told
    found = table[(table["component"] == "sigma_within") & (table["factor"] == 0.5)]["move"].to_numpy()
    assert np.abs(found).max() > MOVED
    x = ps.positions(obs, draws)
    other = ps.positions(obs, replace(draws, xi=refitted(votes, monkeypatch, 0.5)))
    wanted, error = ps.refit_moves(x, other, 4)
    assert error < 0.06
    np.testing.assert_allclose(found, wanted, atol=4 * 0.06)
    assert np.corrcoef(found, wanted)[0, 1] > 0.9


# --- summed up, and in words ------------------------------------------------------------------------------------------

NAMES = ["Ann", "Bob", "Cy"]


def made(moves, told=True, component="mu", factor=2.0, chamber="house", error=0.01):
    table = pd.DataFrame({"chamber": chamber, "party": "Democrat", "legislator": NAMES, "name": NAMES})
    table = table.assign(component=component, factor=factor, move=moves if told else np.nan)
    facts = {"component": component, "factor": factor, "told": told, "error": error}
    return ps.moved_rows(table, facts), table


def said(*parts, joint=False):
    rows = [row for part, _ in parts for row in part]
    summary = ps.summarized(rows, pd.concat([table for _, table in parts]))
    assert json.loads(json.dumps(summary)) == summary
    return summary, movement_sentences(summary, Unit.JOINT if joint else Unit.HOUSE)


def test_members_are_counted_once_and_the_largest_is_named():
    summary, (sentence,) = said(
        made([0.3, -0.1, 0.0]),
        made([0.1, -0.5, 0.26], factor=0.5),
        made([9.0, 9.0, 9.0], component="beta"),
        made([0, 0, 0], component="beta", factor=0.5, told=False),
    )
    facts = summary["house"]
    assert (facts["told"], facts["not_told"]) == (["mu"], ["beta"])  # half a component is not told
    assert (facts["n_moved"], facts["max_move"], facts["name"], facts["factor"]) == (3, 0.5, "Bob", 0.5)
    assert sentence == (
        "House: 3 of 3 members move by more than 0.25 of a posterior standard deviation if the prior of the party means"
        " is half or twice as wide, most Bob (by 0.50, with the prior of the party means half as wide); 3 of 3 members"
        " move by more than 0.25 of a posterior standard deviation if the prior of discrimination is twice as wide,"
        " most Ann (by 9.00); only a new fit can tell for discrimination (half as wide)"
    )
    assert facts["one_factor"] == [
        {"component": "beta", "factor": 2.0, "n_members": 3, "n_moved": 3, "error": 0.01, "name": "Ann"}
        | {"max_move": 9.0}
    ]


def test_one_factor_of_one_prior_is_told_though_no_prior_is_whole():
    _, (sentence,) = said(
        made([0.0, 0.04, 0.0]),
        made([0, 0, 0], factor=0.5, told=False),
        made([0, 0, 0], component="beta", told=False),
        made([0, 0, 0], component="beta", factor=0.5, told=False),
    )
    assert sentence == (
        "House: no member moves by more than 0.1 of a posterior standard deviation if the prior of the party means is"
        " twice as wide; only a new fit can tell for discrimination and the party means (half as wide)"
    )


def test_nobody_moves():
    """The bound counts the Monte Carlo error, and is true of the number behind it."""
    _, (sentence,) = said(made([0.03, -0.08, 0.0], error=0.02), made([0, 0, 0.01], factor=0.5))
    assert sentence == (
        "House: no member moves by more than 0.2 of a posterior standard deviation if the prior of the party means is"
        " half or twice as wide"
    )
    _, (sentence,) = said(made([0.0, 0.0, 0.0], error=0.0), made([0, 0, 0], factor=0.5, error=0.0), joint=True)
    assert sentence.startswith("House in the joint model: no member moves by more than 0.1 of a posterior")


def test_nothing_is_told():
    summary, (sentence,) = said(made([0, 0, 0], told=False), made([0, 0, 0], factor=0.5, told=False))
    assert summary["house"]["max_move"] is None
    assert sentence == "House: only new fits can tell how far members move under wider or narrower priors"


def test_a_sentence_for_each_chamber():
    _, sentences = said(
        made([0.3, 0, 0]),
        made([0, 0, 0], factor=0.5),
        made([0, 0, 0], chamber="senate"),
        made([0, 0, 0], chamber="senate", factor=0.5),
        joint=True,
    )
    assert [text.split(":")[0] for text in sentences] == ["House in the joint model", "Senate in the joint model"]


def test_other_chambers_do_not_count():
    _, table = made([0.1, 0.2, 0.3])
    both = pd.concat([table, table.assign(chamber="senate", move=[0.9, 0.0, 0.0])])
    rows = ps.moved_rows(both, {"told": True})
    assert [(row["chamber"], row["n_moved"], row["max_move"]) for row in rows] == [
        ("house", 1, 0.3),
        ("senate", 1, 0.9),
    ]
