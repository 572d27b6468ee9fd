"""The model of two dimensions: the textbook's density by hand, the fast form, the frame, and what follows from it."""

import inspect
from dataclasses import replace

import numpy as np
import pytest
from exactness import (
    assert_is_constant,
    excess,
    flatten,
    gradient_error,
    jacobian,
    log_density,
    random_points,
    unflatten,
)
from scipy import stats
from scipy.spatial import procrustes
from small import small_chamber

from tallgrass_models.checking.plane import bill_prior, own_parameters
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.mixing import element_statistics
from tallgrass_models.errors import UserError
from tallgrass_models.models.base import AXES
from tallgrass_models.models.compiled.nutpie import density
from tallgrass_models.models.fast.seating import party_index
from tallgrass_models.models.groups import sigma_scale, three_groups
from tallgrass_models.models.structures.plane import build_plane
from tallgrass_models.models.structures.plane_frame import in_frame, with_sign
from tallgrass_models.models.structures.structure import Settings
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.report.files.data import UnitResults
from tallgrass_models.report.files.records import Bill, Member
from tallgrass_models.report.sections.plane import _named, cutting_lines, ends_sentence, plane_parts
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.unit import Unit

FAST = Settings(BetaPriorSpec("normal", {"mu": 0, "sigma": 1.3}), 3.0, "fast", False, {})
TEXTBOOK = replace(FAST, coordinates="reference")
VOTES = small_chamber(sizes=(4, 5, 2))
PARTY = party_index(VOTES.parties)


@pytest.fixture(scope="module")
def fast():
    return build_plane(VOTES, FAST)


@pytest.fixture(scope="module")
def textbook():
    return log_density(build_plane(VOTES, TEXTBOOK).model)


def plane_of(built):
    """The map of a fast model, and the order that undoes that of its members."""
    return inspect.getclosurevars(built.make_model).nonlocals["fast"], np.argsort(np.argsort(PARTY, kind="stable"))


def some_point(rng):
    n, m = VOTES.n_legislators, VOTES.n_votes
    return {
        "mu_raw": np.array([0.8, -0.3]),
        "sigma_within": np.array([0.7, 0.4]),
        "x1_offset": rng.normal(size=n),
        "x2": rng.normal(size=n),
        "alpha": rng.normal(size=m),
        "beta": rng.normal(size=m),
        "beta2": rng.normal(size=m),
    }


def test_the_textbook_density_by_hand(textbook):
    point = some_point(np.random.default_rng(3))
    mu, sigma = np.sort(point["mu_raw"]), point["sigma_within"]
    center = np.array([*mu, mu.mean()])[PARTY]
    x1 = center + np.array([*sigma, mu[1] - mu[0]])[PARTY] * point["x1_offset"]
    logit = np.outer(x1, point["beta"]) + np.outer(point["x2"], point["beta2"]) - point["alpha"]
    seen = VOTES.y >= 0
    expected = (
        stats.norm.logpdf(point["mu_raw"], 0, 2).sum()
        + stats.halfnorm.logpdf(sigma, 0, sigma_scale(np.bincount(PARTY)[:2])).sum()
        + stats.norm.logpdf(np.concatenate([point["x1_offset"], point["x2"], point["beta2"]])).sum()
        + stats.norm.logpdf(point["alpha"], 0, 3).sum()
        + stats.norm.logpdf(point["beta"], 0, 1.3).sum()
        + stats.bernoulli.logpmf(VOTES.y[seen], 1 / (1 + np.exp(-logit[seen]))).sum()
    )
    assert textbook(point) == pytest.approx(expected, abs=1e-4)


def test_the_fast_form_is_the_textbook_in_other_coordinates(fast, textbook):
    plane, back = plane_of(fast)

    def to_textbook(draws):
        at = plane.forward(draws, np)
        center, scale = three_groups(at.mu, at.sigma, np)
        return {
            "mu_raw": at.mu,
            "sigma_within": at.sigma,
            "x1_offset": (at.x1[..., back] - center[..., PARTY]) / scale[..., PARTY],
            "x2": at.x2[..., back],
            "alpha": at.alpha,
            "beta": at.beta,
            "beta2": at.beta2,
        }

    found = excess(log_density(fast.model), textbook, to_textbook, random_points(fast, 3, seed=5))
    assert_is_constant(found, found[0])  # the constant holds the six equations and the pilot's scales


def test_the_compiled_density_is_that_of_the_model(fast):
    at, compiled = log_density(fast.model), density(fast)
    for point in random_points(fast, 3, seed=11):
        x = flatten(point)
        value, gradient = compiled(x)
        assert value == pytest.approx(at(point), abs=1e-8)
        numeric = jacobian(lambda many: np.array([[compiled(row)[0]] for row in many]), x)[0]
        np.testing.assert_allclose(gradient, numeric, atol=1e-7)


def test_a_frame_so_narrow_that_rounding_would_decide_is_rejected(fast):
    """The precision of a bill is then that of one direction, in which all digits of the others are lost."""
    point, compiled = random_points(fast, 1, seed=11)[0], density(fast)
    narrow = [flatten(point | {"log_second": point["log_second"] - by}) for by in (10, 12, 18, 20)]
    value = [compiled(x)[0] for x in narrow]
    assert value[0] - value[1] == pytest.approx(22, abs=0.01)
    assert np.isnan(value[2:]).all()


def test_the_gradient_of_the_model(fast):
    assert gradient_error(fast, random_points(fast, 1, seed=2)[0]) < 1e-7


def test_a_party_may_stand_on_either_side(fast):
    """The difference of mu is positive also where the sample means are reversed (half a turn of the plane)."""
    plane, _ = plane_of(fast)
    point = {name: value[None, None] for name, value in random_points(fast, 1, seed=4)[0].items()}
    at = plane.forward(point | {"angle": point["angle"] + np.pi}, np)
    left, right = at.x1[0, 0, :4].mean(), at.x1[0, 0, 4:9].mean()
    assert left > right
    assert at.mu[0, 0, 1] > at.mu[0, 0, 0]


# --- the frame -------------------------------------------------------------------------------------------------------


def a_plane(seed=0, shape=(2, 5), n=30, m=12):
    rng = np.random.default_rng(seed)
    parties = np.repeat(["Democrat", "Republican", "Independent"], [12, 15, 3])
    x1 = rng.normal(size=(*shape, n)) + np.repeat([-3.0, 2.0, 0.0], [12, 15, 3])
    x2 = rng.normal(size=(*shape, n)) + 0.3 * x1
    alpha, beta, beta2 = rng.normal(size=(3, *shape, m))
    return x1, x2, alpha, beta, beta2, parties


def logits(reported):
    of_second = reported["beta2"][..., None, :] * reported["xi2"][..., :, None]
    return reported["beta"][..., None, :] * reported["xi"][..., :, None] + of_second - reported["alpha"][..., None, :]


def test_the_frame_keeps_the_logits_and_has_its_properties():
    x1, x2, alpha, beta, beta2, parties = a_plane()
    found = in_frame(x1, x2, alpha, beta, beta2, parties)
    raw = {"xi": x1, "xi2": x2, "alpha": alpha, "beta": beta, "beta2": beta2}
    np.testing.assert_allclose(logits(found), logits(raw), atol=1e-10)
    for draw in np.ndindex(2, 5):
        xi, xi2 = found["xi"][draw], found["xi2"][draw]
        of_parties = [parties == party for party in ("Democrat", "Republican")]
        for rows in of_parties:
            assert xi2[rows].mean() == pytest.approx(0, abs=1e-10)
            assert xi[rows].mean() == pytest.approx(x1[draw][rows].mean())
        within = [np.cov(xi[rows], xi2[rows], bias=True) * rows.sum() for rows in of_parties]
        pooled = sum(within) / sum(rows.sum() for rows in of_parties)
        assert pooled[0, 1] == pytest.approx(0, abs=1e-10)
        assert pooled[1, 1] == pytest.approx(1)


def test_the_frame_does_not_see_an_affine_map():
    x1, x2, alpha, beta, beta2, parties = a_plane()
    matrix, shift = np.array([[0.8, -0.5], [0.9, 1.4]]), np.array([0.3, -2.0])
    y1, y2 = (matrix[k, 0] * x1 + matrix[k, 1] * x2 + shift[k] for k in (0, 1))
    before = in_frame(x1, x2, alpha, beta, beta2, parties)
    after = in_frame(y1, y2, alpha, beta, beta2, parties)
    np.testing.assert_allclose(after["xi2"], before["xi2"], atol=1e-10)

    def relative(xi):
        left, right = (xi[..., parties == party].mean(-1, keepdims=True) for party in ("Democrat", "Republican"))
        return (2 * xi - left - right) / (right - left)

    np.testing.assert_allclose(relative(after["xi"]), relative(before["xi"]), atol=1e-10)


def test_chains_in_either_mirror_image_are_turned_alike():
    x1, x2, alpha, beta, beta2, parties = a_plane(shape=(1, 4))
    mirrored = [np.concatenate([values, sign * values]) for values, sign in ((x2, -1), (beta2, -1))]
    twice = [np.concatenate([values, values]) for values in (x1, alpha, beta)]
    found = in_frame(twice[0], mirrored[0], twice[1], twice[2], mirrored[1], parties)
    mean = found["xi2"][0].mean(0)
    for scores in (mean, -mean):
        turned = with_sign(found, scores, parties)
        for name in ("xi", "xi2", "beta", "beta2", "alpha", AXES):
            np.testing.assert_allclose(turned[name][0], turned[name][1], atol=1e-10)
        within = turned["xi2"][0].mean(0)[parties == "Democrat"]
        assert np.corrcoef(within, scores[parties == "Democrat"])[0, 1] > 0
        np.testing.assert_allclose(logits(turned), logits(found), atol=1e-10)


# --- the priors of a bill in the frame -------------------------------------------------------------------------------


def test_a_bills_own_parameters_come_back():
    x1, x2, alpha, beta, beta2, parties = a_plane(shape=(1, 4))
    found = with_sign(in_frame(x1, x2, alpha, beta, beta2, parties), x2.mean((0, 1)), parties)
    axes, rows = found[AXES][0].T, [found[name][0].T for name in ("alpha", "beta", "beta2")]
    own = own_parameters(axes, *rows)
    np.testing.assert_allclose(own[0], alpha[0].T, atol=1e-10)
    np.testing.assert_allclose(own[1], beta[0].T, atol=1e-10)
    np.testing.assert_allclose(np.abs(own[2]), np.abs(beta2[0].T), atol=1e-10)


def test_the_prior_of_a_bill_given_its_second_slope():
    """Against the density of three numbers less that of one."""
    r, p, q, o = 0.2, 0.7, 1.6, -0.4
    there = np.array([[0, -o, 1.0], [1, r, 0], [p, q, 0]])  # from (b1, b2, intercept) to (alpha, beta, beta2)
    covariance = there @ np.diag([1.3**2, 1.0, 25.0]) @ there.T
    beta2 = 0.9
    given = bill_prior(np.array([[r], [p], [q], [o]]), np.array([beta2]), 1.3, 5.0)
    points = np.random.default_rng(0).normal(size=(6, 2))
    found = [given.log_density(np.array([[alpha]]), np.array([[beta]]))[0, 0] for alpha, beta in points]
    whole = [stats.multivariate_normal.logpdf([*point, beta2], cov=covariance) for point in points]
    expected = np.array(whole) - stats.norm.logpdf(beta2, 0, np.sqrt(covariance[2, 2]))
    np.testing.assert_allclose(np.array(found) - np.log(2 * np.pi), expected)


# --- the configuration -----------------------------------------------------------------------------------------------

SESSION = "sessions: {demo: {source: simulated}}\n"


def test_dimensions_in_the_experiments_file(tmp_path):
    path = tmp_path / "experiments.yaml"
    path.write_text(SESSION + "experiments: {one: {dimensions: 1}, two: {dimensions: 2}}\n")
    one, two = load_experiments(path).values()
    assert "model" not in one.fit_spec("house")
    assert two.fit_spec("senate")["model"] == {"structure": "plane"}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{dimensions: 3}", "must be 1 or 2, not 3"),
        ("{dimensions: true}", "must be 1 or 2, not True"),
        ("{dimensions: 2, joint: true}", "set joint: false"),
        ("{dimensions: 2, beta_prior: {distribution: halfnormal, sigma: 1}}", "needs a normal beta_prior with mu: 0"),
        ("{dimensions: 2, beta_prior: {distribution: normal, mu: 1, sigma: 1}}", "needs a normal beta_prior"),
        ("{dimensions: 2, structure: rasch}", "no model that has both"),
    ],
)
def test_what_two_dimensions_do_not_go_with(tmp_path, settings, message):
    path = tmp_path / "experiments.yaml"
    path.write_text(SESSION + f"experiments: {{one: {settings}}}\n")
    with pytest.raises(UserError, match=message):
        load_experiments(path)


def test_draws_of_the_fast_form_are_reported_with_their_logits(fast):
    plane, back = plane_of(fast)
    point = random_points(fast, 1, seed=9)[0]
    draws = unflatten(np.stack([flatten(point)] * 3), point)
    at, found = plane.forward(draws, np), fast.report(draws, np.random.default_rng(0))
    raw = {"xi": at.x1[..., back], "xi2": at.x2[..., back], "alpha": at.alpha, "beta": at.beta, "beta2": at.beta2}
    np.testing.assert_allclose(logits(found), logits(raw), atol=1e-10)
    assert {name: value.shape[2:] for name, value in found.items()} == {
        name: tuple(len(fast.coords[dim]) for dim in dims) for name, dims in fast.dims.items()
    }


# --- the section of the page -----------------------------------------------------------------------------------------


def member(name, second, low, high, party="Democrat"):
    return Member(
        name.lower(), name, "house", party, 0.5, 0.4, 0.6, second_mean=second, second_q05=low, second_q95=high
    )


def test_the_ends_are_those_whose_intervals_leave_out_zero():
    members = [
        member("Low", -2.0, -3.0, -1.0),
        member("Lower", -2.5, -3.0, -2.0),
        member("Middle", -1.0, -2.5, 0.5),
        member("High", 1.0, 0.5, 1.5),
    ]
    said = ends_sentence(members).striptags()
    assert said == (
        "The 90 % interval on the second dimension leaves out 0 for 3 of 4 members. "
        "Furthest below it: Lower and Low. Alone above it: High."
    )
    assert ends_sentence(members[2:3]) == "No member’s 90 % interval on the second dimension leaves out 0."


def test_cutting_lines_are_where_yea_and_nay_are_equally_likely():
    members = [replace(member(str(k), y, y - 1, y + 1), position_mean=x) for k, (x, y) in enumerate([(-1, 1), (1, -1)])]
    bill = Bill("v1", 0.3, 2.0, 1.0, 3.0, second_slope_mean=-1.5)
    one_sided = Bill("v2", 50.0, 2.0, 1.0, 3.0, second_slope_mean=-4.0)
    [(found, line)] = cutting_lines(members, [one_sided, bill])
    assert found is bill
    x = 0.7
    assert 2.0 * x - 1.5 * (line.at + line.slope * x) - 0.3 == pytest.approx(0)


def test_a_bill_with_two_roll_calls_is_named_once():
    bills = [
        Bill(vote, 0.3, 2.0, 1.0, 3.0, bill=bill) for vote, bill in (("v1", "SB 1"), ("v2", "AB 2"), ("v3", "SB 1"))
    ]
    assert [name.striptags() for name in _named(bills)] == ["SB 1 (2 roll calls)", "AB 2"]


def test_nothing_is_said_of_one_dimension():
    unit = UnitResults(Unit.HOUSE, {}, members=[Member("a", "A", "house", "Democrat", 0.5, 0.4, 0.6)])
    assert plane_parts(unit) == []


# --- by sampling -----------------------------------------------------------------------------------------------------


def drawn_plane(rng, sizes, n_votes, spread=1.0):
    """A chamber with votes from known positions in a plane."""
    votes = small_chamber(sizes=sizes, n_votes=n_votes)
    n = sum(sizes)
    x1 = np.repeat([-2.0, 1.8, 0.0], sizes) + spread * rng.normal(size=n)
    x2, alpha = rng.normal(size=n), rng.normal(size=n_votes)
    beta, beta2 = rng.normal(size=(2, n_votes))
    logit = np.outer(x1, beta) + np.outer(x2, beta2) - alpha
    y = (rng.random(logit.shape) < 1 / (1 + np.exp(-logit))).astype(np.int8)
    scores = votes.legislators.assign(pc1=x1 + 0.3 * rng.normal(size=n), pc2=x2 + 0.3 * rng.normal(size=n))
    truth = in_frame(x1, x2, alpha, beta, beta2, votes.parties)
    return replace(votes, y=y, legislators=scores), truth


def sampled(built, draws, seed):
    config = SamplingConfig(draws=draws, tune=400, chains=2, seed=seed)
    found = sample(built, config, "house", 2)
    return built.report(found.draws, np.random.default_rng(0)), found.stats["diverging"].sum()


@pytest.mark.slow
def test_a_simulated_plane_is_recovered():
    votes, truth = drawn_plane(np.random.default_rng(8), (20, 25, 0), 250)
    found, divergences = sampled(build_plane(votes, replace(FAST, alpha_sigma=5.0)), 500, 3)
    assert divergences == 0
    for name in ("xi", "xi2"):
        assert element_statistics(found[name]).rhat.max() < 1.05

    def plane(x, x2):
        both = np.stack([x, x2], axis=1)
        return (both - both.mean(0)) / both.std(0)

    mean = plane(found["xi"].mean((0, 1)), found["xi2"].mean((0, 1)))
    assert procrustes(plane(truth["xi"], truth["xi2"]), mean)[2] < 0.05
    low, high = np.quantile(found["xi2"], (0.05, 0.95), axis=(0, 1))
    assert ((low < truth["xi2"]) & (truth["xi2"] < high)).mean() > 0.75


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform():
    """Simulation-based calibration (Talts et al. 2018) of places and slopes in the frame, on tiny sessions."""
    rng, ranks, sizes, m = np.random.default_rng(5), [], (5, 6, 0), 15
    for k in range(20):
        votes = small_chamber(sizes=sizes, n_votes=m)
        n = sum(sizes)
        mu = np.sort(rng.normal(0, 2, 2))
        sigma = np.abs(rng.normal(size=2)) * sigma_scale(np.array(sizes[:2]))
        group = np.repeat([0, 1], sizes[:2])
        x1, x2 = mu[group] + sigma[group] * rng.normal(size=n), rng.normal(size=n)
        alpha, beta, beta2 = rng.normal(0, 3, m), rng.normal(0, 1.3, m), rng.normal(size=m)
        logit = np.outer(x1, beta) + np.outer(x2, beta2) - alpha
        y = (rng.random(logit.shape) < 1 / (1 + np.exp(-logit))).astype(np.int8)
        scores = votes.legislators.assign(pc1=x1, pc2=x2)
        truth = in_frame(x1, x2, alpha, beta, beta2, votes.parties)
        found, _ = sampled(build_plane(replace(votes, y=y, legislators=scores), FAST), 250, k)
        # the square does not depend on the sign of the second dimension, nor products on either sign
        for draws, value in (
            (found["xi2"] ** 2, truth["xi2"] ** 2),
            (found["beta"], truth["beta"]),
            (found["xi"][..., -1:] - found["xi"][..., :1], truth["xi"][-1:] - truth["xi"][:1]),
        ):
            ranks.append((draws < value).mean((0, 1)).mean())
    mean = np.array(ranks).reshape(20, 3).mean(0)
    # a rank has standard deviation 0.29, so a mean over 20 sessions has 0.065, and less where members are averaged
    np.testing.assert_allclose(mean, 0.5, atol=0.15)
