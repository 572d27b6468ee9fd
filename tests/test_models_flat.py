"""The flat model in fast coordinates is the textbook model."""

import numpy as np
import pytest
from exactness import assert_is_constant, excess, gradient_error, log_density, random_points
from small import small_chamber

from tallgrass_models.models.fast.flat import build_flat


def test_same_posterior():
    """Up to orientation the variables are the textbook's own, so both densities agree without any constant."""
    votes, rng = small_chamber(), np.random.default_rng(0)
    fast, textbook = build_flat(votes), build_flat(votes, coordinates="reference")
    difference = excess(
        log_density(fast.model),
        log_density(textbook.model),
        lambda draws: fast.report(draws, rng),
        random_points(fast, 3, seed=5),
    )
    assert_is_constant(difference, 0)


def test_gradient():
    built = build_flat(small_chamber())
    assert gradient_error(built, random_points(built, 1, seed=6)[0]) < 1e-8


def test_start_and_report_are_oriented():
    """Republicans to the right at the start; a frame against the parties comes back mirrored."""
    votes = small_chamber()
    built, rng = build_flat(votes), np.random.default_rng(0)
    draws = {name: value[None, None] for name, value in built.start.items()}
    xi = built.report(draws, rng)["xi"][0, 0]
    assert xi[votes.parties == "Republican"].mean() > xi[votes.parties == "Democrat"].mean()
    mirrored = votes.legislators.assign(pc1=-votes.legislators["pc1"])
    other = build_flat(type(votes)(**(vars(votes) | {"legislators": mirrored})))
    xi = other.report({name: value[None, None] for name, value in other.start.items()}, rng)["xi"][0, 0]
    assert xi[votes.parties == "Republican"].mean() > xi[votes.parties == "Democrat"].mean()


def test_refusals():
    with pytest.raises(ValueError, match="'slow'"):
        build_flat(small_chamber(), coordinates="slow")
