"""The stretch of sampling coordinates: a linear map, the same posterior, and long directions made short."""

import ctypes

import numpy as np
import pytest
from exactness import flatten, jacobian, random_points
from scipy import linalg
from small import small_chamber, small_pair

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.compiled.nutpie import density, nutpie_model
from tallgrass_models.models.fast.chamber_forms import fast_chamber
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.models.fast.stretch import Stretch, find_stretch
from tallgrass_models.priors.spec import PRODUCTION_BETA
from tallgrass_models.sampling.density import of_nutpie
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matching import join_chambers

DOUBLES = ctypes.POINTER(ctypes.c_double)
EXPAND = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, ctypes.c_uint64, DOUBLES, DOUBLES, ctypes.c_void_p)


def some_stretch(n, rank, seed=0):
    rng = np.random.default_rng(seed)
    directions = linalg.orth(rng.normal(size=(n, rank))).T
    return Stretch(rng.gamma(3, 0.5, n), directions, rng.uniform(1, 5, rank))


def gaussian(precision):
    return lambda x: (-0.5 * float(x @ precision @ x), -precision @ x)


def expanded(model, z):
    """What nutpie keeps of a point."""
    out, function = np.empty(z.size), EXPAND(model.compiled_expand_func.address)
    z = np.ascontiguousarray(z)
    pointers = (part.ctypes.data_as(DOUBLES) for part in (z, out))
    assert function(z.size, z.size, *pointers, model.user_data.ctypes.data) == 0
    return out


@pytest.mark.parametrize(("n", "rank"), [(1, 1), (2, 2), (7, 0), (7, 3)])
def test_the_inverse_is_one_and_the_map_is_linear(n, rank):
    stretch, rng = some_stretch(n, rank), np.random.default_rng(1)
    x, y = rng.normal(size=(2, n))
    np.testing.assert_allclose(stretch.forward(stretch.inverse(x)), x, atol=1e-12)
    np.testing.assert_allclose(stretch.forward(x + y), stretch.forward(x) + stretch.forward(y), atol=1e-12)
    np.testing.assert_allclose(stretch.forward(np.zeros(n)), 0)


def test_it_finds_long_directions_and_scales_scalars():
    """A Gaussian with known standard deviations along known directions, and one scalar in other units."""
    n, long = 60, np.array([4.0, 3.0])
    directions = linalg.orth(np.random.default_rng(2).normal(size=(n, 2))).T
    precision = np.eye(n) + directions.T @ np.diag(long**-2 - 1) @ directions
    unit = np.ones(n)
    unit[0] = 0.02
    scalars = np.arange(n) == 0
    stretch = find_stretch(gaussian(precision / np.outer(unit, unit)), np.zeros(n), scalars)
    jac = jacobian(lambda zs: np.array([stretch.forward(z) for z in zs]), np.zeros(n))
    values = np.linalg.eigvalsh(jac.T @ (precision / np.outer(unit, unit)) @ jac)
    assert np.linalg.cond(precision) > 15
    np.testing.assert_allclose(values[[0, -1]], 1, atol=0.1)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_density_without_curvature_gives_no_stretch(value):
    stretch = find_stretch(lambda x: (0.0, np.full(x.size, value)), np.zeros(5), np.arange(5) < 2)
    x = np.random.default_rng(3).normal(size=5)
    np.testing.assert_array_equal(stretch.forward(x), x)


def test_it_is_the_same_every_time():
    a, b = (find_stretch(gaussian(np.diag([0.1, 1, 1, 2.0])), np.zeros(4), np.arange(4) < 1) for _ in range(2))
    np.testing.assert_array_equal(a.packed(), b.packed())


def chamber():
    return fast_chamber(small_chamber(), PRODUCTION_BETA, 5.0, None, False)


def both():
    return JointBuilder(join_chambers(*small_pair()), PRODUCTION_BETA, 2.0, None, None).build((False, False))


@pytest.mark.parametrize("build", [chamber, both])
def test_the_sampler_has_the_posterior_in_stretched_coordinates(build):
    """Value and gradient at z are those of the model at x(z), up to a constant; what is kept of z is x(z)."""
    built = build()
    model, plain = nutpie_model(built), density(built)
    stretch = find_stretch(plain, flatten(built.start), built.scalars())
    assert (stretch.factors > 1).any()
    sampled = of_nutpie(model)
    for point in random_points(built, 3, seed=5):
        x = flatten(point)
        z = stretch.inverse(x)
        value, gradient = sampled(z)
        assert value == pytest.approx(plain(x)[0], abs=1e-8)
        numeric = jacobian(lambda zs: np.array([[plain(stretch.forward(z))[0]] for z in zs]), z)[0]
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(expanded(model, z), x, atol=1e-12)


def test_chains_start_where_the_model_says():
    """Scattered about the start in the model's coordinates, not in the sampler's."""
    built = chamber()
    model = nutpie_model(built)
    x = np.array([expanded(model, model.initial_point_func(seed)) for seed in range(400)])
    scatter = flatten({name: np.broadcast_to(built.scatter[name], value.shape) for name, value in built.start.items()})
    np.testing.assert_allclose(x.mean(0), flatten(built.start), atol=0.3)
    np.testing.assert_allclose(x.std(0), scatter, rtol=0.2)


def test_curvature_is_that_of_the_surroundings():
    """A quartic is flat at its start, and as steep on average as E(12 x^2) = 12."""
    density = lambda x: (-float((x**4).sum()), -4 * x**3)  # noqa: E731
    stretch = find_stretch(density, np.zeros(400), np.zeros(400, dtype=bool))
    assert len(stretch.factors) == 0
    np.testing.assert_array_equal(stretch.scale, 1)


def test_a_bad_start_is_left_first():
    """About the start the density curves the wrong way; about its top, where x is 3, its second derivative is -4."""

    def density(x):
        d = x - 3
        return -float((2 * np.log1p(d**2)).sum()), -4 * d / (1 + d**2)

    stretch = find_stretch(density, np.zeros(2), np.ones(2, dtype=bool))
    np.testing.assert_allclose(stretch.scale, 0.5, rtol=1e-3)
    assert len(stretch.factors) == 0


def test_draws_are_the_same_whatever_the_cores():
    built, config = chamber(), SamplingConfig(draws=60, tune=60, chains=2)
    first, again = (sample(built, config, "house", cores) for cores in (1, 2))
    for name in first.draws:
        np.testing.assert_array_equal(first.draws[name], again.draws[name])
