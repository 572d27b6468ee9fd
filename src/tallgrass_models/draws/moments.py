"""What the draws say about members, parties and bills: arrays in, tables out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .montecarlo import mcse
from .ranks import end_probabilities, rank_draws, rank_probability, rank_quantile
from .scale import Frame

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


def shrinkage(xi: np.ndarray, flat: np.ndarray, party: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How far the party model has drawn each member of a chamber to the mean of the party.

    Parameters
    ----------
    xi, flat : ndarray, shape (n_legislators,)
        Posterior mean positions here, Republicans to the right, and in the flat model (NaN where unknown).
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


def ideal_point_table(xi: np.ndarray, x: np.ndarray, members: pd.DataFrame, party: np.ndarray) -> pd.DataFrame:
    """One row per member, with moments on both scales, the rank within the member's chamber and Monte Carlo errors.

    Parameters
    ----------
    xi, x : ndarray, shape (chain, draw, n_legislators)
        Ideal points on the model's own scale, and positions on the headline scale, Republicans to the right.
    members
        Index ``legislator``; columns name, chamber, party, district, state, n_votes, external.
    party : ndarray of str, shape (n_legislators,)
        Party each member is counted with.

    Returns
    -------
    DataFrame
        ``position_*`` and ranks, ``p_leftmost``, ``p_rightmost``, ``p_innermost`` (`ranks.end_probabilities`) from
        ``x``; ``xi_*`` from ``xi``.
    """
    table = members[["name", "chamber", "party", "district", "state", "n_votes"]].copy()
    for stem, draws in (("position", x), ("xi", xi)):
        for name, value in moments(draws).items():
            table[f"{stem}_{name}"] = value
        table[f"{stem}_mcse"] = mcse(draws)
    by_chamber = []
    for chamber in dict.fromkeys(members["chamber"]):
        here = (members["chamber"] == chamber).to_numpy()
        columns = {f"rank_{name}": value for name, value in ranks(x[..., here]).items()}
        columns |= end_probabilities(x[..., here], party[here])
        by_chamber.append(pd.DataFrame(columns, index=table.index[here]))
    table = table.join(pd.concat(by_chamber))
    return table.rename_axis("legislator")


#: Bills whose draws are carried to the headline scale at a time: all at once would double the memory of a large fit.
BILLS_TOGETHER = 256


def bill_table(alpha: np.ndarray, beta: np.ndarray, frame: Frame, rollcalls: pd.DataFrame) -> pd.DataFrame:
    """One row per bill parameter pair.

    Parameters
    ----------
    alpha, beta : ndarray, shape (chain, draw, n_votes)
    frame : Frame
        From the model's own scale to the headline scale.
    rollcalls
        Index ``vote``; its columns come first.

    Notes
    -----
    ``difficulty`` and ``discrimination`` are alpha and beta on the headline scale: the same curve over positions.
    ``cutting_point`` is the position at which Yea and Nay are equally likely, by the posterior means.
    """
    table = rollcalls.copy()
    parts = []
    for start in range(0, alpha.shape[-1], BILLS_TOGETHER):
        some = slice(start, start + BILLS_TOGETHER)
        difficulty, discrimination = (moments(draws) for draws in frame.bills(alpha[..., some], beta[..., some]))
        own = moments(alpha[..., some]), moments(beta[..., some])
        columns = {f"difficulty_{name}": difficulty[name] for name in ("mean", "sd")}
        columns |= {f"discrimination_{name}": value for name, value in discrimination.items()}
        columns |= {f"alpha_{name}": own[0][name] for name in ("mean", "sd")}
        columns |= {f"beta_{name}": value for name, value in own[1].items()}
        parts.append(pd.DataFrame(columns, index=table.index[some]))
    table = table.join(pd.concat(parts))
    slope = table["discrimination_mean"]
    flat = table["beta_mean"].abs() <= 1e-6
    table["cutting_point"] = table["difficulty_mean"] / slope.where(~flat)
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
