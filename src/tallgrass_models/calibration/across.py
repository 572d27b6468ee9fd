"""Two chambers with a known truth on one scale: how often link and joint model hold the constants and the Senate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..draws.moments import thinned
from ..linking.chamber_draws import ChamberDraws
from ..linking.link import N_DRAWS, link_chambers
from ..votes.matching import shared_bills
from ..votes.matrix import ChamberVotes
from .known_truth import KnownTruth
from .recovery import ALL, Covered, Recovered
from .scored import score_across


@dataclass(frozen=True)
class _Chamber:
    """True ideal points of a chamber, with the parties of its members."""

    xi: np.ndarray
    parties: np.ndarray


def recovered_across(
    fits: Sequence[Mapping[str, np.ndarray]],
    joint: np.ndarray | None,
    truths: Sequence[KnownTruth],
    votes: Sequence[ChamberVotes],
) -> Recovered:
    """Compare the link of two fits, and the joint model, with the truth, on the House's relative scale.

    Parameters
    ----------
    fits
        Draws of ``xi``, ``alpha`` and ``beta`` of either chamber's own fit, axes (chain, draw, n), House first.
    joint
        Draws of the joint model's ideal points, House first, axes (chain, draw, n); None if it has not settled.
    truths, votes
        Of either chamber, House first.

    Returns
    -------
    Recovered
        Coverage of 90 % intervals of A, B and the senators' positions, by method; nothing else.
    """
    house, senate = (ChamberDraws(**{n: thinned(own[n], N_DRAWS) for n in ("xi", "alpha", "beta")}) for own in fits)
    pairs = shared_bills(*votes)
    items = [own.rollcalls.index.get_indexer(pairs[f"{own.chamber}_vote"]) for own in votes]
    link = link_chambers(house, senate, items[0], items[1])
    true = [_Chamber(truth.xi, own.parties) for truth, own in zip(truths, votes, strict=True)]
    draws = None if joint is None else thinned(joint, N_DRAWS)
    found = score_across(link, (house, senate), draws, (true[0], true[1]))
    covered: dict[str, dict[str, Covered]] = {}
    for quantity, share in found.items():
        if "relative" in quantity:
            n = len(truths[1].xi) if quantity.startswith("senators") else 1
            covered[quantity] = {ALL: {"n": n, "in50": None, "in90": round(share * n)}}
    return {"near": {}, "covered": covered, "ranks": {}}
