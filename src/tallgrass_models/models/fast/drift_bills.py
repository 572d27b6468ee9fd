"""Coordinates of the Senate's side of shared bills that may differ, given the House's side (see `bridges`, `frames`).

The differences of bill j are ``x = (f, e)``, standard normal a priori::

    beta_S = beta_H + tau_beta * f   or   beta_S = beta_H * exp(tau_beta * f),    alpha_S = alpha_H + turn * delta
                                                                                            + tau_alpha * e

(``turn`` is -1 where Yea and Nay of the bill are exchanged, since alpha then changes its sign.) A difference that the
Senate's votes hardly show wants to stay standard normal, and one that they show well wants to be centred at it. As for
all bills, a Gaussian approximation of the likelihood decides, exactly and without a limit at ``tau = 0``.

The House's side is informed by the Senate's votes as well, as far as the differences let them through.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from types import ModuleType

import numpy as np

from .bills import Bills
from .frames import Array, Frame
from .logits import BillInfo
from .shared_bills import carried_bill_info, carried_slope_info
from .slopes import LogSlopeInfo


@dataclass(frozen=True)
class Tau:
    """What bridges may differ by, at one point (or at many draws): arrays of shape (...)."""

    alpha: Array
    beta: Array
    delta: Array


@dataclass(frozen=True)
class Side:
    """The Senate's votes on shared bills of one kind, in its frame; arrays of shape (n_bills,).

    Attributes
    ----------
    info
        Gaussian approximation of the likelihood.
    power, center
        The funnel of `slopes.positive_bills`; zero for bills of either sign.
    turn
        -1 where Yea and Nay are exchanged, else +1.
    size
        Factor of ``tau_beta``.
    n
        Number of bills.
    """

    info: BillInfo | LogSlopeInfo
    power: np.ndarray
    center: np.ndarray
    turn: np.ndarray
    size: float
    n: int


def let_through(side: Side, tau: Tau, frame: Frame, home: Frame, xp: ModuleType = np) -> BillInfo | LogSlopeInfo:
    """Find what the Senate's votes say of the House's side of bills, in the frame ``home`` of the House.

    Notes
    -----
    The House's logits e0, carried to the Senate's ``frame``, give its logits ``e0 - turn delta (1, 1)' + N x`` with
    ``N = [[x_l, -1], [x_r, -1]] diag(tau_beta, tau_alpha)``. Integrated over x, precision and pull are ``G - G N H^-1
    N'G`` and ``b - G N H^-1 N'b`` with ``H = 1 + N'GN``, about the shifted logits. Of a positive bill, log slope and
    intercept lose precision on their own: ``p / (1 + p tau_beta^2)`` and ``g / (1 + g tau_alpha^2)``. The differences
    of the slope also move the intercept, which is left out: an approximation costs efficiency only.
    """
    info, delta = side.info, side.turn * tau.delta[..., None]
    if isinstance(info, LogSlopeInfo):
        slope = 1 + info.precision * tau.beta[..., None] ** 2
        level = 1 + info.g_aa * tau.alpha[..., None] ** 2
        weaker = LogSlopeInfo(
            g_aa=info.g_aa / level,
            g_aw=info.g_aw / level,
            b_a=(info.b_a - info.g_aa * delta) / level,
            precision=info.precision / slope,
            pull=info.pull / slope,
        )
        return carried_slope_info(weaker, frame, home, xp)
    n_lf, n_rf, n_e = _loading(side, tau, frame)
    gn_lf, gn_le = info.g_ll * n_lf + info.g_lr * n_rf, (info.g_ll + info.g_lr) * n_e
    gn_rf, gn_re = info.g_lr * n_lf + info.g_rr * n_rf, (info.g_lr + info.g_rr) * n_e
    l_11, l_21, l_22 = _factor(n_lf * gn_lf + n_rf * gn_rf, n_lf * gn_le + n_rf * gn_re, n_e * (gn_le + gn_re), xp)
    # rows of G N L'^-1, so that G N H^-1 N'G is its square
    k_l1, k_r1 = gn_lf / l_11, gn_rf / l_11
    k_l2, k_r2 = (gn_le - l_21 * k_l1) / l_22, (gn_re - l_21 * k_r1) / l_22
    y_1 = (n_lf * info.b_l + n_rf * info.b_r) / l_11
    y_2 = (n_e * (info.b_l + info.b_r) - l_21 * y_1) / l_22
    g_ll, g_lr = info.g_ll - k_l1**2 - k_l2**2, info.g_lr - k_l1 * k_r1 - k_l2 * k_r2
    g_rr = info.g_rr - k_r1**2 - k_r2**2
    b_l, b_r = info.b_l - k_l1 * y_1 - k_l2 * y_2, info.b_r - k_r1 * y_1 - k_r2 * y_2
    shifted = BillInfo(g_ll, g_lr, g_rr, b_l + (g_ll + g_lr) * delta, b_r + (g_lr + g_rr) * delta)
    return carried_bill_info(shifted, frame, home)


def added(one: BillInfo | LogSlopeInfo, other: BillInfo | LogSlopeInfo) -> BillInfo | LogSlopeInfo:
    """Add up what is known from two sources: log densities add, hence so do all fields."""
    return type(one)(*(getattr(one, f.name) + getattr(other, f.name) for f in fields(one)))


def differing_bills(c: tuple[Array, Array], side: Side, given: Bills, tau: Tau, frame: Frame, xp: ModuleType) -> Bills:
    """Compute the Senate's side of bills from the House's side.

    Parameters
    ----------
    c : pair of array, shape (..., n_bills)
        Coordinates of f and of e given f, about standard normal a posteriori.
    side : Side
    given : Bills
        The House's side of the same bills.
    tau : Tau
    frame : Frame
        Of the Senate.

    Returns
    -------
    Bills
        In the Senate's frame. ``log_prior`` is the log density of (f, e), plus the log Jacobian of ``c -> (f, e)``.

    Notes
    -----
    ``H = 1 + N'GN = LL'`` as in `let_through`, and ``x = L'^-1 (L^-1 N'(b - G e0) + c)`` with the logits e0 of a bill
    without differences. The log Jacobian is ``-log(L11 L22)``. For a positive bill, f comes first, from what the votes
    say of the log slope, then e from what they say of the intercept given the slope.
    """
    s, sep = frame.s[..., None], frame.sep[..., None]
    tau_alpha, tau_beta = tau.alpha[..., None], side.size * tau.beta[..., None]
    level = given.alpha + side.turn * tau.delta[..., None]
    info = side.info
    if isinstance(info, LogSlopeInfo):
        log_w0 = xp.log(given.beta) + xp.log(sep)
        h_f = 1 + info.precision * tau_beta**2
        f = tau_beta * (info.pull - info.precision * log_w0) / h_f + c[0] / xp.sqrt(h_f)
        log_w = log_w0 + tau_beta * f
        w = xp.exp(log_w)
        d = xp.exp(-side.power * (log_w - side.center))
        h_e = 1 + d * info.g_aa * tau_alpha**2
        a0 = level - w * s / sep
        e = tau_alpha * d * (info.b_a - w * info.g_aw - info.g_aa * a0) / h_e + c[1] / xp.sqrt(h_e)
        beta, jacobian = w / sep, -0.5 * xp.log(h_f * h_e)
    else:
        n_lf, n_rf, n_e = _loading(side, tau, frame)
        e_l = given.beta * frame.left[..., None] - level
        e_r = given.beta * frame.right[..., None] - level
        r_l = info.b_l - info.g_ll * e_l - info.g_lr * e_r
        r_r = info.b_r - info.g_lr * e_l - info.g_rr * e_r
        gn_lf, gn_le = info.g_ll * n_lf + info.g_lr * n_rf, (info.g_ll + info.g_lr) * n_e
        gn_rf, gn_re = info.g_lr * n_lf + info.g_rr * n_rf, (info.g_lr + info.g_rr) * n_e
        l_11, l_21, l_22 = _factor(n_lf * gn_lf + n_rf * gn_rf, n_lf * gn_le + n_rf * gn_re, n_e * (gn_le + gn_re), xp)
        y_1 = (n_lf * r_l + n_rf * r_r) / l_11
        y_2 = (n_e * (r_l + r_r) - l_21 * y_1) / l_22
        e = (y_2 + c[1]) / l_22
        f = (y_1 + c[0] - l_21 * e) / l_11
        beta, jacobian = given.beta + tau_beta * f, -xp.log(l_11 * l_22)
    alpha = level + tau_alpha * e
    log_prior = (jacobian - 0.5 * (f**2 + e**2) - math.log(2 * math.pi)).sum(axis=-1)
    return Bills(beta * sep, alpha - beta * s, alpha, beta, log_prior)


def _loading(side: Side, tau: Tau, frame: Frame) -> tuple[Array, Array, Array]:
    """Compute N of `let_through`: effect of f on the left and on the right logit, and of e on either."""
    tau_beta = side.size * tau.beta[..., None]
    return frame.left[..., None] * tau_beta, frame.right[..., None] * tau_beta, -tau.alpha[..., None]


def _factor(h_ff: Array, h_fe: Array, h_ee: Array, xp: ModuleType) -> tuple[Array, Array, Array]:
    """Compute the Cholesky factor of the unit matrix plus the matrix with these elements."""
    l_11 = xp.sqrt(1 + h_ff)
    l_21 = h_fe / l_11
    return l_11, l_21, xp.sqrt(1 + h_ee - l_21**2)
