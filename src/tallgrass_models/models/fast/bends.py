"""Coordinates bent for posteriors that are skewed (see `frames`)."""

from __future__ import annotations

from functools import cache
from types import ModuleType

import numpy as np

from .frames import Array

# E sqrt(1 + z^2) and Var sqrt(1 + z^2) = 2 - (E sqrt(1 + z^2))^2 of a standard normal z.
BEND_MEAN = 1.3545307
BEND_VARIANCE = 2 - BEND_MEAN**2


def bent(z: Array, bend: Array, xp: ModuleType = np) -> tuple[Array, Array]:
    """Stretch one half of the line and compress the other, for coordinates whose posterior is skewed.

    Parameters
    ----------
    z : array, shape (..., n)
    bend : array, shape (n,)
        ``|bend| < 1 / sqrt(1 + BEND_VARIANCE)``, about 0.92. Zero bends nothing.

    Returns
    -------
    c : array, shape (..., n)
    log_jacobian : array, shape (...)
        Log Jacobian of ``z -> c``, summed.

    Notes
    -----
    ``c = p z + bend (sqrt(1 + z^2) - E sqrt(1 + z^2))`` is a line of slope ``p + bend`` far to the right and of slope
    ``p - bend`` far to the left. With ``p = sqrt(1 - BEND_VARIANCE * bend^2)`` a standard normal z gives c mean 0 and
    variance 1. (It is ``sinh(asinh(z) + h)``, ``tanh h = bend / p``, to scale: Jones & Pewsey 2009, Biometrika 96.) The
    posterior of a logit that is known to be large, and hardly more, looks like this: a wall to one side and a slope to
    the other.
    """
    p = xp.sqrt(1 - BEND_VARIANCE * bend**2)
    root = xp.sqrt(1 + z**2)
    return p * z + bend * (root - BEND_MEAN), xp.log(p + bend * z / root).sum(axis=-1)


def bent_inverse(c: np.ndarray, bend: np.ndarray) -> np.ndarray:
    """Find the z of `bent`.

    It is a root of ``(y - p z)^2 = bend^2 (1 + z^2)`` with ``y = c + bend * E sqrt(1 + z^2)``.
    """
    p = np.sqrt(1 - BEND_VARIANCE * bend**2)
    y, d = c + bend * BEND_MEAN, p**2 - bend**2
    return (p * y - bend * np.sqrt(y**2 + d)) / d


def bend_of_skewness(skewness: np.ndarray) -> np.ndarray:
    """Find the bend that gives `bent` a skewness; beyond about 1.3 either way, the bend of the limit."""
    return np.interp(skewness, *_bend_table())


@cache
def _bend_table() -> tuple[np.ndarray, np.ndarray]:
    """Compute the skewness of `bent` on a grid of bends, by Gauss-Hermite quadrature."""
    z, weight = np.polynomial.hermite_e.hermegauss(60)
    bends = np.linspace(-0.85, 0.85, 171)
    c = np.array([bent(z, np.array(bend))[0] for bend in bends])
    return c**3 @ weight / weight.sum(), bends
