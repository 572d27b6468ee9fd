"""Sampling by nutpie: chains are threads that do not need Python."""

from __future__ import annotations

import time
from typing import Any

import xarray as xr

from ..config import SamplingConfig
from ..models.base import BuiltModel
from .density import of_nutpie
from .result import Compiled, Sampled, read_trace, unfinished, unit_seed
from .watch import ChainProgress, Watch

#: Seconds between two looks at the chains; between them Python can act on a signal.
POLL = 0.2


def compile_nutpie(built: BuiltModel) -> Compiled:
    """The model as nutpie samples it."""
    from ..models.compiled import nutpie_model

    began = time.perf_counter()
    model = nutpie_model(built)
    return Compiled(model, of_nutpie(model), model.n_dim, time.perf_counter() - began)


def sample_nutpie(
    built: BuiltModel, compiled: Compiled, config: SamplingConfig, unit: str, cores: int, watch: Watch
) -> Sampled:
    """Sample; see `sampling.sample`."""
    from ..models.compiled import import_nutpie

    nutpie = import_nutpie()
    began = time.perf_counter()
    seed = int(unit_seed(config.seed, unit).generate_state(1)[0])
    seeds = [f"{seed}/{chain}" for chain in range(config.chains)]
    latest: list[Any] = []
    sampler = nutpie.sample(
        compiled.model,
        draws=config.draws,
        tune=config.tune,
        chains=config.chains,
        cores=cores,
        seed=seed,
        target_accept=config.target_accept,
        save_warmup=False,
        progress_bar=False,
        progress_callback=lambda chains: latest.__setitem__(slice(None), chains),  # on another thread: only note it
        progress_rate=int(1000 * POLL),
        blocking=False,
    )
    names = list(built.start)
    try:
        trace = _wait(sampler, latest, names, seeds, config.tune, watch)
    except BaseException:
        watch.keep(lambda: unfinished(sampler.abort(), names, seeds))
        raise
    return Sampled(*read_trace(trace, names), seeds, compiled.seconds, time.perf_counter() - began)


def _wait(sampler: Any, latest: list[Any], names: list[str], seeds: list[str], tune: int, watch: Watch) -> xr.DataTree:
    """The finished trace. In between, Python gets to see signals, which a wait inside Rust would hold back."""
    while True:
        try:
            return sampler.wait(timeout=POLL)
        except TimeoutError:
            if latest:
                watch.progress([_progress(chain, tune) for chain in latest])
            if watch.wants_draws():
                watch.keep(lambda: unfinished(sampler.inspect(), names, seeds))


def _progress(chain: Any, tune: int) -> ChainProgress:
    return ChainProgress(
        draw=chain.finished_draws,
        total=chain.total_draws,
        after_tuning=max(chain.finished_draws - tune, 0),
        divergences=chain.divergences,
        step_size=chain.step_size if chain.started else None,
        runtime_s=chain.runtime_ms / 1000,
    )
