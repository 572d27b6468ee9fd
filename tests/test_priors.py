"""Beta priors: every family against scipy, refusals, and the words used for them."""

import pickle
from dataclasses import replace

import numpy as np
import pymc as pm
import pytest
from prior_table import KNOWN, SIZE, law_of, positive, prior_of, priors
from scipy import integrate, stats

from tallgrass_models.errors import UserError
from tallgrass_models.priors import numeric
from tallgrass_models.priors.densities import beta_log_density, bills_log_density, draw_beta, draw_bills
from tallgrass_models.priors.families import FAMILIES
from tallgrass_models.priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec

EACH = pytest.mark.parametrize("prior", priors(), ids=BetaPriorSpec.describe)
POSITIVE = pytest.mark.parametrize("prior", priors(positive), ids=BetaPriorSpec.describe)


def test_every_family_has_its_law_in_scipy():
    assert list(KNOWN) == list(FAMILIES)


@EACH
def test_density_is_scipys(prior):
    law, x = law_of(prior), np.concatenate([-SIZE, SIZE])
    np.testing.assert_allclose(beta_log_density(prior, x), law.logpdf(x), rtol=1e-9)
    if prior.positive:
        by_log = prior.log_density_of_log(np.log(SIZE), SIZE, np)
        np.testing.assert_allclose(by_log, law.logpdf(SIZE) + np.log(SIZE), rtol=1e-9)


@EACH
def test_pymc_variable_has_scipys_density(prior):
    with pm.Model(coords={"vote": range(len(SIZE))}) as model:
        beta = prior.build(len(SIZE))
    assert model.named_vars_to_dims["beta"] == ("vote",)
    assert beta.name == "beta"
    if prior.family.log_variable:
        np.testing.assert_allclose(beta.eval({model["log_beta"]: np.log(SIZE)}), SIZE)
        found, expected = pm.logp(model["log_beta"], np.log(SIZE)), law_of(prior).logpdf(SIZE) + np.log(SIZE)
    else:
        found, expected = pm.logp(beta, SIZE), law_of(prior).logpdf(SIZE)
    np.testing.assert_allclose(found.eval(), expected, rtol=1e-6)


@EACH
def test_draws_are_scipys(prior):
    drawn = draw_beta(prior, np.random.default_rng(1), 4000)
    assert stats.kstest(drawn, law_of(prior).cdf).pvalue > 0.001
    assert draw_beta(prior, np.random.default_rng(1), (3, 2)).shape == (3, 2)


@EACH
def test_support_and_symmetry_are_scipys(prior):
    law = law_of(prior)
    assert prior.positive == (law.support()[0] >= 0)
    assert prior.symmetric == bool(np.allclose(law.pdf(SIZE), law.pdf(-SIZE)))


@EACH
def test_bill_of_open_sign_has_the_same_mean_square(prior):
    """By quadrature, on both sides of zero."""
    law, free = law_of(prior), prior.free_sign()
    second = sum(
        integrate.quad(lambda x, side=side: x * x * law.pdf(side * x), 0, np.inf)[0]
        for side in ((1,) if prior.positive else (1, -1))
    )
    assert free.distribution == "normal"
    assert (free.params["mu"], free.params["sigma"]) == pytest.approx((0, np.sqrt(second)), rel=1e-6)


@EACH
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_rescaled_is_scipys(prior, factor):
    expected = KNOWN[prior.distribution].law(factor)
    np.testing.assert_allclose(beta_log_density(prior.rescaled(factor), SIZE), expected.logpdf(SIZE), rtol=1e-9)


@EACH
def test_other_ways_to_name_it_are_the_same_prior(prior):
    """The spec keeps the names it was given; what is computed is the same."""
    for params in KNOWN[prior.distribution].other_ways:
        other = BetaPriorSpec(prior.distribution, params)
        assert dict(other.params) == params
        assert BetaPriorSpec.from_dict(other.to_dict()) == other
        np.testing.assert_allclose(beta_log_density(other, SIZE), beta_log_density(prior, SIZE), rtol=1e-12)
        with pm.Model():
            np.testing.assert_allclose(
                pm.logp(other.build(4, dims=None), SIZE).eval(), beta_log_density(prior, SIZE), rtol=1e-6
            )


@POSITIVE
def test_moments_of_log_beta(prior):
    """Against scipy's quadrature in log beta, and those by our own, in place of a closed form."""
    law = law_of(prior)

    def expected(function):
        return integrate.quad(lambda t: function(t) * law.pdf(np.exp(t)) * np.exp(t), -60, 6, limit=400)[0]

    mean = expected(lambda t: t)
    sd = np.sqrt(expected(lambda t: (t - mean) ** 2))
    assert prior.moments == pytest.approx((mean, sd), rel=1e-6)
    assert numeric.log_moments(prior.family, prior.first_params) == pytest.approx((mean, sd), rel=1e-6)


@EACH
@pytest.mark.parametrize("written", [True, False], ids=["as written", "by differences"])
def test_steering_is_the_density_and_its_derivatives(prior, written):
    """Log density up to a constant, and its derivatives by log sep where w = sep * beta stands still."""
    params, law = prior.first_params, law_of(prior)
    steering = numeric.steering_of(prior.family) if written else numeric.steering(prior.family)

    def of_w(log_sep):
        """Log density of log w (or of w, where beta has either sign) at the slopes of beta = SIZE and sep = 1."""
        beta = SIZE * np.exp(-log_sep)
        return law.logpdf(beta) + np.log(beta) if prior.positive else law.logpdf(beta) - log_sep

    found = steering.log_density(np.log(SIZE) if prior.positive else SIZE, params, np)
    np.testing.assert_allclose(found - found[0], of_w(0) - of_w(0)[0], rtol=1e-7)
    h = 1e-3
    first, second = (of_w(h) - of_w(-h)) / (2 * h), (2 * of_w(0) - of_w(h) - of_w(-h)) / h**2
    score, curvature = steering.scale_score(SIZE, params, np)
    np.testing.assert_allclose(score, first, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(curvature, second, rtol=1e-4, atol=1e-5)


@POSITIVE
def test_oriented_bills(prior):
    """Bills of the right's Yea, of the left's, of neither: beta, minus beta, and a Normal with the same mean square."""
    law, sign, beta = law_of(prior), np.array([1, -1, 0]), np.array([0.7, -0.7, -0.7])
    open_sign = stats.norm(0, prior.free_sign().params["sigma"])
    density = [law.logpdf(0.7), law.logpdf(0.7), open_sign.logpdf(0.7)]
    np.testing.assert_allclose(bills_log_density(prior, sign, beta), density)
    assert bills_log_density(prior, sign, -beta)[:2].tolist() == [-np.inf, -np.inf]
    drawn = draw_bills(prior, np.repeat(sign, 2000), np.random.default_rng(0)).reshape(3, 2000)
    assert [(row > 0).mean() for row in drawn] == pytest.approx([1, 0, 0.5], abs=0.04)


@pytest.mark.parametrize(
    ("distribution", "params", "complaint"),
    [
        ("cauchyy", {"mu": 0, "sigma": 1}, "'cauchyy' .known: normal, lognormal"),
        ("normal", {"mu": 0}, "needs 'sigma'"),
        ("halfnormal", {"mu": 0, "sigma": 1}, "unknown parameter 'mu'"),
        ("normal", {"mu": 0, "sigma": 0}, "sigma must be above 0, not 0"),
        ("normal", {"mu": 0, "sigma": -1}, "sigma must be above 0"),
        ("normal", {"mu": float("nan"), "sigma": 1}, "mu must be a finite number"),
        ("normal", {"mu": True, "sigma": 1}, "mu must be a finite number"),
        ("normal", {"mu": 0, "sigma": "1"}, "sigma must be a finite number"),
    ],
)
def test_refusals(distribution, params, complaint):
    with pytest.raises(ValueError, match=complaint):
        BetaPriorSpec(distribution, params)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_parameter_is_checked(family):
    prior = prior_of(family)
    for way in FAMILIES[family].ways:
        for parameter in way.parameters:
            whole = dict.fromkeys(way.names, 1.0)
            with pytest.raises(ValueError, match=f"^{family}: {parameter.name} must be a finite number, not nan"):
                BetaPriorSpec(family, {**whole, parameter.name: float("nan")})
            if parameter.positive:
                with pytest.raises(ValueError, match=f"^{family}: {parameter.name} must be above 0, not -1"):
                    BetaPriorSpec(family, {**whole, parameter.name: -1})
            with pytest.raises(ValueError, match=f"^{family}: needs "):
                BetaPriorSpec(family, {name: 1.0 for name in way.names if name != parameter.name})
    with pytest.raises(ValueError, match="sgima"):
        BetaPriorSpec(family, {**prior.params, "sgima": 1.0})


@EACH
def test_a_spec_is_frozen_hashable_and_goes_to_text_and_back(prior):
    assert BetaPriorSpec(prior.distribution, dict(reversed(prior.params.items()))) == prior
    assert pickle.loads(pickle.dumps(prior)) == prior
    assert hash(pickle.loads(pickle.dumps(prior))) == hash(prior)
    assert BetaPriorSpec.from_dict(prior.to_dict()) == prior
    assert prior.to_dict() == {"distribution": prior.distribution, **KNOWN[prior.distribution].params}
    with pytest.raises(TypeError):
        prior.params["sigma"] = 3


def test_production_priors():
    assert PRODUCTION_BETA.to_dict() == {"distribution": "normal", "mu": 0, "sigma": 1}
    assert JOINT_BETA.to_dict() == {"distribution": "lognormal_reparam", "mu": 0, "sigma": 1}
    assert PRODUCTION_BETA.symmetric


def test_descriptions():
    assert PRODUCTION_BETA.describe() == "Normal(mu=0, sigma=1)"
    assert JOINT_BETA.describe() == "LogNormal_reparam(mu=0, sigma=1)"
    assert BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5}).describe() == "LogNormal(mu=0, sigma=0.5)"
    assert BetaPriorSpec("halfnormal", {"sigma": 1}).describe() == "HalfNormal(sigma=1)"


def test_a_prior_without_a_mean_square_gives_bills_of_open_sign_none(monkeypatch):
    heavy = BetaPriorSpec("halfnormal", {"sigma": 1})
    monkeypatch.setitem(FAMILIES, "halfnormal", replace(heavy.family, root_mean_square=lambda p: np.inf))
    with pytest.raises(UserError, match=r"^HalfNormal\(sigma=1\): its mean square is infinite"):
        heavy.free_sign()
