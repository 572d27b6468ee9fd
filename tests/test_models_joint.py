"""The joint model in fast coordinates is the textbook model."""

import numpy as np
import pytest
from exactness import assert_is_constant, excess, gradient_error, log_density, random_points
from prior_table import positive, prior_of, priors
from scipy import stats
from small import led_by_democrats, oriented_beta, small_pair, standard_offsets

from tallgrass_models.models.fast import joint_map
from tallgrass_models.models.fast.joint import build_joint
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.models.fast.joint_map import draw_chamber_means
from tallgrass_models.models.orientation import joint_orientation
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

NORMAL = prior_of("normal")
EACH = pytest.mark.parametrize("prior", priors(), ids=BetaPriorSpec.describe)
POSITIVE = pytest.mark.parametrize("prior", priors(positive), ids=BetaPriorSpec.describe)


def chamber_means_given(mu_group, sigma_chamber, sigma_party):
    """Mean and covariance of (mu_global, mu_H, mu_S) given the chambers' centres: rules for a joint Normal.

    ``mu_global ~ N(0, 4)``; each mu_c is that plus ``N(0, sigma_chamber^2)``; each centre, the mean of two party means,
    is mu_c plus ``sigma_party`` times the mean of two standard normals.
    """
    loading = np.array([[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 1, 0, 1, 0], [1, 0, 1, 0, 1]])
    sd = np.array([2, sigma_chamber, sigma_chamber, sigma_party / np.sqrt(2), sigma_party / np.sqrt(2)])
    covariance = (loading * sd**2) @ loading.T
    gain = covariance[:3, 3:] @ np.linalg.inv(covariance[3:, 3:])
    return gain @ mu_group.mean(axis=1), covariance[:3, :3] - gain @ covariance[3:, :3]


def joint_excess(prior, n_points=3, votes=None, oriented=None, crossed=(False, False), halves=()):
    """mu_global and mu_chamber, which the fast model integrates out, join with their conditional density."""
    votes, rng = join_chambers(*small_pair()) if votes is None else votes, np.random.default_rng(0)
    orient = oriented is not None
    builder = JointBuilder(votes, prior, 2.0, None, oriented)
    fast = builder.build_halves(crossed, halves) if halves else builder.build(crossed)
    textbook = build_joint(votes, prior, alpha_sigma=2.0, coordinates="reference", orient_bills=orient)
    chamber = np.repeat([0, 1], [votes.house.n_legislators, votes.senate.n_legislators])
    fast_density = log_density(fast.model)

    def density(point):
        at = {name: x[0, 0] for name, x in fast.report({k: v[None, None] for k, v in point.items()}, rng).items()}
        given = chamber_means_given(at["mu_group"], at["sigma_chamber"], at["sigma_party"])
        return fast_density(point) + stats.multivariate_normal.logpdf(point["means"], *given)

    def to_textbook(draws):
        at, means = fast.report(draws, rng), draws["means"]
        mu_global, mu_chamber = means[..., 0], means[..., 1:]
        mu, sigma = at["mu_group"][..., chamber, :], at["sigma_within"][..., chamber, :]
        free = {
            "mu_global": mu_global,
            "sigma_chamber": at["sigma_chamber"],
            "chamber_offset": (mu_chamber - mu_global[..., None]) / at["sigma_chamber"][..., None],
            "sigma_party": at["sigma_party"],
            "offset_raw": (at["mu_group"] - mu_chamber[..., None]) / at["sigma_party"][..., None, None],
            "sigma_within": at["sigma_within"],
            "xi_offset": standard_offsets(at["xi"], mu, sigma, votes.parties),
            "alpha": at["alpha"],
        }
        return free | oriented_beta(prior, at["beta"], oriented)

    points = [point | {"means": rng.normal(size=3)} for point in random_points(fast, n_points, seed=7)]
    return excess(density, log_density(textbook.model), to_textbook, points)


@EACH
def test_same_posterior(prior):
    """Two sorted pairs of offsets, each with twice the density of unsorted ones: the constant is 2 log 2."""
    assert_is_constant(joint_excess(prior), 2 * np.log(2))


@pytest.mark.parametrize("prior", [NORMAL], ids=BetaPriorSpec.describe)
def test_gradient(prior):
    built = JointBuilder(join_chambers(*small_pair()), prior, 5.0, None, None).build((False, False))
    assert gradient_error(built, random_points(built, 1, seed=8)[0]) < 1e-7


@pytest.mark.parametrize("crossed", [(True, True), (False, True)])
@EACH
def test_same_posterior_with_the_parties_reversed(prior, crossed):
    votes = join_chambers(*(led_by_democrats(part) for part in small_pair()))
    assert_is_constant(joint_excess(prior, votes=votes, crossed=crossed), 2 * np.log(2))


@pytest.mark.parametrize("halves", [(True, True), (False, True)])
@pytest.mark.parametrize("prior", priors()[:2], ids=BetaPriorSpec.describe)
def test_same_posterior_in_the_frame_of_halves(prior, halves):
    assert_is_constant(joint_excess(prior, halves=halves), 2 * np.log(2))


@POSITIVE
def test_same_posterior_of_oriented_bills(prior, monkeypatch):
    """Of each kind among the bills of one chamber, and of an open and of a known sign among the shared ones."""
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 1.0)
    votes = join_chambers(*small_pair())
    oriented = joint_orientation(votes)
    assert {*oriented} == {-1, 0, 1}
    assert len({*(oriented[votes.shared["item"]] == 0)}) == 2
    assert_is_constant(joint_excess(prior, votes=votes, oriented=oriented), 2 * np.log(2))


def test_frames_taken_the_wrong_way_round_are_caught(monkeypatch):
    """Fault: a shared bill carried to the Senate by the relation that leads from the Senate to the House."""
    honest = joint_map.relative_frame
    monkeypatch.setattr(joint_map, "relative_frame", lambda frame, home: honest(home, frame))
    assert np.ptp(joint_excess(NORMAL)) > 1e-3


def test_a_lost_level_is_caught(monkeypatch):
    """Fault: chambers' centres that vary by sigma_chamber only, without the share of the party offsets."""
    honest = joint_map.normal_logp

    def faulty(x, mu, sigma, xp):
        return honest(x, mu, sigma * 1.1, xp)

    monkeypatch.setattr(joint_map, "normal_logp", faulty)
    assert np.ptp(joint_excess(NORMAL)) > 1e-3


def test_chamber_means_come_from_their_conditional():
    """Mean and covariance of 200,000 draws against the rules for a joint Normal."""
    mu_group, sigma_chamber, sigma_party = np.array([[-1.0, 2.0], [-2.0, 0.5]]), 0.7, 1.3
    n = 200_000
    mu_global, mu_chamber = draw_chamber_means(
        np.broadcast_to(mu_group, (1, n, 2, 2)),
        np.full((1, n), sigma_chamber),
        np.full((1, n), sigma_party),
        np.random.default_rng(0),
    )
    draws = np.column_stack([mu_global[0], mu_chamber[0]])
    mean, covariance = chamber_means_given(mu_group, sigma_chamber, sigma_party)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.01)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.01)


def test_report_has_members_and_items_in_order():
    """Shapes; what is in which place is for `test_same_posterior`."""
    votes = join_chambers(*small_pair())
    built = build_joint(votes, NORMAL)
    assert built.coords["legislator"].tolist() == votes.legislator.tolist()
    reported = built.report({name: value[None, None] for name, value in built.start.items()}, np.random.default_rng(0))
    assert {name: value.shape[2:] for name, value in reported.items()} == {
        "xi": (17,),
        "mu_global": (),
        "sigma_chamber": (),
        "mu_chamber": (2,),
        "sigma_party": (),
        "mu_group": (2, 2),
        "sigma_within": (2, 2),
        "alpha": (12,),
        "beta": (12,),
    }


def test_refusals():
    with pytest.raises(ValueError, match="'slow'"):
        build_joint(join_chambers(*small_pair()), NORMAL, coordinates="slow")
