"""Every prior is a setting of an experiment: what the file may say, and what every later step makes of it."""

import json
from dataclasses import replace

import numpy as np
import pytest
from prior_table import law_of, prior_of
from scipy import stats
from small import small_chamber, small_pair

from tallgrass_models.calibration.known_truth import from_prior
from tallgrass_models.checking import integrate
from tallgrass_models.checking.draws import Draws
from tallgrass_models.checking.joint_loo import different_settings
from tallgrass_models.checking.observations import observations
from tallgrass_models.checking.prior_predictive import Prior, draw_alpha, draw_positions
from tallgrass_models.checking.reweight import reweight
from tallgrass_models.checking.sensitivity import log_priors
from tallgrass_models.cli.experiments import priors_of as described
from tallgrass_models.comparison.answers import question
from tallgrass_models.comparison.variants import flattened
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.joint import JointConfig
from tallgrass_models.config.model import ModelConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.errors import UserError
from tallgrass_models.priors.model import PRODUCTION, AlphaPrior, ModelPriors, priors_of
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.steps.fit_lab import check_model
from tallgrass_models.steps.sensitivity import refits
from tallgrass_models.summary.truth import other_scale
from tallgrass_models.votes.unit import Unit

SESSION = "sessions: {demo: {source: simulated}}\n"
T, GAMMA, NORMAL = prior_of("student_t"), prior_of("gamma"), prior_of("normal")
EXPONENTIAL, LOGNORMAL = prior_of("exponential"), prior_of("lognormal")
CENTRED = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
ALL = ModelPriors(AlphaPrior(T, scaled=True), T, GAMMA, LOGNORMAL, EXPONENTIAL)


@pytest.fixture
def load(tmp_path):
    def of(text):
        path = tmp_path / "experiments.yaml"
        path.write_text(SESSION + text)
        return load_experiments(path)

    return of


# --- the experiments file ---------------------------------------------------------------------------------------------


def test_specs_change_only_where_a_prior_does(load):
    found = load(
        "defaults: {priors: {mu: {distribution: normal, mu: 0, sigma: 3}}}\n"
        "experiments:\n"
        "  plain: {priors: {mu: {distribution: normal, mu: 0, sigma: 2}}}\n"
        "  own: {joint: true, priors: {sigma_party: {distribution: exponential, lam: 1}}}\n"
        "  wide: {joint: true, priors: {mu: {distribution: normal, mu: 0, sigma: 2},"
        " alpha: {distribution: normal, mu: 0, sigma: 7}}}\n"
    )
    assert found["plain"].fit_spec("house") == ExperimentConfig("plain").fit_spec("house") | {"session": "demo"}
    mu = {"mu": {"distribution": "normal", "mu": 0.0, "sigma": 3.0}}
    assert found["own"].fit_spec("house")["model"] == {"priors": mu}
    party = {"sigma_party": {"distribution": "exponential", "lam": 1.0}}
    assert found["own"].fit_spec("joint")["model"] == {"priors": mu | party}
    assert "model" not in found["own"].fit_spec("flat_house")
    for unit in ("house", "joint"):  # a plain prior of alpha is the old setting
        assert found["wide"].fit_spec(unit)["alpha_sigma"] == 7
        assert "model" not in found["wide"].fit_spec(unit)
    for config in found.values():
        assert ExperimentConfig.from_json(config.to_json()) == config


def test_priors_beta_is_beta_prior(load):
    prior = "{distribution: halfnormal, sigma: 3}"
    one, other = (
        load(f"experiments: {{a: {{joint: true, {body}}}}}")["a"]
        for body in (
            f"beta_prior: {prior}",
            f"priors: {{beta: {prior}}}",
        )
    )
    assert one == other
    over = load(
        f"defaults: {{beta_prior: {prior}}}\nexperiments: {{a: {{priors: {{beta: {prior.replace('3', '4')}}}}}}}"
    )
    assert over["a"].beta_prior.params["sigma"] == 4


NORMAL_TEXT, POSITIVE_TEXT = "{distribution: normal, mu: 1, sigma: 1}", "{distribution: halfnormal, sigma: 1}"
REFUSED = {
    f"beta_prior: {NORMAL_TEXT}, priors: {{beta: {NORMAL_TEXT}}}": "priors.beta and beta_prior are the same setting",
    f"joint: {{alpha_sigma: 2}}, priors: {{alpha: {NORMAL_TEXT}}}": "priors.alpha and joint.alpha_sigma both set the",
    f"priors: {{alpha: {POSITIVE_TEXT}}}": "priors.alpha: alpha may be negative, so its prior cannot be halfnormal",
    f"priors: {{mu: {POSITIVE_TEXT}}}": "priors.mu: mu may be negative, so its prior cannot be halfnormal",
    f"priors: {{sigma_within: {NORMAL_TEXT}}}": "priors.sigma_within: sigma_within is a spread, so its prior must",
    f"priors: {{sigma_party: {NORMAL_TEXT}}}": "priors.sigma_party: sigma_party is a spread, so its prior must",
    "priors: {alpha: {distribution: normal, mu: 0, sigma: 1, scaled: 1}}": "priors.alpha: scaled must be true or false",
    "priors: {mu: {distribution: normal, mu: 0, sigma: 1, scaled: true}}": "priors.mu: normal: unknown parameter",
    "priors: {alpha: 5}": "priors.alpha: must look like {distribution:",
    "joint: {bridges: drift}, priors: {mu: {distribution: normal, mu: 1, sigma: 2}}": "drift takes only the production",
    f"priors: {{sigma: {POSITIVE_TEXT}}}": "priors: unknown key 'sigma'",
    f"orient_bills: true, beta_prior: {POSITIVE_TEXT}, priors: {{alpha: {NORMAL_TEXT}}}": "priors.alpha needs mu: 0",
}


@pytest.mark.parametrize(("body", "why"), REFUSED.items(), ids=REFUSED)
def test_what_the_file_may_not_say(load, body, why):
    with pytest.raises(UserError, match=why.replace("{", r"\{")):
        load(f"experiments: {{a: {{{body}}}}}")


def test_priors_can_vary(load):
    found = load(f"experiments: {{a: {{vary: {{priors.mu: [{NORMAL_TEXT}, {NORMAL_TEXT.replace('1}', '2}')}]}}}}}}")
    assert [config.model.priors.mu.params["sigma"] for config in found.values()] == [1, 2]


def test_priors_are_described_and_compared():
    config = ExperimentConfig("a", joint=JointConfig(), model=ModelConfig(priors=ALL))
    said = described(config, Unit.HOUSE)
    assert said.startswith("beta Normal(mu=0, sigma=1), alpha StudentT(nu=5, mu=0.2, sigma=0.7) x the members' spread")
    assert "mu StudentT" in said
    assert "sigma_party" not in said
    assert "sigma_party Exponential(lam=1.6)" in described(config, Unit.JOINT)
    flat = dict(flattened(json.loads(config.to_json())))
    assert flat["priors.alpha"] == "StudentT(nu=5, mu=0.2, sigma=0.7) x the members' spread"
    assert flat["priors.sigma_within"] == "Gamma(alpha=2.5, beta=2)"
    assert question(["priors.alpha", "beta_prior"]) == "Does the answer depend on the prior?"
    assert "priors of its own for mu and sigma_within" in other_scale(config.fit_spec("house"))


# --- later steps ------------------------------------------------------------------------------------------------------


def draws_of(priors, n=6, joint=False):
    parts = list(small_pair()) if joint else [small_chamber()]
    rng, obs = np.random.default_rng(4), observations(parts)
    n_items, n_groups = int(obs.item.max()) + 1, 2 * len(parts)
    return obs, Draws(
        rng.normal(size=(len(obs.members), n)).astype(np.float32),
        rng.normal(size=(n_items, n)).astype(np.float32),
        rng.normal(size=(n_items, n)).astype(np.float32),
        np.sort(rng.normal(size=(n_groups, n)), axis=0),
        np.abs(rng.normal(size=(n_groups, n))),
        np.zeros(len(obs.members), int),
        {k: np.abs(rng.normal(size=n)) for k in ("mu_global", "sigma_chamber", "sigma_party")} if joint else {},
        2,
        CENTRED,
        3.0,
        np.ones(n_items, np.int8),
        priors=priors,
    )


@pytest.mark.parametrize("joint", [False, True])
def test_log_priors_are_the_variants_own(joint):
    """Each component against scipy, draw by draw; with twice the scale too."""
    _, draws = draws_of(ALL, joint=joint)
    second = (draws.mu**2 + draws.sigma**2).mean(0)
    spread = np.sqrt(second - draws.mu.mean(0) ** 2)
    np.testing.assert_allclose(draws.spread, spread)
    alpha = draws.alpha.astype(float) / spread
    for scale in (1.0, 2.0):
        t = stats.t(5, 0.2, 0.7 * scale)
        wanted = {
            "alpha": (t.logpdf(alpha) - np.log(spread)).sum(0),
            "beta": stats.norm(0, scale).logpdf(draws.beta.astype(float)).sum(0),
            "sigma_within": stats.gamma(2.5, scale=scale / 2).logpdf(draws.sigma).sum(0),
        }
        if joint:
            wanted["mu_global"] = t.logpdf(draws.upper["mu_global"])
            wanted["sigma_chamber"] = stats.lognorm(0.5 * scale, scale=np.exp(0.1)).logpdf(draws.upper["sigma_chamber"])
            wanted["sigma_party"] = stats.expon(scale=scale / 1.6).logpdf(draws.upper["sigma_party"])
        else:
            wanted["mu"] = t.logpdf(draws.mu).sum(0)
        found = log_priors(draws, scale)
        assert set(found) == set(wanted)
        for name, values in wanted.items():
            np.testing.assert_allclose(found[name], values, rtol=1e-6, err_msg=name)


def test_integrating_a_bill_out_takes_its_prior_of_alpha():
    """All draws alike: the leave-one-out probability is a ratio of two double integrals under the prior of alpha."""
    rng, votes = np.random.default_rng(1), small_chamber(sizes=(4, 5, 0), n_votes=6, seed=3)
    obs, n, o = observations([votes]), 400, 2
    xi = np.where(votes.parties == "Republican", 1.5, -1.5) + 0.3 * rng.normal(size=9)
    group = (votes.parties == "Republican").astype(int)
    normal = rng.normal(size=(2, 6, n)).astype(np.float32)
    mu, sigma = np.repeat([[-1.5], [1.5]], n, axis=1), np.repeat([[0.5], [1.0]], n, axis=1)
    fixed = np.repeat(np.float32(xi)[:, None], n, 1), *normal, mu, sigma, group, {}, 4, CENTRED, 3.0
    spread = np.sqrt((0.25 + 1) / 2 + 2.25)
    sign = np.where(obs.y == 1, 1, -1)
    b, a = np.linspace(-9, 9, 1201), np.linspace(-30, 30, 1601)
    for scaled in (False, True):
        draws = Draws(*fixed, np.ones(6, np.int8), priors=ModelPriors(AlphaPrior(T, scaled)))
        law = stats.t(5, 0.2 * spread, 0.7 * spread) if scaled else law_of(T)

        def evidence(which, law=law):
            density = np.outer(stats.norm.pdf(b), law.pdf(a))
            for c in which:
                density /= 1 + np.exp(-sign[c] * (b[:, None] * xi[obs.member[c]] - a))
            return np.trapezoid(np.trapezoid(density, a), b)

        cells = np.flatnonzero(obs.item == obs.item[o])
        exact = np.log(evidence(cells) / evidence(cells[cells != o]))
        assert integrate.integrate_out(obs, draws, o).elpd == pytest.approx(exact, abs=1e-3)


def test_draws_from_the_priors():
    """Spread and difficulty of 40,000 draws against the laws; two iid means, sorted, keep their average."""
    party = np.repeat([0, 1], [30, 8])
    xi, spread = draw_positions(0 * party, party, False, 40_000, np.random.default_rng(0), ALL)
    assert xi[:, :30].mean(1).mean() + xi[:, 30:].mean(1).mean() == pytest.approx(2 * 0.2, abs=0.03)
    within = ((xi[:, 0] - xi[:, 1]).var() + (xi[:, 30] - xi[:, 31]).var()) / 4
    assert within == pytest.approx(2.5 * 3.5 / 4, rel=0.05)  # E sigma^2 of a Gamma(2.5, 2)
    assert (spread**2).mean() == pytest.approx(2.5 * 3.5 / 4 + 0.7**2 * 5 / 3 / 2, rel=0.05)
    prior = Prior(CENTRED, np.ones(3), 3.0, False, ALL)
    alpha = draw_alpha(prior, np.full(40_000, 2.5), np.random.default_rng(1))
    assert np.quantile(alpha, [0.1, 0.5, 0.9]) == pytest.approx(2.5 * law_of(T).ppf([0.1, 0.5, 0.9]), abs=0.07)
    plain = draw_alpha(replace(prior, priors=PRODUCTION), np.full(40_000, 2.5), np.random.default_rng(1))
    assert plain.std() == pytest.approx(3, rel=0.02)


def test_the_lab_draws_from_the_priors_of_the_fit():
    """Difficulties in units of the members' spread follow it from session to session; plain ones do not change."""
    t = BetaPriorSpec("student_t", {"nu": 5, "mu": 0, "sigma": 1})
    given = ModelPriors(AlphaPrior(t, scaled=True), sigma_within=GAMMA)
    votes, rng = small_chamber(sizes=(5, 5, 0), n_votes=40), np.random.default_rng(2)
    found = [from_prior(votes, CENTRED, 5.0, rng, given) for _ in range(300)]
    inner = np.array([np.quantile(one.alpha, 0.75) - np.quantile(one.alpha, 0.25) for one in found])
    xi = np.array([one.xi.std() for one in found])
    assert np.corrcoef(np.log(inner), np.log(xi))[0, 1] > 0.6  # wide sessions have wide difficulties
    plain = [from_prior(votes, CENTRED, 5.0, rng).alpha for _ in range(100)]
    assert np.std(plain) == pytest.approx(5, rel=0.05)
    check_model(ExperimentConfig("a", model=ModelConfig(priors=given)).fit_spec("house"), "prior")


def test_reweighting_counts_every_prior():
    _, draws = draws_of(PRODUCTION, n=400)
    found = reweight(draws, CENTRED, draws.sign, 3.0, ModelPriors(mu=BetaPriorSpec("normal", {"mu": 0, "sigma": 1.5})))
    ratio = np.exp((stats.norm(0, 1.5).logpdf(draws.mu) - stats.norm(0, 2).logpdf(draws.mu)).sum(0))
    assert found.problem is None
    assert np.corrcoef(found.weights, ratio)[0, 1] > 0.99
    assert reweight(draws, CENTRED, draws.sign, 3.0).ess == pytest.approx(400)


def test_a_refit_rescales_the_prior_of_alpha_that_the_fit_has(tmp_path):
    config = ExperimentConfig("a", model=ModelConfig(priors=ALL))
    made = {one.factor: priors_of(one.spec) for one in refits(config, Unit.HOUSE, tmp_path, ("alpha",))}
    assert {factor: priors.alpha.prior.params["sigma"] for factor, priors in made.items()} == {0.5: 0.35, 2.0: 1.4}
    assert all(priors.alpha.scaled and priors.mu == T for priors in made.values())


def test_joint_and_separate_fits_differ_in_the_priors_that_differ():
    config = ExperimentConfig("a", beta_prior=NORMAL, joint=JointConfig(), model=ModelConfig(priors=ALL))
    specs = {unit: config.fit_spec(unit) for unit in config.units}
    assert different_settings(specs) == []
    other = replace(config, model=ModelConfig(priors=ModelPriors(mu=T)))
    specs[Unit.JOINT] = other.fit_spec(Unit.JOINT)
    assert [row["setting"] for row in different_settings(specs)] == ["alpha", "alpha_sigma", "sigma_within"]
