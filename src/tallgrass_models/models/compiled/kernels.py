"""The maps of `frames` with their derivatives, as compiled loops for the sampler.

Each map appears twice: ``*_forward`` computes it, ``*_backward`` takes the derivatives of the log density with respect
to its outputs and returns those with respect to its inputs (reverse mode, by hand). A name ending in ``_bar`` is the
derivative of the log density with respect to that quantity. Several numbers a bill are one flat array, row after row:
views of two dimensions take numba longer to compile. Backward functions recompute what they need rather than store it.
`densities` puts them together; the tests hold its values and gradients against the PyMC models, which are built from
`frames` and differentiated by PyTensor.
"""

from __future__ import annotations

import math

from numpy import ndarray

from ..fast.bends import BEND_MEAN, BEND_VARIANCE
from .jit import jit

LOG_2PI = math.log(2 * math.pi)

#: ``(mu, sigma, alpha_sigma)``: the prior of beta (its log, if lognormal; mu unused if half-normal) and of alpha.
Prior = tuple[float, float, float]


@jit
def _sum_of(x: ndarray) -> float:
    """Of all elements; numpy's takes longer to compile."""
    total = 0.0
    for i in range(x.size):
        total += x[i]
    return total


@jit
def dot(x: ndarray, y: ndarray) -> float:
    """Inner product."""
    total = 0.0
    for i in range(x.size):
        total += x[i] * y[i]
    return total


@jit
def normal_logp(x: float, mu: float, sigma: float) -> float:
    """Log density of Normal(mu, sigma)."""
    return -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * LOG_2PI


@jit
def halfnormal_logp(x: float, sigma: float) -> float:
    """Log density of HalfNormal(sigma) at x > 0."""
    return normal_logp(x, 0.0, sigma) + math.log(2.0)


@jit
def group_forward(
    z: ndarray, precision: ndarray, pull: ndarray, t: float, center: float, u: ndarray
) -> tuple[float, float]:
    """`positions.informed_group`: writes ``u = center + rho``.

    Returns the sum of squares of rho and the log Jacobian.
    """
    n = u.size
    total = _sum_of(z)
    sum_root, log_product, mean = 0.0, 0.0, 0.0
    for i in range(n):
        y = z[i] - total / (n + math.sqrt(n)) if i < n - 1 else -total / math.sqrt(n)
        h = precision[i] + t
        root = math.sqrt(h)
        sum_root += root
        log_product += math.log(root)
        u[i] = pull[i] / h + y / root
        mean += u[i] / n
    squares = 0.0
    for i in range(n):
        rho = u[i] - mean
        squares += rho * rho
        u[i] = rho + center
    return squares, math.log(sum_root / n) - log_product


@jit
def group_backward(z: ndarray, precision: ndarray, pull: ndarray, t: float, rho_bar: ndarray, z_bar: ndarray) -> float:
    """Derivatives for `group_forward`: overwrites ``rho_bar``, writes ``z_bar``, returns that with respect to ``t``."""
    n = rho_bar.size
    total = _sum_of(z)
    mean_bar, sum_root = _sum_of(rho_bar) / n, 0.0
    for i in range(n):
        sum_root += math.sqrt(precision[i] + t)
    t_bar, y_sum = 0.0, 0.0
    for i in range(n):
        y = z[i] - total / (n + math.sqrt(n)) if i < n - 1 else -total / math.sqrt(n)
        h = precision[i] + t
        root = math.sqrt(h)
        x_bar = rho_bar[i] - mean_bar
        # x = pull / h + y / root; log Jacobian = log(sum_root / n) - sum log(root)
        t_bar += 0.5 / (root * sum_root) - 0.5 / h - x_bar * (pull[i] / h + 0.5 * y / root) / h
        rho_bar[i] = x_bar / root  # from here on the derivative with respect to y
        if i < n - 1:
            y_sum += rho_bar[i]
    for i in range(n - 1):
        z_bar[i] = rho_bar[i] - y_sum / (n + math.sqrt(n)) - rho_bar[n - 1] / math.sqrt(n)
    return t_bar


@jit
def independents_forward(z: ndarray, precision: ndarray, pull: ndarray, t: float, m: float, u: ndarray) -> float:
    """`independents.informed_independents`: writes u.

    Returns the log density of xi plus the log Jacobian of ``z -> xi``: with ``t = (sep / distance)^2`` it depends on
    the frame and on mu through t and m alone.
    """
    total = 0.5 * z.size * (math.log(t) - LOG_2PI)
    for i in range(z.size):
        h = precision[i] + t
        u[i] = (pull[i] + t * m) / h + z[i] / math.sqrt(h)
        total -= 0.5 * (t * (u[i] - m) ** 2 + math.log(h))
    return total


@jit
def independents_backward(
    z: ndarray, precision: ndarray, t: float, m: float, u: ndarray, u_bar: ndarray, z_bar: ndarray
) -> tuple[float, float]:
    """Derivatives for `independents_forward`, given those of u by the votes: writes ``z_bar``, returns t's and m's."""
    t_bar, m_bar = 0.0, 0.0
    for i in range(z.size):
        h = precision[i] + t
        root, off = math.sqrt(h), u[i] - m
        u_all = u_bar[i] - t * off
        z_bar[i] = u_all / root
        # u = (pull + t m) / h + z / root
        m_bar += u_all * t / h + t * off
        t_bar += 0.5 * (1 / t - off * off - 1 / h) + u_all * (0.5 * z[i] / root - off) / h
    return t_bar, m_bar


@jit
def bend_forward(z: ndarray, bend: ndarray, c: ndarray) -> float:
    """`bends.bent`: writes c, returns the log Jacobian."""
    total = 0.0
    for j in range(z.size):
        p = math.sqrt(1 - BEND_VARIANCE * bend[j] ** 2)
        root = math.sqrt(1 + z[j] ** 2)
        c[j] = p * z[j] + bend[j] * (root - BEND_MEAN)
        total += math.log(p + bend[j] * z[j] / root)
    return total


@jit
def bend_backward(z: ndarray, bend: ndarray, c_bar: ndarray) -> None:
    """Derivatives for `bend_forward`: turns ``c_bar`` into that with respect to z."""
    for j in range(z.size):
        root = math.sqrt(1 + z[j] ** 2)
        slope = math.sqrt(1 - BEND_VARIANCE * bend[j] ** 2) + bend[j] * z[j] / root
        c_bar[j] = c_bar[j] * slope + bend[j] / (root**3 * slope)


@jit
def means_forward(
    middle: float, gap: float, s: float, sep: float, v_l: float, v_r: float, crossed: bool
) -> tuple[float, float, float]:
    """`frames.population_means`: mu_left, mu_right, log Jacobian."""
    v = v_l + v_r
    scale = math.sqrt(v_l * v_r / v)
    exponent = gap if crossed else gap * math.sqrt(v) / sep
    excess = -math.sqrt(v) * math.exp(exponent) - sep if crossed else sep * math.expm1(exponent)
    mu_left = s - sep / 2 + scale * middle - v_l / v * excess
    mu_right = s + sep / 2 + scale * middle + v_r / v * excess
    return mu_left, mu_right, 0.5 * math.log(v_l * v_r) + exponent


@jit
def means_backward(
    middle: float, gap: float, sep: float, v_l: float, v_r: float, crossed: bool, d_l_bar: float, d_r_bar: float
) -> tuple[float, float, float, float, float]:
    """Derivatives for `means_forward`, of ``d = mu - sample mean`` and of the log Jacobian.

    Returns those with respect to middle, gap, log sep, log v_l and log v_r; the sample means are left to the caller.
    """
    v = v_l + v_r
    f_l, f_r = v_l / v, v_r / v
    scale = math.sqrt(v_l * f_r)
    exponent = gap if crossed else gap * math.sqrt(v) / sep
    # excess = difference - sep, where difference = sep * exp(exponent), or -sqrt(v) * exp(exponent) if crossed
    difference = -math.sqrt(v) * math.exp(exponent) if crossed else sep * math.exp(exponent)
    excess = difference - sep
    # d_l = scale * middle - f_l * excess,  d_r = scale * middle + f_r * excess
    scale_bar, excess_bar = middle * (d_l_bar + d_r_bar), f_r * d_r_bar - f_l * d_l_bar
    exponent_bar = 1.0 + excess_bar * difference
    if crossed:
        gap_bar, log_sep_bar, log_v_bar = exponent_bar, -sep * excess_bar, 0.5 * difference * excess_bar
    else:
        gap_bar = exponent_bar * math.sqrt(v) / sep
        log_sep_bar, log_v_bar = excess_bar * excess - exponent_bar * exponent, 0.5 * exponent_bar * exponent
    # d f_l / d log v_l = f_l f_r = -d f_l / d log v_r, and the opposite for f_r; d log v / d log v_l = f_l
    f_term = -f_l * f_r * excess * (d_l_bar + d_r_bar)
    log_v_l_bar = 0.5 * scale * scale_bar * f_r + f_term + log_v_bar * f_l + 0.5
    log_v_r_bar = 0.5 * scale * scale_bar * f_l - f_term + log_v_bar * f_r + 0.5
    return scale * (d_l_bar + d_r_bar), gap_bar, log_sep_bar, log_v_l_bar, log_v_r_bar


@jit
def _bill_prior_precision(s: float, sep: float, tau_b: float, tau_a: float) -> tuple[float, float, float]:
    """``Q^-1`` of `logits.bill_logits`: its elements ll, lr and rr."""
    x_l, x_r = s - sep / 2, s + sep / 2
    q_ll, q_lr, q_rr = tau_b + tau_a * x_r**2, -(tau_b + tau_a * x_l * x_r), tau_b + tau_a * x_l**2
    return q_ll / sep**2, q_lr / sep**2, q_rr / sep**2


@jit
def cholesky(h_ll: float, h_lr: float, h_rr: float) -> tuple[float, float, float]:
    """Lower factor of a positive definite 2 x 2 matrix."""
    l_11 = math.sqrt(h_ll)
    l_21 = h_lr / l_11
    return l_11, l_21, math.sqrt(h_rr - l_21 * l_21)


@jit
def _cholesky_backward(
    l_11: float, l_21: float, l_22: float, l_11_bar: float, l_21_bar: float, l_22_bar: float
) -> tuple[float, float, float]:
    """Derivatives for `cholesky`."""
    l_21_bar -= l_22_bar * l_21 / l_22
    h_lr_bar = l_21_bar / l_11
    return 0.5 * (l_11_bar - h_lr_bar * l_21) / l_11, h_lr_bar, 0.5 * l_22_bar / l_22


@jit
def logits_forward(c: ndarray, g: ndarray, s: float, sep: float, prior: Prior, w: ndarray, a: ndarray) -> float:
    """`logits.bill_logits`: writes w and a; returns log prior of alpha and beta plus log Jacobian.

    ``c`` has the rows c_left and c_right, ``g`` the rows of `BillInfo`.
    """
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = sigma**-2, alpha_sigma**-2
    q_ll, q_lr, q_rr = _bill_prior_precision(s, sep, tau_b, tau_a)
    shift = mu * tau_b / sep
    total = 0.0
    m = w.size
    for j in range(m):
        l_11, l_21, l_22 = cholesky(g[j] + q_ll, g[m + j] + q_lr, g[2 * m + j] + q_rr)
        y_1 = (g[3 * m + j] - shift) / l_11
        y_2 = (g[4 * m + j] + shift - l_21 * y_1) / l_22
        e_r = (y_2 + c[m + j]) / l_22
        e_l = (y_1 + c[j] - l_21 * e_r) / l_11
        w[j], a[j] = e_r - e_l, -0.5 * (e_l + e_r)
        beta = w[j] / sep
        alpha = a[j] + beta * s
        total -= 0.5 * tau_b * (beta - mu) ** 2 + 0.5 * tau_a * alpha * alpha + math.log(l_11 * l_22)
    return total - m * (math.log(sep * sigma * alpha_sigma) + LOG_2PI)


@jit
def logits_backward(
    c: ndarray, g: ndarray, s: float, sep: float, prior: Prior,
    w: ndarray, a: ndarray, w_bar: ndarray, a_bar: ndarray, c_bar: ndarray, g_bar: ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Derivatives for `logits_forward`, given those of w and a by the votes.

    Writes ``c_bar`` and ``g_bar`` (with respect to the sketch, for shared bills). Returns those of s and log sep.
    """
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = sigma**-2, alpha_sigma**-2
    q_ll, q_lr, q_rr = _bill_prior_precision(s, sep, tau_b, tau_a)
    shift = mu * tau_b / sep
    s_bar, log_sep_bar, shift_bar, q_ll_bar, q_lr_bar, q_rr_bar = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    m = w.size
    for j in range(m):
        l_11, l_21, l_22 = cholesky(g[j] + q_ll, g[m + j] + q_lr, g[2 * m + j] + q_rr)
        y_1 = (g[3 * m + j] - shift) / l_11
        y_2 = (g[4 * m + j] + shift - l_21 * y_1) / l_22
        e_l, e_r = -0.5 * w[j] - a[j], 0.5 * w[j] - a[j]
        beta = w[j] / sep
        alpha_bar = -tau_a * (a[j] + beta * s)
        beta_bar = -tau_b * (beta - mu) + alpha_bar * s
        s_bar += alpha_bar * beta
        log_sep_bar -= beta_bar * beta
        w_all, a_all = w_bar[j] + beta_bar / sep, a_bar[j] + alpha_bar
        # e_l = (y_1 + c_l - l_21 e_r) / l_11
        y_1_bar = (-w_all - 0.5 * a_all) / l_11
        # e_r = (y_2 + c_r) / l_22
        y_2_bar = (w_all - 0.5 * a_all - y_1_bar * l_21) / l_22
        c_bar[j], c_bar[m + j] = y_1_bar, y_2_bar
        # y_2 = (b_r + shift - l_21 y_1) / l_22,  y_1 = (b_l - shift) / l_11
        g_bar[4 * m + j] = y_2_bar / l_22
        g_bar[3 * m + j] = (y_1_bar - g_bar[4 * m + j] * l_21) / l_11
        shift_bar += g_bar[4 * m + j] - g_bar[3 * m + j]
        # the last terms by the log Jacobian
        l_11_bar = -y_1_bar * e_l - g_bar[3 * m + j] * y_1 - 1.0 / l_11
        l_21_bar = -y_1_bar * e_r - g_bar[4 * m + j] * y_1
        l_22_bar = -y_2_bar * e_r - g_bar[4 * m + j] * y_2 - 1.0 / l_22
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


@jit
def slopes_forward(
    c: ndarray, g: ndarray, funnel: ndarray, s: float, log_sep: float, prior: Prior, half: bool,
    moments: tuple[float, float], w: ndarray, a: ndarray,
) -> float:  # fmt: skip
    """`slopes.positive_bills`: writes w and a; returns log prior of alpha and log beta plus log Jacobian.

    ``c`` has the rows c_slope and c_intercept, ``g`` the rows of `LogSlopeInfo`, ``funnel`` power and center; ``half``
    if beta is half-normal and not lognormal; ``moments`` are the mean and standard deviation of log beta.
    """
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = moments[1] ** -2, alpha_sigma**-2
    k = s * math.exp(-log_sep) * tau_a
    total = 0.0
    m = w.size
    for j in range(m):
        h_w = g[3 * m + j] + tau_b
        log_w = (g[4 * m + j] + (log_sep + moments[0]) * tau_b) / h_w + c[j] / math.sqrt(h_w)
        w[j] = math.exp(log_w)
        d = math.exp(-funnel[j] * (log_w - funnel[m + j]))
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
def slopes_backward(
    c: ndarray, g: ndarray, funnel: ndarray, s: float, log_sep: float, prior: Prior, half: bool,
    moments: tuple[float, float],
    w: ndarray, a: ndarray, w_bar: ndarray, a_bar: ndarray, c_bar: ndarray, g_bar: ndarray,
) -> tuple[float, float]:  # fmt: skip
    """Derivatives for `slopes_forward`, given those of w and a by the votes.

    Writes ``c_bar`` and, with respect to the rows of ``g`` that differ between frames (g_aw and pull), ``g_bar``.
    Returns those of s and log sep.
    """
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = moments[1] ** -2, alpha_sigma**-2
    sep = math.exp(log_sep)
    k = s / sep * tau_a
    s_bar, log_sep_bar, k_bar = 0.0, 0.0, 0.0
    m = w.size
    for j in range(m):
        h_w = g[3 * m + j] + tau_b
        beta = w[j] / sep
        alpha_bar = -tau_a * (a[j] + beta * s)
        log_beta = math.log(beta)
        log_beta_bar = 1.0 - (beta / sigma) ** 2 if half else -(log_beta - mu) / sigma**2
        log_beta_bar += alpha_bar * s * beta
        s_bar += alpha_bar * beta
        # a = (d (b_a - w g_aw) - w k) / h_a + c_a / sqrt(h_a),  h_a = d g_aa + tau_a,  log d = -power (log w - center)
        d = math.exp(-funnel[j] * (log_beta + log_sep - funnel[m + j]))
        h_a = d * g[j] + tau_a
        a_all = a_bar[j] + alpha_bar
        c_bar[m + j] = a_all / math.sqrt(h_a)
        by_w = -a_all * w[j] / h_a
        g_bar[m + j] = d * by_w
        k_bar += by_w
        middle = a[j] - 0.5 * c[m + j] / math.sqrt(h_a)
        d_bar = (a_all * (g[2 * m + j] - w[j] * g[m + j] - g[j] * middle) - 0.5 * g[j]) / h_a
        # log w = (pull + (log sep + mean) tau_b) / h_w + c_w / sqrt(h_w),  log beta = log w - log sep
        log_w_bar = w_bar[j] * w[j] + by_w * (d * g[m + j] + k) - funnel[j] * d * d_bar + log_beta_bar
        c_bar[j] = log_w_bar / math.sqrt(h_w)
        g_bar[4 * m + j] = log_w_bar / h_w
        log_sep_bar += g_bar[4 * m + j] * tau_b - log_beta_bar
    return s_bar + k_bar * tau_a / sep, log_sep_bar - k_bar * k


@jit
def relative_backward(
    ratio: float, shift: float, sep_home: float, ratio_bar: float, shift_bar: float
) -> tuple[float, float, float, float]:
    """Derivatives for `shared_bills.relative_frame` with respect to s, log sep, s_home and log sep_home."""
    s_bar = -shift_bar / sep_home
    return s_bar, ratio_bar * ratio, -s_bar, -(ratio_bar * ratio + shift_bar * shift)


@jit
def carried_slopes_forward(own: ndarray, other: ndarray, ratio: float, shift: float, g: ndarray) -> None:
    """`shared_bills.carried_slope_info`: writes ``own`` plus ``other`` carried over to ``g``."""
    m = g.size // 5
    for j in range(m):
        g[j] = own[j] + other[j]
        g[m + j] = own[m + j] + ratio * other[m + j] + shift * other[j]
        g[2 * m + j] = own[2 * m + j] + other[2 * m + j]
        g[3 * m + j] = own[3 * m + j] + other[3 * m + j]
        g[4 * m + j] = own[4 * m + j] + other[4 * m + j] - other[3 * m + j] * math.log(ratio)


@jit
def carried_slopes_backward(other: ndarray, ratio: float, g_bar: ndarray) -> tuple[float, float]:
    """Derivatives for `carried_slopes_forward` with respect to ratio and shift."""
    ratio_bar, shift_bar = 0.0, 0.0
    m = g_bar.size // 5
    for j in range(m):
        ratio_bar += g_bar[m + j] * other[m + j] - g_bar[4 * m + j] * other[3 * m + j] / ratio
        shift_bar += g_bar[m + j] * other[j]
    return ratio_bar, shift_bar


@jit
def carried_logits_forward(own: ndarray, other: ndarray, v_l: float, v_r: float, g: ndarray) -> None:
    """`shared_bills.carried_bill_info`: writes ``own`` plus ``other`` carried over to ``g``."""
    ll, lr, rl, rr = 0.5 - v_l, 0.5 + v_l, 0.5 - v_r, 0.5 + v_r
    m = g.size // 5
    for j in range(m):
        x_ll, x_lr, x_rr, x_l, x_r = other[j], other[m + j], other[2 * m + j], other[3 * m + j], other[4 * m + j]
        g[j] = own[j] + x_ll * ll * ll + 2 * x_lr * ll * rl + x_rr * rl * rl
        g[m + j] = own[m + j] + x_ll * ll * lr + x_lr * (ll * rr + lr * rl) + x_rr * rl * rr
        g[2 * m + j] = own[2 * m + j] + x_ll * lr * lr + 2 * x_lr * lr * rr + x_rr * rr * rr
        g[3 * m + j] = own[3 * m + j] + x_l * ll + x_r * rl
        g[4 * m + j] = own[4 * m + j] + x_l * lr + x_r * rr


@jit
def carried_logits_backward(other: ndarray, v_l: float, v_r: float, g_bar: ndarray) -> tuple[float, float]:
    """Derivatives for `carried_logits_forward` with respect to v_l and v_r."""
    ll, lr, rl, rr = 0.5 - v_l, 0.5 + v_l, 0.5 - v_r, 0.5 + v_r
    ll_bar, lr_bar, rl_bar, rr_bar = 0.0, 0.0, 0.0, 0.0
    m = g_bar.size // 5
    for j in range(m):
        x_ll, x_lr, x_rr, x_l, x_r = other[j], other[m + j], other[2 * m + j], other[3 * m + j], other[4 * m + j]
        y_ll, y_lr, y_rr, y_l, y_r = g_bar[j], g_bar[m + j], g_bar[2 * m + j], g_bar[3 * m + j], g_bar[4 * m + j]
        # T'GT by the elements of T, through those of GT
        gt_ll, gt_lr = x_ll * ll + x_lr * rl, x_ll * lr + x_lr * rr
        gt_rl, gt_rr = x_lr * ll + x_rr * rl, x_lr * lr + x_rr * rr
        ll_bar += 2 * y_ll * gt_ll + y_lr * gt_lr + y_l * x_l
        lr_bar += 2 * y_rr * gt_lr + y_lr * gt_ll + y_r * x_l
        rl_bar += 2 * y_ll * gt_rl + y_lr * gt_rr + y_l * x_r
        rr_bar += 2 * y_rr * gt_rr + y_lr * gt_rl + y_r * x_r
    return lr_bar - ll_bar, rr_bar - rl_bar
