"""Sampling by either sampler: seeds reproduce, settings arrive, starts are not jittered, and both agree."""

import itertools

import numpy as np
import pymc as pm
import pytest

from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.draws.seeds import unit_seed
from tallgrass_models.models.base import BuiltModel
from tallgrass_models.sampling.result import STATS
from tallgrass_models.sampling.sample import compile_model, sample

SHORT = {"draws": 60, "tune": 100, "chains": 2, "seed": 7}


@pytest.fixture(scope="module")
def built():
    """Fifteen normals with an unknown spread: quick to compile, with a transformed variable."""
    with pm.Model() as model:
        sigma = pm.HalfNormal("sigma", 1)
        alpha = pm.Normal("alpha", 0, 1, shape=15)
        pm.Normal("y", alpha, sigma, observed=np.linspace(-2, 2, 15))
    start = {"sigma": np.array(0.5), "alpha": np.linspace(-1, 1.3, 15)}
    return BuiltModel("chamber", "reference", lambda: model, start, lambda draws, rng: {}, {}, {})


@pytest.fixture(scope="module", params=["nutpie", "pymc"])
def sampled(request, built):
    return sample(built, SamplingConfig(sampler=request.param, **SHORT), "house", cores=2)


def test_shapes_and_statistics(built, sampled):
    assert set(sampled.draws) == {variable.name for variable in built.model.free_RVs}
    assert sampled.draws["alpha"].shape == (2, 60, 15)
    assert set(sampled.stats) == set(STATS)
    assert all(values.shape == (2, 60) for values in sampled.stats.values())
    assert (sampled.stats["n_steps"] >= 1).all()
    assert len(sampled.chain_seeds) == 2 == len(set(sampled.chain_seeds))
    assert sampled.sample_s > 0


@pytest.mark.parametrize("sampler", ["nutpie", "pymc"])
def test_the_seed_decides(built, sampler):
    config = {"sampler": sampler, **SHORT, "draws": 20, "tune": 30}
    first, again, other_unit = (
        sample(built, SamplingConfig(**config), unit, cores).draws["alpha"]
        for unit, cores in (("house", 2), ("house", 1), ("senate", 2))
    )
    np.testing.assert_array_equal(first, again)  # whatever the number of cores
    assert not np.array_equal(first, other_unit)


def test_unit_seeds_differ():
    states = {
        tuple(unit_seed(seed, unit).generate_state(2)) for seed in (1, 2) for unit in ("house", "senate", "joint")
    }
    assert len(states) == 6


@pytest.mark.parametrize("sampler", ["nutpie", "pymc"])
def test_target_accept_reaches_the_sampler(built, sampler):
    rates = [
        sample(built, SamplingConfig(sampler=sampler, **{**SHORT, "tune": 300}, target_accept=target), "house", 2)
        .stats["acceptance_rate"]
        .mean()
        for target in (0.6, 0.99)
    ]
    assert rates[0] < 0.9 < 0.95 < rates[1]


def test_chains_start_at_the_given_point(built):
    """With a step of nearly nothing the first draw is where the chain began: no jitter."""
    import nutpie

    compiled = nutpie.compile_pymc_model(built.model, initial_points=built.start, jitter_rvs=set(), var_names=[])
    points = [compiled.initial_point_func(seed) for seed in (1, 2)]
    np.testing.assert_array_equal(points[0], points[1])
    start = compiled.initial_point_func(1)
    expected = np.concatenate(
        [
            np.log([v]) if n == "sigma" else v
            for n, v in ((rv.name, built.start[rv.name]) for rv in built.model.free_RVs)
        ]
    )
    np.testing.assert_allclose(start, expected)


def test_an_unknown_sampler_is_named(built):
    with pytest.raises(KeyError, match=r"'stan' .known: nutpie, pymc"):
        sample(built, SamplingConfig(sampler="stan"), "house", 2)


class Onlooker:
    """Asks for the draws so far whenever there can be any, and may end the sampling."""

    def __init__(self, end_at=None):
        self.seen, self.kept, self.end_at = [], [], end_at

    def progress(self, chains):
        self.seen.append(chains)
        if self.end_at is not None and all(chain.after_tuning > self.end_at for chain in chains):
            raise EndOfPatience

    def wants_draws(self):
        return bool(self.seen) and all(chain.after_tuning for chain in self.seen[-1])

    def keep(self, draws):
        self.kept.append(draws())


class EndOfPatience(Exception):  # noqa: N818
    """Whatever an onlooker raises ends the sampling."""


def assert_begins_like(kept, sampled):
    assert kept.chain_seeds == sampled.chain_seeds
    for mine, theirs in ((kept.draws, sampled.draws), (kept.stats, sampled.stats)):
        assert set(mine) == set(theirs)
        for name, values in theirs.items():
            for chain, n in enumerate(kept.lengths):
                np.testing.assert_array_equal(mine[name][chain, :n], values[chain, :n])


@pytest.mark.parametrize(("sampler", "draws"), [("nutpie", 20_000), ("pymc", 1000)])
def test_draws_so_far_are_those_of_the_result(built, sampler, draws, monkeypatch):
    """Seen on the way and at a sudden end; and looking on changes no draw."""
    monkeypatch.setattr("tallgrass_models.sampling.with_nutpie._POLL", 0.01)  # the model is done in a second
    config = SamplingConfig(sampler=sampler, **{**SHORT, "draws": draws})
    compiled = compile_model(built, sampler)
    alone = sample(built, config, "house", 2, compiled=compiled)
    watch = Onlooker()
    watched = sample(built, config, "house", 2, watch, compiled=compiled)
    np.testing.assert_array_equal(alone.draws["alpha"], watched.draws["alpha"])
    assert watch.kept[0].whole >= 1
    assert_begins_like(watch.kept[0], alone)
    for before, after in itertools.pairwise(watch.seen):
        assert all(b.draw <= a.draw <= a.total == 100 + draws for b, a in zip(before, after, strict=True))
    hasty = Onlooker(end_at=10)
    with pytest.raises(EndOfPatience):
        sample(built, config, "house", 2, hasty, compiled=compiled)
    assert 10 < hasty.kept[-1].whole < draws
    assert_begins_like(hasty.kept[-1], alone)
