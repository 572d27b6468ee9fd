"""How deep the trees of a fast model are grown: the step predicted from curvatures, and what is asked of it."""

import numpy as np
import pytest
from small import small_chamber

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.stretch import Stretch
from tallgrass_models.models.fast.trajectories import DEEPEST, deepest_tree, predicted_step
from tallgrass_models.models.reference import build_chamber as build_textbook
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.sample import compile_model, sample


def unstretched(n):
    return Stretch(np.ones(n), np.empty((0, n)), np.empty(0))


def gaussian(precision):
    return lambda x: (-0.5 * float(precision @ x**2), -precision * x)


@pytest.mark.parametrize("precision", [np.ones(500), np.linspace(0.2, 3, 500)])
def test_step_of_a_gaussian(precision):
    """The sum of the squares of its second derivatives is that of the squared precisions."""
    step = predicted_step(gaussian(precision), np.zeros(500), unstretched(500))
    assert step == pytest.approx(1.7 * (precision**2).sum() ** -0.25, rel=0.03)


def test_step_in_stretched_coordinates():
    """A direction ten times as long, stretched by ten, counts like all others."""
    n = 300
    along = np.ones(n) / np.sqrt(n)

    def density(x):
        gradient = -(x - 0.99 * (along @ x) * along)
        return 0.5 * float(gradient @ x), gradient

    stretch = Stretch(np.ones(n), along[None], np.array([10.0]))
    assert predicted_step(density, np.zeros(n), stretch) == pytest.approx(1.7 * n**-0.25, rel=0.03)


@pytest.mark.parametrize("gradient", [np.nan, 0.0])
def test_no_step_where_the_density_has_no_curvature(gradient):
    assert predicted_step(lambda x: (0.0, np.full_like(x, gradient)), np.zeros(5), unstretched(5)) == 0


@pytest.mark.parametrize(
    ("step", "accept", "depth"),
    [
        (0.30, 0.8, 3),  # 7 steps go 2.1 standard deviations
        (0.28, 0.8, 4),
        (0.19, 0.8, 4),  # 15 steps go 2.9
        (0.14, 0.8, 4),  # 2.1
        (0.13, 0.8, 5),
        (0.035, 0.8, DEEPEST),  # less than a tenth of the step of 500 independent normal variables, 0.36
        (0.30, 0.95, 4),  # steps half as long
        (1e-5, 0.8, DEEPEST),
        (0.0, 0.8, DEEPEST),
    ],
)
def test_depth(step, accept, depth):
    assert deepest_tree(step, 500, accept) == depth
    assert deepest_tree(step, 499, accept) == DEEPEST


def test_a_fit_takes_the_step_that_was_predicted_and_grows_no_deeper_tree():
    built = build_chamber(small_chamber("senate", (14, 26, 0), 240, seed=3), PRODUCTION_BETA, 5.0)
    for accept in (0.8, 0.95):
        config = SamplingConfig(draws=200, tune=300, chains=2, target_accept=accept)
        compiled = compile_model(built, "nutpie")
        sampled = sample(built, config, "senate", 2, compiled=compiled)
        taken = np.median(sampled.stats["step_size"])
        factor = {0.8: 1.0, 0.95: 0.4975}[accept]  # the root of Phi^-1(0.475) / Phi^-1(0.4), from a table
        assert taken == pytest.approx(factor * compiled.step, rel=0.25)
        assert sampled.stats["tree_depth"].max() == compiled.depth(accept)
        assert sampled.stats["n_steps"].max() == 2 ** compiled.depth(accept) - 1


def test_the_textbook_form_has_no_limit_of_ours():
    """Nothing is known of its coordinates."""
    built = build_textbook(small_chamber(), PRODUCTION_BETA)
    assert compile_model(built, "pymc").depth(0.8) == DEEPEST
