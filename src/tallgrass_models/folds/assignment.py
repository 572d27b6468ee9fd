"""The fold of each vote, by a hash of what it is; and votes of which a fold is taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import MISSING


def folds_of(votes: ChamberVotes, number: int) -> np.ndarray:
    """Return the fold of each cell of a chamber's vote matrix, from 1.

    Parameters
    ----------
    votes
        The chamber.
    number
        Number of folds.

    Returns
    -------
    ndarray of int8, shape (n_legislators, n_votes)
        Of every cell, with or without a vote.

    Notes
    -----
    The fold depends on the session, the chamber, the member's id and that of the roll call, and on nothing else. All
    models, filters and orders of the same votes have the same folds. The keys of members and roll calls are mixed by
    the finalizer of SplitMix64 (Steele, Lea & Flood 2014), whose bits pass tests of randomness.
    """
    member = _keys(votes.session, votes.chamber, "member", votes.legislators.index)
    rollcall = _keys(votes.session, votes.chamber, "roll call", votes.rollcalls.index)
    mixed = _mix(_mix(member)[:, None] ^ rollcall[None, :])
    return (mixed % np.uint64(number)).astype(np.int8) + np.int8(1)


def held_out(votes: ChamberVotes, number: int, fold: int) -> np.ndarray:
    """Tell which cells of the vote matrix are votes of fold ``fold``; bool, shape (n_legislators, n_votes)."""
    return (folds_of(votes, number) == fold) & (votes.y != MISSING)


def masked(votes: ChamberVotes, held: np.ndarray) -> ChamberVotes:
    """Return a chamber in which the votes ``held`` were never cast.

    Members, roll calls and what is known of them remain, except counts of votes. The principal component scores remain
    those of all votes. They say where chains start, and in which coordinates, which changes no posterior.
    """
    y = np.where(held, np.int8(MISSING), votes.y)
    return replace(
        votes,
        y=y,
        legislators=votes.legislators.assign(n_votes=(y != MISSING).sum(1)),
        rollcalls=votes.rollcalls.assign(yea=(y == 1).sum(0), nay=(y == 0).sum(0)),
    )


def without_fold(votes: ChamberVotes, number: int, fold: int) -> ChamberVotes:
    """Return a chamber without the votes of one fold of ``number``."""
    return masked(votes, held_out(votes, number, fold))


def _keys(session: str, chamber: str, kind: str, ids: Iterable[str]) -> np.ndarray:
    """Hash ids to 64 bits each."""
    texts = ("\0".join((session, chamber, kind, str(one))).encode() for one in ids)
    return np.frombuffer(b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts), dtype="<u8")


def _mix(x: np.ndarray) -> np.ndarray:
    """Mix the bits of 64-bit numbers by the finalizer of SplitMix64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
