"""Leave-one-out of single votes for which reweighting the draws fails: moment matching (Paananen et al. 2021).

Vote ``y[i, j]`` enters through three parameters only, so these three are moved, and nothing else. In the frame in which
the parties' means are at -1/2 and +1/2 (centre c and gap g of the draw) they are::

    u = (xi[i] - c) / g,     a = alpha[j] - beta[j] c,     w = g beta[j]     (log w under a positive prior)

There they hardly depend on the two directions along which all parameters move together. Each round shifts and scales
the draws of (u, a, w) to the weighted mean and covariance (or mean alone, if that serves better), then weighs them anew
by the exact ratio of densities: the rest of the member's votes, of the roll call's votes, and the priors of the three. An
affine map has a constant Jacobian, so the result is exact whenever Pareto k is low again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from arviz_stats.base import array_stats

from .beta_prior import beta_log_density, normal_log_density
from .draws import Draws
from .observations import Observations

#: Rounds of matching, and by how much k must fall for another one.
ROUNDS, GAIN = 10, 0.02
#: Pareto k below which nothing is left to gain.
GOOD = 0.5

LogDensity = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Mended:
    """One vote left out: its expected log predictive density, Pareto k, and the variance of the former."""

    elpd: float
    pareto_k: float
    variance: float


def leave_out(obs: Observations, draws: Draws, which: int, r_eff: float) -> Mended:
    """Leave out observation number ``which``, matching moments until Pareto k no longer falls."""
    x, log_density = _three_parameters(obs, draws, which)
    rest, loglik = log_density(x)
    posterior = rest + loglik
    best = _weigh(-loglik, loglik, r_eff)
    for _ in range(ROUNDS):
        for moved in _matched(x, best[1]):
            rest, loglik = log_density(moved)
            found = _weigh(rest - posterior, loglik, r_eff)
            if found[0].pareto_k < best[0].pareto_k - GAIN:
                x, best = moved, found
                break
        else:
            break
        if best[0].pareto_k < GOOD:
            break
    return best[0]


def _weigh(log_ratio: np.ndarray, loglik: np.ndarray, r_eff: float) -> tuple[Mended, np.ndarray]:
    log_w, k = array_stats.psislw(-log_ratio, r_eff=r_eff)
    w, p = np.exp(log_w), np.exp(loglik)
    mean = float((w * p).sum())
    variance = float((w**2 * (p / mean - 1) ** 2).sum())
    return Mended(float(np.log(mean)), float(k), variance), w


def _matched(x: np.ndarray, w: np.ndarray) -> list[np.ndarray]:
    """Draws with the weighted mean and covariance, and with the weighted mean only; shape (3, n_draws) each."""
    mean, target = x.mean(1, keepdims=True), (x * w).sum(1, keepdims=True)
    spread = (x - target) * np.sqrt(w)
    out = []
    try:
        now, wanted = np.linalg.cholesky(np.cov(x)), np.linalg.cholesky(spread @ spread.T)
        out.append(target + wanted @ np.linalg.solve(now, x - mean))
    except np.linalg.LinAlgError:  # all weight on a few draws
        pass
    return [*out, x + (target - mean)]


def _three_parameters(obs: Observations, draws: Draws, which: int) -> tuple[np.ndarray, LogDensity]:
    """Draws of (u, a, w or log w), and the log density of all but vote ``which``, with that vote's log-likelihood."""
    i, j = obs.member[which], obs.item[which]
    of_bill = np.flatnonzero((obs.item == j) & (obs.member != i))
    of_member = np.flatnonzero((obs.member == i) & (obs.item != j))
    others_xi, bill_sign = draws.xi[obs.member[of_bill]], _sign(obs, of_bill)
    others_beta, others_alpha = draws.beta[obs.item[of_member]], draws.alpha[obs.item[of_member]]
    member_sign, own_sign = _sign(obs, of_member), 1.0 if obs.y[which] else -1.0
    mu, sigma = draws.mu[draws.group[i]], draws.sigma[draws.group[i]]
    center, gap = draws.mu.mean(0), (draws.mu[1::2] - draws.mu[::2]).mean(0)
    log_scale = draws.beta_prior.positive

    def log_density(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        beta = (np.exp(x[2]) if log_scale else x[2]) / gap
        alpha, xi = x[1] + beta * center, center + gap * x[0]
        prior = beta_log_density(draws.beta_prior, beta) + normal_log_density(alpha, 0.0, draws.alpha_sigma)
        prior += normal_log_density(xi, mu, sigma) + (x[2] if log_scale else 0.0)
        bill = _loglik(bill_sign[:, None] * (others_xi * beta - alpha))
        member = _loglik(member_sign[:, None] * (others_beta * xi - others_alpha))
        return prior + bill + member, -np.logaddexp(0, -own_sign * (beta * xi - alpha))

    beta, alpha, xi = (values.astype(float) for values in (draws.beta[j], draws.alpha[j], draws.xi[i]))
    w = gap * beta
    return np.stack([(xi - center) / gap, alpha - beta * center, np.log(w) if log_scale else w]), log_density


def _sign(obs: Observations, cells: np.ndarray) -> np.ndarray:
    return np.where(obs.y[cells] == 1, np.float32(1), np.float32(-1))


def _loglik(logit: np.ndarray) -> np.ndarray:
    """Sum of log logistic(logit) over the first axis: one logarithm for many factors 1 + exp(-|logit|) of at most 2."""
    factors = 1 + np.exp(-np.abs(logit))
    total = np.minimum(logit, 0).sum(0)
    for start in range(0, len(factors), 512):
        total -= np.log(factors[start : start + 512].prod(0))
    return total
