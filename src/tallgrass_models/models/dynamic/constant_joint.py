"""Members who never move, in both chambers on one scale: one joint model of all sessions.

It is the joint model (`fast.joint`) of two matrices, in each of which members are careers in a chamber and roll calls
are those of all sessions (`constant.Pooled`). Bills of different sessions are different bills; one that both chambers
voted on in a session has one pair of parameters. Who changed the chamber has a position in each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...priors.constants import JOINT_ALPHA_SIGMA
from ...priors.spec import JOINT_BETA, BetaPriorSpec
from ...votes.matching import JointVotes, join_chambers
from ...votes.matrix import ChamberVotes
from ..base import BuiltModel, Draws, Reported
from ..fast.joint import build_joint
from .constant import Pooled
from .sessions import SessionsVotes


def pooled_chambers(chambers: tuple[SessionsVotes, SessionsVotes]) -> tuple[JointVotes, np.ndarray]:
    """Put all sessions of House and Senate together.

    Returns
    -------
    votes
        Two matrices of careers, with one item for each bill that both chambers voted on in a session.
    row : ndarray of int, shape (n_seats,)
        Row of the career of each seat among the members of both, House first.

    Raises
    ------
    UserError
        If no session has a bill with a contested roll call in both chambers.
    """
    pooled = [Pooled.of(one) for one in chambers]
    house, senate = (_of_sessions(one.votes, series) for one, series in zip(pooled, chambers, strict=True))
    return join_chambers(house, senate), np.concatenate([pooled[0].row, house.n_legislators + pooled[1].row])


def build_constant_joint(
    chambers: tuple[SessionsVotes, SessionsVotes],
    beta_prior: BetaPriorSpec = JOINT_BETA,
    alpha_sigma: float = JOINT_ALPHA_SIGMA,
    coordinates: str = "fast",
    orient_bills: bool = False,
    pressed: tuple[bool, ...] = (False, False),
) -> BuiltModel:
    """Build the model of members of both chambers who never move.

    ``chambers`` are the sessions of House and Senate; other arguments are those of `fast.joint.build_joint`. ``xi`` is
    reported for each seat: those of the House in all sessions, then those of the Senate. Seats of one career have one
    value.

    Raises
    ------
    ValueError
        For unknown coordinates, or a party of a chamber without members.
    UserError
        As `pooled_chambers` does.
    """
    votes, row = pooled_chambers(chambers)
    built = build_joint(votes, beta_prior, alpha_sigma, coordinates, orient_bills=orient_bills, pressed=pressed)

    def report(draws: Draws, rng: np.random.Generator) -> Reported:
        found = built.report(draws, rng)
        return {**found, "xi": found["xi"][..., row]}

    return replace(built, report=report, coords={**built.coords, "legislator": seats_of(chambers)})


def seats_of(chambers: tuple[SessionsVotes, SessionsVotes]) -> np.ndarray:
    """Label each seat of both chambers, ``chamber:session:member``."""
    parts = [[f"{one.votes[0].chamber}:{seat}" for seat in one.legislator] for one in chambers]
    return np.array([seat for part in parts for seat in part], dtype=object)


def _of_sessions(votes: ChamberVotes, series: SessionsVotes) -> ChamberVotes:
    """Name each bill with its session."""
    session = np.repeat(series.names, [one.n_votes for one in series.votes])
    bills = votes.rollcalls["bill"].tolist()
    named = [f"{name}:{bill}" if bill else "" for name, bill in zip(session, bills, strict=True)]
    return replace(votes, rollcalls=votes.rollcalls.assign(bill=named))
