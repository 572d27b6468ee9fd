"""Votes counted by groups of members with similar positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FLOOR = 1e-6  # least precision of an approximation, which must remain a density


@dataclass(frozen=True)
class Bins:
    """Votes counted by groups of members with similar positions.

    Attributes
    ----------
    u : ndarray, shape (n_bins,)
    yea, cast : ndarray, shape (n_bins, n_votes)
        Yea, and Yea plus Nay.
    """

    u: np.ndarray
    yea: np.ndarray
    cast: np.ndarray

    def moved(self, ratio: float, shift: float) -> Bins:
        """Move the members to ``ratio * u + shift``."""
        return Bins(ratio * self.u + shift, self.yea, self.cast)

    def beside(self, other: Bins) -> Bins:
        """Join the members of both."""
        return Bins(*(np.concatenate([x, y]) for x, y in zip(vars(self).values(), vars(other).values(), strict=True)))

    def on(self, columns: np.ndarray) -> Bins:
        """Select some of the roll calls."""
        return Bins(self.u, self.yea[:, columns], self.cast[:, columns])

    def log_likelihood(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """Compute the log-likelihood at points of each bill, shape (n_points, n_votes), as ``w`` and ``a``."""
        total = np.zeros(w.shape)
        for u, yea, cast in zip(self.u, self.yea, self.cast, strict=True):
            logit = w * u - a
            total += yea * logit - cast * (np.maximum(logit, 0) + np.log1p(np.exp(-np.abs(logit))))
        return total

    def information(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """Sum ``p (1 - p)`` over the votes on each bill, shape (n_votes,)."""
        p = 1 / (1 + np.exp(np.clip(a - np.outer(self.u, w), -500, 500)))
        return (self.cast * p * (1 - p)).sum(0) + FLOOR
