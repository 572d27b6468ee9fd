"""Sampling by nutpie, whose chains are threads that do not need Python."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..draws.seeds import unit_seed
from ..models.base import BuiltModel
from ..models.fast.model import FastModel
from .density import of_nutpie
from .enough import BLOCK
from .request import Compiled, Request
from .result import STATS, Sampled, unfinished
from .watch import ChainProgress, KeptDraws

#: Seconds between two looks at the chains. Between them Python can act on a signal.
_POLL = 0.2

_Shapes = Mapping[str, tuple[int, ...]]


def compile_nutpie(built: BuiltModel) -> Compiled:
    """Compile the model for nutpie."""
    from ..models.compiled.nutpie import density, ready

    began = time.perf_counter()
    model, step = ready(built)
    # in the model's own coordinates, if it is stretched
    asked = density(built) if isinstance(built, FastModel) and built.is_compiled else of_nutpie(model)
    return Compiled(model, asked, model.n_dim, time.perf_counter() - began, step)


def sample_nutpie(request: Request) -> Sampled:
    """Sample; see `sampling.sample`."""
    from ..models.compiled.nutpie_internals import import_nutpie

    nutpie, config, compiled = import_nutpie(), request.config, request.compiled
    began = time.perf_counter()
    seed = int(unit_seed(config.seed, request.unit).generate_state(1)[0])
    seeds = [f"{seed}/{chain}" for chain in range(config.chains)]
    latest: list[Any] = []
    sampler = nutpie.sample(
        compiled.model,
        draws=config.limit,
        tune=config.tune,
        chains=config.chains,
        cores=config.chains if request.enough else request.cores,  # chains judged together run together
        seed=seed,
        target_accept=config.target_accept,
        maxdepth=compiled.depth(config.target_accept),
        save_warmup=False,
        progress_bar=False,
        progress_callback=lambda chains: latest.__setitem__(slice(None), chains),  # on another thread: only note it
        progress_rate=int(1000 * _POLL),
        blocking=False,
        return_raw_trace=True,
    )
    run = _Run(sampler, latest, {name: value.shape for name, value in request.built.start.items()}, seeds, request)
    try:
        kept = run.finish()
    except BaseException:
        request.watch.keep(lambda: run.read(sampler.abort()))
        raise
    return Sampled(kept.draws, kept.stats, seeds, compiled.seconds, time.perf_counter() - began)


@dataclass(frozen=True)
class _Run:
    """Running chains, with the request that started them."""

    sampler: Any
    latest: list[Any]
    shapes: _Shapes
    seeds: list[str]
    request: Request

    def finish(self) -> KeptDraws:
        """Wait for the end, or for enough draws.

        In between, Python gets to see signals, which Rust would hold back.
        """
        watch, enough, at = self.request.watch, self.request.enough, BLOCK
        while True:
            try:
                return self._cut(self.read(self.sampler.wait(timeout=_POLL)), at)
            except TimeoutError:
                if self.latest:
                    watch.progress([_progress(chain, self.request.config.tune) for chain in self.latest])
                if watch.wants_draws():
                    watch.keep(lambda: self.read(self.sampler.inspect()))
                if enough and self._made() >= at:
                    self.sampler.pause()  # further draws may not be wanted
                    more = enough.more(self.read(self.sampler.inspect()).first(at))
                    if not more:
                        return self.read(self.sampler.abort()).first(at)
                    at += more
                    self.sampler.resume()

    def _cut(self, kept: KeptDraws, at: int) -> KeptDraws:
        """Judge draws made between two looks, from ``at`` on; return the draws up to the first that are enough."""
        while self.request.enough and at < kept.whole:
            more = self.request.enough.more(kept.first(at))
            if not more:
                return kept.first(at)
            at += more
        return kept

    def _made(self) -> int:
        """Count the draws after tuning that every chain has."""
        return min((chain.finished_draws for chain in self.latest), default=0) - self.request.config.tune

    def read(self, trace: Any) -> KeptDraws:
        """Read the draws of a trace."""
        return unfinished(*_read_arrow(trace, self.shapes), self.seeds)


def _read_arrow(trace: Any, shapes: _Shapes) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Read draws after tuning of the variables ``shapes``, and the statistics of `STATS`, from nutpie's own trace.

    nutpie's conversion would import all of arviz. Chains shorter than the longest are filled up, with NaN if the type
    has one, else with 0.
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
    """Read a column of numbers, or of lists of numbers one after the other."""
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
