"""Two variants on one session whose filters or selections differ: what both saw, and the results of each for that.

Members and roll calls are those of both by id. Whatever depends on who else is there, such as ranks, is computed anew
from the draws among the members in common; leave-one-out is compared vote by vote, so the votes in common suffice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..checking.loo import Loo
from ..checking.loo_compare import Pointwise
from ..checking.observations import Observations
from ..draws.moments import moments, ranks
from ..draws.scale import headline_scale
from ..errors import UserError
from ..files.records.comparison import Counts
from ..votes.matrix import ChamberVotes
from ..votes.unit import Unit
from ..wording.numbers import plural
from .seen import SeenVotes
from .variants import Variant
from .words import Pair

#: Columns that name a roll call of a unit.
_ROLLCALL = ["chamber", "rollcall"]


def in_common(reference: Variant, other: Variant, unit: Unit) -> tuple[Variant, Variant, Counts]:
    """Restrict one unit of two variants to the members, roll calls and votes that both saw.

    Returns
    -------
    reference, other : Variant
        With the results of this unit only; ranks and positions on the headline scale are among the members in common.
        Bills are in common where both have them on the same roll calls: a bill that one of them saw in one chamber only
        is another item.
    counts : Counts
        ``n_members``, ``n_rollcalls`` and ``n_votes`` in common, and each with ``_reference`` and ``_experiment``.

    Raises
    ------
    UserError
        If the two have no vote in common, or a vote differs: the session's files changed between the two runs.
    """
    own, theirs = reference.loo[unit], other.loo[unit]
    try:
        loo = common_votes(own, theirs)
    except UserError as error:
        raise UserError(f"{reference.name} and {other.name} ({unit}): {error}") from None
    members = own.obs.members["legislator"]
    both = members[members.isin(theirs.obs.members["legislator"])]
    items = _common_items(own.obs, theirs.obs)
    compared = []
    for variant, left_out in ((reference, loo[0]), (other, loo[1])):
        bills = variant.tables[unit]["bills"]
        tables = {
            **variant.tables[unit],
            "ideal_points": _points(variant, unit, both),
            "bills": bills[bills["vote"].isin(items)].reset_index(drop=True),
        }
        compared.append(replace(variant, tables={unit: tables}, loo={unit: left_out}))
    calls = pd.MultiIndex.from_frame(own.obs.rollcalls[_ROLLCALL])
    n_calls = int(calls.isin(pd.MultiIndex.from_frame(theirs.obs.rollcalls[_ROLLCALL])).sum())
    counts: Counts = {
        "n_members": len(both),
        "n_rollcalls": n_calls,
        "n_votes": len(loo[0].obs),
        "n_members_reference": len(own.obs.members),
        "n_rollcalls_reference": len(own.obs.rollcalls),
        "n_votes_reference": len(own.obs),
        "n_members_experiment": len(theirs.obs.members),
        "n_rollcalls_experiment": len(theirs.obs.rollcalls),
        "n_votes_experiment": len(theirs.obs),
    }
    return compared[0], compared[1], counts


def common_votes(a: Pointwise, b: Pointwise) -> tuple[Pointwise, Pointwise]:
    """Restrict two leave-one-outs to the votes of both, in the order of ``a``.

    Raises
    ------
    UserError
        If there is none, or a member voted differently in the two.
    """
    at_a, at_b = _common_cells(a.obs, b.obs)
    if not len(at_a):
        raise UserError("they have no vote in common")
    if (a.obs.y[at_a] != b.obs.y[at_b]).any():
        raise UserError("a member's vote differs between the two; run both again on the session as it is now")
    who, new_member = np.unique(a.obs.member[at_a], return_inverse=True)
    calls, new_call = np.unique(a.obs.rollcall[at_a], return_inverse=True)
    tables = (
        frame.iloc[kept].reset_index(drop=True) for frame, kept in ((a.obs.members, who), (a.obs.rollcalls, calls))
    )
    obs = Observations(new_member.astype(np.int32), new_call.astype(np.int32), a.obs.item[at_a], a.obs.y[at_a], *tables)
    return replace(a, obs=obs, loo=_votes_of(a.loo, at_a)), replace(b, obs=obs, loo=_votes_of(b.loo, at_b))


def any_in_common(a: Pointwise, b: Pointwise) -> bool:
    """Tell whether two leave-one-outs have a vote in common; other selections of roll calls may have none."""
    return len(_common_cells(a.obs, b.obs)[0]) > 0


def _common_cells(a: Observations, b: Observations) -> tuple[np.ndarray, np.ndarray]:
    """Where the votes of both are in each of two, in the order of ``a``."""
    member = _place(b.members[["legislator"]], a.members[["legislator"]])[b.member]
    rollcall = _place(b.rollcalls[_ROLLCALL], a.rollcalls[_ROLLCALL])[b.rollcall]
    n = len(a.members)
    known = np.flatnonzero((member >= 0) & (rollcall >= 0))
    cells = a.rollcall.astype(np.int64) * n + a.member, rollcall[known] * n + member[known]
    _, at_a, at_known = np.intersect1d(*cells, assume_unique=True, return_indices=True)
    return at_a, known[at_known]


def seen_in_common(seen: Sequence[SeenVotes], tables: Mapping[str, pd.DataFrame]) -> list[SeenVotes]:
    """Restrict the votes of a unit to the members and bills of its tables."""
    members, bills = tables["ideal_points"]["legislator"], tables["bills"]["vote"]
    out = []
    for part in seen:
        row, column = np.isin(part.legislator, members.to_numpy(object)), np.isin(part.vote, bills.to_numpy(object))
        y = part.y[np.ix_(row, column)]
        out.append(replace(part, y=y, legislator=part.legislator[row], vote=part.vote[column], party=part.party[row]))
    return out


def check_source(ours: Sequence[ChamberVotes], theirs: Sequence[ChamberVotes]) -> None:
    """Refuse votes of one session that were not read from the same files.

    Raises
    ------
    UserError
        Naming the session and the chamber.
    """
    read = {votes.chamber: votes.info["data_hash"] for votes in theirs}
    for votes in ours:
        if read.get(votes.chamber, votes.info["data_hash"]) != votes.info["data_hash"]:
            raise UserError(
                f"session {votes.session}: its files changed between the two filterings of the {votes.chamber};"
                " run both variants again"
            )


def words(row: Counts, pair: Pair, fit: str, differ: str) -> str:
    """Say what two variants were compared on in a fit, such as ``the House``; ``filters`` or the like ``differ``."""
    both = _counted(row["n_members"], row["n_rollcalls"], row["n_votes"])
    ours = _counted(row["n_members_reference"], row["n_rollcalls_reference"], row["n_votes_reference"])
    theirs = _counted(row["n_members_experiment"], row["n_rollcalls_experiment"], row["n_votes_experiment"])
    return (
        f"The {differ} differ, so {fit} is compared on what both used, namely {both}. {pair.reference} used {ours}, "
        f"and {pair.experiment} used {theirs}."
    )


def _counted(members: int, calls: int, votes: int) -> str:
    return f"{plural(members, 'member')}, {plural(calls, 'roll call')} and {plural(votes, 'vote')}"


def _points(variant: Variant, unit: Unit, legislators: pd.Series) -> pd.DataFrame:
    """Return the table of members with positions and ranks among ``legislators`` alone."""
    if unit not in variant.xi:
        raise UserError(
            f"{variant.name}: the posterior of {unit} is needed, because it did not use the reference's votes"
        )
    ids, xi = variant.xi[unit]
    table = variant.tables[unit]["ideal_points"].set_index("legislator").loc[legislators]
    who = variant.loo[unit].obs.members.set_index("legislator").loc[legislators]
    chamber = who["chamber"].to_numpy(str)
    xi = xi[..., pd.Index(ids).get_indexer(legislators)].astype(float)
    _, frame = headline_scale(xi, who["party"].to_numpy(str), chamber == chamber[0] if unit.is_joint else None)
    x = frame.positions(xi)
    for name, values in moments(x).items():
        table[f"position_{name}"] = values
    for here in (chamber == name for name in dict.fromkeys(chamber)):
        for name, values in ranks(x[..., here]).items():
            table.loc[here, f"rank_{name}"] = values
    return table.reset_index()


def _common_items(a: Observations, b: Observations) -> set[str]:
    """Bill parameters that belong to the same roll calls in both."""
    of = [
        {str(vote): set(map(tuple, rows[_ROLLCALL].to_numpy())) for vote, rows in obs.rollcalls.groupby("vote")}
        for obs in (a, b)
    ]
    return {vote for vote, calls in of[0].items() if of[1].get(vote) == calls}


def _place(rows: pd.DataFrame, among: pd.DataFrame) -> np.ndarray:
    """Return where each row is in ``among``; -1 for one that is missing."""
    return np.asarray(pd.MultiIndex.from_frame(among).get_indexer(pd.MultiIndex.from_frame(rows)), dtype=np.int64)


def _votes_of(loo: Loo, at: np.ndarray) -> Loo:
    """Leave-one-out of some of the votes."""
    arrays = {name: value[at] for name, value in vars(loo).items() if isinstance(value, np.ndarray)}
    return replace(loo, **arrays)
