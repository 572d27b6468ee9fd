"""Shared bills that a joint model should not merge, by the test of the link between the chambers' own fits."""

from __future__ import annotations

import logging

import numpy as np

from ..errors import UserError
from ..votes.matching import shared_bills
from ..votes.matrix import ChamberVotes
from .anchors import LEAST_ANCHORS, orient, screen
from .chamber_draws import ChamberDraws, opposed_sides
from .link import paired
from .reasons import USED

log = logging.getLogger(__name__)


def unlike_bills(votes: tuple[ChamberVotes, ChamberVotes], draws: tuple[ChamberDraws, ChamberDraws]) -> list[str]:
    """Find the shared bills whose two sides are unlike once the chambers are linked (`anchors.screen`).

    Parameters
    ----------
    votes, draws
        House and Senate, and the draws of their own fits; the same number of draws.

    Returns
    -------
    list of str
        Bills in the order of `shared_bills`. The test is that of the link, taken to all shared bills: a bill that is no
        anchor, since its signs disagree for example, is freed if its curves differ by as much. None is if the chambers
        have too few anchors to be linked.

    Raises
    ------
    UserError
        If too few bills would be left to hold the two scales together.
    """
    shared = shared_bills(*votes)
    if opposed_sides(draws, [own.parties for own in votes]):
        draws = (draws[0], draws[1].turned())
    items = (own.rollcalls.index.get_indexer(shared[f"{own.chamber}_vote"]) for own in votes)
    oriented, reason = orient(paired(*draws, *items))
    if (reason == USED).sum() < LEAST_ANCHORS:
        log.warning("joint: too few anchors to test the shared bills (%d); none is freed", (reason == USED).sum())
        return []
    _, behaviour = screen(oriented, reason)
    freed = [str(bill) for bill in shared["bill"].to_numpy()[np.flatnonzero(behaviour.unlike)]]
    left = len(shared) - len(freed)
    if left < LEAST_ANCHORS:
        raise UserError(
            f"session {votes[0].session}: the link rejects {len(freed)} of {len(shared)} shared bills, and bridges:"
            f" screened needs {LEAST_ANCHORS} that are left; use bridges: drift"
        )
    log.info("joint: %d of %d shared bills are freed: %s", len(freed), len(shared), ", ".join(freed) or "none")
    return freed
