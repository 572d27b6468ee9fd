"""A bent Gaussian near a posterior, and draws of it with their importance weights.

Newton's method finds the top of the log density, whose second derivatives give a Gaussian (Laplace). It is bent along
each coordinate, ``y = top + sd (exp(k x) - 1) / k``, by the asymmetry of the density along the line of conditional
means, and its center is moved to where the weights of trial draws, mirrored in pairs, have no slope.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from .groups import N_SCALARS
from .posterior import Posterior

_STEPS, _SETTLED = 12, 0.05  # most Newton steps, and the promised gain that ends them
_LONGEST = 0.7, 0.3  # step of log scales (and of s in units of sep), and of a member's u
_BEHIND = 30.0  # units of log density by which another assignment is given up
_SIDEWAYS, _MOST_BENT, _MOST_BENT_SCALE = 1.5, 0.6, 0.1
_OUTLYING = 5.0  # times the median size, beyond which a trial draw's weight counts as that much
_TRIALS, _PAIRS, _RIDGE = 3, 200, 20.0
_FARTHEST = 4.0  # move of the center in one trial, in standard deviations
_FAR = 30.0  # exponent of a bend beyond which points are as far as any; their weights are as good as zero


class Behind(Exception):  # noqa: N818 -- no error: the search is not worth finishing
    """Raised where the top of a density lies far below another."""


@dataclass(frozen=True)
class BentGaussian:
    """A distribution near a posterior.

    With ``e`` standard normal, ``x = root @ (e + shift) / sd`` and ``y = top + sd (exp(bend x) - 1) / bend``.

    Attributes
    ----------
    top, bend, sd, shift : ndarray, shape (n_dim,)
    root : ndarray, shape (n_dim, n_dim)
        Square root of the inverse information.
    log_det : float
        Log determinant of ``root``.
    height : float
        Log density at the top.
    """

    top: np.ndarray
    root: np.ndarray
    log_det: float
    height: float
    bend: np.ndarray
    shift: np.ndarray

    @property
    def sd(self) -> np.ndarray:
        """Standard deviations before bending."""
        return np.sqrt((self.root**2).sum(1))

    @property
    def log_evidence(self) -> float:
        """Laplace's approximation of the log evidence."""
        return self.height + self.log_det + 0.5 * self.top.size * math.log(2 * math.pi)

    def draw(self, e: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Map standard normal draws, shape (n_draws, n_dim), to points; also return their log density."""
        bend = np.where(np.abs(self.bend) < 1e-6, 1e-6, self.bend)
        x = np.minimum((e + self.shift) @ self.root.T / self.sd * bend, _FAR) / bend
        log_density = -0.5 * (e**2).sum(1) - 0.5 * e.shape[1] * math.log(2 * math.pi) - self.log_det
        return self.top + self.sd * np.expm1(bend * x) / bend, log_density - (bend * x).sum(1)


def laplace(posterior: Posterior, best: float = -math.inf) -> BentGaussian:
    """Find the top of the density and its Gaussian, not bent.

    Raises
    ------
    Behind
        If the top is far below ``best``, the log evidence of another assignment.
    """
    y = posterior.start.copy()
    for step_number in range(_STEPS):
        at = posterior.derivatives(y)
        values, vectors = np.linalg.eigh(at.information)
        values = np.maximum(np.abs(values), 1e-6)
        step = vectors @ ((vectors.T @ at.gradient) / values)
        gain, log_det = 0.5 * float(at.gradient @ step), -0.5 * float(np.log(values).sum())
        found = BentGaussian(y, vectors / np.sqrt(values), log_det, at.value, np.zeros_like(y), np.zeros_like(y))
        if step_number > 1 and found.log_evidence + 2 * gain < best - _BEHIND:
            raise Behind
        if gain < _SETTLED and step_number:
            break
        y = y + step * _shortened(posterior, y, step)
    return found


def _shortened(posterior: Posterior, y: np.ndarray, step: np.ndarray) -> float:
    """Find the share of a step that is not too long."""
    scales = max(np.abs(step[1:N_SCALARS]).max(), abs(step[0]) / math.exp(y[1]))
    members = np.abs(posterior.groups.to_u @ step).max()
    return float(min(1.0, _LONGEST[0] / max(scales, 1e-12), _LONGEST[1] / max(members, 1e-12)))


def bent(posterior: Posterior, gaussian: BentGaussian, rng: np.random.Generator) -> BentGaussian:
    """Bend a Gaussian and move its center."""
    n, sd = gaussian.top.size, gaussian.sd
    lines = _SIDEWAYS * (gaussian.root @ gaussian.root.T) / sd  # columns
    up, down = np.split(posterior.log_density(np.concatenate([gaussian.top + lines.T, gaussian.top - lines.T])), 2)
    most = np.full(n, _MOST_BENT)
    most[:N_SCALARS] = _MOST_BENT_SCALE  # of logarithms, whose exponentials enter
    bend = np.clip((up - down) / _SIDEWAYS**3, -most, most)
    found = replace(gaussian, bend=bend, shift=gaussian.root.T @ (bend / sd))
    for _ in range(_TRIALS):
        e = rng.standard_normal((_PAIRS, n))
        y, log_q = found.draw(np.concatenate([e, -e]))
        up, down = np.split(posterior.log_density(y) - log_q, 2)
        # ridge regression of the odd part of the log weights on the draws
        odd = (up - down) / 2
        if not np.isfinite(odd).all():
            break
        limit = _OUTLYING * float(np.median(np.abs(odd)))
        odd = np.clip(odd, -limit, limit)
        slope = e.T @ np.linalg.solve(e @ e.T + _RIDGE * np.eye(_PAIRS), odd)
        slope *= min(1.0, _FARTHEST / max(float(np.sqrt(slope @ slope)), 1e-12))
        found = replace(found, shift=found.shift + slope)
    return found


def weighted_draws(
    posterior: Posterior, near: BentGaussian, n: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw ``n`` points, in mirrored pairs, with their log importance weights; shapes (n, n_dim) and (n,)."""
    e = rng.standard_normal((-(-n // 2), near.top.size))
    y, log_q = near.draw(np.concatenate([e, -e])[:n])
    return y, posterior.log_density(y, posterior.groups.draw_means(y, rng)) - log_q
