"""The ladder of an experiment: what each model predicts of the held-out votes, and what each step buys."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ..config.folds import ROLL_CALLS, VOTES
from ..errors import UserError
from ..files.columns import folds as columns
from ..files.records.folds import RUNGS, BillsTogether, ChamberHeldOut, FoldFit, Rung, Step
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from .assignment import folds_of
from .party_only import party_calls, party_shares
from .scores import ChamberScores, Votes, calibration, clustered, finite, interval, step, tally
from .store import FoldResult


def rung_of(kind: str) -> str:
    """Return the rung of a kind of fit: ``flat``, ``joint``, or ``chamber`` for any model of one chamber."""
    return kind if kind in ("flat", "joint") else "chamber"


def pool(votes: ChamberVotes, number: int, run: int, results: Sequence[FoldResult], of: str = VOTES) -> ChamberScores:
    """Put the predictions of all folds of one chamber together.

    Parameters
    ----------
    votes
        The chamber.
    number, run
        Folds, and how many of them were fitted.
    results
        Folds of every model that predicts votes of the chamber.
    of
        What is held out, votes or roll calls.

    Raises
    ------
    UserError
        If none of the folds that were fitted has a roll call of the chamber.
    ValueError
        If a fold predicts a vote that is not of it, or leaves one out: a mistake in our code.
    """
    fold = folds_of(votes, number, of)
    held = (votes.y >= 0) & (fold <= run)
    if not held.any():
        raise UserError(f"{votes.chamber}: no {of.replace('_', ' ')} in the folds that are fitted; raise folds.run")
    given: dict[str, np.ndarray] = {}
    if of == ROLL_CALLS:
        together, single = party_calls(votes.y, votes.parties)
        log_p = together / np.maximum((votes.y >= 0).sum(0), 1)
        given["party"] = np.where(held, single, math.nan)
    else:
        shares = party_shares(votes.y, votes.parties, fold, number)
        log_p = np.log(np.where(votes.y == 1, shares, 1 - shares))
    scores = {"party": np.where(held, log_p, math.nan)}
    squares: dict[str, float] = {"party": 0.0}
    for result in results:
        own, rung = result.chambers[votes.chamber], rung_of(result.kind)
        expected = held & (fold == result.fold)
        if not np.array_equal(np.argwhere(expected), np.column_stack([own.member, own.rollcall])):
            raise ValueError(f"fold {result.fold} of {result.unit} does not predict the votes held out from it")
        table = scores.setdefault(rung, np.full(votes.y.shape, math.nan))
        table[own.member, own.rollcall] = own.log_score
        if own.given is not None:
            given.setdefault(rung, np.full(votes.y.shape, math.nan))[own.member, own.rollcall] = own.given
        squares[rung] = squares.get(rung, 0.0) + own.error**2
    ordered = {rung: scores[rung] for rung in RUNGS if rung in scores}
    return ChamberScores(
        votes.chamber,
        votes.y,
        fold,
        votes.legislators[["name"]].assign(party=votes.parties).rename_axis("legislator").reset_index(),
        votes.rollcalls[["bill", "title"]].rename_axis("rollcall").reset_index(),
        ordered,
        {rung: math.sqrt(squares[rung]) for rung in ordered},
        {rung: given[rung] for rung in ordered if rung in given},
    )


def bills_together(chambers: Sequence[ChamberScores], results: Sequence[FoldResult]) -> BillsTogether | None:
    """Say what the joint model gains on the chamber models where a bill is predicted by the votes of both chambers.

    Parameters
    ----------
    chambers
        What `pool` made, House first.
    results
        Folds of all models.

    Returns
    -------
    BillsTogether or None
        None where no joint model predicts whole roll calls, or no shared bill was held out.
    """
    found = [one.together for one in results if one.together is not None and len(one.together.house)]
    if not found:
        return None
    joint = np.concatenate([one.log_density for one in found])
    apart, n = np.zeros(len(joint)), np.zeros(len(joint), dtype=int)
    for scores in chambers:
        calls = np.concatenate([getattr(one, scores.chamber) for one in found])
        n += (scores.y[:, calls] >= 0).sum(0)
        apart += np.nansum(scores.log_score["chamber"][:, calls], axis=0)
    bill = np.repeat(np.arange(len(n)), n)
    own, separate = (np.repeat(total / n, n) for total in (joint, apart))
    mean, se = clustered(own - separate, bill)
    return {
        "n_bills": len(n),
        "n_votes": int(n.sum()),
        "log_score": float(own.mean()),
        "mcse": math.sqrt(sum(one.error**2 for one in found)) / int(n.sum()),
        "apart": float(separate.mean()),
        **interval(mean, se),
    }


def chamber_ladder(scores: ChamberScores, fits: Sequence[FoldFit]) -> ChamberHeldOut:
    """Make the ladder of a chamber; ``fits`` are the fits of folds behind it."""
    votes, rungs = scores.votes(), list(scores.log_score)
    pairs = pairwise(rungs)
    steps: list[Step] = [{"lower": lower, "upper": upper, **step(votes, lower, upper)} for lower, upper in pairs]
    return {
        "n_votes": len(votes),
        "n_rollcalls": len(np.unique(votes.rollcall)),
        "n_members": len(np.unique(votes.member)),
        "minority": int(votes.dissent.sum()),
        "ladder": [_rung(votes, rung, scores, fits) for rung in rungs],
        "steps": steps,
    }


def _rung(votes: Votes, rung: str, scores: ChamberScores, fits: Sequence[FoldFit]) -> Rung:
    units = (Unit.JOINT.value,) if rung == "joint" else (scores.chamber,)
    own = [fit for fit in fits if fit["rung"] == rung and fit["unit"] in units]
    mean, se = clustered(votes.log_score[rung], votes.rollcall)
    right = votes.right(rung)
    correct, correct_se = clustered(right.astype(float), votes.rollcall)
    errors, minority = int((~right).sum()), int(votes.dissent.sum())
    return {
        "rung": rung,
        "log_score": mean,
        "log_score_se": finite(se),
        "mcse": scores.error.get(rung, 0.0) / len(votes),
        "gmp": math.exp(mean),
        "correct": correct,
        "correct_se": finite(correct_se),
        "errors": errors,
        "apre": (minority - errors) / minority if minority else None,
        "n_folds": len(own),
        "n_converged": sum(fit["ok"] for fit in own),
        "seconds": float(sum(fit["seconds"] for fit in own)),
    }


def ladder_tables(chambers: Sequence[ChamberScores]) -> dict[str, pd.DataFrame]:
    """Make the tables `files.columns.folds.TABLES` by name."""
    found = [(scores, scores.votes(), rung) for scores in chambers for rung in scores.log_score]
    bins = [calibration(votes, rung).assign(chamber=scores.chamber, rung=rung) for scores, votes, rung in found]
    parts = [part for one in found for part in _parts(*one)]
    tables = {"held_out_parts": parts, "held_out_calibration": bins}
    return {
        table.name: pd.concat(tables[table.name], ignore_index=True).reindex(columns=table.names)
        for table in columns.TABLES
    }


def _parts(scores: ChamberScores, votes: Votes, rung: str) -> Iterator[pd.DataFrame]:
    """Score a rung by party, member and roll call."""
    party = scores.members["party"]
    names = list(dict.fromkeys(party))
    of_party = np.array([names.index(one) for one in party])
    labels = {"chamber": scores.chamber, "rung": rung}
    for by, group, table in (
        ("party", of_party[votes.member], pd.DataFrame({"party": names})),
        ("member", votes.member, scores.members),
        ("rollcall", votes.rollcall, scores.rollcalls[["rollcall", "bill"]]),
    ):
        scored = tally(votes, rung, group, by == "rollcall")
        yield scored.join(table).assign(by=by, **labels)
