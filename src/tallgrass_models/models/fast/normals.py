"""Log densities of the normal distributions, on numpy arrays and PyTensor variables alike."""

from __future__ import annotations

import math
from types import ModuleType

from .frames import Array


def normal_logp(x: Array, mu: Array, sigma: Array, xp: ModuleType) -> Array:
    """Compute the log density of Normal(mu, sigma), elementwise."""
    # PyTensor would take the logarithm of a plain number in single precision
    log_sigma = math.log(sigma) if isinstance(sigma, int | float) else xp.log(sigma)
    return -0.5 * ((x - mu) / sigma) ** 2 - log_sigma - 0.5 * math.log(2 * math.pi)


def halfnormal_logp(x: Array, sigma: Array, xp: ModuleType) -> Array:
    """Compute the log density of HalfNormal(sigma) at x > 0, elementwise."""
    return normal_logp(x, 0.0, sigma, xp) + math.log(2)
