"""One way to sample a built model, by nutpie or by PyMC's own NUTS."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ..config import SamplingConfig
from ..models.base import BuiltModel
from .density import fingerprint
from .result import STATS, Compiled, Sampled, unit_seed
from .watch import ChainProgress, KeptDraws, Nobody, Watch
from .with_nutpie import compile_nutpie, sample_nutpie
from .with_pymc import compile_pymc, sample_pymc

__all__ = [
    "SAMPLERS",
    "STATS",
    "ChainProgress",
    "Compiled",
    "KeptDraws",
    "Nobody",
    "Sampled",
    "Watch",
    "compile_model",
    "model_fingerprint",
    "sample",
    "unit_seed",
]

log = logging.getLogger(__name__)

Compile = Callable[[BuiltModel], Compiled]
Sample = Callable[[BuiltModel, Compiled, SamplingConfig, str, int, Watch], Sampled]
SAMPLERS: dict[str, tuple[Compile, Sample]] = {
    "nutpie": (compile_nutpie, sample_nutpie),
    "pymc": (compile_pymc, sample_pymc),
}


def compile_model(built: BuiltModel, sampler: str) -> Compiled:
    """Make a model ready for a sampler.

    Raises
    ------
    KeyError
        For a sampler that is not in `SAMPLERS`.
    """
    if sampler not in SAMPLERS:
        raise KeyError(f"unknown sampler {sampler!r} (known: {', '.join(SAMPLERS)})")
    return SAMPLERS[sampler][0](built)


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
        For a sampler that is not in `SAMPLERS`.
    """
    watch = watch or Nobody()
    if kept is not None and kept.whole:
        return _go_on(built, config, unit, cores, watch, kept.cut())
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
    sampled = SAMPLERS[config.sampler][1](built, compiled, config, unit, min(cores, config.chains), watch)
    log.info(
        "%s: compiled in %.1f s, sampled in %.1f s, %d divergences, %d gradients",
        unit,
        sampled.compile_s,
        sampled.sample_s,
        sampled.stats["diverging"].sum(),
        sampled.stats["n_steps"].sum(),
    )
    return sampled


def _go_on(built: BuiltModel, config: SamplingConfig, unit: str, cores: int, watch: Watch, kept: KeptDraws) -> Sampled:
    """The draws that ``kept`` lacks of ``config.draws``, and those of ``kept`` before them."""
    n = kept.whole
    if n >= config.draws:
        draws, stats = ({k: v[:, : config.draws] for k, v in group.items()} for group in (kept.draws, kept.stats))
        return Sampled(draws, stats, kept.chain_seeds, 0.0, 0.0)
    log.info("%s: going on after %d draws of each chain that were kept", unit, n)
    start = {name: kept.draws[name].mean((0, 1)) for name in built.start}
    there = replace(
        built, start=start, other_starts=(), scatter={name: 0.1 * kept.draws[name].std((0, 1)) for name in start}
    )
    rest = replace(config, draws=config.draws - n)
    new = sample(there, rest, f"{unit}:{n}", cores, _After(watch, kept))
    joined = _join(kept, KeptDraws(new.draws, new.stats, np.full(config.chains, rest.draws), new.chain_seeds))
    return Sampled(joined.draws, joined.stats, joined.chain_seeds, new.compile_s, new.sample_s)


def _join(first: KeptDraws, second: KeptDraws) -> KeptDraws:
    draws, stats = (
        {name: np.concatenate([a[name], b[name].astype(a[name].dtype)], axis=1) for name in a}
        for a, b in ((first.draws, second.draws), (first.stats, second.stats))
    )
    seeds = [f"{a}[{first.whole}]+{b}" for a, b in zip(first.chain_seeds, second.chain_seeds, strict=True)]
    return KeptDraws(draws, stats, first.lengths + second.lengths, seeds)


class _After:
    """Hands to a watch the draws of a second part with those of the first before them."""

    def __init__(self, watch: Watch, first: KeptDraws) -> None:
        self.progress: Callable[[Sequence[ChainProgress]], None] = watch.progress
        self.wants_draws = watch.wants_draws
        self._watch, self._first = watch, first

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        self._watch.keep(lambda: _join(self._first, draws()))
