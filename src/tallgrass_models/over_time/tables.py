"""Rows of the tables of a chamber over time, on the headline scale of the first session."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from ..draws.separation import separation
from ..draws.standing import party_averages
from ..linking.mixtures import QUANTILES
from ..votes.vocabulary import PARTIES
from .chain import Chain, Sitting
from .changes import distance, overlap, shift
from .reasons import BRIDGE

_Rows = list[dict[str, Any]]
_AT = list(QUANTILES.values())
#: Rounding: where nobody moves, the average of the same members is the same number but for that.
_SAME = 1e-10


def interval_of(draws: np.ndarray | None, stem: str) -> dict[str, float]:
    """Return median and 90 % interval as columns; none where it is not known."""
    if draws is None or not np.isfinite(draws).all():
        return {}
    return {f"{stem}_{name}": float(v) for name, v in zip(QUANTILES, np.quantile(draws, _AT), strict=True)}


def intervals_of(draws: np.ndarray, stem: str) -> dict[str, np.ndarray]:
    """Return the same of every column of draws, shape (n_draws, n)."""
    return {f"{stem}_{name}": v for name, v in zip(QUANTILES, np.quantile(draws, _AT, axis=0), strict=True)}


def member_rows(own: pd.DataFrame, sittings: Sequence[Sitting], linked: Chain) -> pd.DataFrame:
    """One row per member and session; ``own`` has the columns of `people.MEMBERS`, number and key, in their order."""
    parts = []
    for sitting, x in zip(sittings, linked.places, strict=True):
        rows = own[own["session"] == sitting.session]
        parts.append(rows.assign(**intervals_of(x, "place")))
    out = pd.concat(parts).assign(person=lambda rows: rows["key"])
    ends = out.groupby("number")["session"]
    return out.assign(first_session=ends.transform("first"), last_session=ends.transform("last"))


def party_rows(chamber: str, sittings: Sequence[Sitting], linked: Chain) -> _Rows:
    """One row per party and session; a party without members has none."""
    rows: _Rows = []
    for sitting, x in zip(sittings, linked.places, strict=True):
        average, spread = party_averages(x, sitting.party)
        for p, party in enumerate(PARTIES):
            if n := int((sitting.party == party).sum()):
                of = {**interval_of(average[:, p], "place"), **interval_of(spread[:, p], "spread")}
                rows.append({"chamber": chamber, "session": sitting.session, "party": party, "n": n, **of})
    return rows


def chamber_rows(chamber: str, sittings: Sequence[Sitting], linked: Chain) -> _Rows:
    """One row per session."""
    rows: _Rows = []
    gaps = [distance(x, sitting.party) for sitting, x in zip(sittings, linked.places, strict=True)]
    for k, (sitting, x) in enumerate(zip(sittings, linked.places, strict=True)):
        gap, first, before = gaps[k], gaps[0], gaps[k - 1] if k else None
        rows.append(
            {
                "chamber": chamber,
                "session": sitting.session,
                "n": x.shape[1],
                **interval_of(np.median(x, axis=1), "median"),
                **interval_of(gap, "distance"),
                **interval_of(gap / first if first is not None and gap is not None else None, "ratio"),
                **interval_of(overlap(x, sitting.party), "overlap"),
                **interval_of(np.abs(separation(x, sitting.party)), "d"),
                "p_wider_than_before": _p_wider(gap, before),
                "p_wider_than_first": _p_wider(gap, first if k else None),
            }
        )
    return rows


def change_rows(chamber: str, sittings: Sequence[Sitting], linked: Chain, moves: bool = True) -> _Rows:
    """One row per party and pair of sessions: each with the next, and the first with the last.

    ``moves`` is False where the fit lets nobody move. Conversion is then left empty, for the fit knows nothing of it.
    """
    pairs = list(pairwise(range(len(sittings))))
    rows: _Rows = []
    for one, other in pairs + ([(0, len(sittings) - 1)] if len(pairs) > 1 else []):
        for party in PARTIES:
            here, there = (sittings[k].party == party for k in (one, other))
            if not here.any() or not there.any():
                continue
            people = sittings[one].person[here], sittings[other].person[there]
            found = shift(linked.places[one][:, here], linked.places[other][:, there], *people)
            conversion = found.conversion if moves else None
            rows.append(
                {
                    "chamber": chamber,
                    "party": party,
                    "before": sittings[one].session,
                    "after": sittings[other].session,
                    "n_before": int(here.sum()),
                    "n_after": int(there.sum()),
                    "n_stayed": found.n_stayed,
                    "n_left": found.n_left,
                    "n_came": found.n_came,
                    **interval_of(found.change, "change"),
                    **interval_of(conversion, "conversion"),
                    **interval_of(found.replacement, "replacement"),
                    **interval_of(found.left, "left"),
                    **interval_of(found.came, "came"),
                    "p_change_right": p_right(found.change),
                    "p_replacement_right": p_right(found.replacement),
                    "p_conversion_right": None if conversion is None else p_right(conversion),
                }
            )
    return rows


def move_rows(own: pd.DataFrame, sittings: Sequence[Sitting], linked: Chain) -> pd.DataFrame:
    """One row per returning member, from each session to the next; without a link, who is one career is a bridge."""
    parts = []
    for k, step in enumerate(linked.steps):
        link = step.link
        rows = [own[own["session"] == sitting.session] for sitting in sittings[k : k + 2]]
        first, second = rows[0].iloc[step.before], rows[1].iloc[step.after]
        change = linked.places[k + 1][:, step.after] - linked.places[k][:, step.before]
        parts.append(
            pd.DataFrame(
                {
                    "chamber": first["chamber"].to_numpy(),
                    "before": sittings[k].session,
                    "after": sittings[k + 1].session,
                    "person": first["key"].to_numpy(),
                    "name": second["name"].to_numpy(),
                    "legislator_before": first["legislator"].to_numpy(),
                    "legislator_after": second["legislator"].to_numpy(),
                    "party": first["party"].to_numpy(),
                    "party_after": second["party"].to_numpy(),
                    "bridge": step.reason == BRIDGE if link is None else link.used,
                    "reason": step.reason,
                    **intervals_of(change, "change"),
                    "p_right": (change > 0).mean(0),
                    "chi2": np.nan if link is None else link.chi2,
                    "p_value": np.nan if link is None else link.p_value,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _p_wider(gap: np.ndarray | None, other: np.ndarray | None) -> float | None:
    return None if gap is None or other is None else p_right(np.abs(gap) - np.abs(other))


def p_right(difference: np.ndarray) -> float:
    """Return the probability that a difference is above zero; half of it where it is zero but for rounding."""
    same = np.abs(difference) < _SAME
    return float(np.where(same, 0.5, difference > 0).mean())
