"""Bridges that may differ: the textbook form against scipy, and the fast form against the textbook form."""

import numpy as np
import pytest
from exactness import assert_is_constant, excess, flatten, gradient_error, jacobian, log_density, random_points
from prior_table import positive, prior_of, priors
from scipy import stats
from small import led_by_democrats, oriented_beta, small_pair, standard_offsets
from test_models_joint import chamber_means_given
from test_models_reference import log_likelihood

from tallgrass_models.models import reference
from tallgrass_models.models.bridges import BRIDGE_SENATE, apart, sides
from tallgrass_models.models.compiled.nutpie import density
from tallgrass_models.models.drift_reference import build_drift_reference
from tallgrass_models.models.fast import drift_bills, drift_map
from tallgrass_models.models.fast.drift import DriftBuilder, build_drift
from tallgrass_models.models.fast.frames import Frame
from tallgrass_models.models.orientation import joint_orientation
from tallgrass_models.priors.bridges import drift_scales
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

NORMAL = prior_of("normal")


def drift_excess(prior, n_points=2, votes=None, oriented=None, crossed=(False, False), halves=()):
    """As `test_models_joint.joint_excess`; the textbook's e and f are found from the reported sides of each bill."""
    votes, rng = join_chambers(*small_pair()) if votes is None else votes, np.random.default_rng(0)
    builder = DriftBuilder(votes, prior, 2.0, None, oriented)
    fast = builder.build_halves(crossed, halves) if halves else builder.build(crossed)
    textbook = build_drift_reference(votes, prior, 2.0, oriented=oriented)
    chamber = np.repeat([0, 1], [votes.house.n_legislators, votes.senate.n_legislators])
    fast_density, item = log_density(fast.model), votes.shared["item"].to_numpy()
    free = np.zeros(len(item), dtype=bool) if oriented is None else oriented[item] == 0
    first = np.array([np.flatnonzero(sides(votes) == k)[0] for k in range(votes.n_items + votes.n_shared)])

    def density(point):
        at = {name: x[0, 0] for name, x in fast.report({k: v[None, None] for k, v in point.items()}, rng).items()}
        given = chamber_means_given(at["mu_group"], at["sigma_chamber"], at["sigma_party"])
        return fast_density(point) + stats.multivariate_normal.logpdf(point["means"], *given)

    def to_textbook(draws):
        at, means = fast.report(draws, rng), draws["means"]
        mu_global, mu_chamber = means[..., 0], means[..., 1:]
        mu, sigma = at["mu_group"][..., chamber, :], at["sigma_within"][..., chamber, :]
        alpha, beta = at["alpha"][..., first], at["beta"][..., first]
        (own_a, own_b), (alpha_s, beta_s) = (
            (x[..., : votes.n_items] for x in (alpha, beta)),
            (x[..., votes.n_items :] for x in (alpha, beta)),
        )
        size = np.where(free, drift_scales(prior, 2.0).free, 1.0)
        with np.errstate(invalid="ignore"):
            f = np.where(
                free | (not prior.positive), (beta_s - own_b[..., item]) / size, np.log(beta_s / own_b[..., item])
            )
        return {
            "mu_global": mu_global,
            "sigma_chamber": at["sigma_chamber"],
            "chamber_offset": (mu_chamber - mu_global[..., None]) / at["sigma_chamber"][..., None],
            "sigma_party": at["sigma_party"],
            "offset_raw": (at["mu_group"] - mu_chamber[..., None]) / at["sigma_party"][..., None, None],
            "sigma_within": at["sigma_within"],
            "xi_offset": standard_offsets(at["xi"], mu, sigma, votes.parties),
            "alpha": own_a,
            **oriented_beta(prior, own_b, oriented),
            "delta": at["delta"],
            "tau_alpha": at["tau_alpha"],
            "tau_beta": at["tau_beta"],
            "drift_alpha": (alpha_s - own_a[..., item] - at["delta"][..., None]) / at["tau_alpha"][..., None],
            "drift_beta": f / at["tau_beta"][..., None],
        }

    points = [point | {"means": rng.normal(size=3)} for point in random_points(fast, n_points, seed=7)]
    return excess(density, log_density(textbook.model), to_textbook, points)


#: The families with coordinates of different kinds; the others differ by the log density of the House's side alone.
KINDS = pytest.mark.parametrize(
    "prior", [NORMAL, prior_of("lognormal"), prior_of("halfnormal")], ids=BetaPriorSpec.describe
)


@KINDS
def test_same_posterior(prior):
    """Two sorted pairs of offsets, each with twice the density of unsorted ones: the constant is 2 log 2."""
    assert_is_constant(drift_excess(prior), 2 * np.log(2))


@pytest.mark.parametrize("crossed", [(True, True), (False, True)])
@pytest.mark.parametrize("prior", priors()[:2], ids=BetaPriorSpec.describe)
def test_same_posterior_with_the_parties_reversed(prior, crossed):
    votes = join_chambers(*(led_by_democrats(part) for part in small_pair()))
    assert_is_constant(drift_excess(prior, votes=votes, crossed=crossed), 2 * np.log(2))


@pytest.mark.parametrize("prior", priors()[:1], ids=BetaPriorSpec.describe)
def test_same_posterior_in_the_frame_of_halves(prior):
    assert_is_constant(drift_excess(prior, halves=(False, True)), 2 * np.log(2))


@pytest.mark.parametrize("prior", priors(positive)[:1], ids=BetaPriorSpec.describe)
def test_same_posterior_of_oriented_bills(prior, monkeypatch):
    """Of each kind among the bills of one chamber, and of an open and of a known sign among the shared ones."""
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 1.0)
    votes = join_chambers(*small_pair())
    oriented = joint_orientation(votes)
    assert {*oriented[votes.shared["item"]]} == {-1, 0, 1}
    assert_is_constant(drift_excess(prior, votes=votes, oriented=oriented), 2 * np.log(2))


@pytest.mark.parametrize("prior", [NORMAL, prior_of("lognormal")], ids=BetaPriorSpec.describe)
def test_gradient(prior):
    built = DriftBuilder(join_chambers(*small_pair()), prior, 5.0, None, None).build((False, False))
    assert gradient_error(built, random_points(built, 1, seed=8)[0]) < 1e-7


def test_a_wrong_frame_is_caught(monkeypatch):
    """Fault: the Senate's sides of bills enter the likelihood in a frame that is a tenth too wide."""
    honest = drift_bills.differing_bills

    def faulty(c, side, given, tau, frame, xp):
        return honest(c, side, given, tau, Frame(frame.s, 1.1 * frame.sep), xp)

    monkeypatch.setattr(drift_map, "differing_bills", faulty)
    assert np.ptp(drift_excess(NORMAL)) > 1e-3


@KINDS
def test_textbook_density_by_hand(prior):
    """Against scipy: that of the joint model, in which the Senate votes on other bills, and the differences."""
    joint, rng = join_chambers(*small_pair()), np.random.default_rng(1)
    n, m, k = joint.n_legislators, joint.n_items, joint.n_shared
    point = {
        "mu_global": 0.3,
        "sigma_chamber": 0.8,
        "chamber_offset": rng.normal(size=2),
        "sigma_party": 1.4,
        "offset_raw": rng.normal(size=(2, 2)),
        "sigma_within": np.array([[0.4, 0.7], [0.2, 0.9]]),
        "xi_offset": rng.normal(size=n),
        "alpha": rng.normal(size=m),
    }
    beta = rng.uniform(0.2, 2, m)
    point |= oriented_beta(prior, beta, None)
    differ = {"delta": -0.4, "tau_alpha": 0.7, "tau_beta": 0.3}
    differ |= {"drift_alpha": rng.normal(size=k), "drift_beta": rng.normal(size=k)}
    item = joint.shared["item"].to_numpy()
    alpha_s = point["alpha"][item] - 0.4 + 0.7 * differ["drift_alpha"]
    beta_s = (
        beta[item] * np.exp(0.3 * differ["drift_beta"]) if prior.positive else beta[item] + 0.3 * differ["drift_beta"]
    )
    same = reference.build_joint(joint, prior, 2.0)
    drift = build_drift_reference(joint, prior, 2.0)
    reported = drift.report({name: np.asarray(x)[None, None] for name, x in (point | differ).items()}, rng)
    xi = reported["xi"][0, 0, joint.house.n_legislators :]
    in_senate = joint.senate.rollcalls.index.get_indexer(joint.shared["senate_vote"])
    y = joint.senate.y[:, in_senate]
    spread = prior.moments[1] / 2
    expected = (
        log_density(same.model)(point)
        - log_likelihood(y, xi, point["alpha"][item], beta[item])
        + log_likelihood(y, xi, alpha_s, beta_s)
        + stats.norm.logpdf(-0.4)
        + stats.halfnorm.logpdf(0.7)
        + stats.halfnorm(scale=spread).logpdf(0.3)
        + stats.norm.logpdf([differ["drift_alpha"], differ["drift_beta"]]).sum()
    )
    assert log_density(drift.model)(point | differ) == pytest.approx(expected, abs=1e-6)
    two_sides = np.isin(drift.coords["vote"], drift.coords[BRIDGE_SENATE])
    np.testing.assert_allclose(reported["alpha"][0, 0, two_sides], alpha_s)
    np.testing.assert_allclose(reported["beta"][0, 0, two_sides], beta_s)


def test_without_differences_it_is_the_joint_model():
    """Towards ``tau = 0`` both sides of a bill are one but for delta, and the density stays finite."""
    votes, prior = join_chambers(*small_pair()), prior_of("lognormal")
    fast = DriftBuilder(votes, prior, 2.0, None, None).build((False, False))
    point = random_points(fast, 1, seed=3)[0] | {"log_tau_alpha": np.array(-25.0), "log_tau_beta": np.array(-25.0)}
    reported = fast.report({name: x[None, None] for name, x in point.items()}, np.random.default_rng(0))
    alpha, beta, delta = (reported[name][0, 0] for name in ("alpha", "beta", "delta"))
    items = apart(votes)
    house = items.house_item[votes.shared["item"]]
    senate = items.senate_item[votes.senate.rollcalls.index.get_indexer(votes.shared["senate_vote"])]
    np.testing.assert_allclose(alpha[senate], alpha[house] + delta, atol=1e-9)
    np.testing.assert_allclose(beta[senate], beta[house], rtol=1e-9)
    assert np.isfinite(log_density(fast.model)(point))


def test_report_has_both_sides_of_each_bill():
    votes = join_chambers(*small_pair())
    built = DriftBuilder(votes, NORMAL, 2.0, None, None).build((False, False))
    assert len(built.coords["vote"]) == votes.house.n_votes + votes.senate.n_votes
    assert not any(name.startswith("both:") for name in built.coords["vote"])
    assert set(built.coords[BRIDGE_SENATE]) <= set(built.coords["vote"])
    reported = built.report({name: x[None, None] for name, x in built.start.items()}, np.random.default_rng(0))
    assert {name: x.shape[2:] for name, x in reported.items()} == {
        name: tuple(len(built.coords[d]) for d in dims) for name, dims in built.dims.items()
    }


def test_refusals():
    with pytest.raises(ValueError, match="'slow'"):
        build_drift(join_chambers(*small_pair()), NORMAL, coordinates="slow")


#: Of each compiled family, and of bills with an open and with a known sign.
COMPILED = [
    (NORMAL, False),
    (prior_of("lognormal"), False),
    (prior_of("halfnormal"), False),
    (prior_of("lognormal"), True),
]


@pytest.mark.parametrize(("prior", "oriented"), COMPILED)
def test_the_compiled_density_is_the_pymc_models(prior, oriented, monkeypatch):
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 1.0)
    votes = join_chambers(*small_pair())
    built = DriftBuilder(votes, prior, 2.0, None, joint_orientation(votes) if oriented else None).build((False, True))
    pymc, compiled = log_density(built.model), density(built)
    for point in random_points(built, 2, seed=5):
        x = flatten(point)
        value, gradient = compiled(x)
        assert value == pytest.approx(pymc(point), abs=1e-8)
        numeric = jacobian(lambda xs: np.array([[compiled(x)[0]] for x in xs]), x)[0]
        np.testing.assert_allclose(gradient, numeric, rtol=1e-7, atol=1e-7)
