"""The fold of each vote, by a hash of what it is; and votes of which a fold is taken away."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..config.folds import ROLL_CALLS, VOTES
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import MISSING


def folds_of(votes: ChamberVotes, number: int, of: str = VOTES) -> np.ndarray:
    """Return the fold of each cell of a chamber's vote matrix, from 1.

    Parameters
    ----------
    votes
        The chamber.
    number
        Number of folds.
    of
        What is held out: single votes, or with `ROLL_CALLS` all votes of a roll call.

    Returns
    -------
    ndarray of int8, shape (n_legislators, n_votes)
        Of every cell, with or without a vote.

    Notes
    -----
    The fold of a single vote depends on the session, the chamber, the member's id and that of the roll call, and on
    nothing else. The fold of a roll call depends on the session and its bill, so that a bill on which both chambers
    vote is held out from both at once; without a bill, on the session, the chamber and its id. All models, filters and
    orders of the same votes have the same folds. Keys are mixed by the finalizer of SplitMix64 (Steele, Lea & Flood
    2014), whose bits pass tests of randomness.
    """
    if of == ROLL_CALLS:
        mixed = np.broadcast_to(_mix(_call_keys(votes)), votes.y.shape)
    else:
        member = _keys(votes.session, votes.chamber, "member", votes.legislators.index)
        rollcall = _keys(votes.session, votes.chamber, "roll call", votes.rollcalls.index)
        mixed = _mix(_mix(member)[:, None] ^ rollcall[None, :])
    return (mixed % np.uint64(number)).astype(np.int8) + np.int8(1)


def held_out(votes: ChamberVotes, number: int, fold: int, of: str = VOTES) -> np.ndarray:
    """Tell which cells of the vote matrix are votes of fold ``fold``; bool, shape (n_legislators, n_votes)."""
    return (folds_of(votes, number, of) == fold) & (votes.y != MISSING)


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


def without_fold(votes: ChamberVotes, number: int, fold: int, of: str = VOTES) -> ChamberVotes:
    """Return a chamber without the votes of one fold of ``number``; roll calls that are held out are not in it."""
    if of == VOTES:
        return masked(votes, held_out(votes, number, fold))
    kept = ~held_calls(votes, number, fold)
    y = np.ascontiguousarray(votes.y[:, kept])
    return replace(
        votes,
        y=y,
        legislators=votes.legislators.assign(n_votes=(y != MISSING).sum(1)),
        rollcalls=votes.rollcalls[kept],
    )


def held_calls(votes: ChamberVotes, number: int, fold: int) -> np.ndarray:
    """Tell which roll calls are of fold ``fold`` where whole roll calls are held out; bool, shape (n_votes,)."""
    return np.asarray(_mix(_call_keys(votes)) % np.uint64(number) == np.uint64(fold - 1))


def _call_keys(votes: ChamberVotes) -> np.ndarray:
    """Hash each roll call's bill, or the roll call itself where it has none; uint64, shape (n_votes,)."""
    of_bill = _keys(votes.session, "", "bill", votes.rollcalls["bill"])
    own = _keys(votes.session, votes.chamber, "roll call", votes.rollcalls.index)
    return np.where((votes.rollcalls["bill"] != "").to_numpy(), of_bill, own)


def _keys(session: str, chamber: str, kind: str, ids: Iterable[str]) -> np.ndarray:
    """Hash ids to 64 bits each."""
    texts = ("\0".join((session, chamber, kind, str(one))).encode() for one in ids)
    return np.frombuffer(b"".join(hashlib.blake2b(text, digest_size=8).digest() for text in texts), dtype="<u8")


def _mix(x: np.ndarray) -> np.ndarray:
    """Mix the bits of 64-bit numbers by the finalizer of SplitMix64."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
