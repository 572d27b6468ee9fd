"""Coordinates of bills whose beta has a Normal prior: their logits at the two group means (see `frames`)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ..compiled.records import Prior
from .bends import bent
from .frames import Array, Frame


@dataclass(frozen=True)
class BillInfo:
    """Information from the votes about bills.

    The log likelihood is about ``-t'Gt/2 + b't`` in the straightened logits ``t`` of `bill_logits`, up to a constant.

    All arrays have shape (n_bills,).
    """

    g_ll: Array
    g_lr: Array
    g_rr: Array
    b_l: Array
    b_r: Array


@dataclass(frozen=True)
class Knees:
    """Where and how the logits of bills bend at the left and at the right mean; arrays of shape (n_bills,).

    Attributes
    ----------
    bend_l, bend_r
        Bends of `bends.bent`. With zero nothing bends, wherever the knee is.
    at_l, at_r, width_l, width_r
        Logits ``at + width * x`` bend as `bends.bent` bends x. Widths are positive.
    """

    bend_l: np.ndarray
    bend_r: np.ndarray
    at_l: np.ndarray
    at_r: np.ndarray
    width_l: np.ndarray
    width_r: np.ndarray


def bill_logits(
    c: tuple[Array, Array], info: BillInfo, knees: Knees, frame: Frame, prior: Prior, xp: ModuleType = np
) -> tuple[Array, Array, Array]:
    """Compute bills under a Normal prior of beta from their logits at the two group means, informed by the votes.

    Parameters
    ----------
    c : pair of array, shape (..., n_bills)
        ``c_left`` and ``c_right``, which are about standard normal a posteriori, whatever the frame.
    info : BillInfo
    knees : Knees
    frame : Frame
    prior : Prior
        ``beta ~ Normal(mu, sigma)``, ``alpha ~ Normal(0, alpha_sigma)``.

    Returns
    -------
    w, a : array, shape (..., n_bills)
        Slope and intercept in the frame.
    log_jacobian : array, shape (...)
        Log Jacobian of ``(c_left, c_right) -> (alpha, beta)``, summed over bills.

    Notes
    -----
    ``e_left = -w/2 - a`` and ``e_right = w/2 - a`` are the logits of Yea at the left and at the right mean. The left
    members' votes inform one, the right members' the other. In terms of the model's parameters ``e = M (beta,
    alpha)'``, ``M = [[x_l, -1], [x_r, -1]]`` with ``x_l, x_r`` the frame's left and right, ``|det M| = sep``. The
    priors of beta and alpha are those of e with the precision matrix

        Q^-1 = M^-T diag(sigma^-2, alpha_sigma^-2) M^-1,      Q^-1 E(e) = mu / (sigma^2 sep) * (-1, 1)'.

    Where a party is nearly unanimous, its logit has a wall to one side and a slope to the other, whatever the other
    logit is. So each is bent by itself: ``e = at + width * bent(x)`` with ``x = (t - at) / width``. In the straightened
    logits t the approximation ``-t'Gt/2 + b't`` of the log likelihood is good, and the prior is taken to be that of e.
    Then t is about ``Normal(H^-1 r, H^-1)``, ``H = G + Q^-1`` and ``r = b + Q^-1 E(e)``. With Cholesky's ``H = LL'``,
    ``t = L'^-1 (L^-1 r + c)`` makes c standard normal. The log Jacobian of ``c -> t`` is ``-log(L11 L22)``, that of
    ``t -> e`` the one of `bends.bent`, and that of ``e -> (alpha, beta)`` is ``-log sep``.
    """
    (c_left, c_right), (mu, sigma, alpha_sigma) = c, prior
    tau_b, tau_a = sigma**-2.0, alpha_sigma**-2.0
    x_l, x_r, sep = frame.left[..., None], frame.right[..., None], frame.sep[..., None]
    h_ll = info.g_ll + (tau_b + tau_a * x_r**2) / sep**2
    h_lr = info.g_lr - (tau_b + tau_a * x_l * x_r) / sep**2
    h_rr = info.g_rr + (tau_b + tau_a * x_l**2) / sep**2
    shift = mu * tau_b / sep
    l_11 = xp.sqrt(h_ll)
    l_21 = h_lr / l_11
    l_22 = xp.sqrt(h_rr - l_21**2)
    y_1 = (info.b_l - shift) / l_11
    y_2 = (info.b_r + shift - l_21 * y_1) / l_22
    t_right = (y_2 + c_right) / l_22
    t_left = (y_1 + c_left - l_21 * t_right) / l_11
    bent_left, jacobian_left = bent((t_left - knees.at_l) / knees.width_l, knees.bend_l, xp)
    bent_right, jacobian_right = bent((t_right - knees.at_r) / knees.width_r, knees.bend_r, xp)
    e_left, e_right = knees.at_l + knees.width_l * bent_left, knees.at_r + knees.width_r * bent_right
    log_jacobian = jacobian_left + jacobian_right - (xp.log(l_11 * l_22) + xp.log(sep)).sum(axis=-1)
    return e_right - e_left, -(e_left + e_right) / 2, log_jacobian
