"""A linear change of coordinates that stretches the few directions in which a fast model is still long.

In the coordinates of `frames` nearly everything is about standard normal. What is left are a few directions along which
the frame and many members and bills move together, several times as far as in any other. A diagonal mass matrix cannot
see them. The curvature of the log density about the start of the chains shows them, for some thousand gradients.

The map is linear, so its Jacobian is constant. It affects efficiency only: any map gives the same posterior.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .evidence import Density

_STEP = 1e-3  # of finite differences
_N_PAIRS = 10  # of points
_N_CLIMBS = 15  # at most, on the way to their middle
_N_STEPS = 40  # of Lanczos's iteration
_LONG = 0.5  # directions with less curvature than this are stretched
_LEAST = 0.04  # least curvature that is believed: it stretches by 5
_MOST_SCALE = 5.0  # of a scalar

_Operator = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Stretch:
    """The map ``x = scale * (z + sum_k (factor[k] - 1) (d_k'z) d_k)`` from the sampler's coordinates z to a model's x.

    Attributes
    ----------
    scale : ndarray, shape (n_dim,)
    directions : ndarray, shape (n_directions, n_dim)
        Orthonormal rows ``d_k``.
    factors : ndarray, shape (n_directions,)
    """

    scale: np.ndarray
    directions: np.ndarray
    factors: np.ndarray

    def forward(self, z: np.ndarray) -> np.ndarray:
        """Map the sampler's coordinates, shape (n_dim,), to the model's."""
        return self.scale * self._along(z, self.factors)

    def inverse(self, x: np.ndarray) -> np.ndarray:
        """Map the model's coordinates, shape (n_dim,), to the sampler's."""
        return self._along(x / self.scale, 1 / self.factors)

    def pull_back(self, gradient: np.ndarray) -> np.ndarray:
        """Turn a gradient with respect to x, shape (n_dim,), into the one with respect to z."""
        return self._along(self.scale * gradient, self.factors)

    def _along(self, y: np.ndarray, factors: np.ndarray) -> np.ndarray:
        """Stretch the directions by factors."""
        return y + ((factors - 1) * (self.directions @ y)) @ self.directions

    def packed(self) -> np.ndarray:
        """Put all numbers in one vector, in the order that `compiled.stretch` reads."""
        return np.concatenate([self.scale, self.factors - 1, self.directions.ravel()])


def find_stretch(density: Density, start: np.ndarray, scalars: np.ndarray) -> Stretch:
    """Find the stretch that suits the curvature of a log density.

    Parameters
    ----------
    density
        Value and gradient.
    start : ndarray, shape (n_dim,)
        The best guess of the mean.
    scalars : ndarray of bool, shape (n_dim,)
        Mask of the coordinates that are not about standard normal given all others. They are scaled by their own
        curvature first.

    Returns
    -------
    Stretch
        Without directions if the curvature is not finite.

    Notes
    -----
    At a single point the curvature says little about a posterior that is skewed. So it is averaged over `_N_PAIRS`
    mirrored pairs of points, scattered as a standard normal posterior would be. They are scattered about the place
    where the log density, averaged over the points, is largest: the mean of the Gaussian with this spread that is
    closest to the posterior (Challis & Barber 2013, JMLR 14). Some steps towards it will do.

    Lanczos's iteration finds the eigenvectors at the end of a spectrum from products with the matrix alone (Golub &
    Van Loan, Matrix Computations, 10.1). A product is the difference of two gradients. Orthogonalising every vector
    against all earlier ones keeps the few steps exact.
    """
    noise = np.random.default_rng(0).standard_normal((_N_PAIRS, start.size)) * ~scalars
    around = np.concatenate([noise, -noise])
    scale = _scale(_curvature(density, start + around), scalars)
    points = _middle(density, start, around, scale) + around
    scale = _scale(_curvature(density, points), scalars)
    curvature = _curvature(density, points)
    values, vectors = _lanczos(lambda v: scale * curvature(scale * v), start.size)
    if not (np.isfinite(values).all() and np.isfinite(vectors).all()):
        return Stretch(np.ones(start.size), np.empty((0, start.size)), np.empty(0))
    long = values < _LONG
    return Stretch(scale, vectors[:, long].T.copy(), np.maximum(values[long], _LEAST) ** -0.5)


def _curvature(density: Density, points: np.ndarray) -> _Operator:
    """Return the product of vectors with minus the second derivative, averaged over points, shape (n_points, n_dim)."""

    def product(v: np.ndarray) -> np.ndarray:
        with np.errstate(all="ignore"):
            rise = sum(density(at - _STEP * v)[1] - density(at + _STEP * v)[1] for at in points)
            return np.asarray(rise / (2 * _STEP * len(points)))

    return product


def _scale(curvature: _Operator, scalars: np.ndarray) -> np.ndarray:
    """Scale each scalar by its own curvature; one that curves the wrong way is left alone, like all that are none."""
    scale = np.ones(scalars.size)
    for i in np.flatnonzero(scalars):
        own = float(curvature(np.eye(1, scalars.size, i)[0])[i])
        if np.isfinite(own) and own > 0:
            scale[i] = min(own**-0.5, _MOST_SCALE)
    return scale


def _middle(density: Density, start: np.ndarray, around: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Go some steps towards the place about which the log density, averaged over points around, is largest."""
    from scipy.optimize import minimize

    def falling(y: np.ndarray) -> tuple[float, np.ndarray]:
        found = [density(start + scale * y + off) for off in around]
        return -sum(value for value, _ in found), -scale * sum(gradient for _, gradient in found)

    with np.errstate(all="ignore"):
        found = minimize(falling, np.zeros(start.size), jac=True, method="L-BFGS-B", options={"maxiter": _N_CLIMBS})
    return start + scale * found.x if np.isfinite(found.fun) else start


def _lanczos(product: _Operator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Approximate eigenvalues, ascending, and eigenvectors of a symmetric operator on vectors of length n."""
    n_steps = min(_N_STEPS, n)
    basis, diagonal, beside = np.zeros((n_steps, n)), np.zeros(n_steps), np.zeros(n_steps)
    q = np.random.default_rng(0).standard_normal(n)
    for k in range(n_steps):
        basis[k] = q / np.linalg.norm(q)
        q = product(basis[k])
        diagonal[k] = basis[k] @ q
        if not np.isfinite(q).all():
            return np.full(n_steps, np.nan), basis.T
        for _ in range(2):
            q = q - (basis[: k + 1] @ q) @ basis[: k + 1]
        beside[k] = np.linalg.norm(q)
        if beside[k] < 1e-8:  # all is found
            n_steps = k + 1
            break
    matrix = np.diag(diagonal[:n_steps]) + np.diag(beside[: n_steps - 1], 1) + np.diag(beside[: n_steps - 1], -1)
    values, vectors = np.linalg.eigh(matrix)
    return values, basis[:n_steps].T @ vectors
