"""Bills of the preview: their two parameters integrated out on a grid about the pilot's moments.

Given the members and the frame, bills are independent, and each contributes the integral of its likelihood times its
prior over ``w`` (or ``log w``) and ``a`` of `fast.frames`. The sum over a grid with a step of 1.2 standard deviations
is the trapezoidal rule, whose error for a Gaussian integrand is 2e-6 times the integral, apart from what lies outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...priors.model import AlphaPrior
from ...priors.spec import BetaPriorSpec
from ..pilot.collection import Collection

_STEP, _RADIUS = 1.2, 3.6  # of the grid, in standard deviations of each bill
_AXIS = _STEP * np.arange(-3, 4)
_SQUARE = np.stack([x.ravel() for x in np.meshgrid(_AXIS, _AXIS)])
_GRID = _SQUARE[:, (_SQUARE**2).sum(0) <= _RADIUS**2]


@dataclass(frozen=True)
class Kind:
    """Bills under one prior of beta: their columns of the vote matrix."""

    beta: BetaPriorSpec
    alpha: AlphaPrior
    columns: np.ndarray

    def parts(self, size: int) -> Iterator[Kind]:
        """Cut the bills into parts of about ``size``."""
        for part in np.array_split(self.columns, max(1, -(-len(self.columns) // size))):
            yield Kind(self.beta, self.alpha, part)

    def log_prior(
        self, first: np.ndarray, w: np.ndarray, a: np.ndarray, s: np.ndarray, log_sep: np.ndarray, spread: np.ndarray
    ) -> np.ndarray:
        """Compute the log density of the first parameter and of ``a`` in a frame, elementwise; arrays broadcast.

        ``beta = w / sep`` and ``alpha = a + beta s``. The first parameter is ``log w`` under a positive prior, else w.
        """
        beta = w / np.exp(log_sep)
        if self.beta.positive:
            of_beta = self.beta.log_density_of_log(first - log_sep, beta, np)
        else:
            of_beta = self.beta.log_density(beta, np) - log_sep
        return of_beta + self.alpha.log_density(a + beta * s, spread, np)


@dataclass
class BillGrid:
    """Grid points of all bills.

    Attributes
    ----------
    kinds
        The bills by their priors.
    mean, covariance : ndarray, shapes (2, n_bills) and (3, n_bills)
        Moments about which the points lie; the rows of the latter are 11, 12, 22.
    """

    kinds: tuple[Kind, ...]
    mean: np.ndarray
    covariance: np.ndarray

    @classmethod
    def of(cls, bills: Collection, beta: BetaPriorSpec, alpha: AlphaPrior) -> BillGrid:
        """Start at the moments that the pilot found; bills of the second kind are those of open sign."""
        mean, covariance = np.empty((2, bills.n_votes)), np.empty((3, bills.n_votes))
        kinds = []
        for k, (found, columns) in enumerate(bills.kinds):
            mean[:, columns], covariance[:, columns] = found.mean, found.covariance
            kinds.append(Kind(beta.free_sign() if k else beta, alpha, columns))
        return cls(tuple(kinds), mean, covariance)

    @property
    def size(self) -> int:
        """Number of points of each bill."""
        return _GRID.shape[1]

    def points(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return first parameter, slope ``w`` and ``a``, each of shape (n_points, n_bills)."""
        l_11, l_21, l_22 = self._root()
        first = self.mean[0] + l_11 * _GRID[0][:, None]
        w = first.copy()
        for kind in self.kinds:
            if kind.beta.positive:
                w[:, kind.columns] = np.exp(np.minimum(first[:, kind.columns], 300))
        return first, w, self.mean[1] + l_21 * _GRID[0][:, None] + l_22 * _GRID[1][:, None]

    def log_cell(self) -> np.ndarray:
        """Return the log area of a grid cell, shape (n_bills,)."""
        l_11, _, l_22 = self._root()
        return np.log(l_11 * l_22 * _STEP**2)

    def log_prior(
        self, points: tuple[np.ndarray, np.ndarray, np.ndarray], s: float, log_sep: float, spread: float
    ) -> np.ndarray:
        """Compute the log prior of the points in one frame, shape (n_points, n_bills)."""
        out = np.empty(points[0].shape)
        frame = np.array(s), np.array(log_sep), np.array(spread)
        for kind in self.kinds:
            first, w, a = (x[:, kind.columns] for x in points)
            out[:, kind.columns] = kind.log_prior(first, w, a, *frame)
        return out

    def settle(self, weight: np.ndarray, first: np.ndarray, a: np.ndarray) -> None:
        """Move the grid to the moments of its weighted points."""
        self.mean = np.stack([(weight * first).sum(0), (weight * a).sum(0)])
        d_1, d_2 = first - self.mean[0], a - self.mean[1]
        self.covariance = np.stack([(weight * x).sum(0) for x in (d_1 * d_1, d_1 * d_2, d_2 * d_2)])

    def _root(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        l_11 = np.sqrt(self.covariance[0])
        l_21 = self.covariance[1] / l_11
        return l_11, l_21, np.sqrt(np.maximum(self.covariance[2] - l_21**2, 1e-12))
