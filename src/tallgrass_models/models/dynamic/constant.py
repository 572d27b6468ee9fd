"""Members who never move: one position over all sessions of a chamber, each of which has roll calls of its own.

::

    mu_raw[p] ~ Normal(0, 2);  mu_party = sort(mu_raw);  sigma_within[p] ~ HalfNormal(s[p])
    xi[c] ~ Normal(mu_party[p(c)], sigma_within[p(c)])                  c a career, whatever its first session
    xi[c] ~ Normal((mu_D + mu_R) / 2, mu_R - mu_D)                      c counted with neither party
    alpha[j] ~ Normal(0, alpha_sigma);  beta[j] ~ beta_prior            the roll calls of every session
    P(y[i, j] = 1) = logistic(beta[j] xi[c(i)] - alpha[j])              c(i) the career of member i of that session

``s[p]`` is 0.5 for a party of less than 20 careers, else 1. This is the model over time (`reference`) with ``step`` and
``entry_step`` zero, and so the chamber model of one matrix, whose members are careers and whose roll calls are those of
all sessions: it needs no density of its own. It is known as concurrent calibration of tests with common persons (Kolen
and Brennan 2014, ch. 6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...priors.constants import ALPHA_SIGMA
from ...priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import MISSING
from ..base import BuiltModel, Draws, Reported
from ..fast.chamber import build_chamber
from .guess import common_scales
from .reference import coords_of
from .sessions import SessionsVotes


@dataclass(frozen=True)
class Pooled:
    """All sessions of a chamber in one matrix.

    Attributes
    ----------
    votes
        Members are careers, in the order of their first seats; roll calls are those of all sessions, one after the
        other. A vote is missing where a career has no seat in the session of the roll call.
    row : ndarray of int, shape (n_seats,)
        Row of the career of each seat.
    """

    votes: ChamberVotes
    row: np.ndarray

    @classmethod
    def of(cls, series: SessionsVotes) -> Pooled:
        """Put the sessions together. What is known of a career's member is that of its first seat."""
        _, first, code = np.unique(np.concatenate(series.career), return_index=True, return_inverse=True)
        seats = np.sort(first)
        row = np.searchsorted(seats, first[code])
        y = np.full((len(seats), len(series.vote)), MISSING, dtype=np.int8)
        begin = 0
        for t, votes in enumerate(series.votes):
            y[row[series.session == t], begin : begin + votes.n_votes] = votes.y
            begin += votes.n_votes
        members = pd.concat([votes.legislators for votes in series.votes]).iloc[seats]
        members.index = pd.Index(series.legislator[seats], name="legislator")
        rollcalls = pd.concat([votes.rollcalls for votes in series.votes])
        rollcalls.index = pd.Index(series.vote, name="vote")
        members = members.assign(pc1=_scores(series, row), n_votes=(y != MISSING).sum(1))
        return cls(replace(series.votes[0], y=y, legislators=members, rollcalls=rollcalls, more=pd.DataFrame()), row)


def build_constant(
    series: SessionsVotes,
    beta_prior: BetaPriorSpec = PRODUCTION_BETA,
    alpha_sigma: float = ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
    pressed: bool = False,
) -> BuiltModel:
    """Build the model of members who never move.

    Arguments are those of `build.build_dynamic`. ``xi`` is reported for each seat; seats of one career have one value.

    Raises
    ------
    ValueError
        For unknown coordinates, or a party without members.
    """
    pooled = Pooled.of(series)
    built = build_chamber(pooled.votes, beta_prior, alpha_sigma, coordinates, orient_bills, (pressed,))

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        found = built.report(draws, rng)
        return {**found, "xi": found["xi"][..., pooled.row]}

    coords = {name: labels for name, labels in coords_of(series).items() if name != "session"}
    return replace(built, kind="constant", report=report, coords=coords)


def _scores(series: SessionsVotes, row: np.ndarray) -> np.ndarray:
    """Average the component scores of each career over its sessions, on the scale of the first session."""
    scores = [votes.legislators["pc1"].to_numpy(float) for votes in series.votes]
    scales = common_scales(scores, series.career)
    placed = np.concatenate([shift + stretch * own for own, (shift, stretch) in zip(scores, scales, strict=True)])
    return np.asarray(np.bincount(row, placed) / np.bincount(row))
