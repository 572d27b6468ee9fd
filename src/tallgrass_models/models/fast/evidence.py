"""Lower bound of the log evidence of a model in fast coordinates, by a Gaussian approximation of its posterior."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

#: Function that gives value and gradient of a log density at a point of the unconstrained space.
Density = Callable[[np.ndarray], tuple[float, np.ndarray]]

N_DRAWS = 64  # of the approximation, in pairs mirrored at its center
_N_PROBES = 20  # random directions that measure the curvature
_STEP = 1e-3  # of finite differences, in standard deviations
_STEPS_UP = 200  # at most, to the top of the density
#: Least curvatures tried, in units of the coordinates' own, which limit standard deviations to 4.5 and to 1. In a
#: direction that is flat at the top and steep further out, draws as wide as the curvature at the top would miss the
#: posterior.
_FLAT = (0.05, 1.0)
#: A bound with an error above this is tried again with narrower Gaussians, each half as wide as the one before. Few
#: draws that fall off a cliff make such errors, and may put a bound tens of thousands too low.
_KNOWN = 25.0
_NARROWER = 6


@dataclass(frozen=True)
class Bound:
    """A lower bound of the log evidence, its Monte Carlo standard error, and the Gaussian that gives it."""

    value: float
    se: float
    mean: np.ndarray
    sd: np.ndarray


def evidence_bound(density: Density, center: np.ndarray, scalars: np.ndarray, n_draws: int = N_DRAWS) -> Bound:
    """Bound the log evidence from below by that of a Gaussian with independent coordinates.

    Parameters
    ----------
    density : callable
    center : ndarray, shape (n_dim,)
        Where the pilot puts the posterior, which is zero in the coordinates that it makes about standard normal.
    scalars : ndarray of bool, shape (n_dim,)
        Mask of the coordinates that it does not make so: the frame and the hyperparameters.
    n_draws : int
        Number of draws of each Gaussian that is tried.

    Returns
    -------
    Bound
        The best of several bounds. One kind takes the coordinates as the pilot has them, with the scalars at the top of
        the density and as wide as its curvature there. The other kind treats all coordinates like these scalars. Each
        is tried with either of the least curvatures. The best is tried with smaller widths while its error is large.

    Notes
    -----
    ``log Z >= E_q(log p - log q)`` for every density q (evidence lower bound; Blei, Kucukelbir & McAuliffe 2017,
    JASA 112). The expectation is a mean over draws mirrored in pairs, the same ones in every call.
    """
    top = _climb(density, center)
    curvature, bounds = _diagonal_curvature(density, top), []
    for least in _FLAT:
        width = np.maximum(curvature, least) ** -0.5
        informed = np.where(scalars, top, center), np.where(scalars, width, 1.0)
        bounds += [_expected_excess(density, mean, sd, n_draws) for mean, sd in (informed, (top, width))]
    best = max(bounds, key=lambda bound: bound.value)
    for _ in range(_NARROWER):
        narrower = _expected_excess(density, best.mean, best.sd / 2, n_draws)
        if best.se <= _KNOWN or narrower.value <= best.value:
            break
        best = narrower
    return best


def _climb(density: Density, start: np.ndarray) -> np.ndarray:
    """Find the top of a log density near ``start``, shape (n_dim,)."""
    from scipy.optimize import minimize

    def downhill(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = density(x)
        if not (math.isfinite(value) and np.isfinite(gradient).all()):
            return 1e300, np.zeros_like(x)
        return -value, -gradient

    found = minimize(downhill, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS_UP, "maxcor": 20})
    return np.asarray(found.x)


def _diagonal_curvature(density: Density, x: np.ndarray) -> np.ndarray:
    """Estimate the diagonal of minus the second derivatives at ``x``, shape (n_dim,).

    Hutchinson's estimate is the mean of ``v * (H v)`` over vectors of random signs.
    """
    rng = np.random.default_rng(0)
    total = np.zeros_like(x)
    for _ in range(_N_PROBES):
        v = rng.choice([-1.0, 1.0], x.size)
        total += v * (density(x - _STEP * v)[1] - density(x + _STEP * v)[1]) / (2 * _STEP)
    return np.nan_to_num(total / _N_PROBES)


def _expected_excess(density: Density, mean: np.ndarray, sd: np.ndarray, n_draws: int) -> Bound:
    """Average ``log p - log q`` over draws of ``q = Normal(mean, sd)``."""
    half = np.random.default_rng(1).standard_normal((n_draws // 2, mean.size))
    excess = [density(mean + sd * z)[0] + 0.5 * float(z @ z) for z in np.concatenate([half, -half])]
    pairs = np.reshape(excess, (2, -1)).mean(0)
    constant = float(np.log(sd).sum()) + 0.5 * mean.size * math.log(2 * math.pi)
    value, error = float(pairs.mean()) + constant, float(pairs.std(ddof=1)) / math.sqrt(pairs.size)
    return Bound(value if math.isfinite(value) else -math.inf, error, mean, sd)
