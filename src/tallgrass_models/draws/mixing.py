"""R-hat and effective sample sizes of many quantities at once: what ArviZ computes one by one, to the last digits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np

#: Elements computed together: few enough to stay in the processor's cache, whatever the size of the variable.
CHUNK = 16
_TAILS = (0.05, 0.95)
#: Range below which ArviZ calls draws constant.
_RESOLUTION = np.finfo(float).resolution


@dataclass(frozen=True)
class Statistics:
    """Per element of a variable, flattened in C order.

    Attributes
    ----------
    rhat
        Rank-normalised split R-hat.
    ess_bulk, ess_tail
        Effective sample sizes.
    ess_within, ess_within_folded
        Effective sample size from the autocorrelation within half chains alone, of the draws and of their distance from
        the median: what there would be if chains that disagree agreed.
    ess_halves
        Bulk effective sample size of the first and of the second halves of all chains, shape (n, 2).
    """

    rhat: np.ndarray
    ess_bulk: np.ndarray
    ess_tail: np.ndarray
    ess_within: np.ndarray
    ess_within_folded: np.ndarray
    ess_halves: np.ndarray


def element_statistics(draws: np.ndarray, threads: int = 1) -> Statistics:
    """R-hat and effective sample sizes of every element of one variable.

    Parameters
    ----------
    draws : ndarray, shape (chain, draw, *shape)
        Two chains or more, of eight draws or more.
    threads : int
        Threads that share the work; the numbers are the same.

    Returns
    -------
    Statistics
        Arrays of shape (prod(shape),). A variable that never moved, or is not finite throughout, has R-hat NaN, which
        no gate lets pass.

    Raises
    ------
    ValueError
        If there are fewer chains or draws.

    Notes
    -----
    Vehtari, Gelman, Simpson, Carpenter & Buerkner (2021). The last draw but the half is left out where the number is
    odd, as in ArviZ.
    """
    if draws.shape[0] < 2 or draws.shape[1] < 8:
        raise ValueError(f"R-hat needs two chains of eight draws, not {draws.shape[:2]}")
    columns = np.asarray(draws).reshape(*draws.shape[:2], -1).transpose(2, 0, 1)

    def chunk(first: int) -> tuple[np.ndarray, ...]:
        return _chunk(columns[first : first + CHUNK].astype(float))

    with ThreadPoolExecutor(threads) as pool:
        chunks = list(pool.map(chunk, range(0, len(columns), CHUNK)))
    return Statistics(*(np.concatenate(parts) for parts in zip(*chunks, strict=True)))


def _chunk(x: np.ndarray) -> tuple[np.ndarray, ...]:
    """Compute the fields of `Statistics` for elements with shape (element, chain, draw)."""
    half = x.shape[2] // 2
    split = np.concatenate([x[:, :, :half], x[:, :, -half:]], axis=1)
    flat = split.reshape(len(x), -1)
    order = flat.argsort(-1)
    ordered = np.take_along_axis(flat, order, -1)
    median = ordered[:, [(flat.shape[1] - 1) // 2, flat.shape[1] // 2]].mean(1, keepdims=True)
    # the distances from the median fall and then rise, which a stable sort makes use of
    apart = np.abs(ordered - median)
    folding = apart.argsort(-1, kind="stable")
    z = _normal_scores(order, ordered).reshape(split.shape)
    folded = _normal_scores(np.take_along_axis(order, folding, -1), np.take_along_axis(apart, folding, -1))
    folded = folded.reshape(split.shape)
    low, high = np.quantile(x.reshape(len(x), -1) if x.shape[2] % 2 else ordered, _TAILS, axis=1)[:, :, None, None]
    halves = np.split(z, 2, axis=1)
    acov_halves = [_autocovariance(part) for part in halves]
    acov = (acov_halves[0] + acov_halves[1]) / 2
    with np.errstate(all="ignore"):
        rhat, rhat_folded = _rhat(z), _rhat(folded)
        tails = [part.astype(float) for part in (split <= low, split <= high)]
        tail_low, tail_high = (_ess(_autocovariance(part), part) for part in tails)
        out = (
            np.where(rhat_folded > rhat, rhat_folded, rhat),
            _ess(acov, z),
            np.minimum(tail_low, tail_high),
            _ess(acov, z, between=False),
            _ess(_autocovariance(folded), folded, between=False),
            np.stack([_ess(a, part) for a, part in zip(acov_halves, halves, strict=True)], axis=1),
        )
    bad = ~np.isfinite(x).all((1, 2))
    for values in out:
        values[bad] = np.nan
    return out


@cache
def _score_table(size: int) -> np.ndarray:
    """Return the normal score of average rank ``k / 2`` among ``size`` draws, at index k (Blom 1958)."""
    inverse = NormalDist().inv_cdf
    return np.array([0.0, 0.0, *(inverse((k / 2 - 3 / 8) / (size + 1 / 4)) for k in range(2, 2 * size + 1))])


def _normal_scores(order: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Return normal scores of the average ranks over all chains.

    ``order`` has the places of the draws from the least to the greatest, and ``ordered`` their values, each of shape
    (element, draw).
    """
    size = ordered.shape[1]
    table = _score_table(size)
    z = np.empty(ordered.shape)
    np.put_along_axis(z, order, np.broadcast_to(table[2::2], z.shape), -1)
    differ = ordered[:, 1:] != ordered[:, :-1]
    for row in np.flatnonzero(~differ.all(1)):
        firsts = np.concatenate([[0], 1 + np.flatnonzero(differ[row])])
        ends = np.append(firsts[1:], size)
        z[row, order[row]] = np.repeat(table[firsts + ends + 1], ends - firsts)
    return z


def _rhat(z: np.ndarray) -> np.ndarray:
    n = z.shape[2]
    between = n * z.mean(2).var(1, ddof=1)
    within = z.var(2, ddof=1).mean(1)
    return np.sqrt((between / within + n - 1) / n)


def _autocovariance(x: np.ndarray) -> np.ndarray:
    """Mean over chains of the autocovariances at all lags.

    Parameters
    ----------
    x : ndarray, shape (element, chain, draw)

    Returns
    -------
    ndarray, shape (element, draw)
        Column t: lag t, divided by the number of draws at every lag.
    """
    n = x.shape[2]
    length = 1 << (2 * n - 1).bit_length()
    spectrum = np.fft.rfft(x - x.mean(2, keepdims=True), length, axis=2)
    power = (spectrum.real**2 + spectrum.imag**2).mean(1)
    return np.fft.irfft(power, length, axis=1)[:, :n] / n


def _ess(acov: np.ndarray, x: np.ndarray, between: bool = True) -> np.ndarray:
    """Effective sample size of elements with shape (element, chain, draw) from their `_autocovariance`.

    ``between=False`` leaves out that the chains' means differ.

    Notes
    -----
    Geyer's (1992) initial monotone sequence of pairs of autocorrelations ``rho[2k] + rho[2k+1]``: summed up to the
    first that is not positive, each no larger than the one before. As ArviZ does it, the even one of the first pair
    left out counts once if it is positive.
    """
    n_chains, n = x.shape[1:]
    total = n_chains * n
    variance = acov[:, :1]
    if between:
        rho = 1 - (variance * n / (n - 1) - acov) / (variance + x.mean(2).var(1, ddof=1)[:, None])
    else:
        rho = acov / variance
    rho[:, 0] = 1.0
    pairs = rho[:, 0 : n - n % 2 : 2] + rho[:, 1::2]
    most = -(-(n - 4) // 2)  # pairs that ArviZ looks at
    stop = pairs[:, : most + 1] <= 0
    kept = np.where(stop.any(1), stop.argmax(1), most)
    counted = np.arange(pairs.shape[1]) < kept[:, None]
    tau = -1 + 2 * np.where(counted, np.minimum.accumulate(pairs, axis=1), 0).sum(1)
    rows = np.arange(len(rho))
    even = rho[rows, 2 * kept]
    tau += np.where((even > 0) | (pairs[rows, kept] >= 0), even, 0)
    ess = total / np.maximum(tau, 1 / np.log10(total))
    constant = np.ptp(x.reshape(len(x), -1), axis=1) < _RESOLUTION
    return np.where(constant, float(total), ess)
