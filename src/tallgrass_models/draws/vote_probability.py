"""From the parameters of a fit to the probability of a vote: the one place that says how they make it.

Member ``i`` votes Yea on roll call ``j`` with probability ``logistic(logit)``, where the logit is ::

    beta[j] xi[i] - alpha[j]                        in one dimension
    beta[j] xi[i] - alpha[j] + beta2[j] xi2[i]      where the fit has a second dimension

In a fit with lapses a member votes at random with probability eps, ``P(Yea) = eps/2 + (1 - eps) logistic(logit)``. That
probability has a logit of its own (`lapsed`), and it is the one that `VoteParameters.logits` returns. So whoever starts
from a logit, with ``P(Nay) = logistic(-logit)``, is right for every structure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

#: Parameters of items, of members, and of all votes, which only some structures have.
SECOND_SLOPE, SECOND_PLACE, LAPSE = "beta2", "xi2", "eps"

_Part = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class VoteParameters:
    """Parameters from which the votes of a fit follow, as draws or as means.

    Attributes
    ----------
    xi : ndarray
        Positions of the members. They have one axis, the others are those of the draws; which is which, the caller of
        `logits` knows.
    alpha, beta : ndarray
        Difficulty and discrimination of the items, in the same way.
    xi2, beta2 : ndarray or None
        Those of the second dimension, where the fit has one.
    eps : ndarray or None
        Probability that a vote is random, over the draws alone, where the fit has lapses.
    """

    xi: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    xi2: np.ndarray | None = None
    beta2: np.ndarray | None = None
    eps: np.ndarray | None = None

    @classmethod
    def of(cls, posterior: xr.Dataset) -> VoteParameters:
        """Take the draws of a posterior, shapes (chain, draw, n_members), (chain, draw, n_items) and (chain, draw)."""
        more = {name: posterior[name].to_numpy() for name in (SECOND_PLACE, SECOND_SLOPE, LAPSE) if name in posterior}
        return cls(*(posterior[name].to_numpy() for name in ("xi", "alpha", "beta")), **more)

    @property
    def plain(self) -> bool:
        """True without a second dimension and without lapses."""
        return self.beta2 is None and self.eps is None

    def logits(
        self, of_members: _Part, of_items: _Part, of_draws: _Part, dtype: np.dtype | type | None = None
    ) -> np.ndarray:
        """Compute the logits of Yea of some votes.

        Parameters
        ----------
        of_members, of_items, of_draws
            Functions that take from the arrays of members, of items and of draws the parts that are wanted. The three
            parts broadcast.
        dtype
            Type to compute in; by default that of the parameters.
        """
        out = np.multiply(of_items(self.beta), of_members(self.xi), dtype=dtype) - of_items(self.alpha)
        if self.xi2 is not None and self.beta2 is not None:
            out = out + np.multiply(of_items(self.beta2), of_members(self.xi2), dtype=dtype)
        return out if self.eps is None else lapsed(out, of_draws(self.eps))

    def of_votes(self, members: slice | np.ndarray, items: slice | np.ndarray) -> VoteParameters:
        """Take some members and, for each roll call, its item; the last axis is theirs."""
        cut = {"xi": members, "alpha": items, "beta": items, SECOND_PLACE: members, SECOND_SLOPE: items}
        some = {name: own[..., which] for name, which in cut.items() if (own := getattr(self, name)) is not None}
        return VoteParameters(**some, eps=self.eps)

    def means(self) -> VoteParameters:
        """Average draws whose last axis is that of members or items; eps over all."""
        one = {name: _mean(own) for name, own in vars(self).items() if own is not None and name != LAPSE}
        return VoteParameters(**one, eps=None if self.eps is None else np.asarray(self.eps.mean()))


def _mean(draws: np.ndarray) -> np.ndarray:
    return np.asarray(draws.reshape(-1, draws.shape[-1]).mean(0))


def lapsed(logit: np.ndarray, eps: np.ndarray | float) -> np.ndarray:
    """Compute the logit of ``eps/2 + (1 - eps) logistic(logit)``, an odd function of the logit.

    Notes
    -----
    With ``e = exp(-|logit|)`` and ``h = eps/2`` it is, for a logit above 0, ``log(1 - h + h e) - log(h + (1 - h) e)``,
    where nothing overflows. Without lapses it is the logit itself.
    """
    with np.errstate(under="ignore", divide="ignore"):
        e, half = np.exp(-np.abs(logit)), np.asarray(eps, dtype=np.asarray(logit).dtype) / 2
        size = np.log1p(-half * (1 - e)) - np.log(half + (1 - half) * e)
    return np.copysign(np.where(half > 0, size, np.abs(logit)), logit)


def probability(logit: np.ndarray) -> np.ndarray:
    """Compute the probability of Yea with that logit, also of a logit that overflows."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(1 / (1 + np.exp(-logit)))
