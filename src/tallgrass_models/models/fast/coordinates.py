"""Coordinates in which the posteriors of this package are easy to sample.

The likelihood does not change under ``xi -> c * xi + d`` with alpha and beta moved to match; only the priors pin the
two directions ``c`` and ``d``, and along them all parameters move together. So a *frame* ``(s, sep)`` is split off:

    xi[i] = s + sep * u[i],    w[j] = sep * beta[j],    a[j] = alpha[j] - beta[j] * s,

and the logit ``beta[j] * xi[i] - alpha[j] = w[j] * u[i] - a[j]`` no longer contains the frame. Two groups of members,
*left* and *right* (the two parties, say), define it: their sample means of xi are ``s - sep / 2`` and ``s + sep / 2``,
so those of u are -1/2 and +1/2. This takes ``sep > 0`` for granted; with left and right exchanged it is the mirror
image.

Each function below maps sampling coordinates to model quantities and returns the log of the absolute Jacobian
determinant of that map next to them. All of them take ``xp``, numpy or ``pytensor.tensor``: the same code builds the
model and turns draws into reported variables. Arrays may have any leading axes (chain, draw); scalars of the model are
arrays of exactly these leading axes.

Members' and bills' coordinates are *informed*: they use a Gaussian sketch of the likelihood (`BillInfo`, `MemberInfo`,
from `pilot`), ``-x'Gx/2 + b'x``, to decide between the centred form, good where the votes say much, and the non-centred
one, good where they say little. The sketch only steers efficiency: any values give the same posterior.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

# numpy arrays or PyTensor variables, according to `xp`.
Array = Any


@dataclass(frozen=True)
class MemberInfo:
    """What the votes say about the members of one group: about ``-precision * rho**2 / 2 + pull * rho`` each.

    ``rho`` is the member's u less the mean of the group. Both arrays have shape (n_members,).
    """

    precision: Array
    pull: Array


@dataclass(frozen=True)
class BillInfo:
    """What the votes say about bills: about ``-e'Ge/2 + b'e`` for the logits ``e`` of `bill_logits`.

    All arrays have shape (n_bills,).
    """

    g_ll: Array
    g_lr: Array
    g_rr: Array
    b_l: Array
    b_r: Array


@dataclass(frozen=True)
class LogSlopeInfo:
    """What the votes say about bills with positive slope, for `positive_bills`; all arrays have shape (n_bills,).

    About ``-g_aa a**2 / 2 - g_aw a w + b_a a`` for the intercept given the slope ``w``, and
    ``-precision * log(w)**2 / 2 + pull * log(w)`` for the slope.
    """

    g_aa: Array
    g_aw: Array
    b_a: Array
    precision: Array
    pull: Array


def zero_sum(z: Array, xp: ModuleType = np) -> Array:
    """Orthonormal coordinates of the vectors that sum to zero, in O(n).

    Parameters
    ----------
    z : array, shape (..., n - 1)

    Returns
    -------
    array, shape (..., n)
        Sums to zero over the last axis, with the same Euclidean norm as ``z``.

    Notes
    -----
    The Householder reflection ``I - 2 vv'/v'v`` with ``v = 1/sqrt(n) + e_n`` exchanges ``-e_n`` and the constant unit
    vector ``1/sqrt(n)``, so it carries the vectors ``(z, 0)`` onto those orthogonal to the constant. Multiplied out,
    with ``S = sum(z)``: ``x[i] = z[i] - S / (n + sqrt(n))`` and ``x[n] = -S / sqrt(n)``. An isometry: Jacobian 1.
    """
    n = z.shape[-1] + 1
    total = z.sum(axis=-1)[..., None]
    return xp.concatenate([z - total / (n + n**0.5), -total / n**0.5], axis=-1)


def zero_sum_inverse(x: np.ndarray) -> np.ndarray:
    """The z of `zero_sum`: ``S = -sqrt(n) x[n]``, hence ``z[i] = x[i] - x[n] / (1 + sqrt(n))``."""
    n = x.shape[-1]
    return x[..., :-1] - x[..., -1:] / (1 + n**0.5)


def informed_group(z: Array, info: MemberInfo, prior_precision: Array, xp: ModuleType = np) -> tuple[Array, Array]:
    """Deviations ``rho`` of a group's members from its mean, scaled by what is known about each member.

    Parameters
    ----------
    z : array, shape (..., n - 1)
        About standard normal a posteriori, whatever the hyperparameters.
    info : MemberInfo
    prior_precision : array, shape (...)
        ``t`` where the prior is ``rho[i] ~ Normal(0, t**-0.5)`` on the zero-sum subspace.

    Returns
    -------
    rho : array, shape (..., n)
        Sums to zero.
    log_jacobian : array, shape (...)
        Log determinant of ``z -> rho`` between orthonormal coordinates of the subspace.

    Notes
    -----
    With ``h = precision + t`` each member alone would have the conditional ``Normal(pull / h, h**-0.5)``. So
    ``rho = P(pull / h + y / sqrt(h))`` with ``y = zero_sum(z)`` and the projection ``P`` that subtracts the mean.

    Determinant: for ``D = diag(d)``, the map ``PD`` on the zero-sum subspace has ``det(D) * mean(1 / d)``. (Complete an
    orthonormal basis ``B`` of the subspace by ``c = 1/sqrt(n)``. The cofactor rule gives
    ``det(B'DB) = det(D) * c' D^-1 c``.) Here ``d = h**-0.5``.
    """
    h = info.precision + prior_precision[..., None]
    y = zero_sum(z, xp)
    x = info.pull / h + y / xp.sqrt(h)
    log_jacobian = -0.5 * xp.log(h).sum(axis=-1) + xp.log(xp.sqrt(h).mean(axis=-1))
    return x - x.mean(axis=-1)[..., None], log_jacobian


def informed_group_inverse(rho: np.ndarray, info: MemberInfo, prior_precision: np.ndarray) -> np.ndarray:
    """The z of `informed_group`.

    ``rho = P x`` fixes ``x`` up to a constant ``k``; ``y = sqrt(h) (rho + k - pull / h)`` must sum to zero, which gives
    k.
    """
    h = info.precision + np.asarray(prior_precision)[..., None]
    root = np.sqrt(h)
    offset = rho - info.pull / h
    k = -(root * offset).sum(-1, keepdims=True) / root.sum(-1, keepdims=True)
    return zero_sum_inverse(root * (offset + k))


# E sqrt(1 + z^2) and Var sqrt(1 + z^2) = 2 - (E sqrt(1 + z^2))^2 of a standard normal z.
BEND_MEAN = 1.3545307
BEND_VARIANCE = 2 - BEND_MEAN**2


def bent(z: Array, bend: Array, xp: ModuleType = np) -> tuple[Array, Array]:
    """Stretch one half of the line and compress the other, for coordinates whose posterior is skewed.

    Parameters
    ----------
    z : array, shape (..., n)
    bend : array, shape (n,)
        ``|bend| < 1 / sqrt(1 + BEND_VARIANCE)``, about 0.92; zero bends nothing.

    Returns
    -------
    c : array, shape (..., n)
    log_jacobian : array, shape (...)
        Of ``z -> c``, summed.

    Notes
    -----
    ``c = p z + bend (sqrt(1 + z^2) - E sqrt(1 + z^2))`` is a line of slope ``p + bend`` far to the right
    and of slope ``p - bend`` far to the left. With ``p = sqrt(1 - BEND_VARIANCE * bend^2)`` a standard normal z gives c
    mean 0 and variance 1. (It is ``sinh(asinh(z) + h)``, ``tanh h = bend / p``, to scale: Jones & Pewsey 2009,
    Biometrika 96.) The posterior of a logit known to be large and hardly more, a wall to one side and a slope to the
    other, looks like this.
    """
    p = xp.sqrt(1 - BEND_VARIANCE * bend**2)
    root = xp.sqrt(1 + z**2)
    return p * z + bend * (root - BEND_MEAN), xp.log(p + bend * z / root).sum(axis=-1)


def bent_inverse(c: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """The z of `bent`: a root of ``(y - p z)^2 = bend^2 (1 + z^2)`` with ``y = c + bend * E sqrt(1 + z^2)``."""
    p = np.sqrt(1 - BEND_VARIANCE * bend**2)
    y, d = c + bend * BEND_MEAN, p**2 - bend**2
    return (p * y - bend * np.sqrt(y**2 + d)) / d


def bend_of_skewness(skewness: np.ndarray) -> np.ndarray:
    """The bend that gives `bent` a skewness; beyond about 1.3 either way, the bend of that."""
    return np.interp(skewness, *_bend_table())


@cache
def _bend_table() -> tuple[np.ndarray, np.ndarray]:
    """Skewness of `bent` on a grid of bends, by Gauss-Hermite quadrature."""
    z, weight = np.polynomial.hermite_e.hermegauss(60)
    bends = np.linspace(-0.85, 0.85, 171)
    c = np.array([bent(z, np.array(bend))[0] for bend in bends])
    return c**3 @ weight / weight.sum(), bends


@dataclass(frozen=True)
class Frame:
    """Location ``s`` and scale ``sep`` of one chamber; the group means of xi are ``s -+ sep / 2``."""

    s: Array
    sep: Array

    @property
    def left(self) -> Array:
        """Mean xi of the left group."""
        return self.s - self.sep / 2

    @property
    def right(self) -> Array:
        """Mean xi of the right group."""
        return self.s + self.sep / 2


def frame_log_jacobian(frame: Frame, n_left: int, n_right: int, xp: ModuleType = np) -> Array:
    """Log Jacobian of ``(s, log sep, rho) -> xi``, with ``rho`` in orthonormal zero-sum coordinates.

    ``(s, sep) -> (left, right)`` has determinant 1 and ``log sep -> sep`` brings ``sep``. Within a group of n members
    ``xi = mean * 1 + sep * rho``: the constant vector has length ``sqrt(n)`` and the n - 1 directions of rho are scaled
    by ``sep``. Together ``sep**(n_left + n_right - 1) * sqrt(n_left * n_right)``.
    """
    return (n_left + n_right - 1) * xp.log(frame.sep) + 0.5 * np.log(n_left * n_right)


def population_means(
    middle: Array,
    gap: Array,
    frame: Frame,
    variances: tuple[Array, Array],
    crossed: bool = False,
    xp: ModuleType = np,
) -> tuple[Array, Array, Array]:
    """Population means ``mu`` of the two groups, about their sample means.

    Parameters
    ----------
    middle, gap : array, shape (...)
        Standard normal, but for the prior of mu and the curvature of ``exp``.
    frame : Frame
        Its ``left`` and ``right`` are the sample means.
    variances : pair of array, shape (...)
        ``V = sigma**2 / n`` of each group: variance of its sample mean about its population mean.
    crossed : bool
        Whether the population means are in the opposite order of the sample means.

    Returns
    -------
    mu_left, mu_right : array, shape (...)
        ``mu_left < mu_right`` always, or always ``>`` if crossed.
    log_jacobian : array, shape (...)
        Of ``(middle, gap) -> (mu_left, mu_right)``.

    Notes
    -----
    ``left ~ Normal(mu_left, V_l)`` and ``right ~ Normal(mu_right, V_r)``. With ``V = V_l + V_r`` the two combinations

        D = mu_right - mu_left,                     sep ~ Normal(D, V),
        T = ((mu_left - left) V_r + (mu_right - right) V_l) / V ~ Normal(0, V_l V_r / V)

    are independent. ``T = sqrt(V_l V_r / V) * middle``. ``D = sep * exp(gap * sqrt(V) / sep)`` is positive and, as
    ``sqrt(V)`` is small against ``sep``, nearly ``sep + sqrt(V) * gap``; crossed, ``D = -sqrt(V) * exp(gap)``. Back:
    ``mu_left = left + T - (V_l / V)(D - sep)`` and ``mu_right = right + T + (V_r / V)(D - sep)``, determinant 1 from
    ``(T, D)``. The log Jacobian is ``log sqrt(V_l V_r / V) + log sqrt(V)`` and the exponent.
    """
    v_l, v_r = variances
    v = v_l + v_r
    scale = xp.sqrt(v_l * v_r / v)
    exponent = gap if crossed else gap * xp.sqrt(v) / frame.sep
    excess = -xp.sqrt(v) * xp.exp(exponent) - frame.sep if crossed else frame.sep * xp.expm1(exponent)
    mu_left = frame.left + scale * middle - v_l / v * excess
    mu_right = frame.right + scale * middle + v_r / v * excess
    return mu_left, mu_right, 0.5 * xp.log(v_l * v_r) + exponent


def population_means_inverse(
    mu_left: np.ndarray,
    mu_right: np.ndarray,
    frame: Frame,
    variances: tuple[np.ndarray, np.ndarray],
    crossed: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """The (middle, gap) of `population_means`."""
    v_l, v_r = variances
    v = v_l + v_r
    t = ((mu_left - frame.left) * v_r + (mu_right - frame.right) * v_l) / v
    d = mu_right - mu_left
    gap = np.log(-d / np.sqrt(v)) if crossed else np.log(d / frame.sep) * frame.sep / np.sqrt(v)
    return t / np.sqrt(v_l * v_r / v), gap


def bill_logits(
    c_left: Array,
    c_right: Array,
    info: BillInfo,
    frame: Frame,
    beta_mu: float,
    beta_sigma: float,
    alpha_sigma: float,
    xp: ModuleType = np,
) -> tuple[Array, Array, Array]:
    """Bills under a Normal prior of beta: their logits at the two group means, informed by the votes.

    Parameters
    ----------
    c_left, c_right : array, shape (..., n_bills)
        About standard normal a posteriori, whatever the frame.
    info : BillInfo
    frame : Frame
    beta_mu, beta_sigma, alpha_sigma : float
        ``beta ~ Normal(beta_mu, beta_sigma)``, ``alpha ~ Normal(0, alpha_sigma)``.

    Returns
    -------
    w, a : array, shape (..., n_bills)
        Slope and intercept in the frame.
    log_jacobian : array, shape (...)
        Of ``(c_left, c_right) -> (alpha, beta)``, summed over bills.

    Notes
    -----
    ``e_left = -w/2 - a`` and ``e_right = w/2 - a`` are the logits of Yea at the left and at the right mean:
    the left members' votes inform one, the right members' the other. In terms of the model's parameters
    ``e = M (beta, alpha)'``, ``M = [[x_l, -1], [x_r, -1]]`` with ``x_l, x_r`` the frame's left and right,
    ``|det M| = sep``. The priors of beta and alpha are those of e with the precision matrix

        Q^-1 = M^-T diag(beta_sigma^-2, alpha_sigma^-2) M^-1,      Q^-1 E(e) = beta_mu / (beta_sigma^2 sep) * (-1, 1)'.

    So with the sketch ``-e'Ge/2 + b'e`` of the likelihood, e is about ``Normal(H^-1 r, H^-1)``, ``H = G + Q^-1`` and
    ``r = b + Q^-1 E(e)``. With Cholesky's ``H = LL'``, ``e = L'^-1 (L^-1 r + c)`` makes c standard normal. Log Jacobian
    of ``c -> e``: ``-log(L11 L22)``; of ``e -> (alpha, beta)``: ``-log sep``.
    """
    tau_b, tau_a = beta_sigma**-2.0, alpha_sigma**-2.0
    x_l, x_r, sep = frame.left[..., None], frame.right[..., None], frame.sep[..., None]
    h_ll = info.g_ll + (tau_b + tau_a * x_r**2) / sep**2
    h_lr = info.g_lr - (tau_b + tau_a * x_l * x_r) / sep**2
    h_rr = info.g_rr + (tau_b + tau_a * x_l**2) / sep**2
    shift = beta_mu * tau_b / sep
    l_11 = xp.sqrt(h_ll)
    l_21 = h_lr / l_11
    l_22 = xp.sqrt(h_rr - l_21**2)
    y_1 = (info.b_l - shift) / l_11
    y_2 = (info.b_r + shift - l_21 * y_1) / l_22
    e_right = (y_2 + c_right) / l_22
    e_left = (y_1 + c_left - l_21 * e_right) / l_11
    log_jacobian = -(xp.log(l_11 * l_22) + xp.log(sep)).sum(axis=-1)
    return e_right - e_left, -(e_left + e_right) / 2, log_jacobian


def positive_bills(
    c_slope: Array,
    c_intercept: Array,
    info: LogSlopeInfo,
    funnel: tuple[np.ndarray, np.ndarray],
    frame: Frame,
    log_beta_mu: float,
    log_beta_sigma: float,
    alpha_sigma: float,
    xp: ModuleType = np,
) -> tuple[Array, Array, Array]:
    """Bills under a positive prior of beta: log slope, and the intercept about its best value given the slope.

    Parameters
    ----------
    c_slope, c_intercept : array, shape (..., n_bills)
        About standard normal a posteriori, whatever the frame.
    info : LogSlopeInfo
    funnel : pair of array, shape (n_bills,)
        ``power`` and ``center``: what the votes say about the intercept falls with this power of the slope, from the
        log slope on at which it is as in ``info``. Zeros: not at all.
    frame : Frame
    log_beta_mu, log_beta_sigma, alpha_sigma : float
        Mean and standard deviation of log beta under its prior, and ``alpha ~ Normal(0, alpha_sigma)``.

    Returns
    -------
    log_w, a : array, shape (..., n_bills)
    log_jacobian : array, shape (...)
        Of ``(c_slope, c_intercept) -> (alpha, log beta)``, summed over bills.

    Notes
    -----
    ``log w = log sep + log beta`` is about Normal with precision ``h_w = precision + log_beta_sigma**-2``
    and mean ``(pull + (log sep + log_beta_mu) log_beta_sigma**-2) / h_w``. Given w, the sketch of the likelihood and
    the prior ``alpha = a + w s / sep ~ Normal(0, alpha_sigma)`` are quadratic in a: precision
    ``h_a = d g_aa + alpha_sigma**-2``, mean ``(d (b_a - w g_aw) - w s / sep * alpha_sigma**-2) / h_a``.
    ``(log w, a) -> (log beta, alpha)`` has determinant 1.

    Of a bill that divides the members cleanly, the votes tell that the cutting point ``a / w`` lies in a gap between
    two of them, hence the less about a the larger w, until only its prior is left: a funnel. So all they say about a
    is multiplied by ``d = (w / exp(center))**-power``.
    """
    tau_b, tau_a = log_beta_sigma**-2.0, alpha_sigma**-2.0
    s, sep = frame.s[..., None], frame.sep[..., None]
    h_w = info.precision + tau_b
    log_w = (info.pull + (xp.log(sep) + log_beta_mu) * tau_b) / h_w + c_slope / xp.sqrt(h_w)
    w, (power, center) = xp.exp(log_w), funnel
    d = xp.exp(-power * (log_w - center))
    h_a = d * info.g_aa + tau_a
    a = (d * (info.b_a - w * info.g_aw) - w * s / sep * tau_a) / h_a + c_intercept / xp.sqrt(h_a)
    return log_w, a, -0.5 * xp.log(h_w * h_a).sum(axis=-1)


def relative_frame(frame: Frame, home: Frame) -> tuple[Array, Array]:
    """How a bill's (w, a) in the frame ``home`` reads in another: ``w' = ratio * w``, ``a' = a + shift * w``.

    From ``beta = w / home.sep`` and ``alpha = a + beta * home.s``: ``ratio = frame.sep / home.sep`` and
    ``shift = (home.s - frame.s) / home.sep``.
    """
    return frame.sep / home.sep, (home.s - frame.s) / home.sep


def carried_bill_info(info: BillInfo, frame: Frame, home: Frame) -> BillInfo:
    """What another chamber's votes, a sketch in its ``frame``, say about logits in the frame ``home``.

    The logit at xi is linear between the means of home: at ``v = (xi - home.s) / home.sep`` it is
    ``(1/2 - v) e_left + (1/2 + v) e_right``. Taken at the two means of ``frame``, that is ``e' = T e`` with a 2 x 2
    matrix T, so the sketch is carried over as ``T'GT`` and ``T'b``.
    """
    v_l = ((frame.left - home.s) / home.sep)[..., None]
    v_r = ((frame.right - home.s) / home.sep)[..., None]
    t_ll, t_lr, t_rl, t_rr = 0.5 - v_l, 0.5 + v_l, 0.5 - v_r, 0.5 + v_r
    return BillInfo(
        g_ll=info.g_ll * t_ll**2 + 2 * info.g_lr * t_ll * t_rl + info.g_rr * t_rl**2,
        g_lr=info.g_ll * t_ll * t_lr + info.g_lr * (t_ll * t_rr + t_lr * t_rl) + info.g_rr * t_rl * t_rr,
        g_rr=info.g_ll * t_lr**2 + 2 * info.g_lr * t_lr * t_rr + info.g_rr * t_rr**2,
        b_l=info.b_l * t_ll + info.b_r * t_rl,
        b_r=info.b_l * t_lr + info.b_r * t_rr,
    )


def carried_slope_info(info: LogSlopeInfo, frame: Frame, home: Frame, xp: ModuleType = np) -> LogSlopeInfo:
    """The same for `LogSlopeInfo`, by `relative_frame`: ``log w' = log w + log ratio`` and ``a' = a + shift * w``."""
    ratio, shift = (x[..., None] for x in relative_frame(frame, home))
    return LogSlopeInfo(
        g_aa=info.g_aa,
        g_aw=ratio * info.g_aw + shift * info.g_aa,
        b_a=info.b_a,
        precision=info.precision,
        pull=info.pull - info.precision * xp.log(ratio),
    )


def shared_info(
    by_home: BillInfo | LogSlopeInfo,
    by_other: BillInfo | LogSlopeInfo,
    frame: Frame,
    home: Frame,
    xp: ModuleType = np,
) -> BillInfo | LogSlopeInfo:
    """What the votes of both chambers say about shared bills, in the frame ``home``.

    ``by_other`` is in the other chamber's ``frame``. Log densities add, hence all fields of their sketches.
    """
    if isinstance(by_other, BillInfo):
        carried: BillInfo | LogSlopeInfo = carried_bill_info(by_other, frame, home)
    else:
        carried = carried_slope_info(by_other, frame, home, xp)
    return type(by_home)(*(getattr(by_home, f.name) + getattr(carried, f.name) for f in fields(by_home)))


def carried_back(info: BillInfo | LogSlopeInfo, frame: Frame, home: Frame) -> BillInfo | LogSlopeInfo:
    """The sketch in ``frame`` that `shared_info` carries to ``info`` in ``home``: the frames exchanged."""
    return carried_bill_info(info, home, frame) if isinstance(info, BillInfo) else carried_slope_info(info, home, frame)
