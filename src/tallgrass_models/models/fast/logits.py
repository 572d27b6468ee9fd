"""Coordinates of bills whose beta has a Normal prior: their logits at the two group means (see `frames`)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ..compiled.records import Prior
from .frames import Array, Frame


@dataclass(frozen=True)
class BillInfo:
    """Information from the votes about bills.

    The log likelihood is about ``-e'Ge/2 + b'e`` in the logits ``e`` of `bill_logits`, up to a constant.

    All arrays have shape (n_bills,).
    """

    g_ll: Array
    g_lr: Array
    g_rr: Array
    b_l: Array
    b_r: Array


def bill_logits(
    c: tuple[Array, Array], info: BillInfo, frame: Frame, prior: Prior, xp: ModuleType = np
) -> tuple[Array, Array, Array]:
    """Compute bills under a Normal prior of beta from their logits at the two group means, informed by the votes.

    Parameters
    ----------
    c : pair of array, shape (..., n_bills)
        ``c_left`` and ``c_right``, which are about standard normal a posteriori, whatever the frame.
    info : BillInfo
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

    So with the approximation ``-e'Ge/2 + b'e`` of the log likelihood, e is about ``Normal(H^-1 r, H^-1)``, ``H = G +
    Q^-1`` and ``r = b + Q^-1 E(e)``. With Cholesky's ``H = LL'``, ``e = L'^-1 (L^-1 r + c)`` makes c standard normal.
    The log Jacobian of ``c -> e`` is ``-log(L11 L22)``, and that of ``e -> (alpha, beta)`` is ``-log sep``.
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
    e_right = (y_2 + c_right) / l_22
    e_left = (y_1 + c_left - l_21 * e_right) / l_11
    log_jacobian = -(xp.log(l_11 * l_22) + xp.log(sep)).sum(axis=-1)
    return e_right - e_left, -(e_left + e_right) / 2, log_jacobian
