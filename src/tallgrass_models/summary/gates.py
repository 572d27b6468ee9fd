"""Gates of convergence that explain their verdict: what failed, where, what chance would do, and the draws needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from ..config.gates import GateConfig
from ..draws.mixing import Statistics
from ..files.records import summary as records
from .chance import draws_needed, ess_chance, ess_noise, rhat_chance

#: Name of the log density of a draw among the gated quantities.
LOG_DENSITY = "log_density"


@dataclass(frozen=True)
class Block:
    """Convergence of one parameter block, by its worst values.

    Attributes
    ----------
    rhat_where, ess_bulk_where, ess_tail_where
        Id of the member, bill or party with the worst value; ``*_name`` is its name for people.
    n_rhat_chance, n_ess_chance
        Number of elements that would miss the gate by chance, see `rhat_chance` and `ess_chance`.
    draws_needed
        Draws of each chain with which the block would pass, see `draws_needed`; None if more draws do not help.
    """

    block: str
    size: int
    rhat_max: float
    rhat_where: str
    rhat_name: str
    n_rhat_above: int
    n_rhat_chance: float
    ess_bulk_min: float
    ess_bulk_where: str
    ess_bulk_name: str
    ess_tail_min: float
    ess_tail_where: str
    ess_tail_name: str
    n_ess_below: int
    n_ess_chance: float
    draws_needed: int | None

    def to_dict(self) -> records.Block:
        """Return plain values for JSON; a statistic that is not finite becomes None."""
        return {
            "block": self.block,
            "size": self.size,
            "rhat_max": _finite(self.rhat_max),
            "rhat_where": self.rhat_where,
            "rhat_name": self.rhat_name,
            "n_rhat_above": self.n_rhat_above,
            "n_rhat_chance": self.n_rhat_chance,
            "ess_bulk_min": _finite(self.ess_bulk_min),
            "ess_bulk_where": self.ess_bulk_where,
            "ess_bulk_name": self.ess_bulk_name,
            "ess_tail_min": _finite(self.ess_tail_min),
            "ess_tail_where": self.ess_tail_where,
            "ess_tail_name": self.ess_tail_name,
            "n_ess_below": self.n_ess_below,
            "n_ess_chance": _finite(self.n_ess_chance),
            "draws_needed": self.draws_needed,
        }


@dataclass(frozen=True)
class Convergence:
    """The verdict on one fit; ``failures`` is empty if every gate was passed."""

    gates: GateConfig
    blocks: list[Block]
    divergences: int
    divergence_limit: int
    ebfmi: list[float]
    failures: list[str]

    @property
    def ok(self) -> bool:
        """True if every gate was passed."""
        return not self.failures

    @property
    def draws_needed(self) -> int | None:
        """Number of draws of each chain with which every block would pass; None if more draws do not help."""
        needed = [block.draws_needed for block in self.blocks]
        return None if None in needed else max((n for n in needed if n is not None), default=0)

    def to_dict(self) -> records.Verdict:
        """Return plain values for JSON; a statistic that is not finite becomes None."""
        return {
            "ok": self.ok,
            "gates": {
                "rhat": self.gates.rhat,
                "ess": self.gates.ess,
                "divergence_share": self.gates.divergence_share,
                "ebfmi": self.gates.ebfmi,
            },
            "blocks": [block.to_dict() for block in self.blocks],
            "divergences": self.divergences,
            "divergence_limit": self.divergence_limit,
            "ebfmi": [_finite(v) for v in self.ebfmi],
            "failures": self.failures,
            "draws_needed": self.draws_needed,
        }


def ebfmi(energy: np.ndarray) -> list[float]:
    """Compute the energy Bayesian fraction of missing information per chain; ``energy`` has shape (chain, draw).

    It is the mean squared change of the energy over its variance (Betancourt 2016, eq. 3.4).
    """
    return [float(v) for v in np.mean(np.diff(energy, axis=1) ** 2, axis=1) / np.var(energy, axis=1, ddof=1)]


def assess(
    statistics: Mapping[str, Statistics],
    labels: Mapping[str, Sequence[str]],
    names: Mapping[str, Sequence[str]],
    diverging: np.ndarray,
    energy: np.ndarray,
    gates: GateConfig,
) -> Convergence:
    """Check every parameter block against the gates.

    Parameters
    ----------
    statistics
        Statistics by variable, from `mixing.element_statistics`.
    labels, names
        The id of each element by variable, in the same order, and its name for people.
    diverging, energy : ndarray, shape (chain, draw)
    gates
        The thresholds.
    """
    noise = ess_noise(np.concatenate([found.ess_halves for found in statistics.values()]))
    blocks = [
        _block(found, (name, labels[name], names[name]), diverging.shape, noise, gates)
        for name, found in statistics.items()
    ]
    n_diverging, fractions = int(diverging.sum()), ebfmi(energy)
    limit = math.floor(gates.divergence_share * diverging.size)
    failures = [text for block in blocks for text in _block_failures(block, gates)]
    if n_diverging > limit:
        failures.append(f"{n_diverging} divergences among {diverging.size} draws, more than the limit of {limit}")
    failures += [
        f"E-BFMI of chain {chain} is {value:.2f} and is not above {gates.ebfmi:g}"
        for chain, value in enumerate(fractions, start=1)
        if not value > gates.ebfmi
    ]
    return Convergence(gates, blocks, n_diverging, limit, fractions, failures)


def element_labels(values: xr.DataArray, names: Mapping[str, Sequence[str]] | None = None) -> list[str]:
    """Label every element of a variable with dims (chain, draw, ...), flattened in C order; "" for a scalar.

    ``names`` replaces the labels of some dimensions.
    """
    out = [""]
    for dim in values.dims[2:]:
        own = (names or {}).get(str(dim))
        labels = values[dim].to_numpy() if own is None else own
        out = [f"{before}, {label}".removeprefix(", ") for before in out for label in labels]
    return out


def _block(
    found: Statistics,
    named: tuple[str, Sequence[str], Sequence[str]],
    shape: tuple[int, ...],
    noise: float,
    gates: GateConfig,
) -> Block:
    """Check one block; ``named`` has its name, the label of each element, and the element's name for people."""
    name, labels, names = named
    worst = int(np.argmax(np.nan_to_num(found.rhat, nan=np.inf)))
    bulk, tail = (int(np.argmin(np.nan_to_num(e, nan=-np.inf))) for e in (found.ess_bulk, found.ess_tail))
    low = ~(found.ess_bulk > gates.ess) | ~(found.ess_tail > gates.ess)
    ess = min(float(found.ess_bulk[bulk]), float(found.ess_tail[tail]))
    chance = rhat_chance(found, shape[0], shape[1], gates.rhat)
    return Block(
        block=name,
        size=found.rhat.size,
        rhat_max=float(found.rhat[worst]),
        rhat_where=labels[worst],
        rhat_name=names[worst],
        n_rhat_above=int((~(found.rhat < gates.rhat)).sum()),
        n_rhat_chance=float(np.nansum(chance)),
        ess_bulk_min=float(found.ess_bulk[bulk]),
        ess_bulk_where=labels[bulk],
        ess_bulk_name=names[bulk],
        ess_tail_min=float(found.ess_tail[tail]),
        ess_tail_where=labels[tail],
        ess_tail_name=names[tail],
        n_ess_below=int(low.sum()),
        n_ess_chance=ess_chance(found, noise, gates.ess),
        draws_needed=draws_needed(shape[1], float(found.rhat[worst]), ess, gates),
    )


def _block_failures(block: Block, gates: GateConfig) -> list[str]:
    def at(name: str) -> str:
        return f" at {name}" if name else ""

    out = []
    if block.n_rhat_above:
        out.append(
            f"R-hat of {block.block} reaches {block.rhat_max:.3f}{at(block.rhat_name)} and is not below"
            f" {gates.rhat:g} ({block.n_rhat_above} of {block.size} exceed it, {block.n_rhat_chance:.2g} by chance)"
        )
    for kind, value, name in (
        ("bulk", block.ess_bulk_min, block.ess_bulk_name),
        ("tail", block.ess_tail_min, block.ess_tail_name),
    ):
        if not value > gates.ess:
            out.append(f"{kind} ESS of {block.block} is only {value:.0f}{at(name)} and is not above {gates.ess}")
    if out:
        needed = (
            "more draws do not help" if block.draws_needed is None else f"{block.draws_needed} draws a chain would pass"
        )
        out[-1] += f"; {needed}"
    return out


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
