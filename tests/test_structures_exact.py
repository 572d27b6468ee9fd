"""Structures: textbook forms against densities added by hand, and fast forms against the textbook forms."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from exactness import assert_is_constant, excess, gradient_error, log_density, random_points
from prior_table import prior_of
from scipy import special, stats
from small import oriented_beta, small_chamber, small_pair, standard_offsets

from tallgrass_models.errors import UserError
from tallgrass_models.files.forms import PARTIES_FRAME, TEXTBOOK
from tallgrass_models.models.compiled.lapse import lapse_pass
from tallgrass_models.models.compiled.likelihood import one_pass, sign_matrix
from tallgrass_models.models.orientation import chamber_orientation
from tallgrass_models.models.structures import covariates, flat_joint, lapse, rasch
from tallgrass_models.models.structures.rasch_map import draw_sides
from tallgrass_models.models.structures.structure import Settings
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1.5})
LOGNORMAL = BetaPriorSpec("lognormal_reparam", {"mu": 0, "sigma": 0.7})
AGE = ["31", "64", "47", "52", "38", "70", "55", "41", "60", "", "49", "33", "58"]


def chamber(n_votes=14, sizes=(4, 5, 1), **options):
    """Parties far apart, with an age and a sex for every member of either."""
    votes = small_chamber(sizes=sizes, n_votes=n_votes, apart=2.0, **options)
    woman = ["yes" if k % 3 else "No" for k in range(len(votes.y))]
    more = pd.DataFrame({"age": AGE[: len(votes.y)], "woman": woman}, votes.legislators.index)
    return replace(votes, more=more)


def settings(prior=NORMAL, coordinates="fast", oriented=False, alpha_sigma=3.0, **model):
    return Settings(prior, alpha_sigma, coordinates, oriented, model)


def logistic(x):
    return special.expit(x)


def members_by_hand(xi, mu, sigma, parties, shift=0.0):
    """Log density of mu_raw, sigma_within and xi, small groups all."""
    out = stats.norm(0, 2).logpdf(mu).sum() + stats.halfnorm(scale=0.5).logpdf(sigma).sum()
    mu = np.sort(mu)
    for i, party in enumerate(parties):
        center, scale = (mu.mean(), mu[1] - mu[0]) if party == "Independent" else (mu[p := int(party > "E")], sigma[p])
        out += stats.norm(center + np.broadcast_to(shift, len(xi))[i], scale).logpdf(xi[i])
    return out


def at_random(n, m, seed=3):
    """An unsorted point of the members and difficulties."""
    rng = np.random.default_rng(seed)
    return np.array([0.8, -1.1]), np.array([0.3, 0.6]), rng.normal(size=n), rng.normal(size=m), rng


def offsets(xi, mu, sigma, votes, shift=0.0):
    """``xi_offset`` and the log Jacobian of ``xi_offset -> xi``."""
    mu = np.sort(mu)
    offset = standard_offsets((xi - shift)[None], mu[None, None], sigma[None, None], votes.parties)[0]
    middle = votes.parties == "Independent"
    scale = np.where(middle, mu[1] - mu[0], sigma[(votes.parties == "Republican").astype(int)])
    return offset, np.log(scale).sum()


# --- textbook forms, by hand ------------------------------------------------------------------------------------------


def test_lapse_by_hand():
    votes = chamber(n_votes=8)
    mu, sigma, xi, alpha, rng = at_random(10, 8)
    beta, eps = rng.normal(size=8), 0.07
    model = lapse.build_chamber(votes, settings(coordinates="reference")).model
    offset, log_scale = offsets(xi, mu, sigma, votes)
    point = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": alpha, "beta": beta, "eps": eps}
    p = eps / 2 + (1 - eps) * logistic(np.outer(xi, beta) - alpha)
    expected = members_by_hand(xi, mu, sigma, votes.parties) + log_scale
    expected += stats.norm(0, 3).logpdf(alpha).sum() + stats.norm(0, 1.5).logpdf(beta).sum()
    expected += stats.beta(1, 50).logpdf(eps)
    expected += np.log(np.where(votes.y == 1, p, np.where(votes.y == 0, 1 - p, 1))).sum()
    assert by_terms(model, point) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("prior", [NORMAL, LOGNORMAL], ids=BetaPriorSpec.describe)
def test_rasch_by_hand(monkeypatch, prior):
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 0.7)
    votes = chamber(n_votes=8, seed=4)
    oriented = chamber_orientation(votes)
    assert {*oriented} == {-1, 0, 1}
    mu, sigma, xi, alpha, _ = at_random(10, 8)
    size = 0.8
    model = rasch.build_chamber(votes, settings(prior, coordinates="reference")).model
    offset, log_scale = offsets(xi, mu, sigma, votes)
    point = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": alpha, "discrimination": size}
    expected = members_by_hand(xi, mu, sigma, votes.parties) + log_scale + stats.norm(0, 3).logpdf(alpha).sum()
    expected += stats.lognorm(0.7).logpdf(size) if prior.positive else stats.halfnorm(scale=1.5).logpdf(size)
    for j, side in enumerate(oriented):
        each = []
        for o in (1, -1) if side == 0 else (side,):
            p = logistic(o * size * xi - alpha[j])
            each.append(np.prod(np.where(votes.y[:, j] == 1, p, np.where(votes.y[:, j] == 0, 1 - p, 1))))
        expected += np.log(np.mean(each))
    assert by_terms(model, point) == pytest.approx(expected, abs=2e-5)


def test_covariates_by_hand():
    votes = chamber(n_votes=8)
    mu, sigma, xi, alpha, rng = at_random(10, 8)
    beta, gamma = rng.normal(size=8), np.array([0.4, -0.9])
    age = np.array([float(x or 0) for x in AGE[:10]])
    woman = np.array([float(k % 3 > 0) for k in range(10)])
    shift = np.zeros(10)
    for k, column in enumerate((age, woman)):
        column = column / column[:9].std()
        for own in (slice(0, 4), slice(4, 9)):
            shift[own] += gamma[k] * (column[own] - column[own].mean())
    asked = settings(coordinates="reference", covariates=["age", "woman"])
    model = covariates.build_chamber(votes, asked).model
    offset, log_scale = offsets(xi, mu, sigma, votes, shift)
    point = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": alpha, "beta": beta, "gamma": gamma}
    expected = members_by_hand(xi, mu, sigma, votes.parties, shift) + log_scale + stats.norm.logpdf(gamma).sum()
    expected += stats.norm(0, 3).logpdf(alpha).sum() + stats.norm(0, 1.5).logpdf(beta).sum()
    p = logistic(np.outer(xi, beta) - alpha)
    expected += np.log(np.where(votes.y == 1, p, np.where(votes.y == 0, 1 - p, 1))).sum()
    assert by_terms(model, point) == pytest.approx(expected, abs=2e-5)


def test_flat_joint_by_hand():
    votes = join_chambers(*small_pair())
    rng = np.random.default_rng(1)
    n, m = len(votes.legislator), votes.n_items
    xi, alpha, beta = rng.normal(size=n), rng.normal(size=m), rng.normal(size=m)
    model = flat_joint.build_joint(votes, settings(coordinates="reference"), rng.normal(size=n)).model
    expected = (
        stats.norm.logpdf(xi).sum() + stats.norm(0, 3).logpdf(alpha).sum() + stats.norm(0, 1.5).logpdf(beta).sum()
    )
    for part, item, first in (
        (votes.house, votes.house_item, 0),
        (votes.senate, votes.senate_item, votes.house.n_legislators),
    ):
        for i, j in zip(*np.nonzero(part.y >= 0), strict=True):
            p = logistic(beta[item[j]] * xi[first + i] - alpha[item[j]])
            expected += np.log(p if part.y[i, j] else 1 - p)
    assert by_terms(model, {"xi": xi, "alpha": alpha, "beta": beta}) == pytest.approx(expected, abs=2e-5)


def by_terms(model, point):
    return log_density(model)({name: np.asarray(value) for name, value in point.items()})


# --- fast forms, against the textbook forms ---------------------------------------------------------------------------


def of_textbook(votes, at, prior, oriented=None, shift=0.0):
    """The free variables of a textbook form of a chamber at reported variables."""
    mu, sigma = at["mu_party"], at["sigma_within"]
    offset = standard_offsets(at["xi"] - shift, mu[..., None, :], sigma[..., None, :], votes.parties)
    free = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, "alpha": at["alpha"]}
    return free | ({} if "discrimination" in at else oriented_beta(prior, at["beta"], oriented))


@pytest.fixture
def in_parties(monkeypatch):
    """So few votes leave the sides of the parties in doubt; take the fast form all the same."""
    monkeypatch.setattr("tallgrass_models.models.structures.in_frame.choose_form", lambda *_: (PARTIES_FRAME, ""))
    monkeypatch.setattr(
        "tallgrass_models.models.structures.lapse.choose_joint_form", lambda *_: (PARTIES_FRAME, (False, False), "")
    )


def compared(build, votes, asked, to_textbook, n_points=3, **more):
    fast, textbook = build(votes, asked, **more), build(votes, replace(asked, coordinates="reference"), **more)
    assert fast.coordinates == "fast"
    rng = np.random.default_rng(0)
    points = random_points(fast, n_points, seed=3)
    found = excess(
        log_density(fast.model), log_density(textbook.model), lambda draws: to_textbook(fast.report(draws, rng)), points
    )
    assert gradient_error(fast, points[0]) < 1e-6
    return found


@pytest.mark.parametrize("prior", [NORMAL, LOGNORMAL], ids=BetaPriorSpec.describe)
def test_fast_lapse_is_the_textbook(in_parties, prior):
    votes = chamber()

    def to_textbook(at):
        return of_textbook(votes, at, prior) | {"eps": at["eps"]}

    assert_is_constant(compared(lapse.build_chamber, votes, settings(prior), to_textbook), np.log(2))


def test_fast_rasch_is_the_textbook(in_parties, monkeypatch):
    """Sides in doubt are summed out of both densities, and drawn afterwards, so they are no part of the map."""
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 0.7)
    votes = chamber(seed=4)
    assert {*chamber_orientation(votes)} == {-1, 0, 1}

    def to_textbook(at):
        return of_textbook(votes, at, NORMAL) | {"discrimination": at["discrimination"]}

    assert_is_constant(compared(rasch.build_chamber, votes, settings(), to_textbook), np.log(2))
    monkeypatch.setattr("tallgrass_models.models.orientation.CERTAIN", 0.0)
    assert_is_constant(compared(rasch.build_chamber, votes, settings(LOGNORMAL), to_textbook), np.log(2))


def test_fast_covariates_are_the_textbook(in_parties):
    votes = chamber()
    asked = settings(covariates=["age", "woman"])
    z = covariates.design(votes, ["age", "woman"])

    def to_textbook(at):
        return of_textbook(votes, at, NORMAL, shift=at["gamma"] @ z.T) | {"gamma": at["gamma"]}

    assert_is_constant(compared(covariates.build_chamber, votes, asked, to_textbook), np.log(2))


def test_fast_flat_joint_is_the_textbook():
    votes = join_chambers(*small_pair())
    start = np.concatenate([votes.house.legislators["pc1"], votes.senate.legislators["pc1"]])

    def to_textbook(at):
        return {name: at[name] for name in ("xi", "alpha", "beta")}

    found = compared(flat_joint.build_joint, votes, settings(), to_textbook, start_xi=start)
    assert_is_constant(found, 0.0)


def test_fast_joint_model_with_lapses_has_the_votes_of_the_textbook(in_parties):
    """Its map is that of the joint model, tested there; so only the votes and eps are new."""
    votes = join_chambers(
        *(small_chamber(c, (4, 5, 1), 12, apart=2.5, bills=[f"HB {j}" for j in range(12)]) for c in ("house", "senate"))
    )
    start = np.concatenate([votes.house.legislators["pc1"], votes.senate.legislators["pc1"]])
    built = lapse.build_joint(votes, settings(LOGNORMAL), start)
    point = random_points(built, 1, seed=3)[0]
    at = built.report({name: value[None, None] for name, value in point.items()}, np.random.default_rng(0))
    eps, xi, alpha, beta = (at[name][0, 0] for name in ("eps", "xi", "alpha", "beta"))
    expected, first = 0.0, 0
    for part, item in ((votes.house, votes.house_item), (votes.senate, votes.senate_item)):
        p = eps / 2 + (1 - eps) * logistic(np.outer(xi[first : first + len(part.y)], beta[item]) - alpha[item])
        expected += np.log(np.where(part.y == 1, p, np.where(part.y == 0, 1 - p, 1))).sum()
        first += len(part.y)
    from tallgrass_models.models.fast.joint_builder import JointBuilder

    plain = JointBuilder(votes, LOGNORMAL, 3.0, start, None).build((False, False))
    eta = [(np.outer(xi[: len(votes.house.y)], beta[votes.house_item]) - alpha[votes.house_item], votes.house.y)]
    eta += [(np.outer(xi[len(votes.house.y) :], beta[votes.senate_item]) - alpha[votes.senate_item], votes.senate.y)]
    without = sum(np.log(np.where(y == 1, logistic(e), np.where(y == 0, logistic(-e), 1))).sum() for e, y in eta)
    own = {name: value for name, value in point.items() if name != "logit_eps"}
    difference = log_density(built.model)(point) - log_density(plain.model)(own)
    prior = stats.beta(1, 50).logpdf(eps) + np.log(eps * (1 - eps))
    assert difference == pytest.approx(expected - without + prior, abs=1e-7)
    assert gradient_error(built, point) < 1e-6


# --- pieces -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("eps", [0.3, 0.01, 1e-6])
def test_the_pass_over_votes_that_lapse(eps):
    """Value by the formula, gradients by differences; with more rows than one product takes, and far logits."""
    rng = np.random.default_rng(2)
    sign = rng.integers(-1, 2, (21, 9)).astype(np.int8)
    u, w, a = 3 * rng.normal(size=21), 3 * rng.normal(size=9), 3 * rng.normal(size=9)
    u[0] = 200.0

    def value(u, w, a, eps):
        p = eps / 2 + (1 - eps) * logistic(sign * (np.outer(u, w) - a))
        return np.log(np.where(sign == 0, 1, p)).sum()

    loglik, *gradients = lapse_pass(u, w, a, eps, sign)
    assert loglik == pytest.approx(value(u, w, a, eps), rel=1e-12)
    x = [u, w, a, np.array(eps)]
    for k, gradient in enumerate(gradients):
        for at in np.ndindex(x[k].shape):
            step = 1e-5 * (eps if k == 3 else 1)
            moved = [[y.copy() for y in x] for _ in range(2)]
            moved[0][k][at] -= step
            moved[1][k][at] += step
            slope = (value(*moved[1]) - value(*moved[0])) / (2 * step)
            assert np.asarray(gradient)[at] == pytest.approx(slope, rel=1e-5, abs=1e-5)
    plain = one_pass(u[1:], w, a, sign[1:])
    for with_lapses, without in zip(lapse_pass(u[1:], w, a, 0.0, sign[1:])[:4], plain, strict=True):
        np.testing.assert_allclose(with_lapses, without, rtol=1e-10, atol=1e-10)


def test_sides_are_drawn_from_their_conditional():
    """A bill on which members of a known position voted: the chance of a side, by Bayes."""
    y = np.array([[1, 1], [0, 0], [1, -1]])
    xi, alpha, size = np.array([0.7, -0.3, 0.2]), np.array([0.1, -0.4]), 1.3
    n = 40_000
    drawn = draw_sides(
        np.broadcast_to(xi, (2, n, 3)), np.broadcast_to(alpha, (2, n, 2)), np.full((2, n), size), sign_matrix(y),
        np.random.default_rng(0),
    )  # fmt: skip
    assert {*np.unique(drawn)} == {-1.0, 1.0}
    for j in range(2):
        right, left = (
            np.prod(
                [
                    1 if v < 0 else logistic((2 * v - 1) * (o * size * x - alpha[j]))
                    for v, x in zip(y[:, j], xi, strict=True)
                ]
            )
            for o in (1, -1)
        )
        assert (drawn[..., j] > 0).mean() == pytest.approx(right / (right + left), abs=0.01)


def test_sides_of_the_parties_in_doubt_go_to_the_textbook_from_both_sides():
    votes = small_chamber(sizes=(4, 4, 0), n_votes=6, apart=0.0)
    for module, model in ((lapse, {}), (rasch, {})):
        built = module.build_chamber(votes, settings(**model))
        assert built.facts["form"] == TEXTBOOK
        assert built.facts["reason"].endswith("so sampling uses the textbook form, with chains started on both sides")
        assert len(built.other_starts) == 1


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        ("born", "house: covariate 'born': the members have no such column (there are age, woman, service, n_votes"),
        ("age", "house: covariate 'age' is no number, yes or no for Member 2 (old), Member 5 (blank). Fill it in in"),
        ("same", "house: covariate 'same' is the same for all members of each party"),
        ("twice", "house: covariates woman, twice: one follows from the others within parties"),
    ],
)
def test_columns_that_cannot_be_covariates_are_refused_by_name(column, problem):
    votes = chamber()
    more = votes.more.assign(
        same=["0"] * 4 + ["1"] * 6, twice=["2" if x == "yes" else "0" for x in votes.more["woman"]]
    )
    if column == "age":
        more.loc[more.index[[2, 5]], "age"] = ["old", ""]
    if column != "same":
        del more["same"]
    if column != "twice":
        del more["twice"]
    votes = replace(votes, more=more)
    with pytest.raises(UserError) as refused:
        covariates.build_chamber(votes, settings(covariates=["woman", column]))
    assert problem in str(refused.value)


def test_more_columns_come_back_from_a_file(tmp_path):
    votes = chamber()
    votes.save(tmp_path / "v.nc")
    back = type(votes).load(tmp_path / "v.nc")
    assert back.more.equals(votes.more.astype("str"))
    small_chamber().save(tmp_path / "none.nc")
    assert type(votes).load(tmp_path / "none.nc").more.empty


def test_prior_of_the_size_of_discrimination_folds_the_other_side():
    from tallgrass_models.models.structures.rasch_map import log_density_of_size

    student = prior_of("student_t")
    x = np.array([0.2, 1.7])
    both = np.exp(student.log_density(x, np)) + np.exp(student.log_density(-x, np))
    np.testing.assert_allclose(log_density_of_size(student, x, np), np.log(both))
