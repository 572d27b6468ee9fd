"""From the draws of the fit of one fold to what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..votes.matrix import ChamberVotes
from ..votes.unit_votes import make_unit
from .assignment import held_out
from .predict import error_of_sum, predict
from .store import Cells, FoldResult
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
    unit = make_unit(chambers, posterior["vote"].to_numpy())
    if list(posterior["legislator"].to_numpy()) != [name for part in unit.parts for name in part.legislators]:
        raise ValueError("the members of the posterior are not those of the votes")
    if list(posterior["vote"].to_numpy()) != list(unit.rollcalls.index):
        raise ValueError("the roll calls of the posterior are not those of the votes")
    found = {}
    for part in unit.parts:
        member, rollcall = np.nonzero(held_out(part.votes, of["number"], of["fold"]))
        y = part.votes.y[member, rollcall]
        predicted = predict(posterior, member + part.members.start, part.item[rollcall], y)
        places = member.astype(np.int32), rollcall.astype(np.int32)
        error = error_of_sum(predicted.batch)
        found[part.chamber] = Cells(*places, predicted.log_score, predicted.mcse, error)
    return FoldResult(
        spec["unit"].removeprefix("flat_"),
        spec["kind"],
        of["fold"],
        tree.attrs["spec_hash"],
        data_hash,
        statistics_of(tree, seconds),
        found,
    )
