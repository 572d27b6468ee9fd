"""The preview: its density against brute force, its draws against a sampler, its weights against ArviZ, its words."""

import json

import numpy as np
import pytest
import yaml
from arviz_stats.base import array_stats
from scipy import stats
from scipy.special import logsumexp
from small import small_chamber
from votes_fixtures import tallgrass_tables, write_tables

from tallgrass_models import cli
from tallgrass_models.checking.importance import pareto_weights
from tallgrass_models.checking.preview import Preview, preview
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.scale import PARTY_SCALE, headline_scale
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.preview import bills
from tallgrass_models.models.preview.gaussian import BentGaussian
from tallgrass_models.models.preview.groups import zero_sum_basis
from tallgrass_models.models.preview.posterior import Posterior
from tallgrass_models.priors.model import PRODUCTION, AlphaPrior, ModelPriors
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import sample

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
LOGNORMAL = BetaPriorSpec("lognormal", {"mu": 0, "sigma": 0.5})
OTHER_PRIORS = ModelPriors(
    AlphaPrior(BetaPriorSpec("normal", {"mu": 0, "sigma": 1}), scaled=True),
    BetaPriorSpec("student_t", {"nu": 5, "mu": 0.5, "sigma": 1.5}),
    BetaPriorSpec("exponential", {"scale": 1}),
)
CASES = {
    "normal": (NORMAL, None, False, PRODUCTION),
    "reversed": (NORMAL, None, True, PRODUCTION),
    "lognormal": (LOGNORMAL, None, False, PRODUCTION),
    "half-normal": (BetaPriorSpec("halfnormal", {"sigma": 1}), None, False, PRODUCTION),
    "Student t": (BetaPriorSpec("student_t", {"nu": 4, "mu": 0, "sigma": 1}), None, False, PRODUCTION),
    "oriented": (LOGNORMAL, np.resize([1, 0, -1], 14), False, PRODUCTION),
    "other priors": (NORMAL, None, False, OTHER_PRIORS),
}


def chamber():
    return small_chamber(sizes=(6, 7, 1), n_votes=14, apart=1.5)


def brute_force(votes, xi, mu, sigma, prior, oriented, priors):
    """Log density of the textbook form at one point, every bill integrated over a wide and fine grid of its own."""
    beta = np.linspace(-9, 9, 181) if not prior.positive else np.linspace(0.025, 14.025, 281)
    free = np.linspace(-12, 12, 241)
    alpha = np.linspace(-26, 26, 131)
    party = np.array([0] * 6 + [1] * 7)
    total = stats.norm.logpdf(xi[:13], mu[party], sigma[party]).sum() + np.log(2)
    total += stats.norm.logpdf(xi[13], mu.mean(), mu[1] - mu[0])
    total += (priors.mu.log_density(mu, np)).sum()
    if priors.sigma_within is None:
        total += stats.halfnorm.logpdf(sigma, scale=0.5).sum()
    else:
        total += stats.expon.logpdf(sigma).sum()
    spread = np.sqrt((sigma**2).mean() + mu.var()) if priors.alpha else 1.0
    of_alpha = stats.norm.logpdf(alpha, 0, spread if priors.alpha else 5.0)
    for j in range(votes.n_votes):
        side = 1 if oriented is None else oriented[j]
        values = beta if side else free
        p = (prior if side else prior.free_sign()).log_density(values, np)
        logit = (side or 1) * values[:, None, None] * xi - alpha[None, :, None]
        y = votes.y[:, j]
        loglik = -np.logaddexp(0, -np.where(y == 1, logit, -logit))[..., y >= 0].sum(-1)
        cell = (values[1] - values[0]) * (alpha[1] - alpha[0])
        total += logsumexp(loglik + p[:, None] + of_alpha) + np.log(cell)
    return total


@pytest.mark.parametrize("case", CASES)
def test_the_density_is_that_of_the_model_with_bills_and_means_integrated_out(case, monkeypatch):
    """At four points, times the Jacobian of the coordinates and over the density of the means that are drawn.

    Exactly on a fine and wide grid of bills, and nearly on the one in use.
    """
    prior, oriented, crossed, priors = CASES[case]
    votes = chamber()
    posterior = Posterior.of(votes, prior, 5.0, oriented, crossed, priors)
    for _ in range(3):
        posterior.derivatives(posterior.start)  # settles the grid
    rng = np.random.default_rng(1)
    y = posterior.start + 0.15 * rng.standard_normal((4, posterior.start.size))
    mu = posterior.groups.draw_means(y, rng)
    left, right = mu
    in_use = posterior.log_density(y, mu)
    axis = 0.6 * np.arange(-9, 10)
    monkeypatch.setattr(bills, "_STEP", 0.6)
    monkeypatch.setattr(bills, "_GRID", np.stack([x.ravel() for x in np.meshgrid(axis, axis)]))
    found = posterior.log_density(y, mu)
    means = posterior.groups.means(y)
    expected = []
    for k in range(4):
        in_order = np.array([right[k], left[k]] if crossed else [left[k], right[k]])
        assert in_order[0] < in_order[1]
        sigma = np.exp(y[k, 2:4])[:: -1 if crossed else 1]
        log_q = sum(
            stats.norm.logpdf(one[k], m[k], np.sqrt(v[k]))
            for one, m, v in ((left, means.left, means.v_left), (right, means.right, means.v_right))
        )
        distance = (means.right[k] - means.left[k]) * (-1 if crossed else 1)
        log_q -= stats.norm.logcdf(distance / np.sqrt(means.v_left[k] + means.v_right[k]))
        jacobian = jacobian_of(posterior, y[k])
        target = brute_force(votes, posterior.xi(y[k : k + 1])[0], in_order, sigma, prior, oriented, priors)
        expected.append(target + jacobian - log_q)
    np.testing.assert_allclose(found, expected, atol=0.03)
    np.testing.assert_allclose(in_use, expected, atol=0.5)  # 14 bills, with a few votes each


def jacobian_of(posterior, y):
    """Log determinant of coordinates -> (xi, sigma), by differences."""

    def mapped(y):
        return np.concatenate([posterior.xi(y[None])[0], np.exp(y[2:4])])

    h = 1e-5
    steps = h * np.eye(y.size)
    return np.linalg.slogdet([(mapped(y + e) - mapped(y - e)) / (2 * h) for e in steps])[1]


@pytest.mark.parametrize("case", ["normal", "reversed", "lognormal", "other priors"])
def test_derivatives_are_those_of_the_density(case):
    prior, oriented, crossed, priors = CASES[case]
    posterior = Posterior.of(chamber(), prior, 5.0, oriented, crossed, priors)
    y = posterior.start.copy()
    for _ in range(6):
        at = posterior.derivatives(y)
    n, h = y.size, 0.02
    plus, minus = np.split(posterior.log_density(np.concatenate([y + h * np.eye(n), y - h * np.eye(n)])), 2)
    here = float(posterior.log_density(y[None])[0])
    assert at.value == pytest.approx(here, abs=1e-3)
    # where the spread within parties scales alpha, the derivatives leave that out
    tolerance = 0.6 if priors.alpha else 0.02
    np.testing.assert_allclose((plus - minus) / (2 * h), at.gradient, atol=tolerance, rtol=0.02)
    np.testing.assert_allclose((2 * here - plus - minus) / h**2, np.diag(at.information), atol=tolerance, rtol=0.1)


def test_a_basis_of_what_sums_to_zero():
    basis = zero_sum_basis(5)
    np.testing.assert_allclose(basis.T @ basis, np.eye(4), atol=1e-12)
    np.testing.assert_allclose(basis.sum(0), 0, atol=1e-12)
    assert zero_sum_basis(1).shape == (1, 0)


def test_the_density_of_a_bent_gaussian_in_one_dimension():
    """A histogram of its draws."""
    near = BentGaussian(np.array([1.0]), np.array([[2.0]]), np.log(2.0), 0.0, np.array([0.3]), np.array([0.5]))
    y, log_q = near.draw(np.random.default_rng(1).standard_normal((400_000, 1)))
    edges = np.linspace(-2, 6, 33)
    place = np.searchsorted(edges, y[:, 0]) - 1
    inside = (place >= 0) & (place < 32)
    mean = np.bincount(place[inside], np.exp(-log_q[inside]), 32) / len(y)  # E 1/q over a bin is its width
    np.testing.assert_allclose(mean, np.diff(edges), rtol=0.05)


@pytest.mark.parametrize("scale", [0.5, 1.5, 4.0])
def test_weights_are_those_of_arviz(scale):
    log_ratio = scale * np.random.default_rng(2).standard_normal(1000)
    weights, k = pareto_weights(log_ratio)
    log_weights, known = array_stats.psislw(-log_ratio, r_eff=1.0)
    assert k == pytest.approx(float(known), abs=1e-8)
    np.testing.assert_allclose(weights, np.exp(log_weights) / np.exp(log_weights).sum(), rtol=1e-8)


@pytest.mark.parametrize("k", [0.3, 1.2])
def test_pareto_k_of_weights_whose_tail_is_known(k):
    found = [pareto_weights(k * np.random.default_rng(seed).exponential(size=4000))[1] for seed in range(20)]
    assert np.mean(found) == pytest.approx(k, abs=0.1)


def test_weights_that_are_equal_or_no_numbers():
    weights, k = pareto_weights(np.zeros(100))
    assert k == -np.inf
    np.testing.assert_allclose(weights, 0.01)
    assert pareto_weights(np.array([0.0, np.nan, 1.0]))[1] == np.inf


@pytest.mark.slow
@pytest.mark.parametrize(("prior", "orient"), [(NORMAL, False), (LOGNORMAL, True)], ids=["normal", "lognormal"])
def test_a_chamber_whose_weights_are_good_has_the_moments_of_the_posterior(prior, orient):
    votes = small_chamber(sizes=(12, 14, 1), n_votes=150, apart=1.5)
    quick = preview(votes, prior, 5.0, orient, seed=1)
    assert quick.reweighted
    assert quick.pareto_k < quick.threshold
    assert quick.scale == PARTY_SCALE
    built = build_chamber(votes, prior, orient_bills=orient)
    sampled = sample(built, SamplingConfig(draws=1500, tune=500, chains=4, seed=1), "house", 1)
    xi = built.report(sampled.draws, np.random.default_rng(0))["xi"].reshape(-1, 27)
    x = headline_scale(xi, votes.parties)[1].positions(xi)
    error = 4 / np.sqrt(quick.ess)
    np.testing.assert_allclose((quick.mean - x.mean(0)) / x.std(0), 0, atol=error)
    np.testing.assert_allclose(quick.sd / x.std(0), 1, atol=error)
    assert np.corrcoef(quick.mean, x.mean(0))[0, 1] > 0.998


def test_votes_that_are_noise_are_not_trusted():
    """Ten members and a dozen votes: parties may sit on either side, and no Gaussian has that posterior."""
    rng = np.random.default_rng(3)
    votes = small_chamber(sizes=(5, 5, 0), n_votes=12)
    votes.y[:] = rng.integers(0, 2, votes.y.shape)
    found = preview(votes, NORMAL, 5.0)
    assert not found.reweighted or found.gap < 10
    assert any("fit the model" in line.lower() for line in found.sentences())


def test_what_is_said_of_good_and_of_bad_weights():
    nothing = np.zeros((2, 2))
    good = Preview(nothing, *nothing, *nothing, PARTY_SCALE, True, 0.2, 0.67, 400.0, np.inf)
    bad = Preview(nothing, *nothing, *nothing, "spread", False, 1.5, 0.67, 2.0, 3.2)
    assert [line.split(":")[0] for line in good.sentences()] == ["Pareto k is 0.20, not above 0.67"]
    text = " ".join(bad.sentences())
    for part in ("Pareto k is 1.50, above 0.67", "as it stands", "3.2 apart", "do not trust", "not clearly apart"):
        assert part in text


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sessions = {"embedded": {"source": "simulated", "seed": 42}}
    experiments = {"a": {"session": "embedded", "chambers": ["senate"]}, "flat": {"dimensions": 2}}
    (tmp_path / "config").mkdir()
    content = {"sessions": sessions, "experiments": experiments}
    (tmp_path / "config/experiments.yaml").write_text(yaml.safe_dump(content))
    return tmp_path


def test_the_command_says_first_that_it_is_no_posterior_and_writes_no_results(project, capsys):
    assert cli.main(["preview", "a", "--output", "quick.csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("preview, not a posterior: a")
    assert any(line.startswith("Pareto k is ") for line in lines)
    assert sorted(path.name for path in project.iterdir()) == ["config", "quick.csv"]
    table = (project / "quick.csv").read_text().splitlines()
    assert len(table) == 1 + 41
    assert all(line.startswith('"preview, not a posterior",senate,') for line in table[1:])
    assert cli.main(["preview", "a", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["what"] == "preview, not a posterior"
    assert list(found["chambers"]) == ["senate"]
    means = [one["position_mean"] for one in found["members"]]
    assert means == sorted(means)
    assert len(means) == 41
    assert means[0] == pytest.approx(float(table[1].split(",")[-4]), abs=1e-4)  # the same seed, the same numbers


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["flat"], "flat, house: preview knows the standard model alone, and this experiment asks for dimensions: 2"),
        (["b"], "there is no experiment 'b'"),
        (["a", "--output", "results/a.csv"], "results/a.csv: a preview is no result; write it outside of results/"),
    ],
)
def test_refusals(project, capsys, arguments, words):
    assert cli.main(["preview", *arguments]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in project.iterdir()] == ["config"]


def test_votes_with_a_problem_are_refused_as_a_run_would(tmp_path, capsys):
    tables = tallgrass_tables()
    tables["votes"].append(["r1", "House", "m_nobody", "Yes"])
    write_tables(tmp_path, tables)
    session = {"source": "tallgrass", "path": str(tmp_path), "name": "tiny", "min_votes": 1}
    config = tmp_path / "experiments.yaml"
    config.write_text(yaml.safe_dump({"sessions": {"tiny": session}, "experiments": {"a": {}}}))
    assert cli.main(["preview", "a", "--config", str(config)]) == 2
    assert "m_nobody" in capsys.readouterr().err
