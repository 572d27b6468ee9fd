"""Restarts of those chains that are not where the others are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..draws.modes import ChainMode, describe, judge_chains
from .result import Sampled

if TYPE_CHECKING:
    import pandas as pd

    from ..models.base import BuiltModel


def judge_fit(built: BuiltModel, sampled: Sampled, members: pd.DataFrame) -> list[ChainMode]:
    """Judge the chains of a fit by `judge_chains`.

    ``members`` has the columns party and chamber, in the model's order.
    """
    xi = built.report(sampled.draws, np.random.default_rng(0))["xi"]
    return judge_chains(xi, members["party"].to_numpy(), members["chamber"].to_numpy(), sampled.stats["lp"])


def restart_lost_chains(
    sampled: Sampled,
    restarts: int,
    judge: Callable[[Sampled], list[ChainMode]],
    again: Callable[[int, int, int], Sampled],
) -> tuple[Sampled, dict[str, str]]:
    """Sample chains that are not ``ok`` again, and only those, up to ``restarts`` times.

    Parameters
    ----------
    sampled
        The fit.
    restarts
        0 leaves the fit as it is, without a judgement.
    judge
        Function that judges the chains of a fit, see `judge_chains`.
    again
        ``again(attempt, n, draws)`` samples ``n`` chains of ``draws`` draws with the seeds of that attempt (from 1).

    Returns
    -------
    sampled
        The fit with new chains in the places of lost ones. Times add up, and seeds are those of the chains kept.
    facts
        Attribute ``modes_before_restarts`` of the posterior file: the judgement before each restart, as JSON.
    """
    before = []
    for attempt in range(1, restarts + 1):
        chains = judge(sampled)
        lost = [chain.chain for chain in chains if chain.verdict != "ok"]
        if not lost:
            break
        before.append(describe(chains))
        sampled = _replaced(sampled, lost, again(attempt, len(lost), sampled.n_draws))
    return sampled, {"modes_before_restarts": json.dumps(before)}


def _replaced(sampled: Sampled, lost: list[int], new: Sampled) -> Sampled:
    def put(old: dict[str, np.ndarray], fresh: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        out = {name: values.copy() for name, values in old.items()}
        for name, values in out.items():
            values[lost] = fresh[name]
        return out

    seeds = list(sampled.chain_seeds)
    for place, seed in zip(lost, new.chain_seeds, strict=True):
        seeds[place] = seed
    return replace(
        sampled,
        draws=put(sampled.draws, new.draws),
        stats=put(sampled.stats, new.stats),
        chain_seeds=seeds,
        compile_s=sampled.compile_s + new.compile_s,
        sample_s=sampled.sample_s + new.sample_s,
    )
