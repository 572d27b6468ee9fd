"""The maps of `fast.drift_bills` with their derivatives (see `densities`).

Numbers of several rows are flat, as in `records.Bills`: rows of bills of the prior's family, then of free sign.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from .arithmetic import LOG_2PI
from .jit import jit
from .logits import _cholesky, _cholesky_backward
from .records import Bills, Pair, Relation


class Tau(NamedTuple):
    """What bridges may differ by, or derivatives with respect to it."""

    alpha: float
    beta: float
    delta: float


class Sides(NamedTuple):
    """The Senate's votes on shared bills: `fast.drift_bills.Side`, of both kinds."""

    info: ndarray
    funnel: ndarray
    turn: ndarray
    family: int
    n_free: int
    size_free: float


class Frames(NamedTuple):
    """Derivatives with respect to s and log sep of a frame, and to tau."""

    s: float
    log_sep: float
    tau: Tau


@jit
def _loading(frame: Pair, size: float, tau: Tau) -> tuple[float, float, float, float, float]:
    """Compute the means of left and right, and ``N``: effects of f on the left and right logit, of e on either."""
    half = 0.5 * math.exp(frame[1])
    x_l, x_r = frame[0] - half, frame[0] + half
    return x_l, x_r, size * tau.beta * x_l, size * tau.beta * x_r, -tau.alpha


@jit
def _logits_let_through(g: ndarray, turn: ndarray, size: float, tau: Tau, frame: Pair, out: ndarray) -> None:
    """Compute `fast.drift_bills.let_through` of bills of either sign, in the Senate's frame."""
    _, _, n_l, n_r, n_e = _loading(frame, size, tau)
    m = turn.size
    for j in range(m):
        g_ll, g_lr, g_rr, b_l, b_r = g[j], g[m + j], g[2 * m + j], g[3 * m + j], g[4 * m + j]
        gn_lf, gn_le = g_ll * n_l + g_lr * n_r, (g_ll + g_lr) * n_e
        gn_rf, gn_re = g_lr * n_l + g_rr * n_r, (g_lr + g_rr) * n_e
        l_11, l_21, l_22 = _cholesky(
            1 + n_l * gn_lf + n_r * gn_rf, n_l * gn_le + n_r * gn_re, 1 + n_e * (gn_le + gn_re)
        )
        k_l1, k_r1 = gn_lf / l_11, gn_rf / l_11
        k_l2, k_r2 = (gn_le - l_21 * k_l1) / l_22, (gn_re - l_21 * k_r1) / l_22
        y_1 = (n_l * b_l + n_r * b_r) / l_11
        y_2 = (n_e * (b_l + b_r) - l_21 * y_1) / l_22
        out[j] = g_ll - k_l1 * k_l1 - k_l2 * k_l2
        out[m + j] = g_lr - k_l1 * k_r1 - k_l2 * k_r2
        out[2 * m + j] = g_rr - k_r1 * k_r1 - k_r2 * k_r2
        delta = turn[j] * tau.delta
        out[3 * m + j] = b_l - k_l1 * y_1 - k_l2 * y_2 + (out[j] + out[m + j]) * delta
        out[4 * m + j] = b_r - k_r1 * y_1 - k_r2 * y_2 + (out[m + j] + out[2 * m + j]) * delta


@jit
def _logits_let_through_backward(
    weaker: ndarray, turn: ndarray, size: float, tau: Tau, frame: Pair, bar: ndarray
) -> Frames:
    """Differentiate `_logits_let_through`, given its result and the derivatives by it.

    The precision is ``G' = (G^-1 + M)^-1`` with ``M = NN'``, so ``dG' = -G' dM G'``, and the pull b' before the shift
    by delta changes by ``-G' dM b'``.
    """
    x_l, x_r, _, _, _ = _loading(frame, size, tau)
    t = size * tau.beta
    alpha_bar, t_bar, delta_bar, x_l_bar, x_r_bar = 0.0, 0.0, 0.0, 0.0, 0.0
    m = turn.size
    for j in range(m):
        g_ll, g_lr, g_rr = weaker[j], weaker[m + j], weaker[2 * m + j]
        y_l, y_r, delta = bar[3 * m + j], bar[4 * m + j], turn[j] * tau.delta
        delta_bar += turn[j] * (y_l * (g_ll + g_lr) + y_r * (g_lr + g_rr))
        b_l, b_r = weaker[3 * m + j] - (g_ll + g_lr) * delta, weaker[4 * m + j] - (g_lr + g_rr) * delta
        c_ll, c_lr = bar[j] + delta * y_l, 0.5 * (bar[m + j] + delta * (y_l + y_r))
        c_rr = bar[2 * m + j] + delta * y_r
        # G'CG', then the outer product of b' with G'y
        p_ll, p_lr = g_ll * c_ll + g_lr * c_lr, g_ll * c_lr + g_lr * c_rr
        p_rl, p_rr = g_lr * c_ll + g_rr * c_lr, g_lr * c_lr + g_rr * c_rr
        q_l, q_r = g_ll * y_l + g_lr * y_r, g_lr * y_l + g_rr * y_r
        m_ll = -(p_ll * g_ll + p_lr * g_lr + b_l * q_l)
        m_lr = -(p_ll * g_lr + p_lr * g_rr + 0.5 * (b_l * q_r + b_r * q_l))
        m_rr = -(p_rl * g_lr + p_rr * g_rr + b_r * q_r)
        alpha_bar += 2 * tau.alpha * (m_ll + 2 * m_lr + m_rr)
        t_bar += 2 * t * (m_ll * x_l * x_l + 2 * m_lr * x_l * x_r + m_rr * x_r * x_r)
        x_l_bar += 2 * t * t * (m_ll * x_l + m_lr * x_r)
        x_r_bar += 2 * t * t * (m_rr * x_r + m_lr * x_l)
    half = 0.5 * math.exp(frame[1])
    return Frames(x_l_bar + x_r_bar, half * (x_r_bar - x_l_bar), Tau(alpha_bar, size * t_bar, delta_bar))


@jit
def _slopes_let_through(g: ndarray, turn: ndarray, tau: Tau, out: ndarray) -> None:
    """Compute `fast.drift_bills.let_through` of positive bills, in the Senate's frame."""
    m = turn.size
    for j in range(m):
        level, slope = 1 + g[j] * tau.alpha**2, 1 + g[3 * m + j] * tau.beta**2
        out[j], out[m + j] = g[j] / level, g[m + j] / level
        out[2 * m + j] = (g[2 * m + j] - g[j] * turn[j] * tau.delta) / level
        out[3 * m + j], out[4 * m + j] = g[3 * m + j] / slope, g[4 * m + j] / slope


@jit
def _slopes_let_through_backward(g: ndarray, weaker: ndarray, turn: ndarray, tau: Tau, bar: ndarray) -> Tau:
    """Differentiate `_slopes_let_through`."""
    alpha_bar, beta_bar, delta_bar = 0.0, 0.0, 0.0
    m = turn.size
    for j in range(m):
        level, slope = 1 + g[j] * tau.alpha**2, 1 + g[3 * m + j] * tau.beta**2
        by_level = bar[j] * weaker[j] + bar[m + j] * weaker[m + j] + bar[2 * m + j] * weaker[2 * m + j]
        alpha_bar -= by_level / level * 2 * g[j] * tau.alpha
        delta_bar -= bar[2 * m + j] * g[j] * turn[j] / level
        by_slope = bar[3 * m + j] * weaker[3 * m + j] + bar[4 * m + j] * weaker[4 * m + j]
        beta_bar -= by_slope / slope * 2 * g[3 * m + j] * tau.beta
    return Tau(alpha_bar, beta_bar, delta_bar)


@jit
def let_through_forward(sides: Sides, tau: Tau, frame: Pair) -> ndarray:
    """Compute what the Senate's votes say of the House's sides, in the Senate's frame."""
    k = sides.turn.size - sides.n_free
    out = np.empty(sides.info.size)
    if sides.family == 0:
        _logits_let_through(sides.info[: 5 * k], sides.turn[:k], 1.0, tau, frame, out[: 5 * k])
    else:
        _slopes_let_through(sides.info[: 5 * k], sides.turn[:k], tau, out[: 5 * k])
    _logits_let_through(sides.info[5 * k :], sides.turn[k:], sides.size_free, tau, frame, out[5 * k :])
    return out


@jit
def let_through_backward(sides: Sides, tau: Tau, frame: Pair, weaker: ndarray, bar: ndarray) -> Frames:
    """Differentiate `let_through_forward`, given its result and the derivatives by it."""
    k = sides.turn.size - sides.n_free
    free = _logits_let_through_backward(weaker[5 * k :], sides.turn[k:], sides.size_free, tau, frame, bar[5 * k :])
    if sides.family == 0:
        own = _logits_let_through_backward(weaker[: 5 * k], sides.turn[:k], 1.0, tau, frame, bar[: 5 * k])
    else:
        by_tau = _slopes_let_through_backward(sides.info[: 5 * k], weaker[: 5 * k], sides.turn[:k], tau, bar[: 5 * k])
        own = Frames(0.0, 0.0, by_tau)
    return summed(own, free)


@jit
def summed(one: Frames, two: Frames) -> Frames:
    """Add up derivatives."""
    tau = Tau(one.tau.alpha + two.tau.alpha, one.tau.beta + two.tau.beta, one.tau.delta + two.tau.delta)
    return Frames(one.s + two.s, one.log_sep + two.log_sep, tau)


@jit
def carried_bars(g_bar: ndarray, relation: Relation, family: int, n_free: int) -> ndarray:
    """Differentiate `shared_bills.shared_forward` with respect to what the other chamber's votes say."""
    out = np.empty(g_bar.size)
    m = g_bar.size // 5
    k = m - n_free
    shift = -0.5 * (relation.v_l + relation.v_r)
    first = 0
    if family != 0:
        for j in range(k):
            out[j] = g_bar[j] + shift * g_bar[k + j]
            out[k + j] = relation.ratio * g_bar[k + j]
            out[2 * k + j] = g_bar[2 * k + j]
            out[3 * k + j] = g_bar[3 * k + j] - math.log(relation.ratio) * g_bar[4 * k + j]
            out[4 * k + j] = g_bar[4 * k + j]
        first = 1
    ll, lr, rl, rr = 0.5 - relation.v_l, 0.5 + relation.v_l, 0.5 - relation.v_r, 0.5 + relation.v_r
    for block in range(first, 2):
        n, at = (n_free, 5 * k) if block else (k, 0)
        for j in range(at, at + n):
            y_ll, y_lr, y_rr, y_l, y_r = g_bar[j], g_bar[n + j], g_bar[2 * n + j], g_bar[3 * n + j], g_bar[4 * n + j]
            out[j] = y_ll * ll * ll + y_lr * ll * lr + y_rr * lr * lr
            out[n + j] = 2 * y_ll * ll * rl + y_lr * (ll * rr + lr * rl) + 2 * y_rr * lr * rr
            out[2 * n + j] = y_ll * rl * rl + y_lr * rl * rr + y_rr * rr * rr
            out[3 * n + j] = y_l * ll + y_r * lr
            out[4 * n + j] = y_l * rl + y_r * rr
    return out


@jit
def all_slope_bars(bills: Bills, sigmas: Pair, bar: ndarray) -> None:
    """Complete what `slopes.slopes_backward` writes: the derivatives by g_aa, b_a and the precision of log slopes.

    They follow from those by g_aw and pull. ``sigmas`` are the standard deviations of log beta and of alpha. The bills
    of free sign, which have all derivatives, are left alone.
    """
    c, g, w, m = bills.c, bills.info, bills.w, bills.w.size - bills.n_free
    tau_b, tau_a = sigmas[0] ** -2, sigmas[1] ** -2
    for j in range(m):
        log_w = math.log(w[j])
        h_w = g[3 * m + j] + tau_b
        bar[3 * m + j] = -(bar[4 * m + j] * h_w * (log_w - 0.5 * c[j] / math.sqrt(h_w)) + 0.5) / h_w
        d = math.exp(-bills.bends[2 * m + j] * (log_w - bills.bends[3 * m + j]))
        h_a = d * g[j] + tau_a
        # the derivative by b_a is d / h_a times that by a, and the one by g_aw is -w times as large
        bar[2 * m + j] = -bar[m + j] / w[j]
        bar[j] = -bar[2 * m + j] * (bills.a[j] - 0.5 * c[m + j] / math.sqrt(h_a)) - 0.5 * d / h_a


class Moved(NamedTuple):
    """The Senate's side of bills of one kind: coordinates, what is given of the House's side, room for the results."""

    c: ndarray
    """Two rows."""
    alpha: ndarray
    beta: ndarray
    w: ndarray
    a: ndarray


class MovedBars(NamedTuple):
    """Derivatives with respect to numbers of `Moved`; those of w and a are given, the others written or added to."""

    c: ndarray
    alpha: ndarray
    beta: ndarray
    w: ndarray
    a: ndarray


@jit
def _logits_moved(at: Moved, g: ndarray, turn: ndarray, size: float, tau: Tau, frame: Pair) -> float:
    """Compute `fast.drift_bills.differing_bills` of bills of either sign; write w and a, return the log prior."""
    x_l, x_r, n_l, n_r, n_e = _loading(frame, size, tau)
    s, sep = frame[0], math.exp(frame[1])
    total, m = 0.0, turn.size
    for j in range(m):
        g_ll, g_lr, g_rr = g[j], g[m + j], g[2 * m + j]
        level = at.alpha[j] + turn[j] * tau.delta
        e_l, e_r = at.beta[j] * x_l - level, at.beta[j] * x_r - level
        r_l = g[3 * m + j] - g_ll * e_l - g_lr * e_r
        r_r = g[4 * m + j] - g_lr * e_l - g_rr * e_r
        l_11, l_21, l_22 = _cholesky(
            1 + n_l * n_l * g_ll + 2 * n_l * n_r * g_lr + n_r * n_r * g_rr,
            n_e * (n_l * (g_ll + g_lr) + n_r * (g_lr + g_rr)),
            1 + n_e * n_e * (g_ll + 2 * g_lr + g_rr),
        )
        y_1 = (n_l * r_l + n_r * r_r) / l_11
        y_2 = (n_e * (r_l + r_r) - l_21 * y_1) / l_22
        e = (y_2 + at.c[m + j]) / l_22
        f = (y_1 + at.c[j] - l_21 * e) / l_11
        beta = at.beta[j] + size * tau.beta * f
        at.w[j], at.a[j] = beta * sep, level + tau.alpha * e - beta * s
        total -= 0.5 * (f * f + e * e) + math.log(l_11 * l_22)
    return total - m * LOG_2PI


@jit
def _logits_moved_backward(
    at: Moved, bars: MovedBars, g: ndarray, turn: ndarray, size: float, tau: Tau, frame: Pair
) -> Frames:
    """Differentiate `_logits_moved`: write by c, add by alpha and beta of the House, return by frame and tau."""
    x_l, x_r, n_l, n_r, n_e = _loading(frame, size, tau)
    s, sep, t = frame[0], math.exp(frame[1]), size * tau.beta
    s_bar, log_sep_bar, x_l_bar, x_r_bar = 0.0, 0.0, 0.0, 0.0
    alpha_bar, t_bar, delta_bar, m = 0.0, 0.0, 0.0, turn.size
    for j in range(m):
        g_ll, g_lr, g_rr = g[j], g[m + j], g[2 * m + j]
        level = at.alpha[j] + turn[j] * tau.delta
        e_l, e_r = at.beta[j] * x_l - level, at.beta[j] * x_r - level
        r_l = g[3 * m + j] - g_ll * e_l - g_lr * e_r
        r_r = g[4 * m + j] - g_lr * e_l - g_rr * e_r
        l_11, l_21, l_22 = _cholesky(
            1 + n_l * n_l * g_ll + 2 * n_l * n_r * g_lr + n_r * n_r * g_rr,
            n_e * (n_l * (g_ll + g_lr) + n_r * (g_lr + g_rr)),
            1 + n_e * n_e * (g_ll + 2 * g_lr + g_rr),
        )
        y_1 = (n_l * r_l + n_r * r_r) / l_11
        y_2 = (n_e * (r_l + r_r) - l_21 * y_1) / l_22
        e = (y_2 + at.c[m + j]) / l_22
        f = (y_1 + at.c[j] - l_21 * e) / l_11
        beta = at.beta[j] + t * f
        beta_bar, level_bar = bars.w[j] * sep - bars.a[j] * s, bars.a[j]
        log_sep_bar += bars.w[j] * beta * sep
        s_bar -= bars.a[j] * beta
        f_bar, e_bar = beta_bar * t - f, level_bar * tau.alpha - e
        t_bar += beta_bar * f
        alpha_bar += level_bar * e
        # f = (y_1 + c_f - l_21 e) / l_11,  e = (y_2 + c_e) / l_22
        y_1_bar = f_bar / l_11
        bars.c[j] = y_1_bar
        e_bar -= y_1_bar * l_21
        y_2_bar = e_bar / l_22
        bars.c[m + j] = y_2_bar
        # y_2 = (r_e - l_21 y_1) / l_22,  y_1 = r_f / l_11; the log Jacobian gives the last terms
        r_e_bar = y_2_bar / l_22
        l_21_bar = -y_1_bar * e - r_e_bar * y_1
        l_11_bar = -y_1_bar * f
        y_1_bar -= r_e_bar * l_21
        r_f_bar = y_1_bar / l_11
        l_11_bar -= r_f_bar * y_1 + 1 / l_11
        l_22_bar = -y_2_bar * e - r_e_bar * y_2 - 1 / l_22
        h_ff_bar, h_fe_bar, h_ee_bar = _cholesky_backward(l_11, l_21, l_22, l_11_bar, l_21_bar, l_22_bar)
        sum_l, sum_r = g_ll + g_lr, g_lr + g_rr
        n_l_bar = r_f_bar * r_l + 2 * h_ff_bar * (n_l * g_ll + n_r * g_lr) + h_fe_bar * n_e * sum_l
        n_r_bar = r_f_bar * r_r + 2 * h_ff_bar * (n_l * g_lr + n_r * g_rr) + h_fe_bar * n_e * sum_r
        alpha_bar -= (
            r_e_bar * (r_l + r_r) + h_fe_bar * (n_l * sum_l + n_r * sum_r) + 2 * h_ee_bar * n_e * (sum_l + sum_r)
        )
        r_l_bar, r_r_bar = r_f_bar * n_l + r_e_bar * n_e, r_f_bar * n_r + r_e_bar * n_e
        e_l_bar, e_r_bar = -(g_ll * r_l_bar + g_lr * r_r_bar), -(g_lr * r_l_bar + g_rr * r_r_bar)
        beta_bar += e_l_bar * x_l + e_r_bar * x_r
        level_bar -= e_l_bar + e_r_bar
        x_l_bar += e_l_bar * at.beta[j] + n_l_bar * t
        x_r_bar += e_r_bar * at.beta[j] + n_r_bar * t
        t_bar += n_l_bar * x_l + n_r_bar * x_r
        bars.alpha[j] += level_bar
        bars.beta[j] += beta_bar
        delta_bar += turn[j] * level_bar
    tau_bar = Tau(alpha_bar, size * t_bar, delta_bar)
    return Frames(s_bar + x_l_bar + x_r_bar, log_sep_bar + 0.5 * sep * (x_r_bar - x_l_bar), tau_bar)


@jit
def _slopes_moved(at: Moved, g: ndarray, funnel: ndarray, turn: ndarray, tau: Tau, frame: Pair) -> float:
    """Compute `fast.drift_bills.differing_bills` of positive bills; write w and a, return the log prior."""
    k, log_sep = frame[0] * math.exp(-frame[1]), frame[1]
    total, m = 0.0, turn.size
    for j in range(m):
        log_w0 = math.log(at.beta[j]) + log_sep
        h_f = 1 + g[3 * m + j] * tau.beta**2
        f = tau.beta * (g[4 * m + j] - g[3 * m + j] * log_w0) / h_f + at.c[j] / math.sqrt(h_f)
        log_w = log_w0 + tau.beta * f
        w = math.exp(log_w)
        d = math.exp(-funnel[j] * (log_w - funnel[m + j]))
        h_e = 1 + d * g[j] * tau.alpha**2
        a0 = at.alpha[j] + turn[j] * tau.delta - w * k
        e = tau.alpha * d * (g[2 * m + j] - w * g[m + j] - g[j] * a0) / h_e + at.c[m + j] / math.sqrt(h_e)
        at.w[j], at.a[j] = w, a0 + tau.alpha * e
        total -= 0.5 * (f * f + e * e) + 0.5 * math.log(h_f * h_e)
    return total - m * LOG_2PI


@jit
def _slopes_moved_backward(
    at: Moved, bars: MovedBars, g: ndarray, funnel: ndarray, turn: ndarray, tau: Tau, frame: Pair
) -> Frames:
    """Differentiate `_slopes_moved`, as `_logits_moved_backward`."""
    sep, log_sep = math.exp(frame[1]), frame[1]
    k = frame[0] / sep
    log_sep_bar, k_bar, alpha_bar, beta_bar, delta_bar, m = 0.0, 0.0, 0.0, 0.0, 0.0, turn.size
    for j in range(m):
        p = g[3 * m + j]
        log_w0 = math.log(at.beta[j]) + log_sep
        h_f = 1 + p * tau.beta**2
        q = g[4 * m + j] - p * log_w0
        f = tau.beta * q / h_f + at.c[j] / math.sqrt(h_f)
        log_w = log_w0 + tau.beta * f
        w = math.exp(log_w)
        d = math.exp(-funnel[j] * (log_w - funnel[m + j]))
        h_e = 1 + d * g[j] * tau.alpha**2
        a0 = at.alpha[j] + turn[j] * tau.delta - w * k
        num = g[2 * m + j] - w * g[m + j] - g[j] * a0
        e = tau.alpha * d * num / h_e + at.c[m + j] / math.sqrt(h_e)
        # a = a0 + tau_alpha e
        a_bar = bars.a[j]
        e_bar = a_bar * tau.alpha - e
        alpha_bar += a_bar * e
        # e = tau_alpha d num / h_e + c_e / sqrt(h_e)
        bars.c[m + j] = e_bar / math.sqrt(h_e)
        by_num = e_bar * tau.alpha * d / h_e
        h_e_bar = -(e_bar * (e - 0.5 * at.c[m + j] / math.sqrt(h_e)) + 0.5) / h_e
        d_bar = e_bar * tau.alpha * num / h_e + h_e_bar * g[j] * tau.alpha**2
        alpha_bar += e_bar * d * num / h_e + 2 * h_e_bar * d * g[j] * tau.alpha
        a0_bar = a_bar - by_num * g[j]
        # a0 = level - w k
        w_all = bars.w[j] - by_num * g[m + j] - a0_bar * k
        k_bar -= a0_bar * w
        log_w_bar = w_all * w - funnel[j] * d * d_bar
        # f = tau_beta q / h_f + c_f / sqrt(h_f),  q = pull - p log w0
        f_bar = log_w_bar * tau.beta - f
        bars.c[j] = f_bar / math.sqrt(h_f)
        h_f_bar = -(f_bar * (f - 0.5 * at.c[j] / math.sqrt(h_f)) + 0.5) / h_f
        beta_bar += log_w_bar * f + f_bar * q / h_f + 2 * h_f_bar * p * tau.beta
        log_w0_bar = log_w_bar - f_bar * tau.beta * p / h_f
        log_sep_bar += log_w0_bar
        bars.beta[j] += log_w0_bar / at.beta[j]
        bars.alpha[j] += a0_bar
        delta_bar += turn[j] * a0_bar
    return Frames(k_bar / sep, log_sep_bar - k_bar * k, Tau(alpha_bar, beta_bar, delta_bar))


@jit
def _some(at: Moved, first: int, last: int) -> Moved:
    c = at.c[2 * first : 2 * last]
    return Moved(c, at.alpha[first:last], at.beta[first:last], at.w[first:last], at.a[first:last])


@jit
def _some_bars(at: MovedBars, first: int, last: int) -> MovedBars:
    c = at.c[2 * first : 2 * last]
    return MovedBars(c, at.alpha[first:last], at.beta[first:last], at.w[first:last], at.a[first:last])


@jit
def moved_forward(at: Moved, sides: Sides, tau: Tau, frame: Pair) -> float:
    """Compute the Senate's sides of all shared bills: write w and a, return the log prior with the log Jacobian."""
    m = sides.turn.size
    k = m - sides.n_free
    own, info = _some(at, 0, k), sides.info[: 5 * k]
    if sides.family == 0:
        total = _logits_moved(own, info, sides.turn[:k], 1.0, tau, frame)
    else:
        total = _slopes_moved(own, info, sides.funnel[: 2 * k], sides.turn[:k], tau, frame)
    return total + _logits_moved(_some(at, k, m), sides.info[5 * k :], sides.turn[k:], sides.size_free, tau, frame)


@jit
def moved_backward(at: Moved, bars: MovedBars, sides: Sides, tau: Tau, frame: Pair) -> Frames:
    """Differentiate `moved_forward`."""
    m = sides.turn.size
    k = m - sides.n_free
    own, own_bars, info, turn = _some(at, 0, k), _some_bars(bars, 0, k), sides.info[: 5 * k], sides.turn[:k]
    if sides.family == 0:
        first = _logits_moved_backward(own, own_bars, info, turn, 1.0, tau, frame)
    else:
        first = _slopes_moved_backward(own, own_bars, info, sides.funnel[: 2 * k], turn, tau, frame)
    last = _some(at, k, m), _some_bars(bars, k, m)
    free = _logits_moved_backward(*last, sides.info[5 * k :], sides.turn[k:], sides.size_free, tau, frame)
    return summed(first, free)
