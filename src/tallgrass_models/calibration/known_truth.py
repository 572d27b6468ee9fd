"""Sessions with the members and absences of a real one, and votes drawn anew from parameters that are known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..checking.prior_predictive import draw_positions
from ..models.fast.seating import party_index
from ..priors.densities import draw_beta, draw_bills
from ..priors.model import PRODUCTION, AlphaPrior, ModelPriors
from ..priors.spec import BetaPriorSpec
from ..votes.components import pca_scores
from ..votes.matching import JointVotes
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
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    rng: np.random.Generator,
    priors: ModelPriors = PRODUCTION,
) -> KnownTruth:
    """Draw parameters from the priors of the chamber model, for the members, parties and roll calls of a chamber.

    The sample means of the parties are in the order of their population means; others are drawn again. The fast
    coordinates nearly always take them to be, and the relative scale has no other order.
    """
    chamber = np.zeros(votes.n_legislators, dtype=int)
    xi, spread = _positions(chamber, party_index(votes.parties), False, rng, priors)
    return KnownTruth(xi, *_bills(votes.n_votes, beta_prior, priors.alpha_prior(alpha_sigma), spread, rng))


def from_joint_prior(
    joined: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    rng: np.random.Generator,
    priors: ModelPriors = PRODUCTION,
) -> KnownTruth:
    """Draw parameters from the priors of the joint model; members of the House first, bills by item."""
    chamber = np.repeat([0, 1], [joined.house.n_legislators, joined.senate.n_legislators])
    xi, spread = _positions(chamber, party_index(joined.parties), True, rng, priors)
    return KnownTruth(xi, *_bills(joined.n_items, beta_prior, priors.alpha_prior(alpha_sigma), spread, rng))


def by_chamber(joined: JointVotes, truth: KnownTruth) -> tuple[KnownTruth, KnownTruth]:
    """Take the members and roll calls of either chamber out of the parameters of a joint model."""
    n = joined.house.n_legislators
    house, senate = joined.house_item, joined.senate_item
    return (
        KnownTruth(truth.xi[:n], truth.alpha[house], truth.beta[house]),
        KnownTruth(truth.xi[n:], truth.alpha[senate], truth.beta[senate]),
    )


def _positions(
    chamber: np.ndarray, party: np.ndarray, joint: bool, rng: np.random.Generator, priors: ModelPriors
) -> tuple[np.ndarray, float]:
    """Draw positions, and the members' spread that belongs to their means and spreads."""
    while True:
        (xi,), (spread,) = draw_positions(chamber, party, joint, 1, rng, priors)
        averages = [[xi[(chamber == c) & (party == p)].mean() for p in (0, 1)] for c in np.unique(chamber)]
        if all(left < right for left, right in averages):
            return xi, float(spread)


def _bills(
    n: int, prior: BetaPriorSpec, alpha_prior: AlphaPrior, spread: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    alpha = (spread if alpha_prior.scaled else 1.0) * draw_beta(alpha_prior.prior, rng, n)
    return alpha, draw_bills(prior, np.ones(n, np.int8), rng)


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
