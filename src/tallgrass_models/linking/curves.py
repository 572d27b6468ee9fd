"""Item curves of shared bills, and how they move with the constants of a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..draws.vote_probability import VoteParameters, probability


@dataclass(frozen=True)
class Anchors:
    """The anchors of both chambers, each on its own scale, oriented so that the betas are positive.

    Attributes
    ----------
    house_alpha, house_beta, senate_alpha, senate_beta : ndarray, shape (n_draws, n_anchors)
    house_nodes, senate_nodes : ndarray, shape (n_draws, n_nodes)
        Positions at which curves are compared, of equal weight.
    """

    house_alpha: np.ndarray
    house_beta: np.ndarray
    senate_alpha: np.ndarray
    senate_beta: np.ndarray
    house_nodes: np.ndarray
    senate_nodes: np.ndarray

    def means(self) -> Anchors:
        """Return the posterior means, as a single draw."""
        return Anchors(**{name: value.mean(0, keepdims=True) for name, value in vars(self).items()})

    def draws(self, at: slice | np.ndarray) -> Anchors:
        """Return some of the draws."""
        return Anchors(**{name: value[at] for name, value in vars(self).items()})

    def repeat(self, n: int) -> Anchors:
        """Repeat a single draw ``n`` times."""
        return Anchors(**{name: np.broadcast_to(value, (n, value.shape[1])) for name, value in vars(self).items()})

    def pick(self, which: np.ndarray) -> Anchors:
        """Return some of the anchors."""
        return self._each(lambda value: value[:, which])

    def flip(self, sign: np.ndarray) -> Anchors:
        """(alpha, beta) of both chambers times ``sign``, shape (n_anchors,)."""
        return self._each(lambda value: value * sign)

    def _each(self, change: Callable[[np.ndarray], np.ndarray]) -> Anchors:
        return Anchors(
            change(self.house_alpha),
            change(self.house_beta),
            change(self.senate_alpha),
            change(self.senate_beta),
            self.house_nodes,
            self.senate_nodes,
        )


#: A and B of each draw, shape (n_draws,) each.
Constants = tuple[np.ndarray, np.ndarray]


def curve(alpha: np.ndarray, beta: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """Probability of Yea on each anchor at each node, shape (n_draws, n_anchors, n_nodes)."""
    votes = VoteParameters(nodes, alpha, beta)
    eta = votes.logits(lambda own: own[:, None, :], lambda own: own[:, :, None], lambda own: own)
    return probability(np.clip(eta, -500, 500))
