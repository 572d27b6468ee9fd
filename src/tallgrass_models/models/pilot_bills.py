"""Bills of the pilot: posterior moments of each bill given members and frame, and the sketches they make.

A bill's two parameters have a posterior that is far from Normal where a party is nearly unanimous: the logit is then
known to be large, and hardly more. So moments come from quadrature, not from the curvature at the top: a grid of points
about the last known mean, in units of the last known covariance, round after round.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .coordinates import BillInfo, LogSlopeInfo, bend_of_skewness

# Grid of the quadrature: in standard deviations of the last round.
SPACING = 0.8
_AXIS = SPACING * np.arange(-4, 5)
GRID = np.stack([x.ravel() for x in np.meshgrid(_AXIS, _AXIS)])
START_SEP = 3.0
LOG_STEP = 0.7  # longest step of log sep
MIN_SEP = 0.3  # groups that lie closer are not told apart by the votes, and sep would dwindle round by round
FLOOR = 1e-6  # least precision of a sketch, which must stay a density


@dataclass(frozen=True)
class Bins:
    """Votes counted by members of like position.

    Attributes
    ----------
    u : ndarray, shape (n_bins,)
    yea, cast : ndarray, shape (n_bins, n_votes)
        Yea, and Yea plus Nay.
    """

    u: np.ndarray
    yea: np.ndarray
    cast: np.ndarray

    def moved(self, ratio: float, shift: float) -> Bins:
        """The same members at ``ratio * u + shift``."""
        return Bins(ratio * self.u + shift, self.yea, self.cast)

    def beside(self, other: Bins) -> Bins:
        """Members of both."""
        return Bins(*(np.concatenate([x, y]) for x, y in zip(vars(self).values(), vars(other).values(), strict=True)))

    def on(self, columns: np.ndarray) -> Bins:
        """On some of the roll calls."""
        return Bins(self.u, self.yea[:, columns], self.cast[:, columns])

    def log_likelihood(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """At many points of each bill; ``w``, ``a`` and result have shape (n_points, n_votes)."""
        total = np.zeros(w.shape)
        for u, yea, cast in zip(self.u, self.yea, self.cast, strict=True):
            logit = w * u - a
            total += yea * logit - cast * (np.maximum(logit, 0) + np.log1p(np.exp(-np.abs(logit))))
        return total

    def information(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """Sum of ``p (1 - p)`` over the votes on each bill, shape (n_votes,)."""
        p = 1 / (1 + np.exp(np.clip(a - np.outer(self.u, w), -500, 500)))
        return (self.cast * p * (1 - p)).sum(0) + FLOOR


@dataclass(frozen=True)
class FramePrior:
    """Prior of the frame: precision of s, and ``count - rate * sep**2``, derivative of the log density by log sep."""

    s_precision: float
    count: float
    rate: float


@dataclass(frozen=True)
class Sketch:
    """What the votes say about bills: Gaussian in first approximation, and how the coordinates are to be bent.

    ``bend_first`` and ``bend_second`` are those of `coordinates.bent`, each of shape (n_bills,).
    """

    info: BillInfo | LogSlopeInfo
    bend_first: np.ndarray
    bend_second: np.ndarray


class PilotBills(ABC):
    """Bills of one chamber: mean and covariance of two parameters each, and the frame that suits their priors.

    ``mean`` has the rows first and second parameter, ``covariance`` the rows 11, 12, 22.
    """

    mean: np.ndarray
    covariance: np.ndarray
    s: float
    sep: float

    def __init__(self, beta_mu: float, beta_sigma: float, alpha_sigma: float) -> None:
        self.mu, self.sigma, self.alpha_sigma = beta_mu, beta_sigma, alpha_sigma

    # What the families differ in.

    @abstractmethod
    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""

    @abstractmethod
    def slope(self, first: np.ndarray) -> np.ndarray:
        """w by the first parameter."""

    @abstractmethod
    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Log prior density of the two parameters in the present frame, up to a constant."""

    @abstractmethod
    def slope_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Posterior means of ``w**2`` and ``w a``."""

    @abstractmethod
    def sep_pull(self) -> tuple[float, float]:
        """Derivative of the log density of the slopes by log sep, and about minus the second one."""

    @abstractmethod
    def known(self) -> float:
        """Share of the slopes' prior variance that the votes remove."""

    @abstractmethod
    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """The sketch that has the present moments, and the skewness of weighted points (`_quadrature`)."""

    # What they share.

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and intercepts at the mean."""
        return self.slope(self.mean[0]), self.mean[1]

    def fit(self, bins: Bins) -> None:
        """One round of quadrature: new means and covariances."""
        old = self.covariance
        self._quadrature(bins)
        # a grid coarser than the posterior shows too little spread: add that of a cell, which shrinks round by round
        self.covariance = self.covariance + SPACING**2 / 12 * old

    def sketch(self, bins: Bins) -> Sketch:
        """A last round, and the sketch that has its moments."""
        return self.sketch_of(*self._quadrature(bins))

    def _quadrature(self, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
        """Set means and covariances; return points (2, n_points, n_votes) and weights (n_points, n_votes)."""
        l_11 = np.sqrt(self.covariance[0])
        l_21 = self.covariance[1] / l_11
        l_22 = np.sqrt(np.maximum(self.covariance[2] - l_21**2, 1e-12))
        first = self.mean[0] + l_11 * GRID[0][:, None]
        second = self.mean[1] + l_21 * GRID[0][:, None] + l_22 * GRID[1][:, None]
        log_weight = bins.log_likelihood(self.slope(first), second) + self.log_prior(first, second)
        weight = np.exp(log_weight - log_weight.max(0))
        weight /= weight.sum(0)
        self.mean = np.stack([(weight * first).sum(0), (weight * second).sum(0)])
        d_1, d_2 = first - self.mean[0], second - self.mean[1]
        self.covariance = np.stack([(weight * x).sum(0) for x in (d_1 * d_1, d_1 * d_2, d_2 * d_2)])
        return np.stack([first, second]), weight


class Collection:
    """Bills of several kinds in one frame, each kind with columns of its own of the vote matrix."""

    def __init__(self, kinds: Sequence[tuple[PilotBills, np.ndarray]], n_votes: int) -> None:
        self.kinds, self.n_votes = kinds, n_votes
        for bills, columns in kinds:
            bills.begin(len(columns))

    @property
    def s(self) -> float:
        """Location of the frame."""
        return self.kinds[0][0].s

    @property
    def sep(self) -> float:
        """Scale of the frame."""
        return self.kinds[0][0].sep

    def place(self, s: float, sep: float) -> None:
        """Take up that frame."""
        for bills, _ in self.kinds:
            bills.s, bills.sep = s, sep

    def fit(self, bins: Bins) -> None:
        """One round for all bills."""
        for bills, columns in self.kinds:
            bills.fit(bins.on(columns))

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and intercepts at the mean, in the order of the columns."""
        w, a = np.empty(self.n_votes), np.empty(self.n_votes)
        for bills, columns in self.kinds:
            w[columns], a[columns] = bills.center()
        return w, a

    def sketches(self, bins: Bins) -> tuple[Sketch, ...]:
        """One sketch a kind, its bills in the order of the columns."""
        return tuple(bills.sketch(bins.on(columns)) for bills, columns in self.kinds)

    def set_frame(self, prior: FramePrior) -> None:
        """A step of s and sep towards the top of their posterior: of expectation-maximisation and of Newton."""
        tau = self.kinds[0][0].alpha_sigma ** -2
        moments = [bills.slope_moments() for bills, columns in self.kinds if len(columns)]
        e_ww, e_wa = (sum(float(x.sum()) for x in part) for part in zip(*moments, strict=True))
        k = -tau * e_wa / (tau * e_ww + prior.s_precision * self.sep**2)
        pulls = [bills.sep_pull() for bills, columns in self.kinds if len(columns)]
        pull = sum(p for p, _ in pulls) + prior.count - prior.rate * self.sep**2
        curvature = sum(c for _, c in pulls) + 1 + 2 * prior.rate * self.sep**2
        sep = max(MIN_SEP, self.sep * float(np.exp(np.clip(pull / curvature, -LOG_STEP, LOG_STEP))))
        self.place(float(k * sep), sep)


class NormalBills(PilotBills):
    """Bills whose beta has a Normal prior: parameters w and a, sketches for `coordinates.bill_logits`."""

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""
        self.s, self.sep = 0.0, START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([START_SEP * self.mu * one, 0 * one])
        self.covariance = np.stack([(START_SEP * self.sigma) ** 2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """The first parameter is w."""
        return first

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """``w / sep ~ Normal(mu, sigma)``, ``a + k w ~ Normal(0, alpha_sigma)``."""
        alpha = second + self.s / self.sep * first
        return -0.5 * ((first / self.sep - self.mu) / self.sigma) ** 2 - 0.5 * (alpha / self.alpha_sigma) ** 2

    def slope_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Posterior means of ``w**2`` and ``w a``."""
        w, a = self.mean
        return w**2 + self.covariance[0], w * a + self.covariance[1]

    def sep_pull(self) -> tuple[float, float]:
        """Of ``w / sep ~ Normal(mu, sigma)``, averaged over what is uncertain about w."""
        pull = (self.slope_moments()[0] - self.sep * self.mu * self.mean[0]) / (self.sep * self.sigma) ** 2 - 1
        return float(pull.sum()), 2 * len(pull) * self.known()

    def known(self) -> float:
        """Share of the slopes' prior variance that the votes remove."""
        return float(1 - np.mean(np.minimum(self.covariance[0] / (self.sep * self.sigma) ** 2, 1)))

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Posterior precision less prior precision, in the logits ``e_l = -w/2 - a`` and ``e_r = w/2 - a``."""
        c_ww, c_wa, c_aa = self.covariance
        c_ll, c_lr, c_rr = c_ww / 4 + c_wa + c_aa, c_aa - c_ww / 4, c_ww / 4 - c_wa + c_aa
        det = c_ll * c_rr - c_lr**2
        h_ll, h_lr, h_rr = c_rr / det, -c_lr / det, c_ll / det
        w, a = self.mean
        m_l, m_r = -w / 2 - a, w / 2 - a
        tau_b, tau_a = self.sigma**-2, self.alpha_sigma**-2
        x_l, x_r = self.s - self.sep / 2, self.s + self.sep / 2
        shift = self.mu * tau_b / self.sep
        g_ll, g_lr, g_rr = _positive_definite(
            h_ll - (tau_b + tau_a * x_r**2) / self.sep**2,
            h_lr + (tau_b + tau_a * x_l * x_r) / self.sep**2,
            h_rr - (tau_b + tau_a * x_l**2) / self.sep**2,
        )
        info = BillInfo(g_ll, g_lr, g_rr, h_ll * m_l + h_lr * m_r + shift, h_lr * m_l + h_rr * m_r - shift)
        # c of bill_logits at the points: L'(e - m)
        l_11 = np.sqrt(h_ll)
        l_21 = h_lr / l_11
        d_l, d_r = -point[0] / 2 - point[1] - m_l, point[0] / 2 - point[1] - m_r
        c_first, c_second = l_11 * d_l + l_21 * d_r, np.sqrt(h_rr - l_21**2) * d_r
        bends = (bend_of_skewness((weight * c**3).sum(0)) for c in (c_first, c_second))
        return Sketch(info, *bends)


def _positive_definite(g_11: np.ndarray, g_12: np.ndarray, g_22: np.ndarray) -> tuple[np.ndarray, ...]:
    """Nearly the same matrices, with the errors of quadrature that would spoil this taken out."""
    g_11, g_22 = np.maximum(g_11, FLOOR), np.maximum(g_22, FLOOR)
    bound = 0.999 * np.sqrt(g_11 * g_22)
    return g_11, np.clip(g_12, -bound, bound), g_22


class PositiveBills(PilotBills):
    """Bills with a positive beta: parameters log w and a, sketches for `coordinates.positive_bills`.

    ``beta_mu, beta_sigma`` are the moments of log beta; ``scale`` that of a half-normal beta, None for a lognormal one.
    """

    def __init__(self, beta_mu: float, beta_sigma: float, alpha_sigma: float, scale: float | None = None) -> None:
        super().__init__(beta_mu, beta_sigma, alpha_sigma)
        self.scale = scale

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""
        self.s, self.sep = 0.0, START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([(np.log(START_SEP) + self.mu) * one, 0 * one])
        self.covariance = np.stack([self.sigma**2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """The first parameter is log w."""
        return np.exp(np.minimum(first, 300))

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Of ``log beta = log w - log sep`` and of ``alpha = a + k w``."""
        log_beta, alpha = first - np.log(self.sep), second + self.s / self.sep * self.slope(first)
        if self.scale is None:
            log_prior = -0.5 * ((log_beta - self.mu) / self.sigma) ** 2
        else:
            log_prior = log_beta - 0.5 * (np.exp(np.minimum(log_beta, 300)) / self.scale) ** 2
        return log_prior - 0.5 * (alpha / self.alpha_sigma) ** 2

    def slope_moments(self) -> tuple[np.ndarray, np.ndarray]:
        """Posterior means of ``w**2`` and ``w a``, as if (log w, a) were Normal."""
        log_w, a = self.mean
        c_11, c_12, _ = self.covariance
        return np.exp(2 * log_w + 2 * c_11), np.exp(log_w + c_11 / 2) * (a + c_12)

    def sep_pull(self) -> tuple[float, float]:
        """Of ``log w - log sep ~ Normal(mu, sigma)``."""
        pull = (self.mean[0] - np.log(self.sep) - self.mu) / self.sigma**2
        return float(pull.sum()), len(pull) * self.known() / self.sigma**2

    def known(self) -> float:
        """Share of the log slopes' prior variance that the votes remove."""
        return float(1 - np.mean(np.minimum(self.covariance[0] / self.sigma**2, 1)))

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Precision of log w beyond its prior's, and the regression of a on w."""
        tau_b, tau_a, k = self.sigma**-2, self.alpha_sigma**-2, self.s / self.sep
        log_w, w = point[0], self.slope(point[0])
        h_w = 1 / self.covariance[0]
        precision = np.maximum(h_w - tau_b, FLOOR)
        pull = (precision + tau_b) * self.mean[0] - (np.log(self.sep) + self.mu) * tau_b
        mean_w = (weight * w).sum(0)
        d_w, d_a = w - mean_w, point[1] - self.mean[1]
        line = -(weight * d_w * d_a).sum(0) / np.maximum((weight * d_w**2).sum(0), 1e-300)
        residual = d_a + line * d_w
        h_a = np.maximum(1 / (weight * residual**2).sum(0), tau_a + FLOOR)
        info = LogSlopeInfo(
            g_aa=h_a - tau_a,
            g_aw=line * h_a - k * tau_a,
            b_a=h_a * (self.mean[1] + line * mean_w),
            precision=precision,
            pull=pull,
        )
        c_first, c_second = np.sqrt(h_w) * (log_w - self.mean[0]), np.sqrt(h_a) * residual
        bends = (bend_of_skewness((weight * c**3).sum(0)) for c in (c_first, c_second))
        return Sketch(info, *bends)
