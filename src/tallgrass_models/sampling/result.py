"""The request to a sampler and its result, the same for both samplers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from .watch import KeptDraws

#: Statistics kept of every draw, by their ArviZ names, with the names that the samplers use (PyMC: in two places).
STATS = {
    "diverging": ("diverging",),
    "energy": ("energy",),
    "lp": ("logp", "lp", "model_logp"),
    "n_steps": ("n_steps", "tree_size"),
    "tree_depth": ("depth", "tree_depth"),
    "step_size": ("step_size",),
    "acceptance_rate": ("mean_tree_accept", "acceptance_rate"),
}


@dataclass(frozen=True)
class Sampled:
    """Draws of the free variables, with what describes how they were made.

    Attributes
    ----------
    draws
        Each free variable, shape (chain, draw, *shape).
    stats
        Sampler statistics under the names of `STATS`, shape (chain, draw).
    chain_seeds
        The seed that reproduces each chain: a number (PyMC), or ``seed/stream`` (nutpie). A fit that went on after an
        interruption has one for each part, such as ``7/0[950]+9/0``: 950 draws of the first.
    compile_s, sample_s
        Wall-clock seconds (of the last part).
    """

    draws: dict[str, np.ndarray]
    stats: dict[str, np.ndarray]
    chain_seeds: list[str]
    compile_s: float
    sample_s: float

    @property
    def n_draws(self) -> int:
        """Number of draws of each chain."""
        return int(self.stats["lp"].shape[1])


def read_trace(trace: xr.DataTree, names: list[str]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Read the draws of the variables ``names`` and the statistics of `STATS`."""
    found = trace["sample_stats"]
    spelled = {name: next(s for s in spellings if s in found) for name, spellings in STATS.items()}
    draws = {name: trace["posterior"][name].to_numpy() for name in names}
    return draws, {name: found[spelling].to_numpy() for name, spelling in spelled.items()}


def unfinished(draws: dict[str, np.ndarray], stats: dict[str, np.ndarray], chain_seeds: list[str]) -> KeptDraws:
    """Put together the draws of chains that have not finished; shorter ones are filled up with NaN."""
    return KeptDraws(draws, stats, np.isfinite(stats["step_size"]).sum(1), chain_seeds)
