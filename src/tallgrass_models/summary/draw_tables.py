"""Small tables of the draws for the figures: curves of bills, ranks by chain, energy."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..draws.frame import Frame

#: Bills chosen by rank of |discrimination|: the most, the upper quartile, the median, the least.
_CURVE_SHARES = (0.0, 0.25, 0.5, 1.0)
_CURVE_POINTS, _CURVE_DRAWS = 61, 1000
RANK_BINS, ENERGY_BINS = 20, 40


def curve_table(
    alpha: np.ndarray, beta: np.ndarray, frame: Frame, positions: np.ndarray, bills: pd.DataFrame
) -> pd.DataFrame:
    """Compute the item characteristic curves of a few bills, from the most to the least discriminating.

    Parameters
    ----------
    alpha, beta : ndarray, shape (chain, draw, n_votes)
    frame : Frame
        The frame from the model's own scale to the headline scale.
    positions : ndarray, shape (n_legislators,)
        Posterior means on the headline scale; the curves run over them.
    bills
        A row per vote, with columns ``vote``, ``bill``, ``discrimination_mean``.

    Returns
    -------
    DataFrame
        ``vote, bill, discrimination_mean, position, p_mean, p_q05, p_q95``: P(Yea) over the draws by position.
    """
    order = bills["discrimination_mean"].abs().argsort(kind="stable").to_numpy()[::-1]
    chosen = list(dict.fromkeys(int(order[round(share * (len(order) - 1))]) for share in _CURVE_SHARES))
    x = np.linspace(positions.min(), positions.max(), _CURVE_POINTS)
    tables = []
    for j in chosen:
        a, b = (_thinned(draws, _CURVE_DRAWS) for draws in frame.bills(alpha[..., [j]], beta[..., [j]]))
        p = 0.5 * (1 + np.tanh(0.5 * (b[:, None] * x - a[:, None])))  # a logistic function that cannot overflow
        low, high = np.quantile(p, (0.05, 0.95), axis=0)
        columns = {"position": x, "p_mean": p.mean(0), "p_q05": low, "p_q95": high}
        row = bills.iloc[j]
        what = {name: row[name] for name in ("vote", "bill", "discrimination_mean")}
        tables.append(pd.DataFrame({**what, **columns}))
    return pd.concat(tables, ignore_index=True)


def _thinned(draws: np.ndarray, most: int) -> np.ndarray:
    """Take at most ``most`` draws of one parameter, evenly spaced over all chains."""
    flat = draws.reshape(-1).astype(float)
    return flat[np.linspace(0, flat.size - 1, min(most, flat.size)).round().astype(int)]


def rank_table(draws: np.ndarray) -> pd.DataFrame:
    """Rank the draws of each chain among the draws of all.

    Parameters
    ----------
    draws : ndarray, shape (chain, draw)

    Returns
    -------
    DataFrame
        ``chain, rank, share``: per chain and bin of ranks (``rank`` is its middle, in [0, 1]) the share of the chain's
        draws in it, relative to an even spread. Chains that agree have ``share`` near 1 everywhere.

    Notes
    -----
    Rank plots are described by Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), section 5.
    """
    chains, n = draws.shape
    rank = draws.reshape(-1).argsort(kind="stable").argsort().reshape(chains, n)
    bins = rank * RANK_BINS // (chains * n)
    counts = np.stack([np.bincount(row, minlength=RANK_BINS) for row in bins])
    middle = (np.arange(RANK_BINS) + 0.5) / RANK_BINS
    share = counts * RANK_BINS / n
    chain = np.repeat(np.arange(chains), RANK_BINS)
    return pd.DataFrame({"chain": chain, "rank": np.tile(middle, chains), "share": share.reshape(-1)})


def energy_table(energy: np.ndarray) -> pd.DataFrame:
    """Compute the distribution of the energy and of its change in a step, chain by chain.

    Parameters
    ----------
    energy : ndarray, shape (chain, draw)

    Returns
    -------
    DataFrame
        ``chain, energy, marginal, change``: per chain and bin (``energy`` is its middle, from the chain's mean) the
        density of the energy and of the differences of successive draws.
    """
    tables = []
    for chain, values in enumerate(np.asarray(energy, dtype=float)):
        centred, change = values - values.mean(), np.diff(values)
        reach = max(np.abs(centred).max(), np.abs(change).max()) or 1.0
        edges = np.linspace(-reach, reach, ENERGY_BINS + 1)
        found = {
            name: np.histogram(sample, edges, density=True)[0]
            for name, sample in (("marginal", centred), ("change", change))
        }
        tables.append(pd.DataFrame({"chain": chain, "energy": (edges[:-1] + edges[1:]) / 2, **found}))
    return pd.concat(tables, ignore_index=True)
