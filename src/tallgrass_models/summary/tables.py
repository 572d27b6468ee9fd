"""Tables of one unit on fit, pivots and orders, put together chamber by chamber from the statistics modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from ..draws import pivots as pivot
from ..draws.moments import four
from ..draws.ranks import rank_draws, rank_probability
from ..draws.right_of import right_of
from ..draws.vote_probability import VoteParameters
from ..files.records.statistics import Overlap, PivotAcross
from ..files.records.summary import PivotOfChamber, PivotPlace, Pivots, WorstFit
from ..votes.caucus import FREE
from ..votes.seats import SeatRule, seat_weights
from ..votes.unit_votes import Part, UnitVotes
from .classification import Classified, calibration, classify, pooled, tally
from .placed import Placed

#: Members are not listed if they hold a pivot with less probability than this.
_LEAST_PROBABILITY = 0.01
#: Number of members and roll calls named in summary.json.
_N_NAMED = 5
#: Groups of members whose votes are counted separately: all, and each caucus.
_GROUPS = ("all", "Democrat", "Republican", FREE)
_APRE = {"pre": "apre"}
#: Columns on the holders of a pivot that enter summary.json.
_HOLDER = ["legislator", "name", "party", "probability", "probability_mcse"]


def fit_tables(
    unit: UnitVotes, ideal_points: pd.DataFrame, bills: pd.DataFrame, more: VoteParameters | None = None
) -> dict[str, pd.DataFrame]:
    """Measure how well the posterior mean parameters fit the votes from which they were estimated.

    Parameters
    ----------
    ideal_points
        A row per member of the unit, column xi_mean.
    bills
        A row per pair of bill parameters, columns alpha_mean, beta_mean and wrong_sign.
    more
        Means of all parameters of the votes, where the model has others than those of the tables.

    Returns
    -------
    dict
        ``rollcall_fit``, ``member_fit``, ``group_fit`` and ``calibration``.
    """
    xi, wrong = ideal_points["xi_mean"].to_numpy(), bills["wrong_sign"].to_numpy(bool)
    means = more or VoteParameters(xi, bills["alpha_mean"].to_numpy(), bills["beta_mean"].to_numpy())
    calls, members, groups, calibrations, found = [], [], [], [], []
    for part in unit.parts:
        eta = means.of_votes(part.members, part.item).logits(lambda own: own[:, None], lambda own: own, lambda own: own)
        votes = classify(part.votes.y, eta)
        found.append(votes)
        calls.append(_rollcall_fit(part, votes))
        members.append(_member_fit(part, votes, wrong[part.item]))
        groups += [_group(part.chamber, name, votes.among(own)) for name in _GROUPS if (own := _of(part, name)).any()]
        calibrations.append(calibration(part.votes.y, eta).assign(chamber=part.chamber))
    if len(found) > 1:
        groups.append(_group("all", "all", pooled(found)))
    table = pd.concat(calibrations, ignore_index=True)
    return {
        "rollcall_fit": pd.concat(calls, ignore_index=True),
        "member_fit": pd.concat(members, ignore_index=True),
        "group_fit": pd.DataFrame(groups),
        "calibration": table[["chamber", *table.columns.drop("chamber")]],
    }


def worst_fit(tables: Mapping[str, pd.DataFrame]) -> WorstFit:
    """Name the ``members`` and ``rollcalls`` whose votes the fit found least probable, by geometric mean."""
    members, calls = (tables[name].nsmallest(_N_NAMED, "gmp") for name in ("member_fit", "rollcall_fit"))
    of_members = ["legislator", "name", "chamber", "party", "n_votes", "errors", "gmp"]
    of_calls = ["vote", "chamber", "bill", "motion", "minority", "errors", "pre", "gmp"]
    return {"members": members[of_members].to_dict("records"), "rollcalls": calls[of_calls].to_dict("records")}


def _of(part: Part, group: str) -> np.ndarray:
    return np.ones(part.votes.n_legislators, bool) if group == "all" else part.votes.parties == group


def _group(chamber: str, party: str, votes: Classified) -> dict[str, str | float]:
    (row,) = tally(pooled([votes]), 0).rename(columns=_APRE).to_dict("records")
    return {"chamber": chamber, "party": party, **row}


def _rollcall_fit(part: Part, votes: Classified) -> pd.DataFrame:
    columns = ["bill", "title", "motion", "date", "yea", "nay"]
    table = part.votes.rollcalls[columns].rename_axis("vote").reset_index()
    table.insert(1, "chamber", part.chamber)
    return table.join(tally(votes, 0)[["minority", "errors", "correct", "pre", "gmp"]])


def _member_fit(part: Part, votes: Classified, wrong: np.ndarray) -> pd.DataFrame:
    who = part.votes.legislators
    table = pd.DataFrame({"legislator": part.legislators, "name": who["name"].to_numpy(), "chamber": part.chamber})
    table["party"] = who["party"].to_numpy()
    table = table.join(tally(votes, 1)[["n_votes", "errors", "correct", "gmp"]])
    table["dissents"] = votes.dissent[:, ~votes.tied].sum(1)
    on_them = tally(votes.on(wrong), 1)
    return table.assign(n_wrong_sign=on_them["n_votes"], correct_wrong_sign=on_them["correct"])


def pivot_tables(unit: UnitVotes, placed: Placed, rule: SeatRule) -> tuple[dict[str, pd.DataFrame], Pivots]:
    """Tabulate the pivots of each chamber, who holds them, and how the parties overlap, on the headline scale.

    Parameters
    ----------
    placed : Placed
    rule : SeatRule
        The rule for which seats are counted, and for which majorities.

    Returns
    -------
    tables
        ``pivots`` (places ``position_*``, and ``xi_*`` on the model's own scale) and ``pivot_members``.
    summary
        ``pivots``, ``overlap`` and ``across``, lists of records.
    """
    rows, holders, by_chamber = [], [], []
    overlaps: list[Overlap] = []
    listed: list[PivotOfChamber] = []
    for part in unit.parts:
        x, party = placed.x[..., part.members], part.votes.parties
        found = pivot.pivots(x, party, seat_weights(part.votes, rule.on), rule.shares)
        by_chamber.append(found)
        overlaps.append({"chamber": part.chamber, **pivot.overlap(x, party)})
        for name, here in found.items():
            place, held = _place(placed, here), _holders(part, name, here)
            counted = {"members": here.members, "seats": here.seats, "on": rule.on or ""}
            rows.append({"chamber": part.chamber, "pivot": name, **counted, **place})
            holders.append(held)
            listed.append(
                {
                    "chamber": part.chamber,
                    "pivot": name,
                    "n_members": here.members,
                    "seats": here.seats,
                    "on": rule.on or None,
                    **place,
                    "members": held.head(_N_NAMED)[_HOLDER].to_dict("records"),
                }
            )
    across: list[PivotAcross] = []
    if len(by_chamber) == 2:
        across = [{"pivot": name, **row} for name, row in pivot.across(*by_chamber).items()]
    tables = {"pivots": pd.DataFrame(rows), "pivot_members": pd.concat(holders, ignore_index=True)}
    return tables, {"pivots": listed, "overlap": overlaps, "across": across}


def _place(placed: Placed, found: pivot.Pivot) -> PivotPlace:
    """Describe a pivot's place on both scales.

    On the headline scale the Monte Carlo error and the two ends are given, too. The place lies between the ends. They
    coincide if one member holds the pivot.
    """
    at = pivot.with_error(found.xi)
    own = four(placed.frame.origin + placed.frame.unit * found.xi)
    low, high = four(found.low), four(found.high)
    return {
        "position_mean": at["mean"],
        "position_sd": float(found.xi.std(ddof=1)),
        "position_q05": at["q05"],
        "position_q95": at["q95"],
        "position_mcse": at["mcse"],
        "xi_mean": own[0],
        "xi_sd": own[1],
        "xi_q05": own[2],
        "xi_q95": own[3],
        "p_between": float((found.high > found.low).mean()),
        "low_mean": low[0],
        "low_sd": low[1],
        "low_q05": low[2],
        "low_q95": low[3],
        "high_mean": high[0],
        "high_sd": high[1],
        "high_q05": high[2],
        "high_q95": high[3],
    }


def _holders(part: Part, name: str, found: pivot.Pivot) -> pd.DataFrame:
    who = part.votes.legislators
    table = pd.DataFrame(
        {
            "chamber": part.chamber,
            "pivot": name,
            "legislator": part.legislators,
            "name": who["name"].to_numpy(),
            "party": who["party"].to_numpy(),
            "probability": found.holders,
            "probability_mcse": found.holders_mcse,
        }
    )
    held = table[table["probability"] >= _LEAST_PROBABILITY]
    return held.sort_values("probability", ascending=False, kind="stable")


def order_dataset(unit: UnitVotes, placed: Placed) -> xr.Dataset:
    """Compute who stands right of whom and at which rank; `ORDER_ENCODING` makes this small in a file.

    Returns
    -------
    Dataset
        ``right_of`` and ``right_of_mcse`` (legislator, other): across chambers too, where both are on one scale;
        ``rank_probability`` (legislator, rank) within the member's chamber, 0 beyond its size; ``scale_origin`` and
        ``scale_unit`` (chain, draw): a position is (xi - origin) / unit.
    """
    x = placed.x
    found = right_of(x)
    n = x.shape[-1]
    ranks = np.zeros((n, max(part.votes.n_legislators for part in unit.parts)))
    for part in unit.parts:
        own = rank_probability(rank_draws(x[..., part.members]))
        ranks[part.members, : own.shape[1]] = own
    ids = np.array([name for part in unit.parts for name in part.legislators], dtype=object)
    return xr.Dataset(
        {
            "right_of": (("legislator", "other"), found.probability),
            "right_of_mcse": (("legislator", "other"), found.mcse),
            "rank_probability": (("legislator", "rank"), ranks),
            "scale_origin": (("chain", "draw"), placed.frame.origin),
            "scale_unit": (("chain", "draw"), placed.frame.unit),
        },
        coords={"legislator": ids, "other": ids, "rank": np.arange(1, ranks.shape[1] + 1)},
    )


def _packed(step: float) -> Mapping[str, Any]:
    return {"dtype": "uint16", "scale_factor": step, "_FillValue": 65535, "zlib": True, "complevel": 4}


#: Probabilities are stored to 0.0001, their errors to 0.00001: much finer than the Monte Carlo error.
ORDER_ENCODING = {"right_of": _packed(1e-4), "right_of_mcse": _packed(1e-5), "rank_probability": _packed(1e-4)}
