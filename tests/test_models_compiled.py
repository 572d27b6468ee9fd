"""The compiled densities that nutpie samples are the PyMC models: same value, and the gradient of that value."""

import ctypes

import numpy as np
import pytest
from exactness import flatten, jacobian, log_density, random_points
from prior_table import compiled, priors
from small import led_by_democrats, small_chamber, small_pair

from tallgrass_models.models.compiled import nutpie
from tallgrass_models.models.fast.chamber_forms import fast_chamber
from tallgrass_models.models.fast.flat import build_flat
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.models.fast.stretch import Stretch
from tallgrass_models.models.orientation import chamber_orientation, joint_orientation
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

PRIORS = [BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), *priors(compiled)]


def chamber(prior, votes, oriented=False, crossed=False):
    return fast_chamber(votes, prior, 3.0, chamber_orientation(votes) if oriented else None, crossed)


def both(prior, oriented=False, crossed=(False, False)):
    votes = join_chambers(*small_pair())
    return JointBuilder(votes, prior, 2.0, None, joint_orientation(votes) if oriented else None).build(crossed)


BUILD = {
    "chamber": lambda prior: chamber(prior, small_chamber()),
    "joint": both,
    "oriented chamber": lambda prior: chamber(prior, small_chamber(n_votes=30), oriented=True),
    "oriented joint": lambda prior: both(prior, oriented=True),
    "crossed": lambda prior: chamber(prior, led_by_democrats(small_chamber(n_votes=30)), crossed=True),
    "crossed joint": lambda prior: both(prior, crossed=(True, False)),
    "two parties alone": lambda prior: chamber(prior, small_chamber(sizes=(4, 5, 0))),
    "three of neither": lambda prior: chamber(prior, small_chamber(sizes=(1, 5, 3))),
}
# A normal prior needs no orientation.
CASES = [(kind, prior) for kind in BUILD for prior in PRIORS if prior.positive or "oriented" not in kind]


def unstretched(built):
    """The model in nutpie's form whose coordinates are its own; `test_models_stretch` has the stretch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            nutpie, "find_stretch", lambda _, x, scalars: Stretch(np.ones(x.size), np.empty((0, x.size)), x[:0])
        )
        return nutpie.nutpie_model(built)


def compiled_density(built):
    """The C function that nutpie calls, as x -> (status, value, gradient)."""
    compiled = unstretched(built)
    pointer = ctypes.POINTER(ctypes.c_double)
    signature = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_uint64, pointer, pointer, pointer, ctypes.c_void_p)
    function = signature(compiled.compiled_logp_func.address)

    def at(x):
        x = np.ascontiguousarray(x, dtype=float)
        gradient, value = np.empty(x.size), np.empty(1)
        arguments = (a.ctypes.data_as(pointer) for a in (x, gradient, value))
        status = function(x.size, *arguments, compiled.user_data.ctypes.data)
        return status, value[0], gradient

    return at


@pytest.fixture(scope="module", params=range(len(CASES) + 1))
def built(request):
    if request.param == len(CASES):
        return build_flat(small_chamber())
    kind, prior = CASES[request.param]
    with pytest.MonkeyPatch.context() as patch:  # so that small chambers have bills of every orientation
        patch.setattr("tallgrass_models.models.orientation.CERTAIN", 1.0)
        return BUILD[kind](prior)


def test_value_is_the_pymc_models(built):
    density, compiled = log_density(built.model), compiled_density(built)
    for point in random_points(built, 4, seed=11):
        status, value, _ = compiled(flatten(point))
        assert status == 0
        assert value == pytest.approx(density(point), abs=1e-8)


def test_gradient_is_that_of_the_value(built):
    compiled = compiled_density(built)
    for point in random_points(built, 2, seed=12):
        x = flatten(point)
        numeric = jacobian(lambda xs: np.array([[compiled(x)[1]] for x in xs]), x)[0]
        _, _, gradient = compiled(x)
        np.testing.assert_allclose(gradient, numeric, rtol=1e-7, atol=1e-7)


def test_chains_start_scattered(built):
    """R-hat can see chains that came to different places only if they set out from different ones."""
    start = unstretched(built).initial_point_func
    points = np.array([start(seed) for seed in (11, 12, 13, 14)])
    apart = np.abs(points - points[0]).max(axis=1)
    assert apart[0] == 0
    assert (apart[1:] > 0.01).all()
    density = compiled_density(built)
    assert np.isfinite([density(point)[1] for point in points]).all()
    np.testing.assert_array_equal(start(12), points[1])  # the seed decides


def test_a_point_without_a_density_is_rejected(built):
    x = flatten(random_points(built, 1, seed=13)[0])
    x[0] = np.nan
    status, _, _ = compiled_density(built)(x)
    assert status != 0


def test_far_logits_stay_finite():
    """Logits of hundreds, as rejected steps produce them."""
    built = BUILD["chamber"](PRIORS[0])
    point = random_points(built, 1, seed=14)[0]
    point["log_sep"] = np.array(6.0)
    status, value, gradient = compiled_density(built)(flatten(point))
    assert status == 0
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()
