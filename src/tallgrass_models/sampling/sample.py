"""One way to sample a built model, by nutpie or by PyMC's own NUTS."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..config.experiments import ENOUGH, SamplingConfig
from ..models.base import BuiltModel
from .density import fingerprint
from .enough import Enough, joined
from .result import Compiled, Request, Sampled
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
    """Hash of the log density and its gradient at fixed points; the same for both samplers."""
    return fingerprint(compiled.density, compiled.n_dim)


def sample(
    built: BuiltModel,
    config: SamplingConfig,
    unit: str,
    cores: int,
    watch: Watch | None = None,
    kept: KeptDraws | None = None,
    compiled: Compiled | None = None,
) -> Sampled:
    """Sample a built model; its chains start scattered about the place or places that it names.

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
    watch
        Who looks on; it cannot change a draw.
    kept
        Draws of an interrupted sampling of the same model with the same ``config``. They are the first draws of the
        result; for the others the sampler starts at their mean, tunes anew, and has another seed.
    compiled
        ``compile_model(built, config.sampler)``, where that is there already.

    Raises
    ------
    KeyError
        For a sampler that is not in `_SAMPLERS`.
    """
    watch = watch or Nobody()
    if kept is not None and kept.whole:
        return _go_on(built, config, unit, cores, watch, kept.cut())
    return _sample(built, config, unit, cores, watch, Enough(built, threads=cores) if config.enough else None, compiled)


def _sample(
    built: BuiltModel,
    config: SamplingConfig,
    unit: str,
    cores: int,
    watch: Watch,
    enough: Enough | None,
    compiled: Compiled | None = None,
) -> Sampled:
    n_free = sum(np.size(value) for value in built.start.values())
    log.info(
        "%s: %s model, %s coordinates, %d free parameters, sampler %s",
        unit,
        built.kind,
        built.coordinates,
        n_free,
        config.sampler,
    )
    compiled = compiled or compile_model(built, config.sampler)
    request = Request(built, compiled, config, unit, min(cores, config.chains), watch, enough)
    sampled = _SAMPLERS[config.sampler][1](request)
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


def _go_on(built: BuiltModel, config: SamplingConfig, unit: str, cores: int, watch: Watch, kept: KeptDraws) -> Sampled:
    """Return the draws of ``kept`` and, after them, those that it lacks."""
    n, enough = kept.whole, Enough(built, kept, cores) if config.enough else None
    if n >= config.limit or (enough and not Enough(built).more(kept)):
        kept = kept.first(min(n, config.limit))
        return Sampled(kept.draws, kept.stats, kept.chain_seeds, 0.0, 0.0)
    log.info("%s: going on after %d draws of each chain that were kept", unit, n)
    start = {name: kept.draws[name].mean((0, 1)) for name in built.start}
    scatter = {name: 0.1 * kept.draws[name].std((0, 1)) for name in start}
    there = replace(built, start=start, other_starts=(), scatter=scatter)
    rest = replace(config, draws=ENOUGH if enough else config.limit - n, most_draws=config.limit - n)
    new = _sample(there, rest, f"{unit}:{n}", cores, _After(watch, kept), enough)
    both = joined(kept, KeptDraws(new.draws, new.stats, np.full(config.chains, new.n_draws), new.chain_seeds))
    return Sampled(both.draws, both.stats, both.chain_seeds, new.compile_s, new.sample_s)


class _After:
    """Hands to a watch the draws of a second part with those of the first before them."""

    def __init__(self, watch: Watch, first: KeptDraws) -> None:
        self.progress: Callable[[Sequence[ChainProgress]], None] = watch.progress
        self.wants_draws = watch.wants_draws
        self._watch, self._first = watch, first

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        self._watch.keep(lambda: joined(self._first, draws()))
