"""Interface through which a sampler reports while it runs.

Samplers know this interface only, and not what is behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class ChainProgress:
    """Progress of one chain.

    Attributes
    ----------
    draw, total
        Draws made and to be made, tuning included.
    after_tuning, divergences
        Draws made since tuning ended, and how many of those diverged.
    step_size
        Step size of the latest draw; None before the first.
    runtime_s
        Seconds that the chain has run.
    """

    draw: int
    total: int
    after_tuning: int
    divergences: int
    step_size: float | None
    runtime_s: float

    @property
    def tuning(self) -> bool:
        """True if the chain is still tuning."""
        return self.after_tuning == 0


@dataclass(frozen=True)
class KeptDraws:
    """Draws after tuning, of chains that may differ in length.

    Attributes
    ----------
    draws, stats
        As in `Sampled`, shape (chain, draw, *shape). Values beyond a chain's length have no meaning.
    lengths : ndarray of int, shape (chain,)
    chain_seeds
        As in `Sampled`.
    """

    draws: dict[str, np.ndarray]
    stats: dict[str, np.ndarray]
    lengths: np.ndarray
    chain_seeds: list[str]

    @property
    def whole(self) -> int:
        """Number of draws that every chain has."""
        return int(self.lengths.min(initial=2**62)) if self.lengths.size else 0

    def cut(self) -> KeptDraws:
        """Cut every chain to the length of the shortest one."""
        return self._part(np.arange(self.lengths.size), self.whole)

    def first(self, n: int) -> KeptDraws:
        """Take the first ``n`` draws of every chain."""
        return self._part(np.arange(self.lengths.size), n)

    def most(self) -> KeptDraws:
        """Take equally many draws of some chains; both are chosen so that the most draws are kept in all."""
        order = np.argsort(-self.lengths, kind="stable")
        best = int(np.argmax(self.lengths[order] * np.arange(1, order.size + 1)))
        return self._part(np.sort(order[: best + 1]), int(self.lengths[order[best]]))

    def _part(self, chains: np.ndarray, n: int) -> KeptDraws:
        draws, stats = ({k: v[chains, :n] for k, v in group.items()} for group in (self.draws, self.stats))
        return KeptDraws(draws, stats, np.full(chains.size, n), [self.chain_seeds[c] for c in chains])


class Watch(Protocol):
    """Observer of a sampling.

    The sampler calls it from the main thread, between draws. An exception that `progress` raises ends the sampling.
    """

    def progress(self, chains: Sequence[ChainProgress]) -> None:
        """Take note of where the chains are; the sampler calls this several times a second."""

    def wants_draws(self) -> bool:
        """Say whether it is time to hand over the draws made so far."""

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        """Take the draws made so far.

        It is for `keep` to call ``draws``, and to cope with errors in that call.
        """


class Nobody:
    """Watch that does nothing."""

    def progress(self, chains: Sequence[ChainProgress]) -> None:
        """Do nothing."""

    def wants_draws(self) -> bool:
        """Say no."""
        return False

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        """Do nothing."""
