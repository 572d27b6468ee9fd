"""The pilot of the model of two dimensions: a quick Gaussian approximation of members and bills, which steers it.

Members and bills get independent normal distributions that come near the posterior in Kullback-Leibler divergence. Each
in turn is set by Newton steps on the expected log density, whose curvature is the precision (Opper & Archambeau 2009,
Neural Computation 21). Expectations of a logistic function of a normal variable use ``E logistic(N(m, v)) = logistic(m
/ sqrt(1 + pi v / 8))`` (MacKay 1992). In the last rounds the moments come from quadrature, since a bill on which a
party is nearly unanimous is far from normal. The approximation affects the efficiency of the sampler only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_ROUNDS, _LAST_ROUNDS = 40, 12
#: Grid of the quadrature, in standard deviations of the last round, and how many bills are done at a time.
_SPACING = 0.85
_GRID = _SPACING * np.stack([x.ravel() for x in np.meshgrid(*[np.arange(-3, 4)] * 3)], axis=1)
_PLANE_GRID = _SPACING * np.stack([x.ravel() for x in np.meshgrid(*[np.arange(-3, 4)] * 2)], axis=1)
_TOGETHER = 50
_MOST_BINS = 80
_LONGEST = 1.5  # step of a position, in units of the prior's standard deviation
_LEAST_SPREAD = 0.05


@dataclass
class Moments:
    """Means and covariances of members ``(x1, x2)`` and bills ``(beta, beta2, alpha)``.

    Attributes
    ----------
    x, x_cov : ndarray, shapes (n_members, 2), (n_members, 2, 2)
    e, e_cov : ndarray, shapes (n_bills, 3), (n_bills, 3, 3)
    mu, sigma : ndarray, shape (3,)
        Mean and standard deviation of x1 of Democrats, Republicans and members of neither party.
    points, weights : ndarray, shapes (n_bills, n_points, 3), (n_bills, n_points)
        The last quadrature of bills.
    """

    x: np.ndarray
    x_cov: np.ndarray
    e: np.ndarray
    e_cov: np.ndarray
    mu: np.ndarray
    sigma: np.ndarray
    points: np.ndarray
    weights: np.ndarray


def run_pilot(
    sign: np.ndarray, scores: np.ndarray, sizes: tuple[int, int, int], beta_sigma: float, alpha_sigma: float
) -> Moments:
    """Fit the approximation.

    Parameters
    ----------
    sign : ndarray of int8, shape (n_members, n_bills)
        +1, -1 or 0; Democrats first, then Republicans, then members of neither party.
    scores : ndarray, shape (n_members, 2)
        First guess of the positions.
    sizes
        Number of members of each group.
    """
    n, m = sign.shape
    scores = (scores - scores.mean(0)) / np.maximum(scores.std(0), 1e-9)
    tau = np.diag([beta_sigma**-2.0, 1.0, alpha_sigma**-2.0])
    at = Moments(
        x=np.array([1.5, 1.0]) * scores,
        x_cov=np.tile(0.1 * np.eye(2), (n, 1, 1)),
        e=np.zeros((m, 3)),
        e_cov=np.tile(0.1 * np.eye(3), (m, 1, 1)),
        mu=np.zeros(3),
        sigma=np.ones(3),
        points=np.zeros((m, len(_GRID), 3)),
        weights=np.ones((m, len(_GRID))),
    )
    group = np.repeat([0, 1, 2], sizes)
    for k in range(_ROUNDS + _LAST_ROUNDS):
        (_step_bills if k < _ROUNDS else _integrate_bills)(at, sign, tau)
        _rescale(at, m, beta_sigma)
        _step_parties(at, sizes)
        (_step_members if k < _ROUNDS else _integrate_members)(at, sign, group)
    _integrate_bills(at, sign, tau, last=True)
    _integrate_members(at, sign, group, last=True)
    return at


def skewness(at: Moments, there: np.ndarray) -> np.ndarray:
    """Compute the skewness of bills in the coordinates of `plane_map.PlaneBill`, shape (3, n_bills).

    ``there`` carries ``(beta, beta2, alpha)`` to ``e``. With H the precision of e and ``H = LL'``, the coordinates are
    ``L'(e - mean)``.
    """
    root = np.linalg.cholesky(np.linalg.inv(there @ at.e_cov @ there.T))
    c = (at.points - at.e[:, None, :]) @ there.T @ root
    return np.einsum("jp,jpa->aj", at.weights, c**3)


def _design(x: np.ndarray) -> np.ndarray:
    """Add the column that alpha multiplies, -1."""
    return np.concatenate([x, -np.ones((len(x), 1))], axis=1)


def _expected(at: Moments, sign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute expected residuals and curvatures of all votes, each (n_members, n_bills)."""
    d = _design(at.x)
    eta = d @ at.e.T
    n, m = sign.shape
    variance = (d[:, :, None] * d[:, None, :]).reshape(n, 9) @ at.e_cov.reshape(m, 9).T
    b = at.e[:, :2]
    spread = (b[:, :, None] * b[:, None, :] + at.e_cov[:, :2, :2]).reshape(m, 4)
    variance += at.x_cov.reshape(n, 4) @ spread.T
    shrink = 1 / np.sqrt(1 + np.pi * variance / 8)
    p = 1 / (1 + np.exp(-np.clip(shrink * eta, -500, 500)))
    return np.where(sign != 0, (sign > 0) - p, 0.0), np.where(sign != 0, shrink * p * (1 - p), 0.0)


def _step_bills(at: Moments, sign: np.ndarray, tau: np.ndarray) -> None:
    r, h = _expected(at, sign)
    d = _design(at.x)
    n, m = sign.shape
    second = d[:, :, None] * d[:, None, :]
    second[:, :2, :2] += at.x_cov
    precision = (h.T @ second.reshape(n, 9)).reshape(m, 3, 3)
    score = r.T @ d - at.e @ tau
    score[:, :2] -= np.einsum("jab,jb->ja", (h.T @ at.x_cov.reshape(n, 4)).reshape(m, 2, 2), at.e[:, :2])
    at.e_cov = np.linalg.inv(precision + tau)
    at.e += _limited(np.einsum("jab,jb->ja", at.e_cov, score), 1 / np.sqrt(np.diag(tau)))


def _integrate_bills(at: Moments, sign: np.ndarray, tau: np.ndarray, last: bool = False) -> None:
    """Set moments of bills by quadrature given the members' mean positions.

    A grid coarser than the posterior shows too little spread, so that of a cell is added, which shrinks round by round;
    not in the last round.
    """
    d, yea, nay = _binned(at.x, sign)
    for first in range(0, sign.shape[1], _TOGETHER):
        some = slice(first, first + _TOGETHER)
        old = at.e_cov[some]
        points = at.e[some, None, :] + _GRID @ np.linalg.cholesky(old).transpose(0, 2, 1)
        eta = points @ d.T
        loss = np.log1p(np.exp(-np.abs(eta)))
        log_weight = -(
            (loss + np.maximum(-eta, 0)) @ yea[some, :, None] + (loss + np.maximum(eta, 0)) @ nay[some, :, None]
        )
        log_weight = log_weight[..., 0] - 0.5 * np.einsum("jpa,a->jp", points**2, np.diag(tau))
        weight = np.exp(log_weight - log_weight.max(1, keepdims=True))
        weight /= weight.sum(1, keepdims=True)
        at.e[some] = np.einsum("jp,jpa->ja", weight, points)
        away = points - at.e[some, None, :]
        at.e_cov[some] = np.einsum("jp,jpa,jpb->jab", weight, away, away) + (0 if last else _SPACING**2 / 12) * old
        at.points[some], at.weights[some] = points, weight


def _integrate_members(at: Moments, sign: np.ndarray, group: np.ndarray, last: bool = False) -> None:
    """Set moments of members by quadrature, with the bills' moments; see `_integrate_bills`.

    The chance of a vote is that of `_expected`, with the variance that comes from the bill.
    """
    prior = np.stack([at.sigma[group] ** -2.0, np.ones(len(group))], axis=1)
    center = np.stack([at.mu[group], np.zeros(len(group))], axis=1)
    vague = at.e_cov.reshape(-1, 9)
    for i, votes in enumerate(sign):
        points = at.x[i] + _PLANE_GRID @ np.linalg.cholesky(at.x_cov[i]).T
        d, cast = _design(points), votes != 0
        variance = (d[:, :, None] * d[:, None, :]).reshape(-1, 9) @ vague[cast].T
        eta = votes[cast] * (d @ at.e[cast].T) / np.sqrt(1 + np.pi * variance / 8)
        log_weight = np.minimum(eta, 0) - np.log1p(np.exp(-np.abs(eta)))
        log_weight = log_weight.sum(1) - 0.5 * ((points - center[i]) ** 2 @ prior[i])
        weight = np.exp(log_weight - log_weight.max())
        weight /= weight.sum()
        at.x[i] = weight @ points
        away = points - at.x[i]
        at.x_cov[i] = (weight * away.T) @ away + (0 if last else _SPACING**2 / 12) * at.x_cov[i]


def _binned(x: np.ndarray, sign: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count votes by groups of neighbours: rows of the design, Yea and Nay by bill and group."""
    groups = [np.arange(len(x))]
    while len(groups) < min(_MOST_BINS, len(x)):
        spread = [(np.ptp(x[rows], axis=0) / x.std(0)).max() * len(rows) for rows in groups]
        rows = groups.pop(int(np.argmax(spread)))
        axis = int(np.argmax(np.ptp(x[rows], axis=0) / x.std(0)))
        rows = rows[np.argsort(x[rows, axis], kind="stable")]
        groups += [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    groups = [rows for rows in groups if len(rows)]
    d = _design(np.array([x[rows].mean(0) for rows in groups]))
    yea, nay = (np.array([(sign[rows] == s).sum(0) for rows in groups], dtype=float).T for s in (1, -1))
    return d, yea, nay


def _step_members(at: Moments, sign: np.ndarray, group: np.ndarray) -> None:
    r, h = _expected(at, sign)
    n, m = sign.shape
    b = at.e[:, :2]
    second = b[:, :, None] * b[:, None, :] + at.e_cov[:, :2, :2]
    precision = (h @ second.reshape(m, 4)).reshape(n, 2, 2)
    prior = np.stack([at.sigma[group] ** -2.0, np.ones(n)], axis=1)
    score = r @ b - (at.x - np.stack([at.mu[group], np.zeros(n)], axis=1)) * prior
    score -= np.einsum("iab,ib->ia", (h @ at.e_cov[:, :2, :2].reshape(m, 4)).reshape(n, 2, 2), at.x)
    score += h @ at.e_cov[:, :2, 2]
    at.x_cov = np.linalg.inv(precision + prior[:, :, None] * np.eye(2))
    at.x = at.x + _limited(np.einsum("iab,ib->ia", at.x_cov, score), np.ones(2))


def _step_parties(at: Moments, sizes: tuple[int, int, int]) -> None:
    """Set mean and spread of each party; those of neither party lie about the middle, as far as the parties apart."""
    first = 0
    for p in (0, 1):
        rows = slice(first, first + sizes[p])
        at.mu[p] = at.x[rows, 0].mean()
        squares = ((at.x[rows, 0] - at.mu[p]) ** 2 + at.x_cov[rows, 0, 0]).mean()
        at.sigma[p] = max(np.sqrt(squares), _LEAST_SPREAD)
        first += sizes[p]
    at.mu[2], at.sigma[2] = at.mu[:2].mean(), max(at.mu[1] - at.mu[0], _LEAST_SPREAD)


def _rescale(at: Moments, m: int, beta_sigma: float) -> None:
    """Move both dimensions to the scale that the priors prefer; along it the rounds alone would creep.

    The first dimension has no scale of its own but through beta. The second has ``(n - m) log c - c^2 sum x2^2 / 2 -
    sum beta2^2 / (2 c^2)``, largest at a root of a quadratic equation in c^2.
    """
    squares = (at.e[:, :2] ** 2 + np.diagonal(at.e_cov[:, :2, :2], axis1=1, axis2=2)).sum(0)
    c = np.empty(2)
    c[0] = np.sqrt(squares[0] / m) / beta_sigma
    places, lead = (at.x[:, 1] ** 2 + at.x_cov[:, 1, 1]).sum(), len(at.x) - m
    c[1] = np.sqrt((lead + np.sqrt(lead**2 + 4 * places * squares[1])) / (2 * places))
    c = np.clip(c, 0.5, 2.0)
    at.x = at.x * c
    at.x_cov = at.x_cov * np.outer(c, c)
    by = np.array([1 / c[0], 1 / c[1], 1.0])
    at.e = at.e * by
    at.e_cov = at.e_cov * np.outer(by, by)


def _limited(step: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Shorten the steps of each row to at most `_LONGEST` units."""
    longest = np.abs(step / unit).max(1, keepdims=True)
    return np.asarray(step / np.maximum(longest / _LONGEST, 1.0))
