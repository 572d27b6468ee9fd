"""Densities and draws of the priors of discrimination, on arrays."""

from __future__ import annotations

import math

import numpy as np

from .spec import BetaPriorSpec

_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def normal_log_density(x: np.ndarray, mu: np.ndarray | float, sigma: np.ndarray | float) -> np.ndarray:
    """Compute the log density of Normal(mu, sigma)."""
    return -0.5 * ((x - mu) / sigma) ** 2 - np.log(sigma) - _HALF_LOG_2PI


def halfnormal_log_density(x: np.ndarray, sigma: np.ndarray | float) -> np.ndarray:
    """Compute the log density of HalfNormal(sigma) at x > 0."""
    return normal_log_density(x, 0.0, sigma) + math.log(2)


def beta_log_density(prior: BetaPriorSpec, beta: np.ndarray) -> np.ndarray:
    """Compute the log density of each discrimination, same shape; it is ``-inf`` where the prior forbids the value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        density = prior.family.log_density_of_beta(beta, prior.first_params, np)
    return np.where(beta > 0, density, -np.inf) if prior.positive else density


def bills_log_density(prior: BetaPriorSpec, sign: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Compute the log density of each discrimination under the prior that its bill has.

    ``sign * beta`` has the prior where ``sign`` is not 0. Where it is 0, ``beta`` has the prior's free-sign form.

    ``sign`` (see `observations.bill_signs`) and ``beta`` broadcast.
    """
    density = beta_log_density(prior, np.where(sign < 0, -1, 1) * beta)
    return density if sign.all() else np.where(sign == 0, beta_log_density(prior.free_sign(), beta), density)


def draw_bills(prior: BetaPriorSpec, sign: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw a discrimination from each bill's prior, same shape as ``sign``."""
    drawn = np.where(sign < 0, -1, 1) * draw_beta(prior, rng, sign.shape)
    return drawn if sign.all() else np.where(sign == 0, draw_beta(prior.free_sign(), rng, sign.shape), drawn)


def draw_beta(prior: BetaPriorSpec, rng: np.random.Generator, size: int | tuple[int, ...]) -> np.ndarray:
    """Draw independent discriminations."""
    return prior.family.draw(prior.first_params, rng, size)
