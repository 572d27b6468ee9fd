"""Votes of several sessions with known careers, as the model over time takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from careers import Term, votes_of

from tallgrass_models.models.dynamic.sessions import SessionsVotes
from tallgrass_models.votes.components import pca_scores
from tallgrass_models.votes.matrix import ChamberVotes


def sessions_votes(terms: list[Term], n_votes: int, seed: int = 0) -> SessionsVotes:
    """Votes of each term; a person is a career."""
    votes = tuple(_scored(votes_of(term, n_votes, 100 * seed + k)) for k, term in enumerate(terms))
    return SessionsVotes(tuple(term.session for term in terms), votes, tuple(term.person for term in terms))


def _scored(votes: ChamberVotes) -> ChamberVotes:
    """Give the members the scores of their own votes."""
    scores, _ = pca_scores(votes.y, votes.parties)
    return replace(votes, legislators=votes.legislators.assign(pc1=scores[:, 0], pc2=scores[:, 1]))


def with_independents(series: SessionsVotes, people: set[int]) -> SessionsVotes:
    """Count these people with neither party, in all sessions."""
    votes = []
    for one, career in zip(series.votes, series.career, strict=True):
        own = one.legislators.copy()
        own.loc[[who in people for who in career.tolist()], ["party", "caucus"]] = ["Independent", ""]
        votes.append(replace(one, legislators=own))
    return SessionsVotes(series.names, tuple(votes), series.career)


@dataclass(frozen=True)
class Pooled:
    """One matrix of all sessions: members are careers; ``row`` is that of each seat."""

    votes: ChamberVotes
    row: np.ndarray


def pooled(series: SessionsVotes) -> Pooled:
    """Votes of all sessions in one matrix, empty where a career is not in the session of a roll call."""
    career = np.concatenate(series.career)
    people, first, row = np.unique(career, return_index=True, return_inverse=True)
    calls = np.concatenate([[0], np.cumsum([votes.n_votes for votes in series.votes])])
    y = np.full((len(people), calls[-1]), -1, dtype=np.int8)
    for t, votes in enumerate(series.votes):
        y[row[series.session == t], calls[t] : calls[t + 1]] = votes.y
    members = pd.concat([votes.legislators for votes in series.votes]).iloc[first]
    members.index = pd.Index([str(who) for who in people], name="legislator")
    rollcalls = pd.concat([votes.rollcalls for votes in series.votes])
    rollcalls.index = pd.Index(series.vote, name="vote")
    return Pooled(replace(series.votes[0], y=y, legislators=members, rollcalls=rollcalls), row)
