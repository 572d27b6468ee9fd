"""The map of `fast.slopes` with its derivatives (see `densities`)."""

from __future__ import annotations

import math

from .arithmetic import LOG_2PI
from .jit import jit
from .records import BillBars, Bills, Pair, Prior


@jit
def slopes_forward(bills: Bills, frame: Pair, prior: Prior, half: bool, moments: Pair) -> float:
    """Compute `fast.slopes.positive_bills`: write w and a; return log prior of alpha and log beta plus log Jacobian.

    ``bills.c`` has the rows c_slope and c_intercept, ``bills.info`` those of `LogSlopeInfo`, ``bills.bends`` those of
    `Funnel`; ``frame`` is s and log sep. ``half`` is True if beta is half-normal and not lognormal.
    """
    c, g, w, a = bills.c, bills.info, bills.w, bills.a
    s, log_sep = frame
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = moments[1] ** -2, alpha_sigma**-2
    k = s * math.exp(-log_sep) * tau_a
    total = 0.0
    m = w.size
    power, center = bills.bends[2 * m : 3 * m], bills.bends[3 * m : 4 * m]
    for j in range(m):
        h_w = g[3 * m + j] + tau_b
        log_w = (g[4 * m + j] + (log_sep + moments[0]) * tau_b) / h_w + c[j] / math.sqrt(h_w)
        w[j] = math.exp(log_w)
        d = math.exp(-power[j] * (log_w - center[j]))
        h_a = d * g[j] + tau_a
        a[j] = (d * (g[2 * m + j] - w[j] * g[m + j]) - w[j] * k) / h_a + c[m + j] / math.sqrt(h_a)
        log_beta = log_w - log_sep
        beta = math.exp(log_beta)
        alpha = a[j] + beta * s
        total += log_beta - 0.5 * (beta / sigma) ** 2 if half else -0.5 * ((log_beta - mu) / sigma) ** 2
        total -= 0.5 * tau_a * alpha * alpha + 0.5 * math.log(h_a * h_w)
    constant = (math.log(2.0) if half else 0.0) - math.log(sigma * alpha_sigma) - LOG_2PI
    return total + m * constant


@jit
def slopes_backward(bills: Bills, bars: BillBars, frame: Pair, prior: Prior, half: bool, moments: Pair) -> Pair:
    """Differentiate `slopes_forward`, given the derivatives by w and a through the votes.

    Writes the derivatives by c, to ``bars.z``, and by the rows of the approximation that differ between frames (g_aw
    and pull). Returns those by s and log sep.
    """
    c, g, w, a = bills.c, bills.info, bills.w, bills.a
    w_bar, a_bar, c_bar, g_bar = bars
    s, log_sep = frame
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = moments[1] ** -2, alpha_sigma**-2
    sep = math.exp(log_sep)
    k = s / sep * tau_a
    s_bar, log_sep_bar, k_bar = 0.0, 0.0, 0.0
    m = w.size
    power, center = bills.bends[2 * m : 3 * m], bills.bends[3 * m : 4 * m]
    for j in range(m):
        h_w = g[3 * m + j] + tau_b
        beta = w[j] / sep
        alpha_bar = -tau_a * (a[j] + beta * s)
        log_beta = math.log(beta)
        log_beta_bar = 1.0 - (beta / sigma) ** 2 if half else -(log_beta - mu) / sigma**2
        log_beta_bar += alpha_bar * s * beta
        s_bar += alpha_bar * beta
        # a = (d (b_a - w g_aw) - w k) / h_a + c_a / sqrt(h_a),  h_a = d g_aa + tau_a,  log d = -power (log w - center)
        d = math.exp(-power[j] * (log_beta + log_sep - center[j]))
        h_a = d * g[j] + tau_a
        a_all = a_bar[j] + alpha_bar
        c_bar[m + j] = a_all / math.sqrt(h_a)
        by_w = -a_all * w[j] / h_a
        g_bar[m + j] = d * by_w
        k_bar += by_w
        middle = a[j] - 0.5 * c[m + j] / math.sqrt(h_a)
        d_bar = (a_all * (g[2 * m + j] - w[j] * g[m + j] - g[j] * middle) - 0.5 * g[j]) / h_a
        # log w = (pull + (log sep + mean) tau_b) / h_w + c_w / sqrt(h_w),  log beta = log w - log sep
        log_w_bar = w_bar[j] * w[j] + by_w * (d * g[m + j] + k) - power[j] * d * d_bar + log_beta_bar
        c_bar[j] = log_w_bar / math.sqrt(h_w)
        g_bar[4 * m + j] = log_w_bar / h_w
        log_sep_bar += g_bar[4 * m + j] * tau_b - log_beta_bar
    return s_bar + k_bar * tau_a / sep, log_sep_bar - k_bar * k
