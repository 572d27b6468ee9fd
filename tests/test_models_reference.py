"""The textbook models: their log density at an arbitrary point is the sum of scipy's, term by term."""

import numpy as np
import pytest
from prior_table import law_of, priors
from scipy import stats
from small import small_chamber, small_pair

from tallgrass_models.models import reference
from tallgrass_models.models.base import orient
from tallgrass_models.models.groups import sigma_scale
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.votes.matching import join_chambers

EACH = pytest.mark.parametrize("prior", priors(), ids=BetaPriorSpec.describe)


def log_likelihood(y, xi, alpha, beta):
    """Bernoulli terms of the observed cells, one by one."""
    total = 0.0
    for i, j in zip(*np.nonzero(y >= 0), strict=True):
        p = 1 / (1 + np.exp(alpha[j] - beta[j] * xi[i]))
        total += np.log(p if y[i, j] else 1 - p)
    return total


def log_density(built, point):
    """Density of the model with respect to its constrained variables."""
    values = {}
    for variable in built.model.free_RVs:
        value = built.model.rvs_to_values[variable]
        transform = built.model.rvs_to_transforms[variable]
        constrained = np.asarray(point[variable.name], float)
        values[value.name] = (
            constrained if transform is None else transform.forward(constrained, *variable.owner.inputs).eval()
        )
    return float(built.model.compile_logp(jacobian=False, mode="FAST_COMPILE")(values))


def beta_terms(prior, beta):
    """Value and name of the free variable, and its log prior."""
    density = law_of(prior).logpdf(beta).sum()
    if prior.family.log_variable:
        return {"log_beta": np.log(beta)}, density + np.log(beta).sum()
    return {"beta": beta}, density


@EACH
def test_chamber_density_by_hand(prior):
    votes = small_chamber(sizes=(4, 25, 1), n_votes=6, seed=3)
    rng = np.random.default_rng(0)
    mu_raw, sigma = np.array([1.1, -0.7]), np.array([0.3, 1.2])  # unsorted: the model must sort them
    offset, alpha, beta = rng.normal(size=30), rng.normal(size=6), rng.uniform(0.2, 2, 6)
    # the last one is counted with neither party: the middle of -0.7 and 1.1, and their distance
    party = np.repeat([0, 1, 2], [4, 25, 1])
    xi = np.array([-0.7, 1.1, 0.2])[party] + np.array([0.3, 1.2, 1.8])[party] * offset
    free_beta, beta_density = beta_terms(prior, beta)
    expected = (
        stats.norm(0, 2).logpdf(mu_raw).sum()
        + stats.halfnorm(scale=0.5).logpdf(sigma[0])  # 4 Democrats: a small group
        + stats.halfnorm(scale=1.0).logpdf(sigma[1])  # 25 Republicans
        + stats.norm.logpdf(offset).sum()
        + stats.norm(0, 5).logpdf(alpha).sum()
        + beta_density
        + log_likelihood(votes.y, xi, alpha, beta)
    )
    point = {"mu_raw": mu_raw, "sigma_within": sigma, "xi_offset": offset, "alpha": alpha, **free_beta}
    built = reference.build_chamber(votes, prior)
    assert log_density(built, point) == pytest.approx(expected, abs=1e-6)
    draws = {key: np.asarray(value)[None, None] for key, value in point.items()}
    reported = built.report(draws, rng)
    np.testing.assert_allclose(reported["xi"][0, 0], xi)
    np.testing.assert_allclose(reported["mu_party"][0, 0], [-0.7, 1.1])
    np.testing.assert_allclose(reported["beta"][0, 0], beta)


@EACH
def test_joint_density_by_hand(prior):
    joint = join_chambers(*small_pair(n_shared=4))
    rng = np.random.default_rng(1)
    n, m = joint.n_legislators, joint.n_items
    assert (n, m) == (10 + 7, 9 + 7 - 4)
    offset_raw = np.array([[0.9, -0.4], [-1.0, 0.5]])  # the House's pair is unsorted
    sigma_within = np.array([[0.4, 0.7], [0.2, 0.9]])
    chamber_offset, xi_offset = rng.normal(size=2), rng.normal(size=n)
    alpha, beta = rng.normal(size=m), rng.uniform(0.2, 2, m)
    mu_chamber = 0.3 + 0.8 * chamber_offset
    mu_group = mu_chamber[:, None] + 1.4 * np.array([[-0.4, 0.9], [-1.0, 0.5]])
    groups = [(0, 0)] * 4 + [(0, 1)] * 5 + [None] + [(1, 0)] * 3 + [(1, 1)] * 4
    neither = mu_group[0].mean(), mu_group[0, 1] - mu_group[0, 0]
    means_and_sds = [neither if g is None else (mu_group[g], sigma_within[g]) for g in groups]
    xi = np.array([mean + sd * o for (mean, sd), o in zip(means_and_sds, xi_offset, strict=True)])
    free_beta, beta_density = beta_terms(prior, beta)
    expected = (
        stats.norm(0, 2).logpdf(0.3)
        + stats.halfnorm.logpdf(0.8)
        + stats.norm.logpdf(chamber_offset).sum()
        + stats.halfnorm.logpdf(1.4)
        + stats.norm.logpdf(offset_raw).sum()
        + stats.halfnorm(scale=0.5).logpdf(sigma_within).sum()
        + stats.norm.logpdf(xi_offset).sum()
        + stats.norm(0, 2).logpdf(alpha).sum()
        + beta_density
        + log_likelihood(joint.house.y, xi[:10], alpha[joint.house_item], beta[joint.house_item])
        + log_likelihood(joint.senate.y, xi[10:], alpha[joint.senate_item], beta[joint.senate_item])
    )
    point = {
        "mu_global": 0.3,
        "sigma_chamber": 0.8,
        "chamber_offset": chamber_offset,
        "sigma_party": 1.4,
        "offset_raw": offset_raw,
        "sigma_within": sigma_within,
        "xi_offset": xi_offset,
        "alpha": alpha,
        **free_beta,
    }
    built = reference.build_joint(joint, prior, alpha_sigma=2.0)
    assert log_density(built, point) == pytest.approx(expected, abs=1e-6)
    reported = built.report({key: np.asarray(value)[None, None] for key, value in point.items()}, rng)
    np.testing.assert_allclose(reported["xi"][0, 0], xi)
    np.testing.assert_allclose(reported["mu_group"][0, 0], mu_group)
    np.testing.assert_allclose(reported["mu_chamber"][0, 0], mu_chamber)


def test_flat_density_by_hand():
    votes = small_chamber(sizes=(3, 4, 2), n_votes=5)
    rng = np.random.default_rng(2)
    xi, alpha, beta = rng.normal(size=9), rng.normal(size=5), rng.normal(size=5)
    expected = (
        stats.norm.logpdf(xi).sum()
        + stats.norm(0, 5).logpdf(alpha).sum()
        + stats.norm.logpdf(beta).sum()
        + log_likelihood(votes.y, xi, alpha, beta)
    )
    built = reference.build_flat(votes)
    assert log_density(built, {"xi": xi, "alpha": alpha, "beta": beta}) == pytest.approx(expected, abs=1e-6)


@EACH
def test_starts_are_finite_and_oriented(prior):
    pair = small_pair()
    joint = join_chambers(*pair)
    for built in (reference.build_chamber(pair[0], prior), reference.build_joint(joint, prior)):
        assert set(built.start) == {variable.name for variable in built.model.free_RVs}
        assert np.isfinite(log_density(built, built.start))
        reported = built.report(
            {k: np.asarray(v)[None, None] for k, v in built.start.items()}, np.random.default_rng(0)
        )
        mu = reported["mu_party" if built.kind == "chamber" else "mu_group"][0, 0].reshape(-1, 2)
        assert (mu[:, 0] < mu[:, 1]).all()
        assert set(reported) == set(built.dims)
        for name, dims in built.dims.items():
            assert reported[name].shape[2:] == tuple(len(built.coords[d]) for d in dims)


def test_orientation_mirrors_only_the_reversed_chain():
    parties = np.array(["Democrat", "Republican", "Independent"])
    xi = np.array([[[-1.0, 1.0, 0.2]], [[1.0, -1.0, -0.2]]])
    alpha, beta = np.array([[[0.5]], [[0.5]]]), np.array([[[2.0]], [[-2.0]]])
    out = orient(xi, alpha, beta, parties)
    np.testing.assert_array_equal(out["xi"], np.broadcast_to(xi[0], (2, 1, 3)))
    np.testing.assert_array_equal(out["beta"], np.full((2, 1, 1), 2.0))
    np.testing.assert_array_equal(out["alpha"], alpha)


def test_small_groups_get_the_tighter_scale():
    np.testing.assert_array_equal(sigma_scale(np.array([19, 20])), [0.5, 1.0])
