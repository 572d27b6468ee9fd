"""The map of `fast.bends` with its derivatives (see `densities`)."""

from __future__ import annotations

import math

from numpy import ndarray

from ..fast.bends import BEND_MEAN, BEND_VARIANCE
from .jit import jit


@jit
def bend_forward(z: ndarray, bend: ndarray, c: ndarray) -> float:
    """Compute `fast.bends.bent`: write c, return the log Jacobian."""
    total = 0.0
    for j in range(z.size):
        p = math.sqrt(1 - BEND_VARIANCE * bend[j] ** 2)
        root = math.sqrt(1 + z[j] ** 2)
        c[j] = p * z[j] + bend[j] * (root - BEND_MEAN)
        total += math.log(p + bend[j] * z[j] / root)
    return total


@jit
def bend_backward(z: ndarray, bend: ndarray, c_bar: ndarray) -> None:
    """Differentiate `bend_forward`: turn ``c_bar`` into the derivative with respect to z."""
    for j in range(z.size):
        root = math.sqrt(1 + z[j] ** 2)
        slope = math.sqrt(1 - BEND_VARIANCE * bend[j] ** 2) + bend[j] * z[j] / root
        c_bar[j] = c_bar[j] * slope + bend[j] / (root**3 * slope)


@jit
def bent_at(t: float, bend: float, at: float, width: float) -> tuple[float, float, float]:
    """Bend the logit t at a knee of `fast.logits.Knees`.

    Returns the bent logit, its derivative by t, and the derivative of that one's logarithm by t.
    """
    x = (t - at) / width
    root = math.sqrt(1 + x * x)
    p = math.sqrt(1 - BEND_VARIANCE * bend**2)
    slope = p + bend * x / root
    return at + width * (p * x + bend * (root - BEND_MEAN)), slope, bend / (root**3 * slope * width)
