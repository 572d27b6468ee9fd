"""Priors of difficulty, party means and spreads: textbook form against scipy, fast form against the textbook form."""

import math
from dataclasses import replace

import numpy as np
import pytest
from exactness import assert_is_constant, excess, log_density, random_points
from prior_table import law_of, positive, prior_of, priors
from scipy import stats
from small import oriented_beta, small_chamber, small_pair, standard_offsets

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models import reference
from tallgrass_models.models.fast.chamber_forms import fast_chamber, halves_chamber, symmetric
from tallgrass_models.models.fast.joint_builder import JointBuilder
from tallgrass_models.models.fast.joint_map import draw_chamber_means
from tallgrass_models.models.groups import members_spread
from tallgrass_models.priors.model import PRODUCTION, AlphaPrior, ModelPriors
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matching import join_chambers

BETA = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
LOGNORMAL = prior_of("lognormal_reparam")
T, GAMMA, NORMAL, EXPONENTIAL = (prior_of(name) for name in ("student_t", "gamma", "normal", "exponential"))
ALL = ModelPriors(AlphaPrior(T, scaled=True), T, GAMMA, LOGNORMAL, EXPONENTIAL)
CASES = {
    "alpha": ModelPriors(alpha=AlphaPrior(T)),
    "alpha in units of the spread": ModelPriors(alpha=AlphaPrior(NORMAL, scaled=True)),
    "mu, Normal": ModelPriors(mu=NORMAL),
    "mu, StudentT": ModelPriors(mu=T),
    "sigma_within": ModelPriors(sigma_within=GAMMA),
    "sigma_chamber and sigma_party": ModelPriors(sigma_chamber=EXPONENTIAL, sigma_party=prior_of("lognormal")),
    "all of them": ALL,
}
EACH = pytest.mark.parametrize("given", CASES.values(), ids=CASES)
OF_CHAMBER = pytest.mark.parametrize(
    "given", [g for g in CASES.values() if g.of_unit(joint=False).spec()], ids=[k for k in CASES if "chamber" not in k]
)


def spread_by_hand(mu, sigma):
    """Standard deviation of the equal mixture of Normal(mu, sigma): second moment less the square of the first."""
    mu, sigma = np.ravel(mu), np.ravel(sigma)
    return math.sqrt(np.mean(mu**2 + sigma**2) - np.mean(mu) ** 2)


def laws(given, alpha_sigma):
    """scipy's distributions of mu, sigma_chamber, sigma_party; of alpha (or alpha over the spread)."""
    mu = stats.norm(0, 2) if given.mu == PRODUCTION.mu else law_of(given.mu)
    levels = [
        stats.halfnorm(0, 1) if prior == PRODUCTION.sigma_party else law_of(prior)
        for prior in (given.sigma_chamber, given.sigma_party)
    ]
    return mu, *levels, stats.norm(0, alpha_sigma) if given.alpha is None else law_of(given.alpha.prior)


def within(given, sigma):
    law = stats.halfnorm(0, 0.5) if given.sigma_within is None else law_of(given.sigma_within)
    return law.logpdf(sigma).sum()


def likelihood(y, logit):
    return stats.bernoulli.logpmf(y[y >= 0], 1 / (1 + np.exp(-logit[y >= 0]))).sum()


@EACH
def test_chamber_density_by_hand(given):
    """A point whose raw means are not sorted. In units of the spread, alpha follows from ``alpha_scaled``."""
    votes, rng = small_chamber(sizes=(4, 5, 1), n_votes=6, seed=3), np.random.default_rng(0)
    mu_raw, sigma, offset = np.array([1.1, -0.7]), np.array([0.3, 1.2]), rng.normal(size=10)
    drawn, beta = rng.normal(size=6), rng.normal(size=6)
    scaled = given.alpha is not None and given.alpha.scaled
    spread = spread_by_hand(mu_raw, sigma)
    alpha = spread * drawn if scaled else drawn
    xi = np.repeat([-0.7, 1.1, 0.2], [4, 5, 1]) + np.repeat([0.3, 1.2, 1.8], [4, 5, 1]) * offset
    mu_law, *_, alpha_law = laws(given, 3.0)
    expected = (
        mu_law.logpdf(mu_raw).sum()
        + within(given, sigma)
        + stats.norm.logpdf(offset).sum()
        + alpha_law.logpdf(drawn).sum()
        + stats.norm.logpdf(beta).sum()
        + likelihood(votes.y, np.outer(xi, beta) - alpha)
    )
    point = {"mu_raw": mu_raw, "sigma_within": sigma, "xi_offset": offset, "beta": beta}
    point["alpha_scaled" if scaled else "alpha"] = drawn
    built = reference.build_chamber(votes, BETA, 3.0, priors=given)
    assert log_density(built.model)(point) == pytest.approx(expected, abs=1e-5)
    reported = built.report({name: value[None, None] for name, value in point.items()}, rng)
    np.testing.assert_allclose(reported["alpha"][0, 0], alpha)
    assert np.isfinite(log_density(built.model)(built.start))


@EACH
def test_joint_density_by_hand(given):
    votes, rng = join_chambers(*small_pair()), np.random.default_rng(1)
    mu_global, s_chamber, s_party = 0.4, 0.6, 1.3
    chamber, offset_raw = np.array([0.5, -0.2]), np.array([[0.8, -0.4], [-1.0, 0.3]])
    sigma, offset = np.array([[0.4, 0.9], [0.7, 0.2]]), rng.normal(size=len(votes.legislator))
    drawn, beta = rng.normal(size=votes.n_items), rng.normal(size=votes.n_items)
    mu = (mu_global + s_chamber * chamber)[:, None] + s_party * np.sort(offset_raw, axis=1)
    scaled = given.alpha is not None and given.alpha.scaled
    alpha = spread_by_hand(mu, sigma) * drawn if scaled else drawn
    where = np.array(["Democrat", "Republican"]), np.repeat([0, 1], [10, 7])
    xi = np.empty(len(offset))
    for i, (c, party) in enumerate(zip(where[1], votes.parties, strict=True)):
        if party in where[0]:
            p = list(where[0]).index(party)
            xi[i] = mu[c, p] + sigma[c, p] * offset[i]
        else:
            xi[i] = mu[c].mean() + (mu[c, 1] - mu[c, 0]) * offset[i]
    mu_law, chamber_law, party_law, alpha_law = laws(given, 2.0)
    expected = (
        mu_law.logpdf(mu_global)
        + chamber_law.logpdf(s_chamber)
        + party_law.logpdf(s_party)
        + stats.norm.logpdf(chamber).sum()
        + stats.norm.logpdf(offset_raw).sum()
        + within(given, sigma)
        + stats.norm.logpdf(offset).sum()
        + alpha_law.logpdf(drawn).sum()
        + stats.norm.logpdf(beta).sum()
    )
    for part, item, own in (
        (votes.house, votes.house_item, xi[:10]),
        (votes.senate, votes.senate_item, xi[10:]),
    ):
        expected += likelihood(part.y, np.outer(own, beta[item]) - alpha[item])
    point = {
        "mu_global": np.array(mu_global),
        "sigma_chamber": np.array(s_chamber),
        "chamber_offset": chamber,
        "sigma_party": np.array(s_party),
        "offset_raw": offset_raw,
        "sigma_within": sigma,
        "xi_offset": offset,
        "beta": beta,
        "alpha_scaled" if scaled else "alpha": drawn,
    }
    built = reference.build_joint(votes, BETA, 2.0, priors=given)
    assert log_density(built.model)(point) == pytest.approx(expected, abs=1e-5)
    reported = built.report({name: value[None, None] for name, value in point.items()}, rng)
    np.testing.assert_allclose(reported["alpha"][0, 0], alpha)


def free_alpha(given, alpha, mu, sigma):
    """The textbook model's free variable of alpha; ``mu, sigma`` have the groups in the last axis."""
    if given.alpha is None or not given.alpha.scaled:
        return {"alpha": alpha}
    second = (mu**2 + sigma**2).mean(-1) - mu.mean(-1) ** 2
    return {"alpha_scaled": alpha / np.sqrt(second)[..., None]}


def chamber_excess(given, beta=BETA, form=fast_chamber, crossed=False):
    votes, rng = small_chamber(), np.random.default_rng(0)
    fast = form(votes, beta, 3.0, None, crossed, given)
    textbook = reference.build_chamber(votes, beta, 3.0, priors=given)

    def to_textbook(draws):
        at = fast.report(draws, rng)
        mu, sigma = at["mu_party"], at["sigma_within"]
        offset = standard_offsets(at["xi"], mu[..., None, :], sigma[..., None, :], votes.parties)
        free = {"mu_raw": mu, "sigma_within": sigma, "xi_offset": offset, **free_alpha(given, at["alpha"], mu, sigma)}
        return free | oriented_beta(beta, at["beta"], None)

    densities = log_density(fast.model), log_density(textbook.model)
    return excess(*densities, to_textbook, random_points(fast, 3, seed=3))


@OF_CHAMBER
def test_same_posterior_of_a_chamber(given):
    assert_is_constant(chamber_excess(given), np.log(2))


def test_same_posterior_of_a_chamber_with_positive_bills():
    assert_is_constant(chamber_excess(ALL, LOGNORMAL), np.log(2))


def test_same_posterior_of_a_chamber_whose_parties_are_reversed():
    assert_is_constant(chamber_excess(ALL, crossed=True), np.log(2))


@pytest.mark.parametrize("mu", [NORMAL, BetaPriorSpec("student_t", {"nu": 4, "mu": 0, "sigma": 2})])
def test_same_posterior_of_a_chamber_in_halves(mu):
    """A prior of mu that changes with its sign leaves the means in order; any other one lets draws be mirrored."""
    given = ModelPriors(ALL.alpha, mu, GAMMA)
    assert symmetric(BETA, None, given) == (mu != NORMAL)
    assert_is_constant(chamber_excess(given, form=lambda *these: halves_chamber(*these)[0]), np.log(2))


def means_given(mu_group, s_chamber, s_party, prior):
    """Mean and covariance of (mu_global, mu_H, mu_S) given the chambers' centres, by the rules for a joint Normal.

    ``prior`` is scipy's Normal of mu_global; a constant stands for mu_global itself if it is known.
    """
    loading = np.array([[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 1, 0, 1, 0], [1, 0, 1, 0, 1]])
    sd = np.array([prior.std(), s_chamber, s_chamber, s_party / np.sqrt(2), s_party / np.sqrt(2)])
    covariance = (loading * sd**2) @ loading.T
    gain = covariance[:3, 3:] @ np.linalg.inv(covariance[3:, 3:])
    return prior.mean() + gain @ (mu_group.mean(1) - prior.mean()), covariance[:3, :3] - gain @ covariance[3:, :3]


def joint_excess(given, beta=BETA, halves=()):
    votes, rng = join_chambers(*small_pair()), np.random.default_rng(0)
    builder = JointBuilder(votes, beta, 2.0, None, None, given)
    fast = builder.build_halves((False, False), halves) if halves else builder.build((False, False))
    textbook = reference.build_joint(votes, beta, 2.0, priors=given)
    chamber = np.repeat([0, 1], [votes.house.n_legislators, votes.senate.n_legislators])
    fast_density, closed = log_density(fast.model), given.mu.distribution == "normal"
    law = stats.norm(given.mu.params["mu"], given.mu.params["sigma"]) if closed else None

    def density(point):
        at = {name: x[0, 0] for name, x in fast.report({k: v[None, None] for k, v in point.items()}, rng).items()}
        if closed:
            rest = stats.multivariate_normal.logpdf(
                point["means"], *means_given(at["mu_group"], at["sigma_chamber"], at["sigma_party"], law)
            )
        else:  # mu_c ~ Normal(mu_global, sigma_chamber), and centre ~ Normal(mu_c, sigma_party / sqrt 2)
            prior, seen = at["sigma_chamber"] ** -2, 2 * at["sigma_party"] ** -2
            mean = (prior * at["mu_global"] + seen * at["mu_group"].mean(1)) / (prior + seen)
            rest = stats.norm.logpdf(point["means"], mean, (prior + seen) ** -0.5).sum()
        return fast_density({k: v for k, v in point.items() if k != "means"}) + rest

    def to_textbook(draws):
        at, means = fast.report(draws, rng), draws["means"]
        mu_global, mu_chamber = (means[..., 0], means[..., 1:]) if closed else (at["mu_global"], means)
        mu, sigma = at["mu_group"], at["sigma_within"]
        offset = standard_offsets(at["xi"], mu[..., chamber, :], sigma[..., chamber, :], votes.parties)
        flat = mu.reshape(*mu.shape[:2], 4), sigma.reshape(*mu.shape[:2], 4)
        free = {
            "mu_global": mu_global,
            "sigma_chamber": at["sigma_chamber"],
            "chamber_offset": (mu_chamber - mu_global[..., None]) / at["sigma_chamber"][..., None],
            "sigma_party": at["sigma_party"],
            "offset_raw": (mu - mu_chamber[..., None]) / at["sigma_party"][..., None, None],
            "sigma_within": sigma,
            "xi_offset": offset,
            **free_alpha(given, at["alpha"], *flat),
        }
        return free | oriented_beta(beta, at["beta"], None)

    points = [p | {"means": rng.normal(size=3 if closed else 2)} for p in random_points(fast, 3, seed=7)]
    return excess(density, log_density(textbook.model), to_textbook, points)


@EACH
def test_same_posterior_of_both_chambers(given):
    """A StudentT prior of mu_global has no closed form: mu_global is one more coordinate."""
    assert_is_constant(joint_excess(given), 2 * np.log(2))


def test_same_posterior_of_both_chambers_with_positive_bills_and_halves():
    assert_is_constant(joint_excess(ALL, LOGNORMAL, halves=(True, False)), 2 * np.log(2))


def test_a_forgotten_unit_is_caught(monkeypatch):
    """Fault: the density of alpha over the spread, without the spread in the Jacobian."""
    monkeypatch.setattr(AlphaPrior, "log_density", lambda self, a, s, xp: self.prior.log_density(a / s, xp))
    assert np.ptp(chamber_excess(CASES["alpha in units of the spread"])) > 1e-3


def test_chamber_means_under_another_normal_prior():
    """Mean and covariance of 200,000 draws against the rules for a joint Normal."""
    mu_group, n = np.array([[-1.0, 2.0], [-2.0, 0.5]]), 200_000
    parts = np.full((1, n), 0.7), np.full((1, n), 1.3)
    prior = BetaPriorSpec("normal", {"mu": 3, "sigma": 0.5})
    found = draw_chamber_means(np.broadcast_to(mu_group, (1, n, 2, 2)), *parts, np.random.default_rng(0), prior)
    draws = np.column_stack([found[0][0], found[1][0]])
    mean, covariance = means_given(mu_group, 0.7, 1.3, stats.norm(3, 0.5))
    np.testing.assert_allclose(draws.mean(0), mean, atol=0.01)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.01)


def test_spread_of_members():
    mu, sigma = [np.array(-1.0), np.array(2.0), np.array(0.5)], [np.array(0.3), np.array(1.0), np.array(0.7)]
    assert members_spread(mu, sigma, np) == pytest.approx(spread_by_hand(mu, sigma))
    drawn = np.random.default_rng(1).normal(np.ravel(mu)[:2], np.ravel(sigma)[:2], size=(400_000, 2))
    assert members_spread(mu[:2], sigma[:2], np) == pytest.approx(drawn.std(), abs=0.01)


@pytest.mark.parametrize("prior", priors(positive), ids=BetaPriorSpec.describe)
def test_priors_that_do_not_fit_are_refused(prior):
    with pytest.raises(ValueError, match=f"alpha may be negative, so its prior cannot be {prior.distribution}"):
        AlphaPrior(prior)
    with pytest.raises(ValueError, match="mu may be negative"):
        ModelPriors(mu=prior)
    for name in ("sigma_within", "sigma_chamber", "sigma_party"):
        with pytest.raises(ValueError, match=f"{name} is a spread, so its prior must forbid negative numbers"):
            ModelPriors(**{name: T})
        ModelPriors(**{name: prior})


def test_specs_hold_what_differs():
    assert PRODUCTION.spec() == {}
    assert ModelPriors.from_spec(ALL.spec()) == ALL
    assert set(ALL.of_unit(joint=False).spec()) == {"alpha", "mu", "sigma_within"}
    plain = ModelPriors(AlphaPrior(BetaPriorSpec("normal", {"mu": 0, "sigma": 3})))
    assert plain.of_unit(joint=True).spec() == {}
    assert plain.alpha.sigma == 3


@pytest.mark.slow
def test_a_fit_recovers_what_the_priors_drew():
    """Members and difficulties drawn from other priors than those of production, and fitted under these."""
    t = BetaPriorSpec("student_t", {"nu": 5, "mu": 0, "sigma": 1})
    given = ModelPriors(AlphaPrior(t, scaled=True), t, BetaPriorSpec("gamma", {"mu": 0.6, "sigma": 0.2}))
    rng = np.random.default_rng(12)
    shape = small_chamber(sizes=(14, 16, 0), n_votes=60, missing=0.0)
    mu, sigma = np.array([-1.1, 0.9]), np.array([0.5, 0.7])
    party = (shape.parties == "Republican").astype(int)
    xi, beta = rng.normal(mu[party], sigma[party]), rng.normal(size=60)
    alpha = spread_by_hand(mu, sigma) * rng.standard_t(5, 60)
    y = (rng.random((30, 60)) < 1 / (1 + np.exp(alpha - np.outer(xi, beta)))).astype(np.int8)
    votes = replace(shape, y=y, legislators=shape.legislators.assign(pc1=xi))
    built = fast_chamber(votes, BETA, given.alpha.sigma, None, False, given)
    assert not built.is_compiled
    sampled = sample(built, SamplingConfig(draws=400, tune=400, chains=2, seed=3), "house", 2)
    found = built.report(sampled.draws, rng)

    def relative(xi):
        """Positions with the parties' averages at -1 and 1: what does not depend on the priors' own scale."""
        left, right = (xi[..., party == p].mean(-1, keepdims=True) for p in (0, 1))
        return (2 * xi - left - right) / (right - left)

    def logits(xi, alpha, beta):
        return beta[..., None, :] * xi[..., :, None] - alpha[..., None, :]

    covered = {}
    made = {"position": relative(found["xi"]), "logit": logits(*(found[name] for name in ("xi", "alpha", "beta")))}
    for name, truth in {"position": relative(xi), "logit": logits(xi, alpha, beta)}.items():
        low, high = np.quantile(made[name], [0.05, 0.95], axis=(0, 1))
        covered[name] = np.mean((low <= truth) & (truth <= high))
    assert 0.78 <= covered["position"] <= 1
    assert 0.84 <= covered["logit"] <= 0.97
    assert np.corrcoef(found["xi"].mean((0, 1)), xi)[0, 1] > 0.9
    halves = found["xi"].mean(1)
    assert np.abs(halves[0] - halves[1]).max() < 0.5 * found["xi"].std((0, 1)).max()
