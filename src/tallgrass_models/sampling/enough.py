"""When there are draws enough: judged at fixed numbers of draws, so that a seed gives the same draws every time."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..draws.mixing import Statistics, element_statistics
from ..models.base import BuiltModel, Reported
from .watch import KeptDraws

#: Draws of each chain are judged at multiples of this.
BLOCK = 250
#: Margins to the usual gates (R-hat 1.01, ESS 400): R-hat below, bulk and tail ESS above, for every quantity.
_RHAT, _ESS = 1.005, 1000
#: Elements of each variable that are looked at first; then as many of the worst ones of the last judgement.
_FIRST = 20
#: Part of the way to the number that seems to be needed after which draws are judged again, and bounds of that: the
#: least, as a share of the draws there are, and the most.
_EAGER, _LEAST, MOST = 0.8, 0.3, 1000


class Enough:
    """The judgement on the draws of one fit.

    Parameters
    ----------
    built
        The model, for its reported variables.
    before
        Draws that come before those judged, of an earlier run.
    threads
        Threads that share the work.
    """

    def __init__(self, built: BuiltModel, before: KeptDraws | None = None, threads: int = 1) -> None:
        self._built, self._before, self._threads = built, before, threads
        self._suspects: dict[str, np.ndarray] = {}

    def more(self, kept: KeptDraws) -> int:
        """Return how many draws of each chain to make before the next judgement; 0 where these are enough.

        ``kept`` has equally many of each chain. ESS grows with the draws, and ``R^2 - 1`` falls with them, which tells
        how many are needed.
        """
        draws = kept if self._before is None else joined(self._before, kept)
        for found in self._statistics(draws):
            factor = _factor(found)
            if factor > 1:
                wanted = max((_EAGER * factor - 1) * draws.whole, _LEAST * draws.whole)
                return BLOCK * math.ceil(min(wanted, MOST) / BLOCK)
        return 0

    def _statistics(self, draws: KeptDraws) -> Iterator[Statistics]:
        """What is cheap first: the log density, a few elements of each variable, then all of them."""
        yield element_statistics(draws.stats["lp"])
        reported: Reported = self._built.report(draws.draws, np.random.default_rng(0))
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
    """By what the draws would have to be multiplied to pass, by the worst element; at most 1 where they pass."""
    low = min(float(found.ess_bulk.min()), float(found.ess_tail.min()))
    high = float(found.rhat.max())
    if not (low > 0 and math.isfinite(high)):
        return math.inf
    return max(_ESS / low, (high**2 - 1) / (_RHAT**2 - 1))


def joined(first: KeptDraws, second: KeptDraws) -> KeptDraws:
    """Draws of the same chains, one part after the other."""
    draws, stats = (
        {name: np.concatenate([a[name], b[name].astype(a[name].dtype)], axis=1) for name in a}
        for a, b in ((first.draws, second.draws), (first.stats, second.stats))
    )
    seeds = [f"{a}[{first.whole}]+{b}" for a, b in zip(first.chain_seeds, second.chain_seeds, strict=True)]
    return KeptDraws(draws, stats, first.lengths + second.lengths, seeds)
