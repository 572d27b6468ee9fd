"""Agreement of estimates with other numbers: correlation, coverage, and shrinkage from a flat fit."""

from __future__ import annotations

import numpy as np

from ..votes.vocabulary import PARTIES


def shrinkage(xi: np.ndarray, flat: np.ndarray, party: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how far the party model has drawn each member of a chamber to the mean of the party.

    Parameters
    ----------
    xi, flat : ndarray, shape (n_legislators,)
        Posterior mean positions here, Republicans to the right, and in the flat model (NaN where unknown).
    party : ndarray of str, shape (n_legislators,)
        The party that a member is counted with, and anything else for one counted with neither.

    Returns
    -------
    flat_rescaled, shrinkage : ndarray, shape (n_legislators,)
        Flat scores on the scale of ``xi`` by the line of least squares; and ``1 - d / d_flat`` with the distances from
        the party's mean: 1 fully drawn in, 0 not at all, negative pushed out. NaN within half a standard deviation of
        the mean, where a ratio of small numbers says nothing, and for members of neither party.
    """
    known = np.isfinite(flat)
    if known.sum() < 3 or np.ptp(flat[known]) == 0:
        return np.full(len(xi), np.nan), np.full(len(xi), np.nan)
    rescaled = np.polyval(np.polyfit(flat[known], xi[known], 1), flat)
    shrunk = np.full(len(xi), np.nan)
    for name in PARTIES:
        here = known & (party == name)
        if not here.any():
            continue
        d, d_flat = xi[here] - xi[here].mean(), rescaled[here] - rescaled[here].mean()
        far = np.abs(d_flat) > 0.5 * d_flat.std()
        shrunk[here] = np.where(far, 1 - d / np.where(far, d_flat, 1), np.nan)
    return rescaled, shrunk


def correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    """Pearson correlation over the members for whom both are known; None with fewer than three of them."""
    known = _comparable(a, b)
    return None if known is None else float(np.corrcoef(*known)[0, 1])


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    """Spearman correlation; None where `correlation` is."""
    known = _comparable(a, b)
    if known is None:
        return None
    from scipy.stats import spearmanr

    return float(spearmanr(*known).statistic)


def _comparable(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Return the values of those for whom both are known; None with fewer than three, or if all are equal."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 3 or np.ptp(a[known]) == 0 or np.ptp(b[known]) == 0:
        return None
    return a[known], b[known]


def coverage(truth: np.ndarray, low: np.ndarray, high: np.ndarray) -> float | None:
    """Share of known truths inside their interval."""
    known = np.isfinite(truth)
    return float(((low <= truth) & (truth <= high))[known].mean()) if known.any() else None
