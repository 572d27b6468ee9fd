"""Arithmetic that the compiled loops share: sums, and log densities of normal distributions."""

from __future__ import annotations

import math

from numpy import ndarray

from .jit import jit

LOG_2PI = math.log(2 * math.pi)


@jit
def sum_of(x: ndarray) -> float:
    """Sum all elements; numpy's sum takes longer to compile."""
    total = 0.0
    for i in range(x.size):
        total += x[i]
    return total


@jit
def dot(x: ndarray, y: ndarray) -> float:
    """Compute the inner product."""
    total = 0.0
    for i in range(x.size):
        total += x[i] * y[i]
    return total


@jit
def normal_logp(x: float, mu: float, sigma: float) -> float:
    """Compute the log density of Normal(mu, sigma)."""
    return -0.5 * ((x - mu) / sigma) ** 2 - math.log(sigma) - 0.5 * LOG_2PI


@jit
def halfnormal_logp(x: float, sigma: float) -> float:
    """Compute the log density of HalfNormal(sigma) at x > 0."""
    return normal_logp(x, 0.0, sigma) + math.log(2.0)
