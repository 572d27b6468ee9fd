"""The map of `fast.stretch` with its derivative.

``line`` holds the numbers of `fast.stretch.Stretch.packed`, or nothing, which stands for no stretch.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from .jit import jit, kept_whole


@jit
def stretched(z: ndarray, line: ndarray) -> ndarray:
    """Compute `fast.stretch.Stretch.forward`."""
    kept_whole()
    n, x = z.size, np.empty(z.size)
    for i in range(n):
        x[i] = z[i]
    if line.size == 0:
        return x
    rank = (line.size - n) // (n + 1)
    for k in range(rank):
        _add(z, line[n + rank + k * n : n + rank + (k + 1) * n], line[n + k], x)
    for i in range(n):
        x[i] *= line[i]
    return x


@jit
def gradient_back(gradient: ndarray, line: ndarray, out: ndarray) -> None:
    """Turn a gradient with respect to x into the one with respect to z, and write it to ``out``."""
    kept_whole()
    n = gradient.size
    if line.size == 0:
        for i in range(n):
            out[i] = gradient[i]
        return
    rank, by_y = (line.size - n) // (n + 1), np.empty(n)
    for i in range(n):
        by_y[i] = gradient[i] * line[i]
        out[i] = by_y[i]
    for k in range(rank):
        _add(by_y, line[n + rank + k * n : n + rank + (k + 1) * n], line[n + k], out)


@jit
def _add(x: ndarray, direction: ndarray, factor: float, out: ndarray) -> None:
    """Add to ``out`` the part of x along a direction, times a factor."""
    along = 0.0
    for i in range(x.size):
        along += x[i] * direction[i]
    along *= factor
    for i in range(x.size):
        out[i] += along * direction[i]
