"""The priors of a bill in two dimensions, in the axes that are reported.

The priors are those of b1, b2 and an intercept, while ``beta = b1 + r b2``, ``beta2 = p b1 + q b2`` and ``alpha`` is
the intercept less ``o b2``, with the numbers r, p, q and o of each draw (`models.base.AXES`). All three are normal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class BillPrior:
    """Normal prior of ``(alpha, beta)`` given beta2, by draw; all arrays of shape (n_draws,).

    Attributes
    ----------
    alpha, beta
        Means.
    by_beta
        Change of the mean of alpha with beta.
    beta_sd, alpha_sd
        Standard deviations of beta, and of alpha given beta.
    """

    alpha: np.ndarray
    beta: np.ndarray
    by_beta: np.ndarray
    beta_sd: np.ndarray
    alpha_sd: np.ndarray

    def log_density(self, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
        """Compute the log density, up to a constant, at arrays (n_draws, ...)."""
        more = (slice(None), *[None] * (beta.ndim - 1))
        deviation = beta - self.beta[more]
        rest = alpha - self.alpha[more] - self.by_beta[more] * deviation
        scaled = (deviation / self.beta_sd[more]) ** 2 + (rest / self.alpha_sd[more]) ** 2
        return np.asarray(-0.5 * scaled - np.log(self.beta_sd * self.alpha_sd)[more])

    def take(self, which: np.ndarray) -> BillPrior:
        """Take some draws."""
        return BillPrior(*(values[which] for values in vars(self).values()))

    def mean(self) -> BillPrior:
        """Average over the draws."""
        return BillPrior(*(values.mean(keepdims=True) for values in vars(self).values()))


def bill_prior(axes: np.ndarray, beta2: np.ndarray, beta_sigma: float, alpha_sigma: float) -> BillPrior:
    """Condition the prior of a bill on its second slope.

    Parameters
    ----------
    axes : ndarray, shape (4, n_draws)
    beta2 : ndarray, shape (n_draws,)
    beta_sigma, alpha_sigma
        Standard deviations of b1 and of the intercept; that of b2 is 1.
    """
    r, p, q, o = axes
    of_b1 = beta_sigma**2
    # covariances of beta, beta2 and alpha
    c_bb, c_b2, c_22 = of_b1 + r**2, of_b1 * p + r * q, of_b1 * p**2 + q**2
    c_ab, c_a2, c_aa = -o * r, -o * q, alpha_sigma**2 + o**2
    v_bb, v_ab, v_aa = c_bb - c_b2**2 / c_22, c_ab - c_a2 * c_b2 / c_22, c_aa - c_a2**2 / c_22
    by_beta = v_ab / v_bb
    return BillPrior(c_a2 / c_22 * beta2, c_b2 / c_22 * beta2, by_beta, np.sqrt(v_bb), np.sqrt(v_aa - by_beta * v_ab))


def own_parameters(
    axes: np.ndarray, alpha: np.ndarray, beta: np.ndarray, beta2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lead ``(alpha, beta, beta2)`` back to intercept, b1 and b2, which have the priors; bills are the first axis."""
    r, p, q, o = axes
    det = q - r * p
    b1, b2 = (q * beta - r * beta2) / det, (beta2 - p * beta) / det
    return alpha + o * b2, b1, b2
