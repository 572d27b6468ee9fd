"""Frames, which split off the two directions in which the posteriors of this package are hard to sample.

The likelihood does not change under ``xi -> c * xi + d`` with alpha and beta moved to match. Only the priors determine
the two directions ``c`` and ``d``, and along them all parameters move together. So a *frame* ``(s, sep)`` is split off:

    xi[i] = s + sep * u[i],    w[j] = sep * beta[j],    a[j] = alpha[j] - beta[j] * s,

and the logit ``beta[j] * xi[i] - alpha[j] = w[j] * u[i] - a[j]`` no longer contains the frame. Two groups of members,
*left* and *right* (the two parties, say), define it: their sample means of xi are ``s - sep / 2`` and ``s + sep / 2``,
so those of u are -1/2 and +1/2. This assumes ``sep > 0``. With left and right exchanged it is the mirror image.

Each function below maps sampling coordinates to model quantities and returns the log of the absolute Jacobian
determinant of that map next to them. All of them take ``xp``, numpy or ``pytensor.tensor``, so that the same code
builds the model and turns draws into reported variables. Arrays may have any leading axes (chain, draw). Scalars of the
model are arrays of exactly these leading axes.

Members' and bills' coordinates are *informed*: they use a Gaussian approximation of the likelihood (`BillInfo`,
`MemberInfo`, from `pilot`), ``-x'Gx/2 + b'x``. It decides between the centred form, good where the votes say much, and
the non-centred one, good where they say little. The approximation affects efficiency only: any values give the same
posterior.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

# numpy arrays or PyTensor variables, according to `xp`.
Array = Any


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
    """Compute the log Jacobian of ``(s, log sep, rho) -> xi``, with ``rho`` in orthonormal zero-sum coordinates.

    ``(s, sep) -> (left, right)`` has determinant 1 and ``log sep -> sep`` brings ``sep``. Within a group of n members
    ``xi = mean * 1 + sep * rho``: the constant vector has length ``sqrt(n)`` and the n - 1 directions of rho are scaled
    by ``sep``. Together this gives ``sep**(n_left + n_right - 1) * sqrt(n_left * n_right)``.
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
    """Compute the population means ``mu`` of the two groups from their sample means.

    Parameters
    ----------
    middle, gap : array, shape (...)
        Coordinates that are standard normal, apart from the prior of mu and the curvature of ``exp``.
    frame : Frame
        Its ``left`` and ``right`` are the sample means.
    variances : pair of array, shape (...)
        ``V = sigma**2 / n`` of each group, the variance of its sample mean about its population mean.
    crossed : bool
        True if the population means are in the opposite order to the sample means.

    Returns
    -------
    mu_left, mu_right : array, shape (...)
        ``mu_left < mu_right`` always, or always ``>`` if crossed.
    log_jacobian : array, shape (...)
        Log Jacobian of ``(middle, gap) -> (mu_left, mu_right)``.

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
    """Find the (middle, gap) of `population_means`."""
    v_l, v_r = variances
    v = v_l + v_r
    t = ((mu_left - frame.left) * v_r + (mu_right - frame.right) * v_l) / v
    d = mu_right - mu_left
    gap = np.log(-d / np.sqrt(v)) if crossed else np.log(d / frame.sep) * frame.sep / np.sqrt(v)
    return t / np.sqrt(v_l * v_r / v), gap
