"""Votes of a chamber in consecutive sessions, with the members who return."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...votes.matrix import ChamberVotes
from ..fast.seating import party_index

#: Number of the first session of a career in `SessionsVotes.previous`.
FIRST = -1


@dataclass(frozen=True)
class SessionsVotes:
    """A chamber over time.

    A *seat* is a member in a session. Seats are numbered through, session after session, in the order of the members of
    each. The seats of one person who is counted with one party are a *career*.

    Attributes
    ----------
    names : tuple of str
        The sessions, in order of time.
    votes : tuple of ChamberVotes
    career : tuple of ndarray of int
        Number of the career of each member, by session; no career has two seats in a session.
    """

    names: tuple[str, ...]
    votes: tuple[ChamberVotes, ...]
    career: tuple[np.ndarray, ...]

    def __post_init__(self) -> None:
        for votes, career in zip(self.votes, self.career, strict=True):
            if len(career) != votes.n_legislators or len(set(career.tolist())) < len(career):
                raise ValueError("each member of a session needs a career of her own")
        of = np.concatenate(self.career)
        if any(len(set(self.party[of == one].tolist())) > 1 for one in set(of.tolist())):
            raise ValueError("a career has one party")

    @property
    def sizes(self) -> tuple[int, ...]:
        """Members by session."""
        return tuple(votes.n_legislators for votes in self.votes)

    @cached_property
    def session(self) -> np.ndarray:
        """Number of the session of each seat."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @cached_property
    def party(self) -> np.ndarray:
        """Party of each seat: 0 Democrat, 1 Republican, 2 neither."""
        return np.concatenate([party_index(votes.parties) for votes in self.votes])

    @cached_property
    def previous(self) -> np.ndarray:
        """Seat of the same career before each seat, or `FIRST`."""
        return previous_seats(self.career)

    @cached_property
    def steps(self) -> np.ndarray:
        """Sessions from the seat before to each seat; more than 1 after a gap, 0 at the beginning of a career."""
        return np.where(self.previous == FIRST, 0, self.session - self.session[self.previous])

    def careers_hash(self) -> str:
        """Return a hash of which seats belong together."""
        return hashlib.sha256(self.previous.astype(np.int64).tobytes()).hexdigest()[:16]

    @property
    def first_sizes(self) -> np.ndarray:
        """Careers of Democrats and of Republicans, shape (2,)."""
        return np.bincount(self.party[self.previous == FIRST], minlength=3)[:2]

    @cached_property
    def legislator(self) -> np.ndarray:
        """Label of each seat, ``session:member``."""
        pairs = zip(self.names, self.votes, strict=True)
        return np.array([f"{name}:{who}" for name, votes in pairs for who in votes.legislators.index], dtype=object)

    @cached_property
    def vote(self) -> np.ndarray:
        """Label of each roll call, ``session:roll call``."""
        pairs = zip(self.names, self.votes, strict=True)
        return np.array([f"{name}:{call}" for name, votes in pairs for call in votes.rollcalls.index], dtype=object)


def previous_seats(career: Sequence[np.ndarray]) -> np.ndarray:
    """Find the seat of the same career before each seat, or `FIRST`."""
    latest: dict[int, int] = {}
    out = []
    for seat, one in enumerate(np.concatenate(career).tolist()):
        out.append(latest.get(one, FIRST))
        latest[one] = seat
    return np.array(out)
