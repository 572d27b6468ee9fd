"""The chamber model in fast coordinates is the textbook model."""

from dataclasses import replace

import numpy as np
import pytest
from exactness import assert_is_constant, excess, gradient_error, log_density, random_points
from prior_table import positive, prior_of, priors
from scipy import stats
from small import led_by_democrats, oriented_beta, small_chamber, standard_offsets

from tallgrass_models.models.fast import bills, chamber_forms, logits, matrix, members
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.chamber_forms import fast_chamber, halves_chamber
from tallgrass_models.models.fast.model import CHUNK
from tallgrass_models.models.orientation import chamber_orientation
from tallgrass_models.priors.family import PriorFamily
from tallgrass_models.priors.spec import BetaPriorSpec

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
EACH = pytest.mark.parametrize("prior", [NORMAL, *priors()], ids=BetaPriorSpec.describe)
POSITIVE = pytest.mark.parametrize("prior", priors(positive), ids=BetaPriorSpec.describe)


def chamber_excess(prior, alpha_sigma=5.0, n_points=3, votes=None, oriented=None, crossed=False, form=fast_chamber):
    votes, rng = small_chamber() if votes is None else votes, np.random.default_rng(0)
    orient = oriented is not None
    fast = form(votes, prior, alpha_sigma, oriented, crossed)
    textbook = build_chamber(votes, prior, alpha_sigma, coordinates="reference", orient_bills=orient)

    def to_textbook(draws):
        at = fast.report(draws, rng)
        mu, sigma = at["mu_party"], at["sigma_within"]
        offset = standard_offsets(at["xi"], mu[..., None, :], sigma[..., None, :], votes.parties)
        free = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": at["alpha"]}
        return free | oriented_beta(prior, at["beta"], oriented)

    densities = log_density(fast.model), log_density(textbook.model)
    return excess(*densities, to_textbook, random_points(fast, n_points, seed=3))


@EACH
def test_same_posterior(prior):
    """Two iid means have twice their density when sorted: the constant is log 2, not any constant."""
    assert_is_constant(chamber_excess(prior, alpha_sigma=3.0), np.log(2))


def test_the_production_prior_is_the_default():
    plain, spelt_out = build_chamber(small_chamber()), build_chamber(small_chamber(), NORMAL)
    assert log_density(plain.model)(plain.start) == log_density(spelt_out.model)(plain.start)


@pytest.mark.parametrize("prior", priors(), ids=BetaPriorSpec.describe)
def test_gradient(prior):
    built = fast_chamber(small_chamber(), prior, 5.0, None, crossed=False)
    assert gradient_error(built, random_points(built, 1, seed=4)[0]) < 1e-7


@EACH
def test_same_posterior_with_the_parties_reversed(prior):
    """Democrats' sample mean to the right of Republicans', against the order of mu_party."""
    votes = led_by_democrats(small_chamber(n_votes=30))
    assert_is_constant(chamber_excess(prior, votes=votes, crossed=True), np.log(2))


@pytest.mark.parametrize("sizes", [(4, 5, 0), (1, 5, 1), (4, 5, 3)])
def test_same_posterior_with_members_of_neither_party(sizes):
    assert_is_constant(chamber_excess(NORMAL, votes=small_chamber(sizes=sizes)), np.log(2))


@POSITIVE
def test_same_posterior_of_oriented_bills(prior, monkeypatch):
    """Bills of each kind: Yea of the right, of the left (sign exchanged), and of an open sign."""
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 0.7)
    votes = small_chamber(n_votes=14, seed=2)
    oriented = chamber_orientation(votes)
    assert {*oriented} == {-1, 0, 1}
    assert_is_constant(chamber_excess(prior, votes=votes, oriented=oriented), np.log(2))


@pytest.mark.parametrize("crossed", [False, True])
@EACH
def test_same_posterior_in_the_frame_of_halves(prior, crossed):
    """Ordered means but for the symmetric prior, whose draws are mirrored instead."""
    votes = small_chamber(sizes=(4, 5, 0 if crossed else 1))
    excess_of = chamber_excess(prior, votes=votes, crossed=crossed, form=lambda *these: halves_chamber(*these)[0])
    assert_is_constant(excess_of, np.log(2))


def test_mirrored_draws_of_halves_are_in_order():
    built, _ = halves_chamber(small_chamber(), NORMAL, 5.0, None, crossed=True)
    rng = np.random.default_rng(0)
    draws = {name: value + rng.normal(size=(1, 200, *value.shape)) for name, value in built.start.items()}
    at = built.report(draws, rng)
    assert (at["mu_party"][..., 0] < at["mu_party"][..., 1]).all()


def without_jacobian(function, position):
    """The same map, but for a log Jacobian of zero."""

    def faulty(*args, **kwargs):
        out = function(*args, **kwargs)
        return 0.0 * out if position is None else (*out[:position], 0.0 * out[position], *out[position + 1 :])

    return faulty


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("frame_log_jacobian", None),
        ("informed_group", 1),
        ("population_means", 2),
        ("bill_logits", 2),
        ("bent", 1),
        ("informed_independents", 1),
    ],
)
def test_a_dropped_jacobian_is_caught(name, position, monkeypatch):
    """Fault: one map's Jacobian left out. What should be constant is not."""
    module = next(module for module in (members, bills, logits) if hasattr(module, name))
    monkeypatch.setattr(module, name, without_jacobian(getattr(module, name), position))
    assert np.ptp(chamber_excess(NORMAL)) > 1e-3


def test_a_density_of_beta_taken_for_one_of_its_logarithm_is_caught(monkeypatch):
    """Fault: d beta / d log beta forgotten in the half-normal prior."""

    def faulty(family, log_beta, beta, p, xp):
        return family.log_density_of_beta(beta, p, xp)

    monkeypatch.setattr(PriorFamily, "log_density_of_log", faulty)
    assert np.ptp(chamber_excess(prior_of("halfnormal"))) > 1e-3


def test_swapped_parties_are_caught(monkeypatch):
    """Fault: Republicans' rows where the model expects Democrats."""
    honest = chamber_forms.seat

    def faulty(parties, crossed):
        seating = honest(parties, crossed)
        return replace(seating, order=np.concatenate([seating.order[8::-1], seating.order[9:]]))

    monkeypatch.setattr(chamber_forms, "seat", faulty)
    assert np.ptp(chamber_excess(NORMAL)) > 1e-3


def test_a_flipped_sign_is_caught(monkeypatch):
    """Fault: Nay taken for Yea in the likelihood."""
    honest = matrix.sign_matrix
    monkeypatch.setattr(matrix, "sign_matrix", lambda y: -honest(y))
    assert np.ptp(chamber_excess(NORMAL)) > 1e-3


def test_party_of_one():
    """The only member of a party stands at its sample mean; nothing breaks, and the gradient is right."""
    votes = small_chamber(sizes=(1, 5, 0))
    built = fast_chamber(votes, NORMAL, 5.0, None, crossed=False)
    assert built.start["z_left"].shape == (0,)
    assert gradient_error(built, random_points(built, 1, seed=2)[0]) < 1e-7


def test_members_of_neither_party_take_part():
    votes = small_chamber(sizes=(4, 5, 2))
    built = build_chamber(votes, NORMAL)
    assert built.coords["legislator"].tolist() == votes.legislators.index.tolist()
    draws = {name: np.stack([value[None]] * 3, axis=1) for name, value in built.start.items()}
    reported = built.report(draws, np.random.default_rng(0))
    assert {name: value.shape[2:] for name, value in reported.items()} == {
        "xi": (11,),
        "mu_party": (2,),
        "sigma_within": (2,),
        "alpha": (12,),
        "beta": (12,),
    }


def test_many_draws_are_mapped_as_one():
    """`report` works through draws in pieces; the pieces must not show."""
    built = build_chamber(small_chamber(), NORMAL)
    rng, n = np.random.default_rng(0), 2 * CHUNK + 3
    draws = {name: value + 0.1 * rng.normal(size=(2, n, *value.shape)) for name, value in built.start.items()}
    whole = built.report(draws, rng)
    for draw in (0, CHUNK, n - 1):
        alone = built.report({name: value[:, [draw]] for name, value in draws.items()}, rng)
        for name, value in alone.items():
            np.testing.assert_array_equal(whole[name][:, [draw]], value)


def test_the_order_of_sample_means_is_certain():
    """What the fast form leaves out: sample means of the parties in the opposite order to the population means.

    Embedded Senate, the smallest parties: means 12 apart, spreads 1.7, 10 and 29 members.
    """
    assert stats.norm.cdf(-12 / np.sqrt(1.7**2 / 10 + 1.7**2 / 29)) < 1e-80


def test_refusals():
    with pytest.raises(ValueError, match="'slow'"):
        build_chamber(small_chamber(), NORMAL, coordinates="slow")
    with pytest.raises(ValueError, match="no Democrat"):
        build_chamber(small_chamber(sizes=(0, 5, 1)), NORMAL)
