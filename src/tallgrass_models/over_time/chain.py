"""A chamber's sessions on the scale of the first: consecutive links, one after the other, draw by draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..draws.scale import headline_scale
from .bridges import LEAST_BRIDGES, LEAST_CORRELATION, Bridge, bridge, correlation_of
from .reasons import BRIDGE, MOVED, OTHER_PARTY, SEVERAL_SPELLS

_SEED = 20250102


@dataclass(frozen=True)
class Sitting:
    """One chamber in one session, or both chambers of a joint fit.

    Attributes
    ----------
    session : str
    xi : ndarray, shape (n_draws, n)
        Draws of its members on the scale of its fit. Draws of different sessions are paired as they stand.
    person : ndarray of int, shape (n,)
        Who they are; the same number in another session is the same person.
    party : ndarray of str, shape (n,)
        What they are counted as.
    sets_scale : ndarray of bool, shape (n,), or None
        Whose averages set the headline scale, as for `draws.frame.party_frame`; None for all.
    """

    session: str
    xi: np.ndarray
    person: np.ndarray
    party: np.ndarray
    sets_scale: np.ndarray | None = None


@dataclass(frozen=True)
class Returning:
    """Members of two sessions.

    Attributes
    ----------
    before, after : ndarray of int, shape (n_returning,)
        Their rows in the earlier and the later session; of several spells the first.
    reason : ndarray of str, shape (n_returning,)
        Why they cannot bridge; empty where they can.
    link : Bridge or None
        None where nothing links the two sessions.
    """

    before: np.ndarray
    after: np.ndarray
    reason: np.ndarray
    link: Bridge | None
    correlation: float | None


@dataclass(frozen=True)
class Chain:
    """A chamber over time.

    Attributes
    ----------
    steps
        From each session to the next, as far as the chain holds.
    places
        Draws of the members of each session on the headline scale of the first; empty where the chain breaks.
    kind
        Kind of that scale (`draws.scale`).
    reason
        Why there is no common scale, or None.
    """

    steps: list[Returning]
    places: list[np.ndarray]
    kind: str | None
    reason: str | None


def chain(sittings: Sequence[Sitting]) -> Chain:
    """Put the sessions of a chamber on one scale.

    Notes
    -----
    ``x_1 = A_1 x_2 + B_1`` and ``x_2 = A_2 x_3 + B_2`` give ``x_1 = A_1 A_2 x_3 + A_1 B_2 + B_1``, in each draw. The
    posteriors of different sessions are taken to be independent: they share no votes, and their priors say nothing of
    who returns.
    """
    if len(sittings) < 2:
        return Chain([], [], None, f"only {sittings[0].session} has the chamber")
    rng = np.random.default_rng(_SEED)
    steps: list[Returning] = []
    for one, other in pairwise(sittings):
        found = link_sittings(one, other, rng)
        steps.append(found)
        if found.link is None:
            return Chain(steps, [], None, _broken(one, other, found))
    first = sittings[0]
    scale, frame = headline_scale(first.xi, first.party, first.sets_scale)
    a, b = np.ones(len(first.xi)), np.zeros(len(first.xi))
    places = [frame.positions(first.xi)]
    for sitting, step in zip(sittings[1:], steps, strict=True):
        assert step.link is not None, "broken chains have returned"
        a, b = a * step.link.a, a * step.link.b + b
        places.append(frame.positions(a[:, None] * sitting.xi + b[:, None]))
    return Chain(steps, places, scale.kind, None)


def link_sittings(one: Sitting, other: Sitting, rng: np.random.Generator) -> Returning:
    """Find the members of two sessions, and link the sessions by those who can bridge."""
    before, after, reason = returning(one, other)
    may = reason == BRIDGE
    x, y = one.xi[:, before], other.xi[:, after]
    correlation = correlation_of(x[:, may], y[:, may]) if may.any() else None
    if may.sum() < LEAST_BRIDGES or abs(correlation or 0.0) < LEAST_CORRELATION:
        return Returning(before, after, reason, None, correlation)
    link = bridge(x, y, may, rng)
    reason[may & ~link.used] = MOVED
    return Returning(before, after, reason, link, correlation)


def returning(one: Sitting, other: Sitting) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the members of two sessions: their rows in either, and why they cannot bridge (`Returning`)."""
    people = [who for who in dict.fromkeys(one.person.tolist()) if (other.person == who).any()]
    rows = [[np.flatnonzero(sitting.person == who) for who in people] for sitting in (one, other)]
    before, after = (np.array([at[0] for at in found], dtype=int) for found in rows)
    several = np.array([len(first) > 1 or len(second) > 1 for first, second in zip(*rows, strict=True)], dtype=bool)
    parties = [
        (set(one.party[first]), set(other.party[second])) for first, second in zip(rows[0], rows[1], strict=True)
    ]
    switched = np.array([was != now or len(was) > 1 for was, now in parties], dtype=bool)
    reason = np.select([switched, several], [OTHER_PARTY, SEVERAL_SPELLS], BRIDGE).astype(object)
    return before, after, reason


def _broken(one: Sitting, other: Sitting, found: Returning) -> str:
    n = int((found.reason == BRIDGE).sum())
    if n < LEAST_BRIDGES:
        return (
            f"{one.session} and {other.session} have {n} members in common who can serve as bridges; linking needs"
            f" {LEAST_BRIDGES}"
        )
    return (
        f"the positions of the {n} members who sit in {one.session} and in {other.session} hardly agree (correlation"
        f" {found.correlation:.2f}; linking needs {LEAST_CORRELATION:g})"
    )
