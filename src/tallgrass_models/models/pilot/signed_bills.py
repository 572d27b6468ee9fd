"""The pilot's bills whose beta may have either sign."""

from __future__ import annotations

import numpy as np

from ..fast.logits import BillInfo
from .bills import START_SEP, PilotBills, Sketch, bend
from .bins import FLOOR


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

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Find posterior precision less prior precision, in the logits ``e_l = -w/2 - a`` and ``e_r = w/2 - a``."""
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
        return Sketch(info, bend(weight, c_first), bend(weight, c_second), 0 * w, 0 * w)


def _positive_definite(g_11: np.ndarray, g_12: np.ndarray, g_22: np.ndarray) -> tuple[np.ndarray, ...]:
    """Make matrices positive definite by removing errors of quadrature; they hardly change otherwise."""
    g_11, g_22 = np.maximum(g_11, FLOOR), np.maximum(g_22, FLOOR)
    bound = 0.999 * np.sqrt(g_11 * g_22)
    return g_11, np.clip(g_12, -bound, bound), g_22
