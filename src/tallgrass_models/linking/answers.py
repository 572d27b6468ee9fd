"""Members of both chambers on the House's headline scale, as each method of joining the chambers places them.

On it the averages of the House's Democrats and Republicans are -1 and +1 in every draw; where they do not define a
scale, representatives have mean 0 and standard deviation 1. Methods are the joint model and
the linking methods. What is said across chambers mixes all that have an answer (`weights`), so that a probability knows
of their disagreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..draws.frame import Frame, in_frame, party_frame
from ..draws.scale import PARTY_SCALE, SPREAD_SCALE, headline_scale
from .chamber_draws import ChamberDraws
from .link import Link


@dataclass(frozen=True)
class Answer:
    """One method's answer.

    Attributes
    ----------
    xi : ndarray, shape (n_draws, n_members)
        On the House's relative scale, House first.
    a, b : ndarray, shape (n_draws,)
        The Senate's own relative scale on the House's: how many times as far apart its parties are, and where the
        middle between them stands (or: how many times as spread its members are, and where their mean is).
    """

    xi: np.ndarray
    a: np.ndarray
    b: np.ndarray


def link_answers(
    link: Link, chambers: tuple[ChamberDraws, ChamberDraws], parties: Sequence[np.ndarray], kind: str
) -> dict[str, Answer]:
    """Return the answer of each linking method that has one, by name.

    Parameters
    ----------
    chambers
        House and Senate, each on its own scale.
    parties
        Party of the members of each, arrays of str.
    kind
        From `common_scale`.
    """
    found = {}
    for name, linked in link.methods.items():
        known = np.isfinite(linked.a) & np.isfinite(linked.b)
        if known.any():
            a, b = linked.a[known, None], linked.b[known, None]
            found[name] = placed(chambers[0].xi[known], a * chambers[1].xi[known] + b, parties, kind)
    return found


def common_scale(houses: Sequence[np.ndarray], parties: np.ndarray) -> str:
    """Kind of the House's scale (`scale.PARTY_SCALE` or `scale.SPREAD_SCALE`) that every fit of the House can be on.

    Parameters
    ----------
    houses
        Draws of the representatives by each fit, shape (n_draws, n_members).
    """
    kinds = {headline_scale(xi, parties)[0].kind for xi in houses}
    return PARTY_SCALE if kinds == {PARTY_SCALE} else SPREAD_SCALE


def placed(house: np.ndarray, senate: np.ndarray, parties: Sequence[np.ndarray], kind: str = PARTY_SCALE) -> Answer:
    """Put members of both chambers on the House's relative scale.

    Parameters
    ----------
    house, senate : ndarray, shape (n_draws, n_members of the chamber)
        On one scale, whichever.
    parties, kind
        As for `link_answers`.
    """
    frame, other = (_frame(xi, party, kind) for xi, party in zip((house, senate), parties, strict=True))
    xi = np.concatenate([in_frame(house, frame), in_frame(senate, frame)], axis=1)
    return Answer(xi, other.unit / frame.unit, in_frame(other.origin[:, None], frame)[:, 0])


def _frame(xi: np.ndarray, party: np.ndarray, kind: str) -> Frame:
    """Between the averages of a chamber's parties, or the mean and the spread of all its members."""
    if kind == PARTY_SCALE:
        return party_frame(xi, party)
    side = 1.0 if headline_scale(xi, party)[0].turned is False else -1.0
    return Frame(xi.mean(1), side * xi.std(1))
