"""The maps of `fast.positions` and `fast.independents` with their derivatives (see `densities`)."""

from __future__ import annotations

import math

from numpy import ndarray

from .arithmetic import LOG_2PI, sum_of
from .jit import jit
from .records import Pair


@jit
def group_forward(
    z: ndarray, precision: ndarray, pull: ndarray, t: float, center: float, u: ndarray
) -> tuple[float, float]:
    """Compute `fast.positions.informed_group`: write ``u = center + rho``.

    Returns the sum of squares of rho and the log Jacobian.
    """
    n = u.size
    total = sum_of(z)
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
    """Differentiate `group_forward`: overwrite ``rho_bar``, write ``z_bar``, return the derivative by ``t``."""
    n = rho_bar.size
    total = sum_of(z)
    mean_bar, sum_root = sum_of(rho_bar) / n, 0.0
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
def independents_forward(z: ndarray, precision: ndarray, pull: ndarray, prior: Pair, u: ndarray) -> float:
    """Compute `fast.independents.informed_independents`: write u.

    Returns the log density of xi plus the log Jacobian of ``z -> xi``. With ``t = (sep / distance)^2`` it depends on
    the frame and on mu through ``prior``, t and m, alone.
    """
    t, m = prior
    total = 0.5 * z.size * (math.log(t) - LOG_2PI)
    for i in range(z.size):
        h = precision[i] + t
        u[i] = (pull[i] + t * m) / h + z[i] / math.sqrt(h)
        total -= 0.5 * (t * (u[i] - m) ** 2 + math.log(h))
    return total


@jit
def independents_backward(
    z: ndarray, precision: ndarray, prior: Pair, u: ndarray, u_bar: ndarray, z_bar: ndarray
) -> tuple[float, float]:
    """Differentiate `independents_forward`, given the derivatives by u through the votes.

    Writes ``z_bar``, and returns the derivatives by t and m.
    """
    t, m = prior
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
