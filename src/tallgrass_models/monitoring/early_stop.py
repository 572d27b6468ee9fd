"""Rules for when to give up a fit that cannot end well, if the configuration asks for that."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median_high, median_low
from typing import TYPE_CHECKING

from ..config.running import EarlyStopConfig
from ..errors import UserError

if TYPE_CHECKING:
    from ..sampling.watch import ChainProgress

#: Draws of a chain after tuning before its share of divergences counts.
_ENOUGH_DRAWS = 100


class EarlyStopError(UserError):
    """A fit was given up for one of the reasons of `EarlyStopConfig`."""


def reason_to_stop(chains: Sequence[ChainProgress], limits: EarlyStopConfig) -> str | None:
    """Return why the fit should be given up; None if it should not.

    Parameters
    ----------
    chains
        Where the chains are.
    limits
        Step size below which, share of divergences above which, and slowness (times the median time of a draw) above
        which a chain is hopeless; each None for never.
    """
    speeds = [chain.runtime_s / chain.draw for chain in chains if chain.draw]
    for number, chain in enumerate(chains, start=1):
        step, limit = chain.step_size, limits.step_size
        if limit is not None and step is not None and not chain.tuning and step < limit:
            return f"early stop: step size of chain {number} is {step:.2g}, below {limit:g}"
        share, limit = chain.divergences / max(chain.after_tuning, 1), limits.divergence_share
        if limit is not None and chain.after_tuning >= _ENOUGH_DRAWS and share > limit:
            return (
                f"early stop: {100 * share:.0f} % of the draws of chain {number} diverge, more than {100 * limit:g} %"
            )
    limit = limits.slow_chain
    if limit is not None and len(speeds) == len(chains) and median_high(c.draw / c.total for c in chains) >= 0.5:
        times = median_low(speeds)
        for number, (chain, time) in enumerate(zip(chains, speeds, strict=True), start=1):
            if chain.draw < chain.total and time > limit * times:
                return f"early stop: chain {number} takes {time / times:.1f} times as long as the median chain"
    return None
