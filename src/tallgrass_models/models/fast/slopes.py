"""Coordinates of bills with a positive beta: log slope, and intercept given the slope (see `frames`)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ..compiled.records import Prior
from .bends import bent
from .frames import Array, Frame


@dataclass(frozen=True)
class LogSlopeInfo:
    """Information from the votes about bills with positive slope, for `positive_bills`; arrays are of shape (n_bills,).

    The log likelihood is about ``-g_aa a**2 / 2 - g_aw a w + b_a a`` in the intercept given the slope ``w``, and
    ``-precision * log(w)**2 / 2 + pull * log(w)`` for the slope.
    """

    g_aa: Array
    g_aw: Array
    b_a: Array
    precision: Array
    pull: Array


@dataclass(frozen=True)
class Funnel:
    """Shape of the coordinates of positive bills; arrays of shape (n_bills,).

    Attributes
    ----------
    bend_slope, bend_intercept
        Bends of `bends.bent` for the two coordinates.
    power, center
        What the votes say about the intercept falls with this power of the slope. At the log slope ``center`` it is as
        in the bill's `LogSlopeInfo`. With zeros it does not fall.
    """

    bend_slope: np.ndarray
    bend_intercept: np.ndarray
    power: np.ndarray
    center: np.ndarray


def positive_bills(
    z: tuple[Array, Array],
    info: LogSlopeInfo,
    funnel: Funnel,
    frame: Frame,
    prior: Prior,
    xp: ModuleType = np,
) -> tuple[Array, Array, Array]:
    """Compute bills under a positive prior of beta from log slope, and intercept about its best value given the slope.

    Parameters
    ----------
    z : pair of array, shape (..., n_bills)
        ``z_slope`` and ``z_intercept``, which are about standard normal a posteriori, whatever the frame.
    info : LogSlopeInfo
    funnel : Funnel
    frame : Frame
    prior : Prior
        ``mu`` and ``sigma`` are the mean and standard deviation of log beta; ``alpha ~ Normal(0, alpha_sigma)``.

    Returns
    -------
    log_w, a : array, shape (..., n_bills)
    log_jacobian : array, shape (...)
        Log Jacobian of ``(z_slope, z_intercept) -> (alpha, log beta)``, summed over bills.

    Notes
    -----
    With c the coordinates after `bends.bent`, ``log w = log sep + log beta`` is about Normal with precision ``h_w =
    precision + sigma**-2`` and mean ``(pull + (log sep + mu) sigma**-2) / h_w``. Given w, the approximation of the
    likelihood and the prior ``alpha = a + w s / sep ~ Normal(0, alpha_sigma)`` are quadratic in a: precision ``h_a = d
    g_aa + alpha_sigma**-2``, mean ``(d (b_a - w g_aw) - w s / sep * alpha_sigma**-2) / h_a``. ``(log w, a) -> (log
    beta, alpha)`` has determinant 1.

    For a bill that divides the members cleanly, the votes say that the cutting point ``a / w`` lies in a gap between
    two of them. Hence they say the less about a the larger w is, until only its prior is left. This is a funnel. So all
    they say about a is multiplied by ``d = (w / exp(center))**-power``.
    """
    c_slope, bend_slope = bent(z[0], funnel.bend_slope, xp)
    c_intercept, bend_intercept = bent(z[1], funnel.bend_intercept, xp)
    mu, sigma, alpha_sigma = prior
    tau_b, tau_a = sigma**-2.0, alpha_sigma**-2.0
    s, sep = frame.s[..., None], frame.sep[..., None]
    h_w = info.precision + tau_b
    log_w = (info.pull + (xp.log(sep) + mu) * tau_b) / h_w + c_slope / xp.sqrt(h_w)
    w, d = xp.exp(log_w), xp.exp(-funnel.power * (log_w - funnel.center))
    h_a = d * info.g_aa + tau_a
    a = (d * (info.b_a - w * info.g_aw) - w * s / sep * tau_a) / h_a + c_intercept / xp.sqrt(h_a)
    return log_w, a, bend_slope + bend_intercept - 0.5 * xp.log(h_w * h_a).sum(axis=-1)
