"""What is in a session before any fit, as plain numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from .filters import apply_filters, minority_share
from .manifest import spells
from .matrix import dense
from .membership import same_person, time_in_office
from .notes import oddities
from .readers.base import RawSession
from .selection import selected
from .spells import story
from .tallies import tally_facts
from .vocabulary import MISSING, NAY, YEA

_LEAST = 5
#: Share of the roll calls in which a word must be to say what kind of question it is, where nearly all differ.
_COMMON = 0.02


def inspect_chamber(
    raw: RawSession, chamber: str, min_minority_share: float, min_votes: int, selection: Mapping[str, Any]
) -> dict[str, Any]:
    """Count what is in one chamber.

    Parameters
    ----------
    raw : RawSession
        The session as read; its members have the column ``caucus`` (`session.with_caucus`).
    chamber
        ``house`` or ``senate``, which has members and roll calls.
    min_minority_share, min_votes, selection
        As a run would use them; see `filters.apply_filters` and `selection.selected`.

    Returns
    -------
    dict
        ``members``, ``parties`` and ``caucus`` (members by party as listed, and by the party they are counted with),
        ``spells`` (one sentence for each person who is several members), ``rollcalls`` (``n``, ``passage``, ``dated``,
        ``first``, ``last``, ``selected``, ``contested``), ``votes`` (``yea``, ``nay``, ``missing``),
        ``minority_share`` (quartiles over the roll calls), ``participation`` (share of Yea and Nay on the roll calls in
        a member's time in office: ``median`` and the ``least``), ``questions`` (`question_kinds`), ``dropped``
        (by kind and reason), ``kept`` (``members`` and ``rollcalls``), ``tallies``, ``oddities``.
    """
    members = raw.legislators[raw.legislators["chamber"] == chamber]
    calls = raw.rollcalls[raw.rollcalls["chamber"] == chamber]
    votes = raw.votes[raw.votes["rollcall"].between(calls.index[0], calls.index[-1])]
    row, column = votes["legislator"].to_numpy() - members.index[0], votes["rollcall"].to_numpy() - calls.index[0]
    y = dense(len(members), len(calls), row, column, votes["value"].to_numpy())
    listed = votes["listed"].to_numpy()
    office = time_in_office(row[listed], column[listed], len(members), calls["date"].to_numpy(object))
    members = members.assign(person=same_person(members, office), first_day=office.first_day, last_day=office.last_day)
    chosen, why_not = selected(calls, selection)
    keep_member, keep_call, dropped = apply_filters(y, members, calls, min_minority_share, min_votes, chosen, why_not)
    days = sorted(day for day in calls["date"] if day)
    share = minority_share(y)
    in_office = np.where(office.last >= office.first, office.last - office.first + 1, 0)
    return {
        "members": len(members),
        "parties": _counts(members["party"]),
        "caucus": _counts(members["caucus"].where(members["caucus"] != "", "neither")),
        "spells": [f"{rows[0]['name']}: {story(rows)}" for rows in spells(members).values()],
        "rollcalls": {
            "n": len(calls),
            "passage": int(calls["passage"].sum()),
            "dated": len(days),
            "first": days[0] if days else "",
            "last": days[-1] if days else "",
            "selected": int(chosen.sum()),
            "contested": int(((share >= min_minority_share) & (y >= 0).any(0)).sum()),
        },
        "votes": {
            name: int((votes["value"] == value).sum())
            for name, value in (("yea", YEA), ("nay", NAY), ("missing", MISSING))
        },
        "minority_share": [round(float(q), 4) for q in np.quantile(share, [0.25, 0.5, 0.75])],
        "participation": _participation(members["name"].to_numpy(object), (y >= 0).sum(1), in_office),
        "questions": _questions(calls, share >= min_minority_share),
        "dropped": [
            {"kind": kind, "reason": reason, "n": int(n)}
            for (kind, reason), n in dropped.groupby(["kind", "reason"], sort=False).size().items()
        ],
        "kept": {"members": int(keep_member.sum()), "rollcalls": int(keep_call.sum())},
        "tallies": tally_facts(calls),
        "oddities": oddities(raw.notes[raw.notes["chamber"] == chamber]),
    }


def question_kinds(motions: pd.Series) -> np.ndarray:
    """Return the question of each roll call, as `selection.selected` takes it.

    Where fewer than half of the roll calls share their text with another one, as where it names the bill and its
    author, words that are in few roll calls become ``*``.
    """
    texts = motions.to_numpy(object)
    if motions.duplicated(keep=False).mean() >= 0.5:
        return texts
    words = [str(text).split() for text in texts]
    common = pd.Series([word for own in words for word in set(own)], dtype=object).value_counts()
    kept = set(common.index[common >= max(2.0, _COMMON * len(texts))])
    kinds = [[word if word in kept else "*" for word in own] for own in words]
    return np.array([re.sub(r"\*( \*)+", "*", " ".join(kind)) for kind in kinds], dtype=object)


def _counts(texts: pd.Series) -> dict[str, int]:
    return {str(text): int(n) for text, n in texts.value_counts().items()}


def _participation(names: np.ndarray, cast: np.ndarray, in_office: np.ndarray) -> dict[str, Any]:
    """Median share over members who were in office, and the members with the least."""
    there = np.flatnonzero(in_office > 0)
    share = cast[there] / in_office[there]
    order = np.argsort(share, kind="stable")[:_LEAST]
    least = [{"name": str(names[there[k]]), "share": round(float(share[k]), 4)} for k in order]
    return {"median": round(float(np.median(share)), 4) if len(share) else None, "least": least}


def _questions(calls: pd.DataFrame, contested: np.ndarray) -> list[dict[str, Any]]:
    """Questions by frequency: how many roll calls, how many of them contested and of passage."""
    kinds = question_kinds(calls["motion"])
    table = pd.DataFrame({"question": kinds, "contested": contested, "passage": calls["passage"], "n": 1})
    sums = table.groupby("question", sort=True)[["n", "contested", "passage"]].sum()
    sums = sums.sort_values("n", ascending=False, kind="stable")
    return [{"question": str(name), **{key: int(row[key]) for key in sums}} for name, row in sums.iterrows()]
