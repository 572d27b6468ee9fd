"""Sampling by nutpie: chains are threads that do not need Python."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..config import SamplingConfig
from ..models.base import BuiltModel
from .density import of_nutpie
from .result import STATS, Compiled, Sampled, unfinished, unit_seed
from .watch import ChainProgress, Watch

#: Seconds between two looks at the chains; between them Python can act on a signal.
POLL = 0.2

Shapes = Mapping[str, tuple[int, ...]]


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
        return_raw_trace=True,
    )
    shapes = {name: value.shape for name, value in built.start.items()}
    try:
        trace = _wait(sampler, latest, shapes, seeds, config.tune, watch)
    except BaseException:
        watch.keep(lambda: unfinished(*read_arrow(sampler.abort(), shapes), seeds))
        raise
    return Sampled(*read_arrow(trace, shapes), seeds, compiled.seconds, time.perf_counter() - began)


def _wait(sampler: Any, latest: list[Any], shapes: Shapes, seeds: list[str], tune: int, watch: Watch) -> Any:
    """The finished trace. In between, Python gets to see signals, which a wait inside Rust would hold back."""
    while True:
        try:
            return sampler.wait(timeout=POLL)
        except TimeoutError:
            if latest:
                watch.progress([_progress(chain, tune) for chain in latest])
            if watch.wants_draws():
                watch.keep(lambda: unfinished(*read_arrow(sampler.inspect(), shapes), seeds))


def read_arrow(trace: Any, shapes: Shapes) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Draws after tuning of the variables ``shapes``, and the statistics of `STATS`, from nutpie's own trace.

    nutpie's conversion would import all of arviz. Chains that are shorter than the longest are filled up, with NaN
    where the type has one.
    """
    draw_batches, stat_batches = trace.get_arrow_trace()
    n_tuning = [int(_values(batch, "tuning").sum()) for batch in stat_batches]

    def gather(batches: Sequence[Any], column: str, shape: tuple[int, ...]) -> np.ndarray:
        parts = [
            _values(batch, column).reshape(batch.num_rows, *shape)[n:]
            for batch, n in zip(batches, n_tuning, strict=True)
        ]
        fill = np.nan if parts[0].dtype.kind == "f" else 0
        out = np.full((len(parts), max(map(len, parts)), *shape), fill, dtype=parts[0].dtype)
        for chain, part in enumerate(parts):
            out[chain, : len(part)] = part
        return out

    known = stat_batches[0].schema.names
    spelled = {name: next(s for s in spellings if s in known) for name, spellings in STATS.items()}
    draws = {name: gather(draw_batches, name, shape) for name, shape in shapes.items()}
    return draws, {name: gather(stat_batches, column, ()) for name, column in spelled.items()}


def _values(batch: Any, column: str) -> np.ndarray:
    """A column of numbers, or of lists of numbers one after the other."""
    import pyarrow

    array = pyarrow.array(batch.column(column))
    array = array.flatten() if hasattr(array, "flatten") else array
    return np.asarray(array.to_numpy(zero_copy_only=False))


def _progress(chain: Any, tune: int) -> ChainProgress:
    return ChainProgress(
        draw=chain.finished_draws,
        total=chain.total_draws,
        after_tuning=max(chain.finished_draws - tune, 0),
        divergences=chain.divergences,
        step_size=chain.step_size if chain.started else None,
        runtime_s=chain.runtime_ms / 1000,
    )
