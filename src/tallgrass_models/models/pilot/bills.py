"""Bills of the pilot: moments of each bill given members and frame, and the Gaussian approximations they give.

A bill's two parameters have a posterior that is far from Normal where a party is nearly unanimous. The logit is then
known to be large, and hardly more. So moments come from quadrature, not from the curvature at the top. Each round uses
a grid of points about the last known mean, in units of the last known covariance.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from ...priors.numeric import steering_of
from ...priors.spec import BetaPriorSpec
from ..fast.bends import bend_of_skewness
from ..fast.logits import BillInfo, Knees
from ..fast.slopes import Funnel, LogSlopeInfo
from .bins import Bins

# Grid of the quadrature, in standard deviations of the last round.
_SPACING = 0.8
AXIS = _SPACING * np.arange(-4, 5)
_GRID = np.stack([x.ravel() for x in np.meshgrid(AXIS, AXIS)])
START_SEP = 3.0


@dataclass(frozen=True)
class Sketch:
    """Information from the votes about bills, with the bends of the coordinates that suit it.

    ``info`` is a Gaussian approximation of the likelihood once the bends are straight.
    """

    info: BillInfo | LogSlopeInfo
    bends: Knees | Funnel

    @property
    def n_bills(self) -> int:
        """Number of bills."""
        return int(next(iter(vars(self.info).values())).size)


@dataclass(frozen=True)
class LogitSketch(Sketch):
    """Of bills of either sign."""

    info: BillInfo
    bends: Knees


@dataclass(frozen=True)
class SlopeSketch(Sketch):
    """Of bills of positive slope."""

    info: LogSlopeInfo
    bends: Funnel


class PilotBills(ABC):
    """Bills of one chamber: mean and covariance of two parameters each, and the frame that suits their priors.

    ``mean`` has the rows first and second parameter, ``covariance`` the rows 11, 12, 22.
    """

    mean: np.ndarray
    covariance: np.ndarray
    s: float
    sep: float
    frame_score: np.ndarray
    """Derivative of the log likelihood, bills integrated out, by s and log sep, shape (2,)."""
    frame_information: np.ndarray
    """Minus its second derivatives with the bills integrated out, then with the bills known; shape (2, 2, 2)."""

    def __init__(self, prior: BetaPriorSpec, alpha_sigma: float) -> None:
        self.alpha_sigma = alpha_sigma
        self.mu, self.sigma = prior.moments
        self._params, self._steering = prior.first_params, steering_of(prior.family)

    # Methods that differ between positive bills and those of either sign.

    @abstractmethod
    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, START_SEP)``."""

    @abstractmethod
    def slope(self, first: np.ndarray) -> np.ndarray:
        """Compute w from the first parameter."""

    @abstractmethod
    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Compute the log prior density of the two parameters in the present frame, up to a constant."""

    @abstractmethod
    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Make the `Sketch` with the present moments and the skewness of weighted points (`_quadrature`)."""

    # Methods that they share.

    def log_prior_of_beta(self, x: np.ndarray) -> np.ndarray:
        """Compute the log prior density at x of log beta for positive bills, else of beta, up to a constant."""
        return np.asarray(self._steering.log_density(x, self._params, np))

    def scale_score(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Differentiate the log prior of the slope w by log sep; return the first derivative and minus the second.

        The prior is a density of the first parameter.
        """
        return self._steering.scale_score(beta, self._params, np)

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Return slopes and intercepts at the mean."""
        return self.slope(self.mean[0]), self.mean[1]

    def fit(self, bins: Bins) -> None:
        """Run one round of quadrature, which gives new means and covariances."""
        old = self.covariance
        self._quadrature(bins)
        # a grid coarser than the posterior shows too little spread: add that of a cell, which shrinks round by round
        self.covariance = self.covariance + _SPACING**2 / 12 * old

    def sketch(self, bins: Bins) -> Sketch:
        """Run a last round and make the `Sketch` with its moments."""
        return self.sketch_of(*self._quadrature(bins))

    def _quadrature(self, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
        """Set means and covariances; return points (2, n_points, n_votes) and weights (n_points, n_votes)."""
        l_11 = np.sqrt(self.covariance[0])
        l_21 = self.covariance[1] / l_11
        l_22 = np.sqrt(np.maximum(self.covariance[2] - l_21**2, 1e-12))
        first = self.mean[0] + l_11 * _GRID[0][:, None]
        second = self.mean[1] + l_21 * _GRID[0][:, None] + l_22 * _GRID[1][:, None]
        log_weight = bins.log_likelihood(self.slope(first), second) + self.log_prior(first, second)
        weight = np.exp(log_weight - log_weight.max(0))
        weight /= weight.sum(0)
        self.mean = np.stack([(weight * first).sum(0), (weight * second).sum(0)])
        d_1, d_2 = first - self.mean[0], second - self.mean[1]
        self.covariance = np.stack([(weight * x).sum(0) for x in (d_1 * d_1, d_1 * d_2, d_2 * d_2)])
        self._score_frame(first, second, weight)
        return np.stack([first, second]), weight

    def _score_frame(self, first: np.ndarray, second: np.ndarray, weight: np.ndarray) -> None:
        """Set `frame_score` and `frame_information`.

        Given the members, bills are independent. The score of the votes is the mean of the score of bills and votes
        together. Its information is the mean of their information less the variance of that score (Louis 1982, JRSS B
        44).
        """
        tau, beta = self.alpha_sigma**-2, self.slope(first) / self.sep
        alpha = second + beta * self.s
        pull = tau * alpha * beta
        by_log_sep, curvature = self.scale_score(beta)
        scores = np.stack([-pull, by_log_sep + self.s * pull])
        mixed = -tau * self.s * beta**2 - pull
        known = np.stack([tau * beta**2, mixed, mixed, curvature - self.s * mixed])
        mean = (weight * scores).sum(1)
        self.frame_score = mean.sum(1)
        complete = (weight * known).sum((1, 2)).reshape(2, 2)
        variance = np.einsum("pj,apj,bpj->ab", weight, scores, scores) - mean @ mean.T
        self.frame_information = np.stack([complete - variance, complete])


def bend(weight: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Find the bend for standardised points of each bill by their skewness."""
    return bend_of_skewness((weight * c**3).sum(0))
