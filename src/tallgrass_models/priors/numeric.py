"""Moments by quadrature and derivatives by differences, for families of priors without closed forms."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from .family import Array, Params, PriorFamily, Steering

#: Widest range of log beta, nodes of the grid, rounds of zooming in, and log density, relative to the highest, left
#: outside.
_RANGE, _NODES, _ZOOMS, _NEGLIGIBLE = 700.0, 4001, 8, -45.0
#: Step in log sep of the differences, and the largest log beta, beyond which numbers overflow.
_STEP, _LARGEST = 1e-3, 300.0


def steering_of(family: PriorFamily) -> Steering:
    """Return the family's ``steering`` in closed form, or by differences if it has none."""
    return steering(family) if family.steering is None else family.steering


def log_moments(family: PriorFamily, p: Params) -> tuple[float, float]:
    """Compute mean and standard deviation of log beta under a positive prior with one peak in log beta.

    This is the trapezoidal rule on a grid that closes in on the density. For a smooth density it is exact to many
    digits.
    """
    low, high = -_RANGE, _RANGE
    for _ in range(_ZOOMS):
        grid = np.linspace(low, high, _NODES)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            value = np.nan_to_num(_of_log(family, grid, p, np), nan=-np.inf, posinf=-np.inf)
        inside, step = np.flatnonzero(value > value.max() + _NEGLIGIBLE), grid[1] - grid[0]
        low, high = max(grid[inside[0]] - step, low), min(grid[inside[-1]] + step, high)
    weight = np.exp(value - value.max())
    weight /= weight.sum()
    mean = float(weight @ grid)
    return mean, float(np.sqrt(weight @ (grid - mean) ** 2))


def steering(family: PriorFamily) -> Steering:
    """Make a `Steering` from the density itself and its differences."""

    def log_density(x: Array, p: Params, xp: ModuleType) -> Array:
        return _of_log(family, xp.minimum(x, _LARGEST), p, xp) if family.positive else family.log_density(x, p, xp)

    def scale_score(beta: Array, p: Params, xp: ModuleType) -> tuple[Array, Array]:
        def at(h: float) -> Array:
            if family.positive:
                return log_density(xp.log(beta) - h, p, xp)
            return family.log_density(beta * np.exp(-h), p, xp) - h

        below, here, above = at(-_STEP), at(0.0), at(_STEP)
        return (above - below) / (2 * _STEP), (2 * here - above - below) / _STEP**2

    return Steering(log_density, scale_score)


def _of_log(family: PriorFamily, log_beta: Array, p: Params, xp: ModuleType) -> Array:
    return family.log_density_of_log(log_beta, xp.exp(log_beta), p, xp)
