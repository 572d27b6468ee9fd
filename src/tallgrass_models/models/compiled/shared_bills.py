"""The maps of `fast.shared_bills` with their derivatives (see `densities`)."""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from .arithmetic import dot
from .jit import jit, part
from .records import BillBars, Bills, Pair, Relation


@jit
def _relative_backward(
    ratio: float, shift: float, sep_home: float, ratio_bar: float, shift_bar: float
) -> tuple[float, float, float, float]:
    """Differentiate `fast.shared_bills.relative_frame` with respect to s, log sep, s_home and log sep_home."""
    s_bar = -shift_bar / sep_home
    return s_bar, ratio_bar * ratio, -s_bar, -(ratio_bar * ratio + shift_bar * shift)


@jit
def _carried_slopes_forward(own: ndarray, other: ndarray, ratio: float, shift: float, g: ndarray) -> None:
    """Compute `fast.shared_bills.carried_slope_info`: write ``own`` plus ``other`` carried over to ``g``."""
    m = g.size // 5
    for j in range(m):
        g[j] = own[j] + other[j]
        g[m + j] = own[m + j] + ratio * other[m + j] + shift * other[j]
        g[2 * m + j] = own[2 * m + j] + other[2 * m + j]
        g[3 * m + j] = own[3 * m + j] + other[3 * m + j]
        g[4 * m + j] = own[4 * m + j] + other[4 * m + j] - other[3 * m + j] * math.log(ratio)


@jit
def _carried_slopes_backward(other: ndarray, ratio: float, g_bar: ndarray) -> tuple[float, float]:
    """Differentiate `_carried_slopes_forward` with respect to ratio and shift."""
    ratio_bar, shift_bar = 0.0, 0.0
    m = g_bar.size // 5
    for j in range(m):
        ratio_bar += g_bar[m + j] * other[m + j] - g_bar[4 * m + j] * other[3 * m + j] / ratio
        shift_bar += g_bar[m + j] * other[j]
    return ratio_bar, shift_bar


@jit
def _carried_logits_forward(own: ndarray, other: ndarray, v_l: float, v_r: float, g: ndarray) -> None:
    """Compute `fast.shared_bills.carried_bill_info`: write ``own`` plus ``other`` carried over to ``g``."""
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
def _carried_logits_backward(other: ndarray, v_l: float, v_r: float, g_bar: ndarray) -> tuple[float, float]:
    """Differentiate `_carried_logits_forward` with respect to v_l and v_r."""
    ll, lr, rl, rr = 0.5 - v_l, 0.5 + v_l, 0.5 - v_r, 0.5 + v_r
    ll_bar, lr_bar, rl_bar, rr_bar = 0.0, 0.0, 0.0, 0.0
    m = g_bar.size // 5
    for j in range(m):
        x_ll, x_lr, x_rr, x_l, x_r = other[j], other[m + j], other[2 * m + j], other[3 * m + j], other[4 * m + j]
        y_ll, y_lr, y_rr, y_l, y_r = g_bar[j], g_bar[m + j], g_bar[2 * m + j], g_bar[3 * m + j], g_bar[4 * m + j]
        # derivatives of T'GT by the elements of T, through those of GT
        gt_ll, gt_lr = x_ll * ll + x_lr * rl, x_ll * lr + x_lr * rr
        gt_rl, gt_rr = x_lr * ll + x_rr * rl, x_lr * lr + x_rr * rr
        ll_bar += 2 * y_ll * gt_ll + y_lr * gt_lr + y_l * x_l
        lr_bar += 2 * y_rr * gt_lr + y_lr * gt_ll + y_r * x_l
        rl_bar += 2 * y_ll * gt_rl + y_lr * gt_rr + y_l * x_r
        rr_bar += 2 * y_rr * gt_rr + y_lr * gt_rl + y_r * x_r
    return lr_bar - ll_bar, rr_bar - rl_bar


@part
def relation_of(frame: Pair, home: Pair) -> Relation:
    """Compute `fast.shared_bills.relative_frame`; frames are s and log sep."""
    (s, log_sep), (s_home, log_sep_home) = frame, home
    ratio, shift = math.exp(log_sep - log_sep_home), (s_home - s) * math.exp(-log_sep_home)
    return Relation(ratio, shift, -shift - 0.5 * ratio, -shift + 0.5 * ratio, math.exp(log_sep_home))


@jit
def shared_forward(by_home: ndarray, by_other: ndarray, relation: Relation, family: int, n_free: int) -> ndarray:
    """Compute `fast.shared_bills.shared_info` of flat arrays."""
    ratio, v_l, v_r = relation.ratio, relation.v_l, relation.v_r
    g = np.empty(by_home.size)
    m = g.size // 5
    k = m - n_free
    own, other, out = by_home[: 5 * k], by_other[: 5 * k], g[: 5 * k]
    if family == 0:
        _carried_logits_forward(own, other, v_l, v_r, out)
    else:
        _carried_slopes_forward(own, other, ratio, -0.5 * (v_l + v_r), out)
    _carried_logits_forward(by_home[5 * k :], by_other[5 * k :], v_l, v_r, g[5 * k :])
    return g


@jit
def shared_backward(
    by_other: ndarray, relation: Relation, family: int, bills: Bills, bars: BillBars
) -> tuple[float, float, float, float]:
    """Differentiate by s, log sep, s_home and log sep_home, through which shared bills enter the other chamber.

    ``bills`` are the shared ones at home; of ``bars``, w and a belong to the other chamber's, info to `shared_forward`.
    """
    ratio, v_l, v_r, sep_home = relation.ratio, relation.v_l, relation.v_r, relation.sep_home
    w, w_bar, a_bar, g_bar = bills.w, bars.w, bars.a, bars.info
    k = w.size - bills.n_free
    shift = -0.5 * (v_l + v_r)
    ratio_bar, shift_bar, v_l_bar, v_r_bar = dot(w_bar, w), dot(a_bar, w), 0.0, 0.0
    other, bar = by_other[: 5 * k], g_bar[: 5 * k]
    if family == 0:
        v_l_bar, v_r_bar = _carried_logits_backward(other, v_l, v_r, bar)
    else:
        ratio_term, shift_term = _carried_slopes_backward(other, ratio, bar)
        ratio_bar, shift_bar = ratio_bar + ratio_term, shift_bar + shift_term
    by_free = _carried_logits_backward(by_other[5 * k :], v_l, v_r, g_bar[5 * k :])
    v_l_bar, v_r_bar = v_l_bar + by_free[0], v_r_bar + by_free[1]
    # v_l = -shift - ratio / 2 and v_r = -shift + ratio / 2
    return _relative_backward(
        ratio, shift, sep_home, ratio_bar + 0.5 * (v_r_bar - v_l_bar), shift_bar - v_l_bar - v_r_bar
    )
