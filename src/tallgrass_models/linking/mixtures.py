"""Weights of the methods in what is said across chambers, and statistics of the weighted mixture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..draws.moments import INTERVAL
from ..files.names import JOINT

#: What is told of a quantity across chambers.
QUANTILES = {"median": 0.5, "q05": INTERVAL[0], "q95": INTERVAL[1]}


def weights(names: Sequence[str]) -> dict[str, float]:
    """Weight of each method in what is said across chambers.

    The joint model and the link weigh the same where both have an answer, and so do the linking methods among
    themselves: they are four readings of the same two fits.
    """
    linking = [name for name in names if name != JOINT]
    whole = 0.5 if len(linking) < len(names) and linking else 1.0
    return {name: whole / (1 if name == JOINT else len(linking)) for name in names}


def mixed_probability(found: Mapping[str, np.ndarray], weight: Mapping[str, float]) -> np.ndarray:
    """Share of draws, over the methods mixed; ``found`` has what is true in each draw of each method (first axis)."""
    return np.asarray(sum(weight[name] * draws.mean(0) for name, draws in found.items()) / _total(found, weight))


def mixed_quantiles(found: Mapping[str, np.ndarray], weight: Mapping[str, float]) -> dict[str, np.ndarray]:
    """Median and 90 % interval of a mixture of draws, with arrays of shape (n_draws, n) from each method.

    No mean: a method that now and then has a wild answer would make it.

    Returns
    -------
    dict
        `QUANTILES`, each of shape (n,). A single method has exactly its own.
    """
    at = np.array(list(QUANTILES.values()))
    if len(found) == 1:
        quantiles = np.quantile(next(iter(found.values())), at, axis=0)
    else:
        total = _total(found, weight)
        draws = np.concatenate(list(found.values()))
        each = np.concatenate([np.full(len(d), weight[name] / total / len(d)) for name, d in found.items()])
        quantiles = np.quantile(draws, at, axis=0, weights=each, method="inverted_cdf")
    return dict(zip(QUANTILES, quantiles, strict=True))


def _total(found: Mapping[str, np.ndarray], weight: Mapping[str, float]) -> float:
    return sum(weight[name] for name in found)
