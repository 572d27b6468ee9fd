"""Sessions with a known truth, drawn from the chamber model's own priors: members, roll calls, votes, filter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..draws.vote_probability import VoteParameters, probability
from ..files.columns.votes import DROPPED
from ..models.groups import sigma_scale
from ..priors.constants import ALPHA_SIGMA, MU_SIGMA
from ..priors.densities import draw_bills
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..votes.components import pca_scores
from ..votes.filters import minority_share
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import PARTIES

#: Share of Democrats among the members drawn.
_DEMOCRATS = 0.4
#: Fewer contested roll calls than this are no session: it is drawn again.
_LEAST_ROLLCALLS = 10


@dataclass(frozen=True)
class Design:
    """Design of a study: what is drawn, and how it is fitted.

    Attributes
    ----------
    members
        Of each chamber: one or two numbers, House first.
    rollcalls
        Drawn for each chamber, before the filter.
    shared
        Roll calls of both chambers with one pair (alpha, beta); of the ``rollcalls`` of each.
    filters
        Least minority shares; every session is fitted once with each. 0 keeps unanimous roll calls too.
    min_gap
        Population means of the parties nearer than this are drawn again: the relative scale is for parties that differ.
        0: as the prior has them.
    alike
        Correlation of the two chambers' party means; each alone has exactly the chamber model's prior.
    draws
        Of each chain, after as many of tuning.
    """

    replicates: int = 100
    members: tuple[int, ...] = (60,)
    rollcalls: int = 160
    shared: int = 0
    filters: tuple[float, ...] = (0.0, 0.025)
    min_gap: float = 0.5
    alike: float = 0.5
    draws: int = 400
    seed: int = 1
    beta_prior: BetaPriorSpec = PRODUCTION_BETA
    alpha_sigma: float = ALPHA_SIGMA


@dataclass(frozen=True)
class Truth:
    """True parameters from which a chamber was drawn.

    Attributes
    ----------
    party : ndarray of int, shape (n_members,)
        0 Democrat, 1 Republican.
    mu : ndarray, shape (2,)
    xi : ndarray, shape (n_members,)
    alpha, beta : ndarray, shape (rollcalls,)
        The first ``n_shared`` are those of the other chamber too.
    y : ndarray of int8, shape (n_members, rollcalls)
        1 Yea, 0 Nay.
    """

    party: np.ndarray
    mu: np.ndarray
    xi: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray
    y: np.ndarray
    n_shared: int = 0

    @property
    def parties(self) -> np.ndarray:
        """Names of the parties, shape (n_members,)."""
        return np.array(PARTIES, dtype=object)[self.party]

    def kept(self, least: float) -> np.ndarray:
        """Roll calls that a filter keeps, mask of shape (rollcalls,)."""
        return np.asarray(minority_share(self.y) >= least)


def draw_session(design: Design, replicate: int) -> list[Truth]:
    """Draw the chambers of one session, House first; the same for the same seed and number.

    The sample means of the parties are in the order of their population means (others are drawn again): so the fast
    coordinates take them to be.
    """
    rng = np.random.default_rng([design.seed, replicate])
    while True:
        found = _draw(design, rng)
        if all(_is_session(truth, design) for truth in found) and _enough_shared(found, design):
            return found


def _enough_shared(truths: list[Truth], design: Design) -> bool:
    kept = np.all([truth.kept(max(design.filters))[: design.shared] for truth in truths], axis=0)
    return len(truths) == 1 or bool(kept.sum() >= _LEAST_ROLLCALLS)


def _is_session(truth: Truth, design: Design) -> bool:
    left, right = (truth.xi[truth.party == p].mean() for p in (0, 1))
    enough = truth.kept(max(design.filters)).sum() >= _LEAST_ROLLCALLS
    return bool(left < right and np.ptp(truth.mu) >= design.min_gap and enough)


def _draw(design: Design, rng: np.random.Generator) -> list[Truth]:
    common, shared = rng.normal(size=2), _bills(design, design.shared, rng)
    out = []
    for n in design.members:
        own = rng.normal(size=2)
        if len(design.members) > 1:
            own = np.sqrt(design.alike) * common + np.sqrt(1 - design.alike) * own
        mu = np.sort(MU_SIGMA * own)
        party = (np.arange(n) >= round(_DEMOCRATS * n)).astype(int)
        sigma = np.abs(rng.normal(size=2)) * sigma_scale(np.bincount(party, minlength=2))
        xi = rng.normal(mu[party], sigma[party])
        alpha, beta = (
            np.concatenate(pair)
            for pair in zip(shared, _bills(design, design.rollcalls - design.shared, rng), strict=True)
        )
        votes = VoteParameters(xi, alpha, beta)
        p = probability(votes.logits(lambda own: own[:, None], lambda own: own, lambda own: own))
        out.append(Truth(party, mu, xi, alpha, beta, (rng.random(p.shape) < p).astype(np.int8), design.shared))
    return out


def _bills(design: Design, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    return design.alpha_sigma * rng.normal(size=n), draw_bills(design.beta_prior, np.ones(n, np.int8), rng)


def as_votes(truth: Truth, chamber: str, least: float) -> ChamberVotes:
    """Return the votes as a fit sees them, without lopsided roll calls; a shared bill has one name in both chambers."""
    kept = np.flatnonzero(truth.kept(least))
    y = np.ascontiguousarray(truth.y[:, kept])
    scores, _ = pca_scores(y, truth.parties)
    n, m = y.shape
    ids = [f"{chamber}_{i:03d}" for i in range(n)]
    bills = [f"shared {j}" if j < truth.n_shared else f"{chamber} {j}" for j in kept]
    legislators = pd.DataFrame(
        {"name": ids, "party": truth.parties, "district": "", "state": "", "pc1": scores[:, 0], "pc2": scores[:, 1]},
        index=pd.Index(ids, name="legislator"),
    ).assign(n_votes=m, external=np.nan, caucus=truth.parties, person=ids, first_day="", last_day="", service=1.0)
    rollcalls = pd.DataFrame(
        {"bill": bills, "title": "", "motion": "", "date": "", "order": np.arange(m)},
        index=pd.Index([f"v{j}" for j in kept], name="vote"),
    ).assign(passage=True, yea=(y == 1).sum(0), nay=(y == 0).sum(0))
    dropped = pd.DataFrame(columns=DROPPED.names)
    return ChamberVotes("calibration", chamber, y, legislators, rollcalls, dropped, {"data_hash": ""})
