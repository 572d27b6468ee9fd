"""Members and hyperparameters of the preview, with the party means integrated out.

The coordinates are ``s, log sep, log sigma_left, log sigma_right`` and the members' positions in the frame: for each
group the zero-sum coordinates of an orthonormal basis (each nearly one member's u), then u of independents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import log_ndtr, ndtri_exp

from ...priors.model import ModelPriors
from ..fast.chamber_map import within_logp
from ..groups import members_spread, sigma_scale

_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)
N_SCALARS = 4
_H = 1e-3  # of finite differences


def zero_sum_basis(n: int) -> np.ndarray:
    """Return an orthonormal basis of the vectors that sum to zero, shape (n, n - 1), each nearly one coordinate."""
    if n == 1:
        return np.zeros((1, 0))
    v = np.full(n, n**-0.5)
    v[-1] -= 1
    return (np.eye(n) - 2 * np.outer(v, v) / (v @ v))[:, :-1]


@dataclass(frozen=True)
class Means:
    """Distribution of the party means given the sample means: independent normals, restricted to their order."""

    left: np.ndarray
    right: np.ndarray
    v_left: np.ndarray
    v_right: np.ndarray

    def distance(self, crossed: bool) -> tuple[np.ndarray, np.ndarray]:
        """Mean and standard deviation of Republicans' less Democrats' mean, without the restriction."""
        return (self.right - self.left) * (-1 if crossed else 1), np.sqrt(self.v_left + self.v_right)


@dataclass(frozen=True)
class Groups:
    """Two parties and independents of a chamber: sizes in the order of the frame, and the priors."""

    n_left: int
    n_right: int
    n_independents: int
    crossed: bool
    priors: ModelPriors

    @property
    def n(self) -> int:
        """Number of members."""
        return self.n_left + self.n_right + self.n_independents

    @property
    def n_dim(self) -> int:
        """Number of coordinates."""
        return N_SCALARS + self.n - 2

    @cached_property
    def middle(self) -> np.ndarray:
        """Position at the coordinates zero, shape (n,)."""
        return np.repeat((-0.5, 0.5, 0.0), (self.n_left, self.n_right, self.n_independents))

    @cached_property
    def to_u(self) -> np.ndarray:
        """Matrix of positions by coordinates: ``u = middle + to_u @ y``, shape (n, n_dim)."""
        out, both = np.zeros((self.n, self.n_dim)), self.n_left + self.n_right
        left, right = self._parts
        out[: self.n_left, left] = zero_sum_basis(self.n_left)
        out[self.n_left : both, right] = zero_sum_basis(self.n_right)
        out[both:, self._others] = np.eye(self.n_independents)
        return out

    @property
    def _parts(self) -> tuple[slice, slice]:
        middle = N_SCALARS + self.n_left - 1
        return slice(N_SCALARS, middle), slice(middle, middle + self.n_right - 1)

    @property
    def _others(self) -> slice:
        return slice(self.n_dim - self.n_independents, self.n_dim)

    def log_prior(self, y: np.ndarray) -> np.ndarray:
        """Compute the log density of members and hyperparameters, with Jacobian, at ``y`` of shape (n_draws, n_dim).

        Party means are integrated out as if their prior was the Normal near it, and independents are as if those means
        were the sample means; `correction` makes up for both.
        """
        total = self._scalar_part(y[:, :N_SCALARS])
        for k, part in enumerate(self._parts):
            total = total - 0.5 * np.exp(2 * y[:, 1] - 2 * y[:, 2 + k]) * (y[:, part] ** 2).sum(1)
        own = y[:, self._others]
        return total - 0.5 * (own**2).sum(1) - self.n_independents * _HALF_LOG_2PI

    def _scalar_part(self, t: np.ndarray) -> np.ndarray:
        """Compute the part of `log_prior` that depends on the four scalars alone, at ``t`` of shape (n, 4)."""
        sizes = self.n_left, self.n_right
        scales = sigma_scale(np.array(sizes))
        center, tau = self.priors.mu.moments
        total = (sum(sizes) - 1) * t[:, 1] + 0.5 * math.log(sizes[0] * sizes[1]) + math.log(2)
        for k, (n, x) in enumerate(zip(sizes, self._sample_means(t), strict=True)):
            log_sigma = t[:, 2 + k]
            variance = tau**2 + np.exp(2 * log_sigma) / n
            # n - 1 directions about the sample mean, and that mean about the center
            total = total - (n - 1) * log_sigma - n * _HALF_LOG_2PI - 0.5 * math.log(n)
            total = total - 0.5 * np.log(variance) - 0.5 * (x - center) ** 2 / variance
            total = total + within_logp(self.priors, np.exp(log_sigma), float(scales[k]), np) + log_sigma
        distance, sd = self.means(t).distance(self.crossed)
        return total + log_ndtr(distance / sd)

    def derivatives(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return gradient and minus the second derivatives of `log_prior` at one point, shapes (n_dim,) twice."""
        gradient, curvature = np.zeros(self.n_dim), np.zeros((self.n_dim, self.n_dim))
        steps = np.diag([_H * math.exp(y[1]), _H, _H, _H])
        h = np.diag(steps)
        corners = [y[:N_SCALARS] + a * steps[:, None] + b * steps[None] for a in (1, -1) for b in (1, -1)]
        pp, pm, mp, mm = (self._scalar_part(x.reshape(-1, N_SCALARS)).reshape(4, 4) for x in corners)
        up, down = (self._scalar_part(y[:N_SCALARS] + x) for x in (steps, -steps))
        gradient[:N_SCALARS] = (up - down) / (2 * h)
        curvature[:N_SCALARS, :N_SCALARS] = -(pp - pm - mp + mm) / (4 * np.outer(h, h))
        for k, part in enumerate(self._parts):
            z, p = y[part], math.exp(2 * y[1] - 2 * y[2 + k])
            sign = np.zeros(N_SCALARS)
            sign[1], sign[2 + k] = 1, -1  # of log sep and log sigma in the exponent
            squares = p * float(z @ z)
            gradient[part] -= p * z
            gradient[:N_SCALARS] -= squares * sign
            curvature[part, part] += p * np.eye(z.size)
            curvature[:N_SCALARS, part] += 2 * p * np.outer(sign, z)
            curvature[part, :N_SCALARS] += 2 * p * np.outer(z, sign)
            curvature[:N_SCALARS, :N_SCALARS] += 2 * squares * np.outer(sign, sign)
        gradient[self._others] -= y[self._others]
        curvature[self._others, self._others] += np.eye(self.n_independents)
        return gradient, curvature

    def means(self, y: np.ndarray) -> Means:
        """Find the distribution of the party means given the sample means, each of shape (n_draws,)."""
        center, tau = self.priors.mu.moments
        found = []
        for k, (n, x) in enumerate(zip((self.n_left, self.n_right), self._sample_means(y), strict=True)):
            precision = n * np.exp(-2 * y[:, 2 + k])
            v = 1 / (tau**-2 + precision)
            found.append((v * (center * tau**-2 + precision * x), v))
        (left, v_left), (right, v_right) = found
        return Means(left, right, v_left, v_right)

    def draw_means(self, y: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Draw the party means of the left and of the right group given the rest, in the order that the model asks."""
        means = self.means(y)
        distance, sd = means.distance(self.crossed)
        with np.errstate(divide="ignore"):
            beyond = ndtri_exp(np.log(rng.random(len(y))) + log_ndtr(distance / sd))
        apart = (distance - sd * beyond) * (-1 if self.crossed else 1)
        excess = (apart - (means.right - means.left)) / sd**2
        together = np.sqrt(means.v_left * means.v_right) / sd * rng.standard_normal(len(y))
        return means.left - means.v_left * excess + together, means.right + means.v_right * excess + together

    def correction(self, y: np.ndarray, mu: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
        """Compute what the log density at means ``mu`` has over `log_prior` and the density of `draw_means`."""
        center, tau = self.priors.mu.moments
        total = np.zeros(len(y))
        for one in mu:
            near = -0.5 * ((one - center) / tau) ** 2 - math.log(tau) - _HALF_LOG_2PI
            total += self.priors.mu.log_density(one, np) - near
        u = y[:, self._others]
        if u.shape[1]:
            xi = y[:, :1] + np.exp(y[:, 1:2]) * u
            middle, distance = (mu[0] + mu[1])[:, None] / 2, np.abs(mu[1] - mu[0])[:, None]
            own = -0.5 * ((xi - middle) / distance) ** 2 - np.log(distance) + y[:, 1:2]
            total += (own + 0.5 * u**2).sum(1)
        return total

    def spread(self, y: np.ndarray, mu: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Compute the members' spread of `AlphaPrior`, by the sample means if ``mu`` is not given; shape (n_draws,)."""
        return np.asarray(members_spread(mu or self._sample_means(y), (np.exp(y[:, 2]), np.exp(y[:, 3])), np))

    def _sample_means(self, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        half = np.exp(y[:, 1]) / 2
        return y[:, 0] - half, y[:, 0] + half
