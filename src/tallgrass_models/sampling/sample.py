"""One interface for sampling a built model, by nutpie or by PyMC's own NUTS."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..config.sampling import ENOUGH, SamplingConfig
from ..models.base import BuiltModel
from .density import fingerprint
from .enough import Enough, joined
from .request import Compiled, Request
from .result import Sampled
from .watch import ChainProgress, KeptDraws, Nobody, Watch
from .with_nutpie import compile_nutpie, sample_nutpie
from .with_pymc import compile_pymc, sample_pymc

log = logging.getLogger(__name__)

_Compile = Callable[[BuiltModel], Compiled]
_Sample = Callable[[Request], Sampled]
_SAMPLERS: dict[str, tuple[_Compile, _Sample]] = {
    "nutpie": (compile_nutpie, sample_nutpie),
    "pymc": (compile_pymc, sample_pymc),
}


def compile_model(built: BuiltModel, sampler: str) -> Compiled:
    """Make a model ready for a sampler.

    Raises
    ------
    KeyError
        For a sampler that is not in `_SAMPLERS`.
    """
    if sampler not in _SAMPLERS:
        raise KeyError(f"unknown sampler {sampler!r} (known: {', '.join(_SAMPLERS)})")
    return _SAMPLERS[sampler][0](built)


def model_fingerprint(compiled: Compiled) -> str:
    """Hash the log density and its gradient at fixed points; the hash is the same for both samplers."""
    return fingerprint(compiled.density, compiled.n_dim)


def sample(
    built: BuiltModel,
    config: SamplingConfig,
    unit: str,
    cores: int,
    watch: Watch | None = None,
    compiled: Compiled | None = None,
) -> Sampled:
    """Sample a built model from starts scattered about the place or places that it names.

    Parameters
    ----------
    built
        The model, including its start.
    config
        Sampler, numbers of draws and chains, target acceptance and seed. All of them are used.
    unit
        The unit of the fit, whose name enters the seed and the log.
    cores
        Chains that run side by side, one thread each.
    watch
        The observer. It cannot change a draw.
    compiled
        The result of ``compile_model(built, config.sampler)``, if it exists already.

    Raises
    ------
    KeyError
        For a sampler that is not in `_SAMPLERS`.
    """
    enough = Enough(built, threads=cores) if config.enough else None
    compiled = compiled or compile_model(built, config.sampler)
    return _sample(Request(built, compiled, config, unit, cores, watch=watch or Nobody(), enough=enough))


def _sample(request: Request) -> Sampled:
    """Sample on at most as many cores as there are chains."""
    built, config, unit = request.built, request.config, request.unit
    n_free = sum(np.size(value) for value in built.start.values())
    log.info(
        "%s: %s model, %s coordinates, %d free parameters, sampler %s",
        unit,
        built.kind,
        built.coordinates,
        n_free,
        config.sampler,
    )
    sampled = _SAMPLERS[config.sampler][1](replace(request, cores=min(request.cores, config.chains)))
    log.info(
        "%s: %d draws a chain, compiled in %.1f s, sampled in %.1f s, %d divergences, %d gradients",
        unit,
        sampled.n_draws,
        sampled.compile_s,
        sampled.sample_s,
        sampled.stats["diverging"].sum(),
        sampled.stats["n_steps"].sum(),
    )
    return sampled


def go_on(
    built: BuiltModel, config: SamplingConfig, unit: str, cores: int, kept: KeptDraws, watch: Watch | None = None
) -> Sampled:
    """Continue an interrupted sampling of the same model with the same ``config``; see `sample`.

    ``kept`` are the draws that it left. They are the first draws of the result. For the others the sampler starts at
    their mean, tunes anew, and has another seed.
    """
    watch, kept = watch or Nobody(), kept.cut()
    n, enough = kept.whole, Enough(built, kept, cores) if config.enough else None
    if n >= config.limit or (enough and not Enough(built).more(kept)):
        kept = kept.first(min(n, config.limit))
        return Sampled(kept.draws, kept.stats, kept.chain_seeds, 0.0, 0.0)
    log.info("%s: continuing after %d kept draws of each chain", unit, n)
    start = {name: kept.draws[name].mean((0, 1)) for name in built.start}
    scatter = {name: 0.1 * kept.draws[name].std((0, 1)) for name in start}
    there = replace(built, start=start, other_starts=(), scatter=scatter)
    rest = replace(config, draws=ENOUGH if enough else config.limit - n, most_draws=config.limit - n)
    compiled = compile_model(there, rest.sampler)
    new = _sample(Request(there, compiled, rest, f"{unit}:{n}", cores, watch=_After(watch, kept), enough=enough))
    both = joined(kept, KeptDraws(new.draws, new.stats, np.full(config.chains, new.n_draws), new.chain_seeds))
    return Sampled(both.draws, both.stats, both.chain_seeds, new.compile_s, new.sample_s)


class _After:
    """Watch for the second part of a sampling, which hands on its draws with those of the first part before them."""

    def __init__(self, watch: Watch, first: KeptDraws) -> None:
        self.progress: Callable[[Sequence[ChainProgress]], None] = watch.progress
        self.wants_draws = watch.wants_draws
        self._watch, self._first = watch, first

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        self._watch.keep(lambda: joined(self._first, draws()))
