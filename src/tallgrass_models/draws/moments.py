"""Moments, intervals and ranks of draws."""

from __future__ import annotations

import numpy as np

from ..files.records.fields import Moments
from .montecarlo import mcse
from .ranks import rank_draws, rank_probability, rank_quantile

#: Intervals are the central 90 % of the draws.
INTERVAL = (0.05, 0.95)


def moments(draws: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, standard deviation and 90 % interval of each element.

    Parameters
    ----------
    draws : ndarray, shape (chain, draw, n)

    Returns
    -------
    dict
        ``mean``, ``sd``, ``q05``, ``q95``, each of shape (n,).
    """
    columns = np.array(draws.reshape(-1, draws.shape[-1]).T, dtype=float, order="C")  # quantiles of rows are faster
    low, high = np.quantile(columns, INTERVAL, axis=1)
    return {"mean": columns.mean(1), "sd": columns.std(1, ddof=1), "q05": low, "q95": high}


def thinned(draws: np.ndarray, n: int) -> np.ndarray:
    """At most ``n`` draws, evenly spaced over all chains; (chain, draw, ...) becomes (n, ...), in double precision."""
    flat = draws.reshape(-1, *draws.shape[2:])
    at = np.linspace(0, len(flat) - 1, min(n, len(flat))).astype(int)
    return np.asarray(flat[at], dtype=float)


def ranks(xi: np.ndarray) -> dict[str, np.ndarray]:
    """Rank of each member within the chamber: 1 is the leftmost.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n_legislators)

    Returns
    -------
    dict
        ``mean``, ``sd``, ``q05``, ``q95`` over the draws and ``mcse``, the Monte Carlo standard error of the mean; each
        of shape (n_legislators,).
    """
    rank = rank_draws(xi)
    probability = rank_probability(rank)
    low, high = (rank_quantile(probability, share) for share in INTERVAL)
    flat = rank.reshape(-1, rank.shape[-1])
    return {"mean": flat.mean(0), "sd": flat.std(0, ddof=1), "q05": low, "q95": high, "mcse": mcse(rank)}


def four(draws: np.ndarray) -> tuple[float, float, float, float]:
    """Mean, standard deviation, 5 % and 95 % quantile of one quantity with draws of any shape."""
    found = moments(np.asarray(draws).reshape(1, -1, 1))
    mean, sd, low, high = (float(found[name][0]) for name in ("mean", "sd", "q05", "q95"))
    return mean, sd, low, high


def columns(draws: np.ndarray, stem: str) -> dict[str, float]:
    """`moments` of one quantity with draws of any shape, named ``{stem}_mean`` and so on."""
    mean, sd, low, high = four(draws)
    return {f"{stem}_mean": mean, f"{stem}_sd": sd, f"{stem}_q05": low, f"{stem}_q95": high}


def scalar(draws: np.ndarray) -> Moments:
    """`moments` of one quantity with draws of any shape."""
    mean, sd, low, high = four(draws)
    return {"mean": mean, "sd": sd, "q05": low, "q95": high}
