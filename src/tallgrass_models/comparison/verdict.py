"""Does the conclusion depend on the prior? The rule, and the sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

#: Rank correlation in every chamber from which on the order of members counts as the same, and as similar.
SAME_ORDER, SIMILAR_ORDER = 0.98, 0.9
#: Up to this share of a chamber's members are few.
FEW = 0.1

TEXTS = {
    "no": "The order of members does not depend on whether {experiment} or {reference} is used.",
    "partly": "Most of the order is the same under {experiment} as under {reference}; some conclusions are not.",
    "yes": "The conclusion depends on the choice: {experiment} and {reference} order the members differently.",
    "unknown": "No verdict on {experiment}: a fit that has not converged is no evidence.",
}


@dataclass(frozen=True)
class Evidence:
    """What a verdict on one variant rests on.

    Attributes
    ----------
    experiment, reference : str
    unconverged : list of str
        Fits, such as ``baseline/house``, that missed a gate.
    agreement, members, bills, predictive, shares : DataFrame
        Rows of this pair; ``shares`` those of both variants.
    """

    experiment: str
    reference: str
    unconverged: list[str]
    agreement: pd.DataFrame
    members: pd.DataFrame
    bills: pd.DataFrame
    predictive: pd.DataFrame
    shares: pd.DataFrame


def give_verdict(evidence: Evidence) -> dict[str, Any]:
    """Level (``no``, ``partly``, ``yes``, ``unknown``), one sentence, and the figures behind it in words.

    ``yes``: rank correlation below `SIMILAR_ORDER` in a chamber, or the rank intervals of more than `FEW` of a
    chamber's members do not meet. ``no``: at least `SAME_ORDER` everywhere, at most `FEW` of the members leave the
    interval of their rank, all intervals meet, those of the variance share of party too. ``partly`` lies between.
    """
    rows = evidence.agreement
    order = rows["spearman"].min()
    moved = (rows["n_rank_disjoint"] / rows["n"]).max()
    differ = _shares_that_differ(evidence)
    if evidence.unconverged:
        level = "unknown"
    elif order < SIMILAR_ORDER or moved > FEW:
        level = "yes"
    else:
        left = (rows["n_rank_outside"] / rows["n"]).max()
        level = "no" if order >= SAME_ORDER and left <= FEW and moved == 0 and not differ else "partly"
    names = {"experiment": evidence.experiment, "reference": evidence.reference}
    reasons = [f"{fit} has not converged." for fit in evidence.unconverged]
    reasons += [_order(row) for _, row in rows.iterrows()]
    reasons += [text for text in (_movers(evidence.members), *differ, _squashed(evidence.bills)) if text]
    reasons += list(evidence.predictive["text"])
    return {**names, "level": level, "text": TEXTS[level].format(**names), "reasons": reasons}


def _order(row: pd.Series) -> str:
    return (
        f"{_where(row)}: rank correlation {row['spearman']:.3f};"
        f" {row['n_rank_outside']} of {row['n']} members leave the 90 % interval of their rank,"
        f" {row['n_rank_disjoint']} so far that the two intervals do not meet;"
        f" the largest change is {row['max_rank_change']:+.0f} ranks ({row['max_rank_member']})."
    )


def _movers(members: pd.DataFrame) -> str | None:
    far = members[members["rank_disjoint"]]
    if far.empty:
        return None
    far = far.iloc[far["move_sd"].abs().argsort()[::-1][:3]]
    who = ", ".join(
        f"{row['name']} ({row['party']}, {_where(row)}: {row['rank_reference']:.0f} to {row['rank']:.0f})"
        for _, row in far.iterrows()
    )
    return f"Furthest beyond their intervals: {who}."


def _shares_that_differ(evidence: Evidence) -> list[str]:
    """A sentence for every chamber in which the intervals of the variance share of party do not meet."""
    out = []
    for (unit, chamber), rows in evidence.shares.groupby(["unit", "chamber"], sort=False):
        both = rows.set_index("experiment")
        if len(both) < 2:
            continue
        ours, theirs = both.loc[evidence.reference], both.loc[evidence.experiment]
        if ours["share_q95"] < theirs["share_q05"] or theirs["share_q95"] < ours["share_q05"]:
            place = _where({"unit": unit, "chamber": chamber})
            out.append(
                f"{place}: the share of variance between parties is {theirs['share_mean']:.2f} rather than"
                f" {ours['share_mean']:.2f}, beyond both 90 % intervals."
            )
    return out


def _squashed(bills: pd.DataFrame) -> str | None:
    n = bills[bills["squashed"]].groupby("unit", sort=False).size()
    if n.empty:
        return None
    counts = ", ".join(f"{count} of {int((bills['unit'] == unit).sum())} in {unit}" for unit, count in n.items())
    return f"Roll calls on which Yea is the left's vote, held positive all the same: {counts}."


def _where(row: Any) -> str:
    return str(row["chamber"]) if row["unit"] != "joint" else f"{row['chamber']} in the joint model"
