"""The pilot's bills with a positive beta."""

from __future__ import annotations

import numpy as np

from ..fast.slopes import Funnel, LogSlopeInfo
from .bills import AXIS, START_SEP, PilotBills, SlopeSketch, bend
from .bins import FLOOR

_LOW, _HIGH = 2, 6  # places on the axis, 1.6 standard deviations to either side
_RIDGE = 0.01  # precision, in units of the prior's, that regularises a line fitted to next to nothing
_MAX_POWER = 3.0  # of the slope; with it falls what the votes say about the intercept


class PositiveBills(PilotBills):
    """Bills with a positive beta, with parameters log w and a and approximations for `slopes.positive_bills`."""

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""
        self.s, self.sep = 0.0, START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([(np.log(START_SEP) + self.mu) * one, 0 * one])
        self.covariance = np.stack([self.sigma**2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """Compute w from the first parameter, which is log w."""
        return np.exp(np.minimum(first, 300))

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Compute the log prior of ``log beta = log w - log sep`` and of ``alpha = a + k w``."""
        log_beta, alpha = first - np.log(self.sep), second + self.s / self.sep * self.slope(first)
        return self.log_prior_of_beta(log_beta) - 0.5 * (alpha / self.alpha_sigma) ** 2

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> SlopeSketch:
        """Find the precision of log w beyond its prior's, and the regression of a on w with its funnel."""
        tau_b, tau_a, k = self.sigma**-2, self.alpha_sigma**-2, self.s / self.sep
        log_w, w = point[0], self.slope(point[0])
        h_w = 1 / self.covariance[0]
        precision = np.maximum(h_w - tau_b, FLOOR)
        pull = (precision + tau_b) * self.mean[0] - (np.log(self.sep) + self.mu) * tau_b
        g_aa, power = self._funnel(point, weight)
        d = np.exp(-power * (log_w - self.mean[0]))
        h_a = d * g_aa + tau_a
        at_zero, cutting = _line(weight / h_a, d * g_aa, w, h_a * point[1] + w * k * tau_a, self.alpha_sigma)
        b_a, g_aw = g_aa * at_zero, -g_aa * cutting
        residual = point[1] - (d * (b_a - w * g_aw) - w * k * tau_a) / h_a
        info = LogSlopeInfo(g_aa=g_aa, g_aw=g_aw, b_a=b_a, precision=precision, pull=pull)
        c_first, c_second = np.sqrt(h_w) * (log_w - self.mean[0]), np.sqrt(h_a) * residual
        return SlopeSketch(info, Funnel(bend(weight, c_first), bend(weight, c_second), power, self.mean[0]))

    def _funnel(self, point: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find g_aa and power of `slopes.positive_bills` from the precision of a given w at two slopes."""
        precisions = []
        for place in (_LOW, _HIGH):  # columns of the grid: points of equal slope
            a, by = point[1, place :: len(AXIS)], weight[place :: len(AXIS)]
            by = by / np.maximum(by.sum(0), 1e-300)
            variance = (by * (a - (by * a).sum(0)) ** 2).sum(0)
            precisions.append(np.maximum(1 / np.maximum(variance, FLOOR) - self.alpha_sigma**-2, FLOOR))
        low, high = precisions
        power = np.log(low / high) / (point[0, _HIGH] - point[0, _LOW])
        return np.sqrt(low * high), np.clip(power, 0, _MAX_POWER)


def _line(
    weight: np.ndarray, g: np.ndarray, w: np.ndarray, target: np.ndarray, alpha_sigma: float
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a line in w that, times ``g``, is near a target, by least squares; return its intercept and slope by bill."""
    x, by = g * w, weight * g
    x_11, x_12, x_22 = (by * g).sum(0) + _RIDGE / alpha_sigma**2, (by * x).sum(0), (weight * x**2).sum(0) + _RIDGE
    y_1, y_2 = (by * target).sum(0), (weight * x * target).sum(0)
    det = x_11 * x_22 - x_12**2
    return (x_22 * y_1 - x_12 * y_2) / det, (x_11 * y_2 - x_12 * y_1) / det
