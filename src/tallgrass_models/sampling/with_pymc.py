"""Sampling by PyMC's own NUTS, whose chains are processes that send every draw to this one."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ..config.sampling import SamplingConfig
from ..draws.seeds import unit_seed
from ..models.base import BuiltModel
from .density import of_pymc
from .pymc_internals import statistic_so_far
from .request import Compiled, Request
from .result import STATS, Sampled, read_trace
from .watch import ChainProgress, KeptDraws, Watch


def compile_pymc(built: BuiltModel) -> Compiled:
    """Compile the model's density; PyMC compiles the functions of its sampler itself."""
    from ..models.compiled.nutpie import density as compiled_density
    from ..models.fast.model import FastModel

    began = time.perf_counter()
    density = compiled_density(built) if isinstance(built, FastModel) and built.is_compiled else of_pymc(built)
    n_dim = sum(value.size for value in built.model.initial_point().values())
    return Compiled(built.model, density, n_dim, time.perf_counter() - began)


def sample_pymc(request: Request) -> Sampled:
    """Sample; see `sampling.sample`.

    The number of draws is fixed beforehand.
    """
    import pymc as pm

    built, config, watch = request.built, request.config, request.watch
    seeds = [int(s) for s in unit_seed(config.seed, request.unit).generate_state(config.chains)]
    names = [variable.name for variable in built.model.free_RVs]
    look = _EveryDraw(config, [str(s) for s in seeds], names, watch)
    began = time.perf_counter()
    try:
        with request.compiled.model:
            trace = pm.sample(
                draws=config.limit,
                tune=config.tune,
                chains=config.chains,
                cores=request.cores,
                random_seed=seeds,
                target_accept=config.target_accept,
                max_treedepth=request.compiled.depth(config.target_accept),
                init="adapt_diag",
                initvals=[_start(built, chain, seed) for chain, seed in enumerate(seeds)],
                nuts_sampler="pymc",
                var_names=names,
                progressbar=False,
                compute_convergence_checks=False,
                blas_cores=None,
                callback=look,
            )
    except BaseException:
        watch.keep(look.kept)
        raise
    if trace.posterior.sizes["chain"] < config.chains or trace.posterior.sizes["draw"] < config.limit:
        watch.keep(look.kept)
        raise KeyboardInterrupt  # PyMC takes it for a wish to have fewer draws
    elapsed = time.perf_counter() - began
    sample_s = float(trace.posterior.attrs.get("sampling_time", elapsed))
    return Sampled(
        *read_trace(trace, names), look.seeds, request.compiled.seconds + max(elapsed - sample_s, 0.0), sample_s
    )


def _start(built: BuiltModel, chain: int, seed: int) -> dict[str, np.ndarray]:
    """Choose the start of a chain: one of the model's places, scattered except for variables with a bounded range."""
    places, rng, model = [built.start, *built.other_starts], np.random.default_rng(seed), built.model
    start = dict(places[chain % len(places)])
    for variable in model.free_RVs:
        if model.rvs_to_transforms[variable] is None and variable.name in built.scatter:
            scatter = built.scatter[variable.name]
            start[variable.name] = start[variable.name] + scatter * rng.standard_normal(scatter.shape)
    return start


class _EveryDraw:
    """PyMC's callback, which is called in the main process after each draw of any chain."""

    #: Seconds between two reports to the watch.
    EVERY = 0.2

    def __init__(self, config: SamplingConfig, seeds: list[str], names: list[str], watch: Watch) -> None:
        self.config, self.seeds, self.names, self.watch = config, seeds, names, watch
        self.traces: dict[int, Any] = {}
        #: For each chain: its latest draw, when it began, and when that draw came.
        self.latest: dict[int, tuple[Any, float, float]] = {}
        self.divergences = [0] * config.chains
        self.reported = 0.0

    def __call__(self, trace: Any, draw: Any) -> None:
        now = time.perf_counter()
        began = self.latest[draw.chain][1] if draw.chain in self.latest else now
        self.latest[draw.chain] = draw, began, now
        self.traces[draw.chain] = trace
        self.divergences[draw.chain] += bool(draw.stats[0]["diverging"]) and not draw.tuning
        if now - self.reported < self.EVERY:
            return
        self.reported = now
        self.watch.progress([self._progress(chain) for chain in range(self.config.chains)])
        if self.watch.wants_draws():
            self.watch.keep(self.kept)

    def _progress(self, chain: int) -> ChainProgress:
        total = self.config.tune + self.config.limit
        if chain not in self.latest:
            return ChainProgress(0, total, 0, 0, None, 0.0)
        draw, began, at = self.latest[chain]
        step_size = float(draw.stats[0]["step_size"])
        return ChainProgress(
            draw.draw_idx + 1,
            total,
            max(draw.draw_idx + 1 - self.config.tune, 0),
            self.divergences[chain],
            step_size,
            at - began,
        )

    def kept(self) -> KeptDraws:
        """Collect the draws after tuning of all chains so far."""
        chains, tune = range(self.config.chains), self.config.tune
        found = [self.traces.get(chain) for chain in chains]
        lengths = np.array([0 if trace is None else max(len(trace) - tune, 0) for trace in found])

        def gather(read: Callable[[Any], np.ndarray]) -> np.ndarray:
            parts = [read(trace)[tune : tune + n] for trace, n in zip(found, lengths, strict=True) if n]
            shape = parts[0].shape[1:] if parts else ()
            out = np.full((len(lengths), lengths.max(), *shape), np.nan)
            for chain, part in zip(np.flatnonzero(lengths), parts, strict=True):
                out[chain, : len(part)] = part
            return out

        draws = {name: gather(lambda trace, name=name: trace.samples[name]) for name in self.names}  # type: ignore[misc]
        stats = {}
        for name, spellings in STATS.items():
            stats[name] = gather(lambda trace, words=spellings: statistic_so_far(trace, words))  # type: ignore[misc]
        return KeptDraws(draws, stats, lengths, self.seeds)
