"""The rule that stops sampling when there are enough draws.

It judges at fixed numbers of draws, so that a seed gives the same draws every time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..draws.mixing import Statistics, element_statistics
from ..models.base import AXES, BuiltModel, Reported
from .watch import KeptDraws

#: Draws of each chain are judged at multiples of this.
BLOCK = 250
#: Stricter versions of the usual gates (R-hat 1.01, ESS 400): R-hat below, bulk and tail ESS above, for every quantity.
_RHAT, _ESS = 1.005, 1000
#: Number of elements of each variable to look at first; later, as many of the worst ones of the last judgement.
_FIRST = 20
#: How far to go towards the number of draws that seems to be needed before the next judgement, and the bounds of that
#: step: the least, as a share of the draws there are, and the most.
_EAGER, _LEAST, MOST = 0.8, 0.3, 1000


class Enough:
    """Judge of whether one fit has enough draws.

    Parameters
    ----------
    built
        The model, for its reported variables.
    before
        Draws of an earlier run, which come before those to be judged.
    threads
        Threads that share the work.
    """

    def __init__(self, built: BuiltModel, before: KeptDraws | None = None, threads: int = 1) -> None:
        self._built, self._before, self._threads = built, before, threads
        self._suspects: dict[str, np.ndarray] = {}

    def more(self, kept: KeptDraws) -> int:
        """Return how many draws of each chain to make before the next judgement; 0 if there are enough.

        ``kept`` has equally many draws of each chain. ESS grows in proportion to the draws, and ``R^2 - 1`` falls in
        proportion, which shows how many are needed.
        """
        draws = kept if self._before is None else joined(self._before, kept)
        for found in self._statistics(draws):
            factor = _factor(found)
            if factor > 1:
                wanted = max((_EAGER * factor - 1) * draws.whole, _LEAST * draws.whole)
                return BLOCK * math.ceil(min(wanted, MOST) / BLOCK)
        return 0

    def _statistics(self, draws: KeptDraws) -> Iterator[Statistics]:
        """Yield the statistics, cheap ones first: the log density, a few elements of each variable, then all."""
        yield element_statistics(draws.stats["lp"])
        reported: Reported = self._built.report(draws.draws, np.random.default_rng(0))
        reported = {name: values for name, values in reported.items() if name != AXES}
        flat = {name: values.reshape(*values.shape[:2], -1) for name, values in reported.items()}
        spread = {name: np.linspace(0, values.shape[2] - 1, _FIRST).astype(int) for name, values in flat.items()}
        few = [values[..., self._suspects.get(name, spread[name])] for name, values in flat.items()]
        yield element_statistics(np.concatenate(few, axis=-1))
        for name, values in flat.items():
            found = element_statistics(values, self._threads)
            worst = [np.argsort(-found.rhat), np.argsort(found.ess_bulk), np.argsort(found.ess_tail)]
            self._suspects[name] = np.unique(np.concatenate([order[:_FIRST] for order in worst]))
            yield found


def _factor(found: Statistics) -> float:
    """Estimate by what factor more draws would let the worst element pass; it is at most 1 if all pass."""
    low = min(float(found.ess_bulk.min()), float(found.ess_tail.min()))
    high = float(found.rhat.max())
    if not (low > 0 and math.isfinite(high)):
        return math.inf
    return max(_ESS / low, (high**2 - 1) / (_RHAT**2 - 1))


def joined(first: KeptDraws, second: KeptDraws) -> KeptDraws:
    """Join two parts of the draws of the same chains, one after the other."""
    draws, stats = (
        {name: np.concatenate([a[name], b[name].astype(a[name].dtype)], axis=1) for name in a}
        for a, b in ((first.draws, second.draws), (first.stats, second.stats))
    )
    seeds = [f"{a}[{first.whole}]+{b}" for a, b in zip(first.chain_seeds, second.chain_seeds, strict=True)]
    return KeptDraws(draws, stats, first.lengths + second.lengths, seeds)
