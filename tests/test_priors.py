"""Beta priors: densities against scipy, refusals, and the words used for them."""

import pickle

import numpy as np
import pymc as pm
import pytest
from scipy import stats

from tallgrass_models.priors.spec import JOINT_BETA, PRODUCTION_BETA, BetaPriorSpec


@pytest.mark.parametrize(
    ("spec", "value_name", "value", "expected"),
    [
        (BetaPriorSpec("normal", {"mu": 0.5, "sigma": 2}), "beta", [-1.0, 3.0], stats.norm(0.5, 2).logpdf),
        (
            BetaPriorSpec("lognormal", {"mu": 0.2, "sigma": 0.5}),
            "beta",
            [0.3, 2.0],
            stats.lognorm(0.5, scale=np.exp(0.2)).logpdf,
        ),
        (BetaPriorSpec("halfnormal", {"sigma": 1.5}), "beta", [0.1, 2.5], stats.halfnorm(scale=1.5).logpdf),
        (
            BetaPriorSpec("lognormal_reparam", {"mu": 0.2, "sigma": 0.5}),
            "log_beta",
            [-0.7, 1.1],
            stats.norm(0.2, 0.5).logpdf,
        ),
    ],
    ids=["normal", "lognormal", "halfnormal", "lognormal_reparam"],
)
def test_density_is_scipys(spec, value_name, value, expected):
    with pm.Model(coords={"vote": [0, 1]}) as model:
        beta = spec.build(2)
    variable = model[value_name]
    density = pm.logp(variable, np.array(value)).eval()
    np.testing.assert_allclose(density, expected(np.array(value)), rtol=1e-7)
    assert model.named_vars_to_dims["beta"] == ("vote",)
    assert beta.name == "beta"


def test_reparam_is_the_exponential():
    with pm.Model() as model:
        beta = JOINT_BETA.build(3, dims=None)
    log_beta = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(beta.eval({model["log_beta"]: log_beta}), np.exp(log_beta))


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


def test_frozen_hashable_picklable():
    spec = BetaPriorSpec("normal", {"sigma": 1, "mu": 0})
    assert spec == PRODUCTION_BETA
    assert hash(spec) == hash(PRODUCTION_BETA)
    assert pickle.loads(pickle.dumps(spec)) == spec
    with pytest.raises(TypeError):
        spec.params["sigma"] = 3


def test_descriptions():
    assert PRODUCTION_BETA.describe() == "Normal(mu=0, sigma=1)"
    assert JOINT_BETA.describe() == "LogNormal_reparam(mu=0, sigma=1)"
    assert BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5}).describe() == "LogNormal(mu=0, sigma=0.5)"
    assert BetaPriorSpec("halfnormal", {"sigma": 1}).describe() == "HalfNormal(sigma=1)"
