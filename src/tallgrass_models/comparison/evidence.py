"""Evidence for the verdict on a variant, from the tables that compare it with the reference."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from ..files.readable import OF_SAMPLING, Fault
from ..files.records.comparison import MoverOf
from ..votes.unit import Unit
from .prediction import Prediction
from .sentences import Mover, Order, Shares, other_axis
from .variants import Variant
from .verdict import Evidence, Place
from .words import Pair, Where, fault_words, predicted_in

#: Members in `Verdict.movers`.
_MOVERS = 10


def evidence(
    reference: Variant,
    other: Variant,
    tables: Mapping[str, pd.DataFrame],
    notes: Sequence[str],
    apart: Collection[Unit] = (),
) -> Evidence:
    """Gather the evidence on a variant.

    Parameters
    ----------
    reference, other
        The two.
    tables
        Tables of the comparison, ``agreement``, ``members``, ``bills``, ``predictive`` and ``shares`` among them.
    notes
        Sentences on what the comparison covers.
    apart
        Fits in which the two used no vote in common.
    """
    mine = {name: rows[rows["experiment"] == other.name] for name, rows in tables.items()}
    shares = tables["shares"].set_index(["experiment", "unit", "chamber"])
    places = [
        _not_compared(reference, other, where)
        if where.unit in apart
        else _place(reference, other, where, mine["agreement"], shares)
        for where in _wheres(reference, other)
    ]
    return Evidence(
        Pair(other.name, reference.name),
        places,
        list(_movers(places, mine["members"])),
        list(_predictions(reference, other, mine["predictive"])),
        list(_reversed(places, reference, mine["bills"])),
        notes,
    )


def _wheres(reference: Variant, other: Variant) -> Iterator[Where]:
    for unit, block in reference.units.items():
        if unit in other.units:
            for chamber in block["scale"]:
                if chamber in other.units[unit]["scale"]:
                    yield Where(unit, chamber, reference.called)


def _not_compared(reference: Variant, other: Variant, where: Where) -> Place:
    return Place(where, (f"{other.name} and {reference.name} used no vote in common in {where.name}",))


def _place(reference: Variant, other: Variant, where: Where, agreement: pd.DataFrame, shares: pd.DataFrame) -> Place:
    both = reference, other
    faults = [variant.fault(where.unit, where.chamber) for variant in both]
    rows = agreement[(agreement["unit"] == where.unit) & (agreement["chamber"] == where.chamber)].to_dict("records")
    order = _order(rows[0]) if rows else None
    axes = [variant.verdicts(where.unit).get(where.chamber) for variant in both]
    no_parties = faults == [Fault.FACTION, Fault.FACTION]
    grave = [None if fault is Fault.FACTION else fault for fault in faults]
    said = [fault_words(fault, where, one.name) for one, fault in zip(both, grave, strict=True) if fault]
    other_way = ""
    if not said and faults.count(Fault.FACTION) == 1:
        yes, no = both if faults[1] else both[::-1]
        other_way = other_axis(where.name, yes.name, no.name)
    if no_parties and order and order.correlation is not None and order.correlation < 0:
        said = [f"the orders in {where.name} run in opposite directions, and no party tells which end is left"]
    if not said and not other_way and (order is None or order.correlation is None):
        said = [f"{where.name} has too few members in common, or they all stand in one place"]
    mirrored = [one.name for one, axis in zip(both, axes, strict=True) if axis == "mirrored"]
    turned = mirrored[0] if len(mirrored) == 1 and "parties" in axes else ""
    return Place(where, tuple(said), other_way, turned, no_parties, order, _shares(reference, other, where, shares))


def _order(row: Mapping[str, object]) -> Order:
    correlation = row["spearman"]
    known = isinstance(correlation, float) and not math.isnan(correlation)
    return Order(
        correlation=float(str(correlation)) if known else None,
        n=int(str(row["n"])),
        outside=int(str(row["n_rank_outside"])),
        disjoint=int(str(row["n_rank_disjoint"])),
        change=float(str(row["max_rank_change"])),
        who=str(row["max_rank_member"]),
    )


def _shares(reference: Variant, other: Variant, where: Where, shares: pd.DataFrame) -> Shares | None:
    keys = [(variant.name, where.unit, where.chamber) for variant in (reference, other)]
    if not all(key in shares.index for key in keys):
        return None
    ends = [
        (float(row["share_mean"]), float(row["share_q05"]), float(row["share_q95"]))
        for row in (shares.loc[key] for key in keys)
    ]
    return Shares(*ends)


def _movers(places: Sequence[Place], members: pd.DataFrame) -> Iterator[tuple[MoverOf, Mover]]:
    """Members whose rank intervals do not overlap, each once, who moves furthest first."""
    far = members[members["rank_disjoint"].astype(bool)]
    far = far.iloc[(-far["rank_change"].abs().to_numpy(float)).argsort(kind="stable")]
    compared = {(place.where.unit.value, place.where.chamber): place for place in places if place.compared}
    seen: set[str] = set()
    for row in far.to_dict("records"):
        place = compared.get((str(row["unit"]), row["chamber"]))
        if place is None or place.order is None or row["legislator"] in seen or len(seen) == _MOVERS:
            continue
        seen.add(row["legislator"])
        record: MoverOf = {
            "unit": place.where.unit.value,
            "chamber": place.where.chamber,
            "legislator": row["legislator"],
            "name": row["name"],
            "party": row["party"],
            "rank_reference": float(row["rank_reference"]),
            "rank": float(row["rank"]),
        }
        ranks = record["rank_reference"], record["rank"]
        yield record, Mover(row["name"], row["party"], place.where.name, place.order.n, *ranks)


def _predictions(reference: Variant, other: Variant, rows: pd.DataFrame) -> Iterator[Prediction]:
    """Predictions of fits whose sampling can be relied on."""
    for row in rows.to_dict("records"):
        unit = Unit(row["unit"])
        faults = {one.fault(unit, chamber) for one in (reference, other) for chamber in one.units[unit]["scale"]}
        if not faults & set(OF_SAMPLING):
            yield Prediction(
                place=predicted_in(unit, reference.called),
                joint=unit.is_joint,
                n_votes=int(row["n_votes"]),
                difference=float(row["elpd_diff"]),
                se=float(row["se_by_rollcall"]),
                gmp_reference=float(row["gmp_reference"]),
                gmp=float(row["gmp"]),
                correct_reference=float(row["correct_reference"]),
                correct=float(row["correct"]),
            )


def _reversed(places: Sequence[Place], reference: Variant, bills: pd.DataFrame) -> Iterator[tuple[str, int, int]]:
    """Where each fit is certain of another side of Yea, of the fits whose chambers are all compared."""
    for unit in reference.units:
        here, rows = [place for place in places if place.where.unit == unit], bills[bills["unit"] == unit]
        n = int(rows["reversed"].astype(bool).sum())
        if n and here and all(place.compared for place in here):
            yield predicted_in(unit, reference.called), n, len(rows)
