"""Convergence: R-hat, ESS, E-BFMI, divergences, and gates that name what failed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr

from .config import GateConfig


@dataclass(frozen=True)
class Block:
    """The worst of one parameter block; ``*_where`` names the member, bill or party it was found at."""

    block: str
    size: int
    rhat_max: float
    rhat_where: str
    n_rhat_above: int
    ess_bulk_min: float
    ess_bulk_where: str
    ess_tail_min: float
    ess_tail_where: str
    n_ess_below: int


@dataclass(frozen=True)
class Convergence:
    """The verdict on one fit: ``failures`` is empty when every gate was passed."""

    gates: GateConfig
    blocks: list[Block]
    divergences: int
    divergence_limit: int
    ebfmi: list[float]
    failures: list[str]

    @property
    def ok(self) -> bool:
        """Whether every gate was passed."""
        return not self.failures

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON; a statistic that is not finite becomes None."""
        blocks = [{k: _finite(v) for k, v in asdict(block).items()} for block in self.blocks]
        return {
            "ok": self.ok,
            "gates": asdict(self.gates),
            "blocks": blocks,
            "divergences": self.divergences,
            "divergence_limit": self.divergence_limit,
            "ebfmi": [_finite(v) for v in self.ebfmi],
            "failures": self.failures,
        }


@dataclass(frozen=True)
class Statistics:
    """Per element of a variable, flattened in C order: rank-normalised split R-hat, bulk and tail ESS."""

    rhat: np.ndarray
    ess_bulk: np.ndarray
    ess_tail: np.ndarray


def element_statistics(draws: np.ndarray) -> Statistics:
    """R-hat and effective sample sizes of every element of one variable.

    Parameters
    ----------
    draws : ndarray, shape (chain, draw, *shape)

    Returns
    -------
    Statistics
        Arrays of shape (prod(shape),). A variable that never moved has R-hat NaN, which no gate lets pass.

    Notes
    -----
    Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021), as computed by ArviZ.
    """
    from arviz_stats.base import array_stats

    flat = np.asarray(draws, dtype=float).reshape(*draws.shape[:2], -1)
    axes = {"chain_axis": 0, "draw_axis": 1}
    with np.errstate(all="ignore"):
        return Statistics(
            np.atleast_1d(array_stats.rhat(flat, **axes, method="rank")),
            np.atleast_1d(array_stats.ess(flat, **axes, method="bulk")),
            np.atleast_1d(array_stats.ess(flat, **axes, method="tail", prob=(0.05, 0.95))),
        )


def ebfmi(energy: np.ndarray) -> list[float]:
    """Energy Bayesian fraction of missing information per chain; ``energy`` has shape (chain, draw).

    Mean squared change of the energy over its variance (Betancourt 2016, eq. 3.4).
    """
    return [float(v) for v in np.mean(np.diff(energy, axis=1) ** 2, axis=1) / np.var(energy, axis=1, ddof=1)]


def assess(
    statistics: Mapping[str, Statistics],
    labels: Mapping[str, list[str]],
    diverging: np.ndarray,
    energy: np.ndarray,
    gates: GateConfig,
) -> Convergence:
    """Hold every parameter block against the gates.

    Parameters
    ----------
    statistics
        By variable, from `element_statistics`.
    labels
        By variable, the name of each element in the same order.
    diverging, energy : ndarray, shape (chain, draw)
    gates
        The thresholds.
    """
    blocks = [_block(name, found, labels[name], gates) for name, found in statistics.items()]
    n_diverging, fractions = int(diverging.sum()), ebfmi(energy)
    limit = math.floor(gates.divergence_share * diverging.size)
    failures = [text for block in blocks for text in _block_failures(block, gates)]
    if n_diverging > limit:
        failures.append(f"{n_diverging} divergences among {diverging.size} draws, more than the limit of {limit}")
    failures += [
        f"E-BFMI of chain {chain} is {value:.2f}, not above {gates.ebfmi:g}"
        for chain, value in enumerate(fractions)
        if not value > gates.ebfmi
    ]
    return Convergence(gates, blocks, n_diverging, limit, fractions, failures)


def element_labels(values: xr.DataArray) -> list[str]:
    """Name of every element of a variable with dims (chain, draw, ...), flattened in C order; "" for a scalar."""
    names = [""]
    for dim in values.dims[2:]:
        names = [f"{name}, {label}".removeprefix(", ") for name in names for label in values[dim].to_numpy()]
    return names


def _block(name: str, found: Statistics, labels: list[str], gates: GateConfig) -> Block:
    worst = int(np.argmax(np.nan_to_num(found.rhat, nan=np.inf)))
    bulk, tail = (int(np.argmin(np.nan_to_num(e, nan=-np.inf))) for e in (found.ess_bulk, found.ess_tail))
    low = ~(found.ess_bulk > gates.ess) | ~(found.ess_tail > gates.ess)
    return Block(
        block=name,
        size=found.rhat.size,
        rhat_max=float(found.rhat[worst]),
        rhat_where=labels[worst],
        n_rhat_above=int((~(found.rhat < gates.rhat)).sum()),
        ess_bulk_min=float(found.ess_bulk[bulk]),
        ess_bulk_where=labels[bulk],
        ess_tail_min=float(found.ess_tail[tail]),
        ess_tail_where=labels[tail],
        n_ess_below=int(low.sum()),
    )


def _block_failures(block: Block, gates: GateConfig) -> list[str]:
    def at(where: str) -> str:
        return f" at {where}" if where else ""

    out = []
    if block.n_rhat_above:
        out.append(
            f"R-hat of {block.block} reaches {block.rhat_max:.3f}{at(block.rhat_where)}, not below {gates.rhat:g}"
            f" ({block.n_rhat_above} of {block.size} exceed)"
        )
    for kind, value, where in (
        ("bulk", block.ess_bulk_min, block.ess_bulk_where),
        ("tail", block.ess_tail_min, block.ess_tail_where),
    ):
        if not value > gates.ess:
            out.append(f"{kind} ESS of {block.block} is only {value:.0f}{at(where)}, not above {gates.ess}")
    return out


def _finite(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
