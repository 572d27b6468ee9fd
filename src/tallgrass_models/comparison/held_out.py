"""Held-out votes of the variants: their ladders, and paired differences on the same votes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from ..files.columns.comparison import HELD_OUT_DIFFERENCES
from ..files.records.comparison import HeldOut, HeldOutLadder, HeldOutPair
from ..folds.scores import ChamberScores, Votes, clustered, gain
from ..votes.unit import Unit
from ..wording.held_out import gain_sentence
from .variants import Group, Variant


def held_out(groups: Sequence[Group]) -> HeldOut:
    """Return the ladders of all experiments with folds, and the variants against the references of their sessions."""
    return {
        "ladders": [row for group in groups for row in _ladders(group)],
        "pairs": [_pair(*found) for group in groups for found in _pairs(group)],
        "notes": {group.session: notes for group in groups if (notes := list(_notes(group)))},
    }


def differences(groups: Sequence[Group]) -> pd.DataFrame:
    """Make the table `files.columns.comparison.HELD_OUT_DIFFERENCES`: by party, member and roll call."""
    names = HELD_OUT_DIFFERENCES.names
    rows = [part for group in groups for found in _pairs(group) for part in _parts(*found)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=names)


def _ladders(group: Group) -> Iterator[HeldOutLadder]:
    for variant in (group.reference, *group.others):
        found = variant.metrics.get("held_out")
        if not found:
            continue
        for chamber, block in found["chambers"].items():
            yield {
                "group": group.session,
                "experiment": variant.name,
                "chamber": chamber,
                "n_votes": block["n_votes"],
                "folds": found["folds"],
                "ladder": block["ladder"],
            }


def _pairs(group: Group) -> Iterator[tuple[Group, Variant, Unit, str]]:
    """Yield each variant, unit and chamber with the same held-out votes as the reference has."""
    for other, unit in group.pairs():
        for chamber in unit.chambers:
            if _same(group.reference, other, chamber):
                yield group, other, unit, chamber


def _same(reference: Variant, other: Variant, chamber: str) -> bool:
    """Tell whether two variants hold out the same votes of a chamber, in the same folds."""
    own, theirs = reference.held_out.get(chamber), other.held_out.get(chamber)
    return (
        own is not None
        and theirs is not None
        and own.members["legislator"].equals(theirs.members["legislator"])
        and own.rollcalls["rollcall"].equals(theirs.rollcalls["rollcall"])
        and all(np.array_equal(*both) for both in ((own.y, theirs.y), (own.fold, theirs.fold), (own.held, theirs.held)))
    )


def _notes(group: Group) -> Iterator[str]:
    """Say which variants are not compared though both they and the reference hold out votes."""
    own = group.reference
    for other in group.others:
        both = own.held_out.keys() & other.held_out.keys()
        apart = [chamber for chamber in own.held_out if chamber in both and not _same(own, other, chamber)]
        if apart:
            yield (
                f"{other.name} and {own.name} do not hold out the same votes of the "
                f"{' and the '.join(own.called.title(chamber) for chamber in apart)}, so these predictions are not "
                "compared."
            )


def _votes(group: Group, other: Variant, unit: Unit, chamber: str) -> tuple[Votes, Votes, ChamberScores, str]:
    own = group.reference.held_out[chamber]
    return own.votes(), other.held_out[chamber].votes(), own, "joint" if unit.is_joint else "chamber"


def _pair(group: Group, other: Variant, unit: Unit, chamber: str) -> HeldOutPair:
    before, after, _, rung = _votes(group, other, unit, chamber)
    right = after.right(rung).astype(float) - before.right(rung)
    found = gain(before.log_score[rung], after.log_score[rung], right, before.rollcall)
    where = f"On {len(before):,} votes held out from the {group.reference.called.title(chamber)}"
    model = " in the joint model" if unit.is_joint else ""
    return {
        "group": group.session,
        "reference": group.reference.name,
        "experiment": other.name,
        "unit": unit.value,
        "chamber": chamber,
        "n_votes": len(before),
        **found,
        "text": f"{where}{model}, {gain_sentence(other.name, group.reference.name, found, bool(before.given))}",
    }


def _parts(group: Group, other: Variant, unit: Unit, chamber: str) -> Iterator[pd.DataFrame]:
    before, after, scores, rung = _votes(group, other, unit, chamber)
    of_calls = after.log_score[rung] - before.log_score[rung]
    of_votes = after.of_votes[rung] - before.of_votes[rung]
    right = after.right(rung).astype(int) - before.right(rung)
    party = scores.members["party"]
    parties = list(dict.fromkeys(party))
    of_party = np.array([parties.index(one) for one in party])[before.member]
    names = {"group": group.session, "reference": group.reference.name, "experiment": other.name}
    for by, index, table in (
        ("party", of_party, pd.DataFrame({"party": parties})),
        ("member", before.member, scores.members),
        ("rollcall", before.rollcall, scores.rollcalls[["rollcall", "bill"]]),
    ):
        order, better = np.argsort(index, kind="stable"), of_calls if by == "rollcall" else of_votes
        groups, first = np.unique(index[order], return_index=True)
        rows = []
        for at in np.split(order, first[1:]):
            mean, se = clustered(better[at], before.rollcall[at])
            rows.append({"n_votes": len(at), "log_score": mean, "log_score_se": se, "right": int(right[at].sum())})
        found = pd.DataFrame(rows, index=groups).join(table)
        labels = {**names, "by": by, "unit": unit.value, "chamber": chamber}
        yield found.assign(**labels).reindex(columns=HELD_OUT_DIFFERENCES.names)
