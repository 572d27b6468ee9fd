"""From the draws of the fit of one fold to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..config.folds import ROLL_CALLS, VOTES
from ..votes.matching import shared_bills
from ..votes.matrix import ChamberVotes
from ..votes.unit_votes import UnitVotes, make_unit
from .assignment import held_calls, held_out, without_fold
from .predict import error_of_sum, predict
from .predict_calls import Predictor, predict_calls, predict_together, predictor
from .store import Cells, FoldResult, Together
from .verdict import statistics_of


def fold_result(
    tree: xr.DataTree,
    spec: Mapping[str, Any],
    chambers: Sequence[ChamberVotes],
    data_hash: Sequence[str],
    seconds: float,
) -> FoldResult:
    """Predict the votes of a fold from the draws of a fit that has not seen them.

    Parameters
    ----------
    tree
        What a posterior file would hold of the fit.
    spec
        Its spec, with the key ``fold``.
    chambers
        All votes of its chambers, House first, those of the fold included.
    data_hash
        Hash of each chamber's votes.
    seconds
        Time that the fit took, with the pilot fit and the compilation.

    Raises
    ------
    ValueError
        If the posterior has other members or roll calls than the votes: a mistake in our code.
    """
    posterior, of = tree["posterior"].to_dataset(), spec["fold"]
    whole = of.get("of", VOTES) == ROLL_CALLS
    seen = [without_fold(one, **of) for one in chambers] if whole else chambers
    unit = make_unit(seen, posterior["vote"].to_numpy())
    if list(posterior["legislator"].to_numpy()) != [name for part in unit.parts for name in part.legislators]:
        raise ValueError("the members of the posterior are not those of the votes")
    if list(posterior["vote"].to_numpy()) != list(unit.rollcalls.index):
        raise ValueError("the roll calls of the posterior are not those of the votes")
    kept = (
        spec["unit"].removeprefix("flat_"),
        spec["kind"],
        of["fold"],
        tree.attrs["spec_hash"],
        data_hash,
        statistics_of(tree, seconds),
    )
    if whole:
        return FoldResult(*kept, *_roll_calls(predictor(posterior, spec), unit, chambers, of))
    found = {}
    for part in unit.parts:
        member, rollcall = np.nonzero(held_out(part.votes, of["number"], of["fold"]))
        y = part.votes.y[member, rollcall]
        predicted = predict(posterior, member + part.members.start, part.item[rollcall], y)
        places = member.astype(np.int32), rollcall.astype(np.int32)
        error = error_of_sum(predicted.batch)
        found[part.chamber] = Cells(*places, predicted.log_score, predicted.mcse, error)
    return FoldResult(*kept, found)


def _roll_calls(
    using: Predictor, unit: UnitVotes, chambers: Sequence[ChamberVotes], of: Mapping[str, Any]
) -> tuple[dict[str, Cells], Together | None]:
    """Predict the roll calls of a fold; ``unit`` is of the votes that were fitted, ``chambers`` of all."""
    found = {}
    for part, votes in zip(unit.parts, chambers, strict=True):
        held, names = held_calls(votes, of["number"], of["fold"]), list(votes.rollcalls.index)
        calls = predict_calls(using, votes.y, part.members.start, held, names)
        error = error_of_sum(calls.batch)
        found[part.chamber] = Cells(calls.member, calls.rollcall, calls.log_score, calls.mcse, error, calls.given)
    if len(chambers) == 1:
        return found, None
    shared = shared_bills(*chambers)
    at = [votes.rollcalls.index.get_indexer(shared[f"{votes.chamber}_vote"]).astype(np.int32) for votes in chambers]
    mine = held_calls(chambers[0], of["number"], of["fold"])[at[0]]
    at, bills = [own[mine] for own in at], list(shared["bill"][mine])
    voted, y = [], []
    for pair in zip(*at, strict=True):
        who = [np.flatnonzero(votes.y[:, j] >= 0) for votes, j in zip(chambers, pair, strict=True)]
        voted.append(np.concatenate([own + part.members.start for own, part in zip(who, unit.parts, strict=True)]))
        y.append(np.concatenate([votes.y[own, j] for own, votes, j in zip(who, chambers, pair, strict=True)]))
    log_density, batch = predict_together(using, voted, y, bills)
    return found, Together(at[0], at[1], log_density, error_of_sum(batch))
