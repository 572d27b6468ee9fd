"""Both chambers on one scale over time: one chain of links between joint fits, and each chamber's part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..votes.vocabulary import CHAMBERS
from .bridges import Bridge
from .chain import Chain, Returning, Sitting, chain


def chain_together(sittings: Mapping[str, Sequence[Sitting]]) -> tuple[Chain, dict[str, Chain]]:
    """Put both chambers of all sessions on one scale.

    Parameters
    ----------
    sittings
        By chamber, its part of the joint fit of each session. A row of ``xi`` is the same draw of that fit in both.

    Returns
    -------
    whole, parts
        The chain of the joint fits, whose returning members are those of either chamber who return in either; and by
        chamber the same chain with the members of that chamber alone, and with those who return to it.

    Notes
    -----
    The scale is the headline scale of the first joint fit (`summary.placed`): that of its House.
    """
    whole = chain([_joined(*pair) for pair in zip(*(sittings[chamber] for chamber in CHAMBERS), strict=True)])
    house, senate = ([len(one.person) for one in sittings[chamber]] for chamber in CHAMBERS)
    first = {"house": [0] * len(house), "senate": house}
    sizes = {"house": house, "senate": senate}
    return whole, {chamber: _part(whole, first[chamber], sizes[chamber]) for chamber in CHAMBERS}


def _joined(house: Sitting, senate: Sitting) -> Sitting:
    xi, person, party = (
        np.concatenate([getattr(one, name) for one in (house, senate)], -1) for name in ("xi", "person", "party")
    )
    return Sitting(house.session, xi, person, party, sets_scale=np.arange(len(person)) < len(house.person))


def _part(whole: Chain, first: Sequence[int], n: Sequence[int]) -> Chain:
    """Return the chain of a chamber whose members are ``n`` of each session, from row ``first`` on."""
    rows = list(zip(first, n, strict=True))
    steps = [_returned(step, *pair) for step, pair in zip(whole.steps, pairwise(rows), strict=False)]
    places = [x[:, at : at + size] for x, (at, size) in zip(whole.places, rows, strict=False)]
    return replace(whole, steps=steps, places=places)


def _returned(step: Returning, one: tuple[int, int], other: tuple[int, int]) -> Returning:
    """Keep those who return to the chamber that they left, and number the rows within it."""
    here, there = step.before - one[0], step.after - other[0]
    kept = (here >= 0) & (here < one[1]) & (there >= 0) & (there < other[1])
    link = step.link and _bridge(step.link, kept)
    return Returning(here[kept], there[kept], step.reason[kept], link, step.correlation)


def _bridge(link: Bridge, kept: np.ndarray) -> Bridge:
    of_members = {name: getattr(link, name)[..., kept] for name in ("change", "used", "chi2", "p_value")}
    return replace(link, **of_members)
