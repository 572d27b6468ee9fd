"""Split-half check: members' positions from one half of the roll calls beside those from the other.

Halves at random say how well the votes measure positions. Halves by time say, beside those at random, whether one
position for the whole session describes the members.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import numpy as np

from ..draws.frame import party_frame
from ..votes.components import pca_scores
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import PARTIES
from ..wording.numbers import number, plural

#: Members are compared who cast so many votes in either half.
_LEAST_VOTES = 10
#: Fewer roll calls in a half, or members compared, or random splits, tell nothing.
_LEAST_ROLLCALLS, _LEAST_MEMBERS, LEAST_SPLITS = 20, 8, 3
#: A member moved certainly if her side is this probable; both halves tell the parties apart if their order is.
_CERTAIN, _APART = 0.99, 0.95
#: Excess over random halves, in standard errors, from which it counts.
_CLEAR = 2.0


class Member(TypedDict):
    """A member in two halves: votes, mean and sd of the position, and the probability to stand further right in b."""

    legislator: str
    name: str
    party: str
    n_a: int
    n_b: int
    mean_a: float
    sd_a: float
    mean_b: float
    sd_b: float
    right: float


class Agreement(TypedDict):
    """Agreement of two halves over all members compared, or within parties; null where there is no spread."""

    correlation: float | None
    corrected: float | None


class Split(TypedDict):
    """Two halves compared; ``why`` says why they are not, and is empty where they are."""

    kind: str
    rollcalls: list[int]
    cut: str
    why: str
    members: list[Member]
    overall: Agreement
    within: Agreement
    squared: float | None


class SplitHalf(TypedDict):
    """Findings of a split-half check."""

    chamber: str
    splits: list[Split]
    reliability: float | None
    excess: float | None
    excess_se: float | None
    static: bool | None
    moved: list[str]
    text: list[str]


@dataclass(frozen=True)
class Halves:
    """Roll calls of two halves, as places; ``cut`` is the last day of the first half, if they are by time."""

    kind: str
    a: np.ndarray
    b: np.ndarray
    cut: str = ""


def random_halves(votes: ChamberVotes, rng: np.random.Generator) -> Halves:
    """Divide the roll calls at random."""
    order = rng.permutation(votes.n_votes)
    half = votes.n_votes // 2
    return Halves("random", np.sort(order[:half]), np.sort(order[half:]))


def halves_by_time(votes: ChamberVotes) -> Halves | str:
    """Divide the roll calls between two days, as evenly as days allow; return the reason where that cannot be done."""
    dates = votes.rollcalls["date"].to_numpy(str)
    if (dates == "").any():
        n = plural(int((dates == "").sum()), "roll call")
        return f"{n} of {len(dates)} have no date, so there are no halves by time"
    days = np.unique(dates)
    if len(days) < 2:
        return "all roll calls have the same date, so there are no halves by time"
    first = np.array([(dates <= day).sum() for day in days[:-1]])
    cut = days[int(np.abs(first - len(dates) / 2).argmin())]
    return Halves("time", np.flatnonzero(dates <= cut), np.flatnonzero(dates > cut), str(cut))


def half_of(votes: ChamberVotes, at: np.ndarray) -> ChamberVotes:
    """Return a chamber with some of its roll calls; the scores that start a fit are those of these roll calls."""
    y = np.ascontiguousarray(votes.y[:, at])
    scores, _ = pca_scores(y, votes.parties)
    legislators = votes.legislators.assign(pc1=scores[:, 0], pc2=scores[:, 1], n_votes=(y >= 0).sum(1))
    return replace(votes, y=y, legislators=legislators, rollcalls=votes.rollcalls.iloc[at])


def too_few(votes: ChamberVotes, halves: Halves) -> str:
    """Say why halves are not worth a fit; empty if they are."""
    fewest = min(len(halves.a), len(halves.b))
    if fewest < _LEAST_ROLLCALLS:
        return f"a half has {plural(fewest, 'roll call')}, and fewer than {_LEAST_ROLLCALLS} tell nothing"
    who = _compared(votes, halves)
    sizes = {party: int((who & (votes.parties == party)).sum()) for party in PARTIES}
    if who.sum() < _LEAST_MEMBERS or min(sizes.values()) < 2:
        return (
            f"{plural(int(who.sum()), 'member')} cast {_LEAST_VOTES} votes or more in both halves, too few to compare"
        )
    return ""


def _compared(votes: ChamberVotes, halves: Halves) -> np.ndarray:
    return np.asarray(
        ((votes.y[:, halves.a] >= 0).sum(1) >= _LEAST_VOTES) & ((votes.y[:, halves.b] >= 0).sum(1) >= _LEAST_VOTES)
    )


def split(votes: ChamberVotes, halves: Halves, xi_a: np.ndarray, xi_b: np.ndarray) -> Split:
    """Compare the members in the fits of two halves.

    Parameters
    ----------
    votes, halves
        The chamber, and its halves.
    xi_a, xi_b : ndarray, shape (n_draws, n_legislators)
        Draws of the ideal points of all members in either fit.

    Notes
    -----
    Positions are on the scale of the members compared: their parties average -1 and +1 in each draw. A posterior mean
    varies less than what it estimates, by the mean posterior variance: its reliability is var(mean) / (var(mean) +
    mean variance), and the correlation of two such means of one quantity is the root of the product of their
    reliabilities. ``corrected`` is the correlation divided by that; by chance it may exceed 1. Within parties,
    deviations from the party averages are meant.
    """
    who, parties = _compared(votes, halves), votes.parties
    own = parties[who]
    frames = [party_frame(xi[:, who], own) for xi in (xi_a, xi_b)]
    found = empty(halves, "")
    if min(float((frame.unit > 0).mean()) for frame in frames) < _APART:
        return {**found, "why": "one of the halves does not tell the parties apart"}
    a, b = (frame.positions(xi[:, who]) for frame, xi in zip(frames, (xi_a, xi_b), strict=True))
    n = min(len(a), len(b))
    right = (b[:n] > a[:n]).mean(0)
    table = votes.legislators[who]
    members: list[Member] = [
        {
            "legislator": str(table.index[k]),
            "name": str(table["name"].iloc[k]),
            "party": str(own[k]),
            "n_a": int((votes.y[who][k, halves.a] >= 0).sum()),
            "n_b": int((votes.y[who][k, halves.b] >= 0).sum()),
            "mean_a": float(a[:, k].mean()),
            "sd_a": float(a[:, k].std()),
            "mean_b": float(b[:, k].mean()),
            "sd_b": float(b[:, k].std()),
            "right": float(right[k]),
        }
        for k in range(len(table))
    ]
    inside = np.isin(own, PARTIES)
    return {
        **found,
        "members": members,
        "overall": _agreement(a, b),
        "within": _agreement(_deviations(a, own)[:, inside], _deviations(b, own)[:, inside]),
        "squared": float(np.mean((a.mean(0) - b.mean(0)) ** 2)),
    }


def empty(halves: Halves, why: str) -> Split:
    """Return halves that are not compared, with the reason."""
    nothing: Agreement = {"correlation": None, "corrected": None}
    sizes = [len(halves.a), len(halves.b)]
    return {
        "kind": halves.kind,
        "rollcalls": sizes,
        "cut": halves.cut,
        "why": why,
        "members": [],
        "overall": nothing,
        "within": nothing,
        "squared": None,
    }


def _deviations(x: np.ndarray, parties: np.ndarray) -> np.ndarray:
    """Deviations of positions from the average of their party, of which there are two; shape of ``x``."""
    return x - np.where(parties == PARTIES[0], -1.0, 1.0)


def _agreement(a: np.ndarray, b: np.ndarray) -> Agreement:
    means = a.mean(0), b.mean(0)
    variances = [float(mean.var()) for mean in means]
    if min(variances) == 0:
        return {"correlation": None, "corrected": None}
    r = float(np.corrcoef(*means)[0, 1])
    reliability = [v / (v + float(x.var(0).mean())) for v, x in zip(variances, (a, b), strict=True)]
    return {"correlation": r, "corrected": r / float(np.sqrt(np.prod(reliability)))}


# --- what it comes to ---------------------------------------------------------------------------------------------


def conclude(chamber: str, splits: Sequence[Split]) -> SplitHalf:
    """Put the splits of a chamber together.

    Notes
    -----
    ``reliability`` is that of within-party positions from all roll calls, by the formula of Spearman and Brown from the
    mean correlation of random halves. ``excess`` is the mean squared move between halves by time less that between
    random halves, over members compared in all splits; its standard error is over members, to which the spread of
    the random splits is added. Members moved if the excess is positive and beyond two standard errors, and the halves
    by time differ more than each random pair.
    """
    used = [one for one in splits if one["kind"] == "random" and not one["why"]]
    timed = next((one for one in splits if one["kind"] == "time" and not one["why"]), None)
    known = [one["within"]["correlation"] for one in used]
    mean = float(np.mean([r for r in known if r is not None])) if any(r is not None for r in known) else None
    out: SplitHalf = {
        "chamber": chamber,
        "splits": list(splits),
        "reliability": 2 * mean / (1 + mean) if mean is not None and mean > 0 else None,
        "excess": None,
        "excess_se": None,
        "static": None,
        "moved": [],
        "text": [],
    }
    if timed and len(used) >= LEAST_SPLITS:
        out |= _excess(timed, used)  # type: ignore[typeddict-item]
        out["moved"] = [m["legislator"] for m in timed["members"] if not 1 - _CERTAIN < m["right"] < _CERTAIN]
    out["text"] = list(_sentences(out, used, timed))
    return out


def _excess(timed: Split, used: Sequence[Split]) -> dict[str, Any]:
    moves = [{m["legislator"]: (m["mean_b"] - m["mean_a"]) ** 2 for m in one["members"]} for one in (timed, *used)]
    both = sorted(set(moves[0]).intersection(*moves[1:]))
    table = np.array([[own[who] for who in both] for own in moves])
    if len(both) < _LEAST_MEMBERS:
        return {}
    excess = table[0] - table[1:].mean(0)
    random = table[1:].mean(1)
    se = float(np.sqrt(excess.var(ddof=1) / len(both) + random.var(ddof=1) / len(random)))
    moved = excess.mean() > _CLEAR * se and table[0].mean() > random.max()
    return {"excess": float(excess.mean()), "excess_se": se, "static": not moved}


def _sentences(out: SplitHalf, used: Sequence[Split], timed: Split | None) -> Iterator[str]:
    if used:
        for part, words in (("overall", "Positions"), ("within", "Positions within parties")):
            raw, corrected = (_mean(used, part, key) for key in ("correlation", "corrected"))
            if raw is not None and corrected is not None:
                yield (
                    f"{words} from random halves correlate at {number(raw)} on average over "
                    f"{plural(len(used), 'split')}, and at {number(corrected)} after correction for their uncertainty."
                )
    if out["reliability"] is not None:
        yield (
            "By the formula of Spearman and Brown, positions within parties from all roll calls have a reliability of "
            f"{number(out['reliability'])}."
        )
    if timed and timed["overall"]["correlation"] is not None:
        yield f"Positions up to {timed['cut']} and after it correlate at {number(timed['overall']['correlation'])}."
    for one in out["splits"]:
        if one["why"]:
            yield f"A split ({'by time' if one['kind'] == 'time' else one['kind']}) is left out: {one['why']}."
    if out["excess"] is None or out["static"] is None or timed is None or out["excess_se"] is None:
        yield "Whether one position for the session describes the members cannot be said."
        return
    squares = [one["squared"] for one in used if one["squared"] is not None]
    typical, by_chance = (number(float(np.sqrt(v))) for v in (timed["squared"] or 0.0, float(np.mean(squares))))
    between = f"Between halves by time members' positions differ by {typical}, between random halves by {by_chance}"
    scale = "(root mean square, on a scale where the parties average −1 and +1)"
    if out["static"]:
        yield f"{between} {scale}. That is no clear sign that one position for the session is too little."
    else:
        beyond = number(float(np.sqrt(out["excess"])))
        yield (
            f"{between} {scale}. The excess, a move of {beyond}, is more than chance: one position for the session is "
            "too little, because members moved or because other matters were voted on."
        )
    by_chance_moved = np.mean([sum(not 1 - _CERTAIN < m["right"] < _CERTAIN for m in one["members"]) for one in used])
    yield (
        f"{plural(len(out['moved']), 'member')} of {len(timed['members'])} moved to one side with a probability above "
        f"{_CERTAIN:g}; between random halves it is {number(float(by_chance_moved), 1)} on average."
    )


def _mean(used: Sequence[Mapping[str, Any]], part: str, key: str) -> float | None:
    known = [one[part][key] for one in used if one[part][key] is not None]
    return float(np.mean(known)) if known else None
