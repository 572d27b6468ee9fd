"""Draws enough: decided on counts, by gates with a margin, and the same whatever the clock says."""

import time

import arviz as az
import numpy as np
import pytest
from small import small_chamber

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.fast.chamber_forms import fast_chamber
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling import enough as rule
from tallgrass_models.sampling.sample import go_on, sample
from tallgrass_models.sampling.watch import KeptDraws

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})
OPEN = SamplingConfig(tune=300, most_draws=6000, seed=5)


@pytest.fixture(scope="module")
def built():
    return fast_chamber(small_chamber(sizes=(9, 12, 0), n_votes=40, apart=2.0), NORMAL, 5.0, None, crossed=False)


@pytest.fixture(scope="module")
def found(built):
    return sample(built, OPEN, "house", 2)


def test_draws_are_the_first_ones_of_a_longer_run(built, found):
    whole = sample(built, SamplingConfig(tune=300, draws=OPEN.most_draws, seed=5), "house", 2)
    assert found.n_draws % rule.BLOCK == 0
    assert 0 < found.n_draws < OPEN.most_draws
    for name, values in found.draws.items():
        np.testing.assert_array_equal(values, whole.draws[name][:, : found.n_draws])


def test_every_quantity_is_beyond_the_gates_by_the_margin(built, found):
    reported = built.report(found.draws, np.random.default_rng(0)) | {"lp": found.stats["lp"]}
    data = az.from_dict({"posterior": reported})
    worst = {
        "rhat": max(float(az.rhat(data)[name].max()) for name in reported),
        "bulk": min(float(az.ess(data)[name].min()) for name in reported),
        "tail": min(float(az.ess(data, method="tail")[name].min()) for name in reported),
    }
    assert worst["rhat"] < 1.005
    assert worst["bulk"] > 1000
    assert worst["tail"] > 1000


def test_a_slow_judgement_changes_nothing(built, found, monkeypatch):
    honest = rule.Enough.more

    def slowly(self, kept):
        time.sleep(0.4)
        return honest(self, kept)

    monkeypatch.setattr(rule.Enough, "more", slowly)
    again = sample(built, OPEN, "house", 2)
    assert again.n_draws == found.n_draws
    np.testing.assert_array_equal(again.stats["lp"], found.stats["lp"])


def test_it_ends_at_the_most_draws(built):
    few = sample(built, SamplingConfig(tune=100, most_draws=400, seed=5), "house", 2)
    assert few.n_draws == 400


def test_draws_that_were_kept_count(built, found):
    """Interrupted at half way: no more draws in all than seem to be needed, and the kept ones come first."""
    n = found.n_draws // 2
    kept = KeptDraws(
        {name: values[:, :n] for name, values in found.draws.items()},
        {name: values[:, :n] for name, values in found.stats.items()},
        np.full(4, n),
        found.chain_seeds,
    )
    gone_on = go_on(built, OPEN, "house", 2, kept)
    np.testing.assert_array_equal(gone_on.stats["lp"][:, :n], found.stats["lp"][:, :n])
    assert gone_on.n_draws < OPEN.most_draws
    assert gone_on.chain_seeds[0].startswith(f"{found.chain_seeds[0]}[{n}]+")


def test_more_draws_for_a_chain_that_is_elsewhere():
    """Four chains, one of them apart: as many as may be made before the next judgement."""

    class Scalar:
        @staticmethod
        def report(draws, rng):
            return {"x": draws["x"]}

    rng = np.random.default_rng(0)
    x = rng.normal(size=(4, 1000)) + np.array([0, 0, 0, 5.0])[:, None]
    kept = KeptDraws({"x": x}, {"lp": rng.normal(size=(4, 1000))}, np.full(4, 1000), ["a"] * 4)
    assert rule.Enough(Scalar()).more(kept) == rule.MOST
    same = KeptDraws({"x": rng.normal(size=(4, 4000))}, {"lp": rng.normal(size=(4, 4000))}, np.full(4, 4000), ["a"] * 4)
    assert rule.Enough(Scalar()).more(same) == 0
