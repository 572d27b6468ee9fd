"""Rule for whether the conclusion depends on the prior, and what it hands to the sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..votes.unit import Unit
from . import sentences

#: Rank correlation in every chamber from which on the order of members counts as the same, and as similar.
_SAME_ORDER, _SIMILAR_ORDER = 0.98, 0.9
#: Up to this share of a chamber's members are few.
_FEW = 0.1


@dataclass(frozen=True)
class Evidence:
    """Evidence on which a verdict on one variant rests.

    Attributes
    ----------
    experiment, reference : str
    unreadable : list of str
        Why an order cannot be read from a fit, as sentences: it missed a gate, or its axis is chance.
    agreement, members, bills, predictive, shares : DataFrame
        Rows of this pair; ``shares`` those of both variants.
    axes : dict
        Unit and chamber to the audit's verdicts on the reference's and on the variant's fit.
    """

    experiment: str
    reference: str
    unreadable: list[str]
    agreement: pd.DataFrame
    members: pd.DataFrame
    bills: pd.DataFrame
    predictive: pd.DataFrame
    shares: pd.DataFrame
    axes: Mapping[tuple[str, str], tuple[str, str]]


def give_verdict(evidence: Evidence) -> dict[str, Any]:
    """Level (``no``, ``partly``, ``yes``, ``unknown``), one sentence, and the figures behind it in words.

    ``yes``: rank correlation below `_SIMILAR_ORDER` in a chamber, or the rank intervals of more than `_FEW` of a
    chamber's members do not meet. ``no``: at least `_SAME_ORDER` everywhere, at most `_FEW` of the members leave the
    interval of their rank, all intervals meet, those of the party share of the variance too. ``partly`` lies between.
    ``unknown``: an order cannot be read from one of the fits. The sentence adds which of the two predicts votes left
    out better. Ranks are those after turning: a mirrored fit has the same order.
    """
    rows = evidence.agreement
    differ = _shares_that_differ(evidence)
    level = _level(rows, bool(evidence.unreadable), bool(differ))
    names = {"experiment": evidence.experiment, "reference": evidence.reference}
    predictions = [_prediction(row) for _, row in evidence.predictive.iterrows()]
    reasons = list(evidence.unreadable)
    if level != "unknown":
        for row in rows.to_dict("records"):
            found = evidence.axes.get((row["unit"], row["chamber"]))
            reasons += _axis_sentences(row, found, names) if found else []
        reasons += [sentences.order(_order(row)) for row in rows.to_dict("records")]
        reasons += [said for said in (_movers(evidence.members), *differ, _reversed(evidence.bills, names)) if said]
    reasons += [sentences.prediction(found, names) for found in predictions]
    text = sentences.verdict(level, names, predictions)
    return {**names, "level": level, "text": text, "reasons": reasons}


def _level(rows: pd.DataFrame, unreadable: bool, shares_differ: bool) -> str:
    if unreadable:
        return "unknown"
    order, moved = rows["spearman"].min(), (rows["n_rank_disjoint"] / rows["n"]).max()
    if order < _SIMILAR_ORDER or moved > _FEW:
        return "yes"
    left = (rows["n_rank_outside"] / rows["n"]).max()
    return "no" if order >= _SAME_ORDER and left <= _FEW and moved == 0 and not shares_differ else "partly"


def _order(row: dict[str, Any]) -> sentences.Order:
    return sentences.Order(
        place=sentences.where(row),
        correlation=row["spearman"],
        n=int(row["n"]),
        outside=int(row["n_rank_outside"]),
        disjoint=int(row["n_rank_disjoint"]),
        change=float(row["max_rank_change"]),
        who=row["max_rank_member"],
    )


def _axis_sentences(row: dict[str, Any], found: tuple[str, str], names: dict[str, str]) -> list[str]:
    """Say that the two fits of a chamber have other axes, or one has it upside down."""
    place = sentences.where(row)
    unlike = sentences.axes(place, names, *found)
    if unlike or set(found) != {"parties", "mirrored"}:
        return [unlike] if unlike else []
    key, mark = ("reference", "turned_reference") if found[0] == "mirrored" else ("experiment", "turned")
    who, other = names[key], names["experiment" if key == "reference" else "reference"]
    if not row[mark]:  # the other chamber sets the scale of a joint model, and is not mirrored
        return [sentences.against_the_house(place, who)]
    return [sentences.turned(place, who, other, row["spearman"])]


def _prediction(row: pd.Series) -> sentences.Prediction:
    return sentences.Prediction(
        Unit(row["unit"]).model, int(row["n_votes"]), float(row["elpd_diff"]), float(row["se_by_rollcall"])
    )


def _movers(members: pd.DataFrame) -> str | None:
    far = members[members["rank_disjoint"]]
    if far.empty:
        return None
    far = far.iloc[far["move_sd"].abs().argsort()[::-1][:3]]
    who = ", ".join(
        f"{row['name']} ({row['party']}, {sentences.where(row)}: {row['rank_reference']:.0f} to {row['rank']:.0f})"
        for _, row in far.iterrows()
    )
    return f"These members move furthest beyond their intervals: {who}."


def _shares_that_differ(evidence: Evidence) -> list[str]:
    """Say for every chamber in which the intervals of the party share of the variance do not overlap."""
    out = []
    for (unit, chamber), rows in evidence.shares.groupby(["unit", "chamber"], sort=False):
        both = rows.set_index("experiment")
        if len(both) < 2:
            continue
        ours, theirs = both.loc[evidence.reference], both.loc[evidence.experiment]
        if ours["share_q95"] < theirs["share_q05"] or theirs["share_q95"] < ours["share_q05"]:
            place = sentences.where({"unit": unit, "chamber": chamber})
            out.append(
                f"{place}: the party share of the variance is {theirs['share_mean']:.2f} under {evidence.experiment} "
                f"and {ours['share_mean']:.2f} under {evidence.reference}. The 90 % intervals do not overlap."
            )
    return out


def _reversed(bills: pd.DataFrame, names: dict[str, str]) -> str | None:
    n = bills[bills["reversed"]].groupby("unit", sort=False).size()
    if n.empty:
        return None
    counts = ", ".join(
        f"{count} of {int((bills['unit'] == unit).sum())} roll calls in {unit}" for unit, count in n.items()
    )
    return f"{names['reference']} and {names['experiment']} are each certain of a different side of Yea on {counts}."
