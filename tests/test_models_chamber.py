"""The chamber model in fast coordinates is the textbook model."""

import numpy as np
import pytest
from exactness import assert_is_constant, excess, gradient_error, log_density, random_points
from small import small_chamber

from tallgrass_models.models import blocks, chamber, coordinates
from tallgrass_models.models.chamber import build_chamber
from tallgrass_models.priors import BetaPriorSpec

PRIORS = [
    BetaPriorSpec("normal", {"mu": 0, "sigma": 1}),
    BetaPriorSpec("normal", {"mu": 0.7, "sigma": 0.8}),
    BetaPriorSpec("lognormal", {"mu": 0.2, "sigma": 0.5}),
    BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 1}),
    BetaPriorSpec("halfnormal", {"sigma": 1.5}),
]


def chamber_excess(prior, alpha_sigma=5.0, n_points=3):
    votes, rng = small_chamber(), np.random.default_rng(0)
    fast = build_chamber(votes, prior, alpha_sigma)
    textbook = build_chamber(votes, prior, alpha_sigma, coordinates="reference")
    party = (votes.major().parties == "Republican").astype(int)

    def to_textbook(draws):
        at = fast.report(draws, rng)
        mu, sigma = at["mu_party"], at["sigma_within"]
        offset = (at["xi"] - mu[..., party]) / sigma[..., party]
        free = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": at["alpha"]}
        if prior.distribution == "lognormal_reparam":
            return free | {"log_beta": np.log(at["beta"])}
        return free | {"beta": at["beta"]}

    densities = log_density(fast.model), log_density(textbook.model)
    return excess(*densities, to_textbook, random_points(fast, n_points, seed=3))


@pytest.mark.parametrize("prior", PRIORS, ids=BetaPriorSpec.describe)
def test_same_posterior(prior):
    """Two iid means have twice their density when sorted: the constant is log 2, not any constant."""
    assert_is_constant(chamber_excess(prior, alpha_sigma=3.0), np.log(2))


@pytest.mark.parametrize("prior", [PRIORS[1]], ids=BetaPriorSpec.describe)
def test_gradient(prior):
    built = build_chamber(small_chamber(), prior)
    assert gradient_error(built, random_points(built, 1, seed=4)[0]) < 1e-7
