"""The map of `fast.logits` with its derivatives (see `densities`)."""

from __future__ import annotations

import math

from .arithmetic import LOG_2PI
from .bends import bent_at
from .jit import jit
from .records import BillBars, Bills, Pair, Prior


@jit
def _bill_prior_precision(s: float, sep: float, tau_b: float, tau_a: float) -> tuple[float, float, float]:
    """Compute ``Q^-1`` of `fast.logits.bill_logits`: its elements ll, lr and rr."""
    x_l, x_r = s - sep / 2, s + sep / 2
    q_ll, q_lr, q_rr = tau_b + tau_a * x_r**2, -(tau_b + tau_a * x_l * x_r), tau_b + tau_a * x_l**2
    return q_ll / sep**2, q_lr / sep**2, q_rr / sep**2


@jit
def _cholesky(h_ll: float, h_lr: float, h_rr: float) -> tuple[float, float, float]:
    """Compute the lower Cholesky factor of a positive definite 2 x 2 matrix."""
    l_11 = math.sqrt(h_ll)
    l_21 = h_lr / l_11
    return l_11, l_21, math.sqrt(h_rr - l_21 * l_21)


@jit
def _cholesky_backward(
    l_11: float, l_21: float, l_22: float, l_11_bar: float, l_21_bar: float, l_22_bar: float
) -> tuple[float, float, float]:
    """Differentiate `_cholesky`."""
    l_21_bar -= l_22_bar * l_21 / l_22
    h_lr_bar = l_21_bar / l_11
    return 0.5 * (l_11_bar - h_lr_bar * l_21) / l_11, h_lr_bar, 0.5 * l_22_bar / l_22


@jit
def logits_forward(bills: Bills, frame: Pair, prior: Prior) -> float:
    """Compute `fast.logits.bill_logits`: write w and a; return log prior of alpha and beta plus log Jacobian.

    ``bills.z`` has the rows c_left and c_right, ``bills.info`` those of `BillInfo`, ``bills.bends`` those of `Knees`;
    ``frame`` is s and log sep.
    """
    z, g, bends, w, a = bills.z, bills.info, bills.bends, bills.w, bills.a
    s, sep = frame[0], math.exp(frame[1])
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = sigma**-2, alpha_sigma**-2
    q_ll, q_lr, q_rr = _bill_prior_precision(s, sep, tau_b, tau_a)
    shift = mu * tau_b / sep
    total = 0.0
    m = w.size
    for j in range(m):
        l_11, l_21, l_22 = _cholesky(g[j] + q_ll, g[m + j] + q_lr, g[2 * m + j] + q_rr)
        y_1 = (g[3 * m + j] - shift) / l_11
        y_2 = (g[4 * m + j] + shift - l_21 * y_1) / l_22
        t_r = (y_2 + z[m + j]) / l_22
        t_l = (y_1 + z[j] - l_21 * t_r) / l_11
        e_l, slope_l, _ = bent_at(t_l, bends[j], bends[2 * m + j], bends[4 * m + j])
        e_r, slope_r, _ = bent_at(t_r, bends[m + j], bends[3 * m + j], bends[5 * m + j])
        w[j], a[j] = e_r - e_l, -0.5 * (e_l + e_r)
        beta = w[j] / sep
        alpha = a[j] + beta * s
        total -= 0.5 * tau_b * (beta - mu) ** 2 + 0.5 * tau_a * alpha * alpha + math.log(l_11 * l_22)
        total += math.log(slope_l * slope_r)
    return total - m * (math.log(sep * sigma * alpha_sigma) + LOG_2PI)


@jit
def logits_backward(bills: Bills, bars: BillBars, frame: Pair, prior: Prior) -> Pair:
    """Differentiate `logits_forward`, given the derivatives by w and a through the votes.

    Writes the derivatives by z, to ``bars.z``, and by the approximation (for shared bills). Returns those by s and log
    sep.
    """
    z, g, bends, w, a = bills.z, bills.info, bills.bends, bills.w, bills.a
    w_bar, a_bar, z_bar, g_bar = bars
    s, sep = frame[0], math.exp(frame[1])
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = sigma**-2, alpha_sigma**-2
    q_ll, q_lr, q_rr = _bill_prior_precision(s, sep, tau_b, tau_a)
    shift = mu * tau_b / sep
    s_bar, log_sep_bar, shift_bar, q_ll_bar, q_lr_bar, q_rr_bar = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    m = w.size
    for j in range(m):
        l_11, l_21, l_22 = _cholesky(g[j] + q_ll, g[m + j] + q_lr, g[2 * m + j] + q_rr)
        y_1 = (g[3 * m + j] - shift) / l_11
        y_2 = (g[4 * m + j] + shift - l_21 * y_1) / l_22
        t_r = (y_2 + z[m + j]) / l_22
        t_l = (y_1 + z[j] - l_21 * t_r) / l_11
        _, slope_l, by_t_l = bent_at(t_l, bends[j], bends[2 * m + j], bends[4 * m + j])
        _, slope_r, by_t_r = bent_at(t_r, bends[m + j], bends[3 * m + j], bends[5 * m + j])
        beta = w[j] / sep
        alpha_bar = -tau_a * (a[j] + beta * s)
        beta_bar = -tau_b * (beta - mu) + alpha_bar * s
        s_bar += alpha_bar * beta
        log_sep_bar -= beta_bar * beta
        w_all, a_all = w_bar[j] + beta_bar / sep, a_bar[j] + alpha_bar
        # t_l = (y_1 + z_l - l_21 t_r) / l_11
        y_1_bar = ((-w_all - 0.5 * a_all) * slope_l + by_t_l) / l_11
        # t_r = (y_2 + z_r) / l_22
        y_2_bar = ((w_all - 0.5 * a_all) * slope_r + by_t_r - y_1_bar * l_21) / l_22
        z_bar[j], z_bar[m + j] = y_1_bar, y_2_bar
        # y_2 = (b_r + shift - l_21 y_1) / l_22,  y_1 = (b_l - shift) / l_11
        g_bar[4 * m + j] = y_2_bar / l_22
        g_bar[3 * m + j] = (y_1_bar - g_bar[4 * m + j] * l_21) / l_11
        shift_bar += g_bar[4 * m + j] - g_bar[3 * m + j]
        # the log Jacobian gives the last terms
        l_11_bar = -y_1_bar * t_l - g_bar[3 * m + j] * y_1 - 1.0 / l_11
        l_21_bar = -y_1_bar * t_r - g_bar[4 * m + j] * y_1
        l_22_bar = -y_2_bar * t_r - g_bar[4 * m + j] * y_2 - 1.0 / l_22
        g_bar[j], g_bar[m + j], g_bar[2 * m + j] = _cholesky_backward(l_11, l_21, l_22, l_11_bar, l_21_bar, l_22_bar)
        q_ll_bar += g_bar[j]
        q_lr_bar += g_bar[m + j]
        q_rr_bar += g_bar[2 * m + j]
    # the elements of Q^-1 are polynomials in x_l and x_r, divided by sep^2
    x_l, x_r = s - sep / 2, s + sep / 2
    x_l_bar = tau_a * (2 * x_l * q_rr_bar - x_r * q_lr_bar) / sep**2
    x_r_bar = tau_a * (2 * x_r * q_ll_bar - x_l * q_lr_bar) / sep**2
    log_sep_bar -= 2 * (q_ll * q_ll_bar + q_lr * q_lr_bar + q_rr * q_rr_bar) + shift * shift_bar + m
    return s_bar + x_l_bar + x_r_bar, log_sep_bar + 0.5 * sep * (x_r_bar - x_l_bar)
