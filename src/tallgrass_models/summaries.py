"""What the draws say about members, parties and bills: arrays in, tables out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

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


def variance_share(mu: np.ndarray, sigma: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Share of the variance of ideal points that lies between the parties (intraclass correlation).

    Parameters
    ----------
    mu, sigma : ndarray, shape (..., n_parties)
        Party means and within-party standard deviations.
    sizes : ndarray of int, shape (n_parties,)
        Members per party; party p weighs ``sizes[p] / sizes.sum()``.

    Returns
    -------
    ndarray, shape (...)
        ``between / (between + within)``, in [0, 1].

    Raises
    ------
    ValueError
        If shapes disagree or a sigma is negative.

    Notes
    -----
    Law of total variance: ``between = sum_p w_p (mu_p - mean)^2``, ``within = sum_p w_p sigma_p^2``.
    """
    if mu.shape != sigma.shape or mu.shape[-1:] != sizes.shape:
        raise ValueError(f"mu {mu.shape}, sigma {sigma.shape} and sizes {sizes.shape} do not agree")
    if (sigma < 0).any():
        raise ValueError("sigma is a standard deviation; found a negative value")
    weight = sizes / sizes.sum()
    between = (mu - (mu @ weight)[..., None]) ** 2 @ weight
    within = sigma**2 @ weight
    return np.asarray(between / (between + within))


def shrinkage(xi: np.ndarray, flat: np.ndarray, party: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the party model has drawn each member of a chamber to the mean of the party.

    Parameters
    ----------
    xi, flat : ndarray, shape (n_legislators,)
        Posterior mean ideal points here and in the flat model (NaN where unknown).
    party : ndarray of str, shape (n_legislators,)

    Returns
    -------
    flat_rescaled, shrinkage : ndarray, shape (n_legislators,)
        Flat scores on the scale of ``xi`` by the line of least squares; and ``1 - d / d_flat`` with the distances from
        the party's mean: 1 fully drawn in, 0 not at all, negative pushed out. NaN within half a standard deviation of
        the mean, where a ratio of small numbers says nothing.
    """
    known = np.isfinite(flat)
    if known.sum() < 3 or np.ptp(flat[known]) == 0:
        return np.full(len(xi), np.nan), np.full(len(xi), np.nan)
    rescaled = np.polyval(np.polyfit(flat[known], xi[known], 1), flat)
    shrunk = np.full(len(xi), np.nan)
    for name in np.unique(party[known]):
        here = known & (party == name)
        d, d_flat = xi[here] - xi[here].mean(), rescaled[here] - rescaled[here].mean()
        far = np.abs(d_flat) > 0.5 * d_flat.std()
        shrunk[here] = np.where(far, 1 - d / np.where(far, d_flat, 1), np.nan)
    return rescaled, shrunk


def scalar(draws: np.ndarray) -> dict[str, float]:
    """`moments` of one quantity with draws of any shape."""
    found = moments(np.asarray(draws).reshape(1, -1, 1))
    return {name: float(value[0]) for name, value in found.items()}


def ideal_point_table(xi: np.ndarray, members: pd.DataFrame) -> pd.DataFrame:
    """One row per member, with moments, the rank within the member's chamber and Monte Carlo errors.

    Parameters
    ----------
    xi : ndarray, shape (chain, draw, n_legislators)
    members
        Index ``legislator``; columns name, chamber, party, district, state, n_votes, external.
    """
    table = members[["name", "chamber", "party", "district", "state", "n_votes"]].copy()
    for name, value in moments(xi).items():
        table[f"xi_{name}"] = value
    table["xi_mcse"] = mcse(xi)
    by_chamber = []
    for chamber in dict.fromkeys(members["chamber"]):
        here = (members["chamber"] == chamber).to_numpy()
        by_chamber.append(pd.DataFrame(ranks(xi[..., here]), index=table.index[here]).add_prefix("rank_"))
    table = table.join(pd.concat(by_chamber))
    return table.rename_axis("legislator")


def party_table(
    mu: np.ndarray, sigma: np.ndarray, chambers: list[str], parties: list[str], sizes: np.ndarray
) -> pd.DataFrame:
    """One row per chamber and party.

    Parameters
    ----------
    mu, sigma : ndarray, shape (chain, draw, n_chambers, n_parties)
    sizes : ndarray of int, shape (n_chambers, n_parties)
    """
    rows = []
    for c, chamber in enumerate(chambers):
        for p, party in enumerate(parties):
            row: dict[str, Any] = {"chamber": chamber, "party": party, "n": int(sizes[c, p])}
            row |= {f"mu_{k}": v for k, v in scalar(mu[:, :, c, p]).items()}
            row |= {f"sigma_{k}": v for k, v in scalar(sigma[:, :, c, p]).items()}
            rows.append(row)
    return pd.DataFrame(rows)


def bill_table(alpha: np.ndarray, beta: np.ndarray, rollcalls: pd.DataFrame) -> pd.DataFrame:
    """One row per bill parameter pair.

    Parameters
    ----------
    alpha, beta : ndarray, shape (chain, draw, n_votes)
    rollcalls
        Index ``vote``; its columns come first.

    Notes
    -----
    ``cutting_point`` is the ideal point at which Yea and Nay are equally likely, alpha / beta of the posterior means.
    """
    table = rollcalls.copy()
    for name, value in moments(alpha).items():
        if name in ("mean", "sd"):
            table[f"alpha_{name}"] = value
    for name, value in moments(beta).items():
        table[f"beta_{name}"] = value
    table["cutting_point"] = table["alpha_mean"] / table["beta_mean"].where(table["beta_mean"].abs() > 1e-6)
    return table.rename_axis("vote")


def correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    """Pearson correlation over the members for whom both are known; None with fewer than three of them."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 3 or np.ptp(a[known]) == 0 or np.ptp(b[known]) == 0:
        return None
    return float(np.corrcoef(a[known], b[known])[0, 1])


def coverage(truth: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
    """Share of known truths inside their interval."""
    known = np.isfinite(truth)
    return float(((low <= truth) & (truth <= high))[known].mean()) if known.any() else None
