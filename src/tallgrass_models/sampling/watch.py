"""What a sampler tells while it runs, and to whom. Samplers know this interface only, and not what is behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class ChainProgress:
    """Where one chain is.

    Attributes
    ----------
    draw, total
        Draws made and to be made, tuning included.
    after_tuning, divergences
        Draws made since tuning ended, and how many of those diverged.
    step_size
        Of the latest draw; None before the first.
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
        """Whether the chain still tunes."""
        return self.after_tuning == 0


@dataclass(frozen=True)
class KeptDraws:
    """Draws after tuning of chains that may be unequally long.

    Attributes
    ----------
    draws, stats
        As in `Sampled`, shape (chain, draw, *shape); beyond a chain's length there is no meaning in them.
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
        """Draws that every chain has."""
        return int(self.lengths.min(initial=2**62)) if self.lengths.size else 0

    def cut(self) -> KeptDraws:
        """As many draws of every chain as the shortest one has."""
        return self._part(np.arange(self.lengths.size), self.whole)

    def first(self, n: int) -> KeptDraws:
        """The first ``n`` draws of every chain."""
        return self._part(np.arange(self.lengths.size), n)

    def most(self) -> KeptDraws:
        """Equally many draws of some chains: those chains, and that number, that keep the most draws in all."""
        order = np.argsort(-self.lengths, kind="stable")
        best = int(np.argmax(self.lengths[order] * np.arange(1, order.size + 1)))
        return self._part(np.sort(order[: best + 1]), int(self.lengths[order[best]]))

    def _part(self, chains: np.ndarray, n: int) -> KeptDraws:
        draws, stats = ({k: v[chains, :n] for k, v in group.items()} for group in (self.draws, self.stats))
        return KeptDraws(draws, stats, np.full(chains.size, n), [self.chain_seeds[c] for c in chains])


class Watch(Protocol):
    """Who looks on. Called from the main thread, between draws; whatever `progress` raises ends the sampling."""

    def progress(self, chains: Sequence[ChainProgress]) -> None:
        """Where the chains are; called several times a second."""

    def wants_draws(self) -> bool:
        """Whether it is time to hand over what was drawn so far."""

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        """Take what was drawn so far. It is for `keep` to call ``draws``, and to bear what goes wrong in that."""


class Nobody:
    """Nobody looks on."""

    def progress(self, chains: Sequence[ChainProgress]) -> None:
        """Do nothing."""

    def wants_draws(self) -> bool:
        """Never."""
        return False

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        """Do nothing."""
