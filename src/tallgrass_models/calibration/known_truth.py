"""Sessions with the members and absences of a real one, and votes drawn anew from parameters that are known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..checking.prior_predictive import draw_positions
from ..models.fast.seating import party_index
from ..priors.densities import draw_bills
from ..priors.spec import BetaPriorSpec
from ..votes.components import pca_scores
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import MISSING


@dataclass(frozen=True)
class KnownTruth:
    """Parameters from which votes are drawn.

    Attributes
    ----------
    xi : ndarray, shape (n_legislators,)
    alpha, beta : ndarray, shape (n_votes,)
    """

    xi: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray


def from_prior(
    votes: ChamberVotes, beta_prior: BetaPriorSpec, alpha_sigma: float, rng: np.random.Generator
) -> KnownTruth:
    """Draw parameters from the priors of the chamber model, for the members, parties and roll calls of a chamber.

    The sample means of the parties are in the order of their population means; others are drawn again. The fast
    coordinates nearly always take them to be, and the relative scale has no other order.
    """
    party = party_index(votes.parties)
    chamber = np.zeros(len(party), dtype=int)
    while True:
        xi = draw_positions(chamber, party, False, 1, rng)[0]
        if xi[party == 0].mean() < xi[party == 1].mean():
            break
    alpha = alpha_sigma * rng.normal(size=votes.n_votes)
    return KnownTruth(xi, alpha, draw_bills(beta_prior, np.ones(votes.n_votes, np.int8), rng))


def from_fit(xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray, rng: np.random.Generator) -> KnownTruth:
    """Take one draw of a fit; arrays of shape (chain, draw, n)."""
    at = rng.integers(xi.shape[0]), rng.integers(xi.shape[1])
    return KnownTruth(*(values[at].astype(float) for values in (xi, alpha, beta)))


def simulated(votes: ChamberVotes, truth: KnownTruth, rng: np.random.Generator) -> ChamberVotes:
    """Return the chamber with every Yea and Nay drawn anew; who is absent when stays.

    The scores that start a fit are those of the new votes. No filter is applied again, so a roll call may be lopsided.
    """
    with np.errstate(over="ignore"):
        p = 1 / (1 + np.exp(truth.alpha - np.outer(truth.xi, truth.beta)))
    y = np.where(votes.y == MISSING, MISSING, rng.random(p.shape) < p).astype(np.int8)
    scores, _ = pca_scores(y, votes.parties)
    legislators = votes.legislators.assign(pc1=scores[:, 0], pc2=scores[:, 1])
    rollcalls = votes.rollcalls.assign(yea=(y == 1).sum(0), nay=(y == 0).sum(0))
    return replace(votes, y=y, legislators=legislators, rollcalls=rollcalls)
