"""One way to sample a built model, by nutpie or by PyMC's own NUTS."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from .config import SamplingConfig
from .models.base import BuiltModel

log = logging.getLogger(__name__)

#: Seconds between two lines of progress in the log.
PROGRESS_EVERY = 10.0
#: Statistics kept of every draw, by the names ArviZ knows, with what the two samplers call them.
STATS = {
    "diverging": ("diverging",),
    "energy": ("energy",),
    "lp": ("logp", "lp"),
    "n_steps": ("n_steps",),
    "tree_depth": ("depth", "tree_depth"),
    "step_size": ("step_size",),
    "acceptance_rate": ("mean_tree_accept", "acceptance_rate"),
}


@dataclass(frozen=True)
class Sampled:
    """Draws of the free variables, and how they were made.

    Attributes
    ----------
    draws
        Each free variable, shape (chain, draw, *shape).
    stats
        Sampler statistics under the names of `STATS`, shape (chain, draw).
    chain_seeds
        What reproduces each chain: a seed (PyMC), or ``seed/stream`` (nutpie).
    compile_s, sample_s
        Wall-clock seconds.
    """

    draws: dict[str, np.ndarray]
    stats: dict[str, np.ndarray]
    chain_seeds: list[str]
    compile_s: float
    sample_s: float


def unit_seed(seed: int, unit: str) -> np.random.SeedSequence:
    """Independent seeds for the fits of one experiment, from its one seed and the name of the unit."""
    return np.random.SeedSequence([seed, *unit.encode()])


def sample(built: BuiltModel, config: SamplingConfig, unit: str, cores: int) -> Sampled:
    """Sample ``built`` from its starting point, the same one for every chain and without jitter.

    Parameters
    ----------
    built
        The model, its start included.
    config
        Sampler, numbers of draws and chains, target acceptance and seed; every one of them is used.
    unit
        Name of what is fitted; enters the seed and the log.
    cores
        Chains that run side by side, one thread each.

    Raises
    ------
    KeyError
        For a sampler that is not in `SAMPLERS`.
    """
    if config.sampler not in SAMPLERS:
        raise KeyError(f"unknown sampler {config.sampler!r} (known: {', '.join(SAMPLERS)})")
    n_free = sum(np.size(value) for value in built.start.values())
    log.info(
        "%s: %s model, %s coordinates, %d free parameters, sampler %s",
        unit,
        built.kind,
        built.coordinates,
        n_free,
        config.sampler,
    )
    sampled = SAMPLERS[config.sampler](built, config, unit, min(cores, config.chains))
    log.info(
        "%s: compiled in %.1f s, sampled in %.1f s, %d divergences, %d gradients",
        unit,
        sampled.compile_s,
        sampled.sample_s,
        sampled.stats["diverging"].sum(),
        sampled.stats["n_steps"].sum(),
    )
    return sampled


def _nutpie(built: BuiltModel, config: SamplingConfig, unit: str, cores: int) -> Sampled:
    from .models.compiled import import_nutpie, nutpie_model

    nutpie = import_nutpie()
    began = time.perf_counter()
    compiled = nutpie_model(built)
    compiled_at = time.perf_counter()
    seed = int(unit_seed(config.seed, unit).generate_state(1)[0])
    sampler = nutpie.sample(
        compiled,
        draws=config.draws,
        tune=config.tune,
        chains=config.chains,
        cores=cores,
        seed=seed,
        target_accept=config.target_accept,
        save_warmup=False,
        progress_bar=False,
        progress_callback=_progress_line(unit),
        progress_rate=int(1000 * PROGRESS_EVERY),
        blocking=False,
    )
    try:
        trace = _wait(sampler)
    except BaseException:
        sampler.cancel()
        raise
    done = time.perf_counter()
    seeds = [f"{seed}/{chain}" for chain in range(config.chains)]
    return _sampled(trace, list(built.start), seeds, compiled_at - began, done - compiled_at)


def _wait(sampler: Any) -> xr.DataTree:
    """The finished trace; Python gets to see signals in between, which a wait inside Rust would hold back."""
    while True:
        try:
            return sampler.wait(timeout=0.2)
        except TimeoutError:
            continue


def _progress_line(unit: str) -> Callable[[list[Any]], None]:
    def show(chains: list[Any]) -> None:
        done = [chain.finished_draws for chain in chains]
        total = sum(chain.total_draws for chain in chains)
        divergences = sum(chain.divergences for chain in chains)
        log.info("%s: draws %s, %.0f %%, %d divergences", unit, done, 100 * sum(done) / max(total, 1), divergences)

    return show


def _pymc(built: BuiltModel, config: SamplingConfig, unit: str, cores: int) -> Sampled:
    import pymc as pm

    seeds = [int(s) for s in unit_seed(config.seed, unit).generate_state(config.chains)]
    names = [variable.name for variable in built.model.free_RVs]
    began = time.perf_counter()
    with built.model:
        trace = pm.sample(
            draws=config.draws,
            tune=config.tune,
            chains=config.chains,
            cores=cores,
            random_seed=seeds,
            target_accept=config.target_accept,
            init="adapt_diag",
            initvals=built.start,
            nuts_sampler="pymc",
            var_names=names,
            progressbar=False,
            compute_convergence_checks=False,
            blas_cores=None,
        )
    elapsed = time.perf_counter() - began
    sample_s = float(trace.posterior.attrs.get("sampling_time", elapsed))
    return _sampled(trace, names, [str(s) for s in seeds], max(elapsed - sample_s, 0.0), sample_s)


def _sampled(trace: xr.DataTree, names: list[str], seeds: list[str], compile_s: float, sample_s: float) -> Sampled:
    draws = {name: trace["posterior"][name].to_numpy() for name in names}
    found = trace["sample_stats"]
    stats = {}
    for name, spellings in STATS.items():
        spelling = next(s for s in spellings if s in found)
        stats[name] = found[spelling].to_numpy()
    return Sampled(draws, stats, seeds, compile_s, sample_s)


SAMPLERS: dict[str, Callable[[BuiltModel, SamplingConfig, str, int], Sampled]] = {"nutpie": _nutpie, "pymc": _pymc}
