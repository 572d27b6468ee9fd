"""The pilot's bills whose beta may have either sign."""

from __future__ import annotations

import numpy as np

from ..fast.bends import bent_inverse
from ..fast.logits import BillInfo, Knees
from .bills import START_SEP, LogitSketch, PilotBills, bend
from .bins import FLOOR

# A bend of more than the skewness asks for at a knee wider than the spread: the two that leave the log density closest
# to a parabola where a party is nearly unanimous.
_MORE, _WIDER, _MOST = 1.4, 1.6, 0.8


class SignedBills(PilotBills):
    """Bills whose beta may have either sign, with parameters w and a and approximations for `logits.bill_logits`."""

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""
        self.s, self.sep = 0.0, START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([START_SEP * self.mu * one, 0 * one])
        self.covariance = np.stack([(START_SEP * self.sigma) ** 2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """Return w, which is the first parameter."""
        return first

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Compute the log prior of ``beta = w / sep`` and of ``alpha = a + k w``."""
        alpha = second + self.s / self.sep * first
        return self.log_prior_of_beta(first / self.sep) - 0.5 * (alpha / self.alpha_sigma) ** 2

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> LogitSketch:
        """Find the knees of the logits ``e_l = -w/2 - a`` and ``e_r = w/2 - a``, and what is known of these straight.

        That is posterior precision less prior precision.
        """
        (at_l, width_l, bend_l, t_l), (at_r, width_r, bend_r, t_r) = (
            _straightened(sign * point[0] / 2 - point[1], weight) for sign in (-1, 1)
        )
        m_l, m_r = (weight * t_l).sum(0), (weight * t_r).sum(0)
        c_ll, c_rr = (weight * (t_l - m_l) ** 2).sum(0), (weight * (t_r - m_r) ** 2).sum(0)
        c_lr = (weight * (t_l - m_l) * (t_r - m_r)).sum(0)
        det = c_ll * c_rr - c_lr**2
        h_ll, h_lr, h_rr = c_rr / det, -c_lr / det, c_ll / det
        tau_b, tau_a = self.sigma**-2, self.alpha_sigma**-2
        x_l, x_r = self.s - self.sep / 2, self.s + self.sep / 2
        shift = self.mu * tau_b / self.sep
        g_ll, g_lr, g_rr = _positive_definite(
            h_ll - (tau_b + tau_a * x_r**2) / self.sep**2,
            h_lr + (tau_b + tau_a * x_l * x_r) / self.sep**2,
            h_rr - (tau_b + tau_a * x_l**2) / self.sep**2,
        )
        info = BillInfo(g_ll, g_lr, g_rr, h_ll * m_l + h_lr * m_r + shift, h_lr * m_l + h_rr * m_r - shift)
        return LogitSketch(info, Knees(bend_l, bend_r, at_l, at_r, width_l, width_r))


def _straightened(e: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Find mean, spread and bend of each bill's weighted logits, shape (n_points, n_bills), and undo the bend."""
    at = (weight * e).sum(0)
    sd = np.sqrt((weight * (e - at) ** 2).sum(0))
    bends = np.clip(_MORE * bend(weight, (e - at) / sd), -_MOST, _MOST)
    width = _WIDER * sd
    return at, width, bends, at + width * bent_inverse((e - at) / width, bends)


def _positive_definite(g_11: np.ndarray, g_12: np.ndarray, g_22: np.ndarray) -> tuple[np.ndarray, ...]:
    """Make matrices positive definite by removing errors of quadrature; they hardly change otherwise."""
    g_11, g_22 = np.maximum(g_11, FLOOR), np.maximum(g_22, FLOOR)
    bound = 0.999 * np.sqrt(g_11 * g_22)
    return g_11, np.clip(g_12, -bound, bound), g_22
