"""Put together what is reported of a series: each chamber's sessions on one scale, its people, and what changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from ..config.series import Matching
from ..draws.scale import headline_scale
from ..errors import UserError
from ..files.columns import over_time as columns
from ..files.records.over_time import Crossed, LinkTime, PartyCrossed, SessionFault, TimeChamber, TimeLink, TimeSession
from ..linking.mixtures import QUANTILES
from ..votes.matrix import ChamberVotes
from ..votes.vocabulary import CHAMBERS
from .across import across_rows, crossed_rows
from .chain import Chain, Returning, Sitting, chain
from .joint import chain_together
from .people import MEMBERS, identify
from .reasons import BRIDGE, MOVED, OTHER_PARTY, SEVERAL_SPELLS
from .tables import chamber_rows, change_rows, member_rows, move_rows, party_rows
from .walked import FittedTogether, record, walked

_SEED = 20250103


@dataclass(frozen=True)
class Fitted:
    """One chamber in one session, fitted.

    Attributes
    ----------
    votes
        What it was fitted to.
    legislators
        Ids of the members of the fit.
    xi : ndarray, shape (n_draws, n)
        Draws of their positions.
    fault
        Why left and right cannot be read from the fit, or None.
    """

    votes: ChamberVotes
    legislators: Sequence[str]
    xi: np.ndarray
    fault: str | None = None


@dataclass(frozen=True)
class FittedSession:
    """One session of a series, with the fits of its chambers, House first."""

    session: str
    experiment: str
    source: str
    title: str
    chamber_names: dict[str, str]
    chambers: Sequence[Fitted]


@dataclass(frozen=True)
class OverTime:
    """Content of link_time.json, and of the tables beside it by name."""

    summary: LinkTime
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


def build(
    series: str,
    sessions: Sequence[FittedSession],
    matching: Matching,
    together: Mapping[str, FittedTogether] | None = None,
    joint: bool = False,
) -> OverTime:
    """Put the sessions of each chamber on one scale and say what changed.

    Parameters
    ----------
    series
        Its name.
    sessions
        In order of time, two or more.
    matching
        Who is the same person in different sessions.
    together
        By chamber, a fit of all sessions, which then gives the scale in place of the link.
    joint
        Whether the fits of the two chambers of a session are parts of one joint fit, draw by draw, and so those in
        ``together``. All sessions of both chambers are then put on one scale.

    Raises
    ------
    UserError
        If the sessions are not in order of time, or `people.identify` refuses.
    """
    _refuse_other_orders(sessions)
    members = _members(sessions)
    people = identify(members, matching)
    members["number"] = people.number
    members["key"] = _keys(members)
    n_draws = min(len(fit.xi) for session in sessions for fit in session.chambers)
    summary: LinkTime = {
        "series": series,
        "n_draws": n_draws,
        "n_persons": int(members["number"].nunique()),
        "sessions": [_session(one) for one in sessions],
        "chambers": [],
        "changed_chamber": _changed_chamber(members, [one.session for one in sessions]),
        "changed_party": [],
        "doubts": people.doubts,
    }
    parts: dict[str, list[pd.DataFrame]] = {table.name: [] for table in columns.TABLES}
    by_chamber = {
        chamber: _sittings(sessions, chamber, members[members["chamber"] == chamber], n_draws)
        for chamber in CHAMBERS
        if (members["chamber"] == chamber).any()
    }
    fits = together or {}
    whole, chains = None, {chamber: chain(sittings) for chamber, sittings in by_chamber.items() if not joint}
    if joint:
        whole, chains = chain_together(by_chamber)
        summary["joint"] = {"links": _links([one.session for one in sessions], whole)}
    first = headline_scale(fits["house"].xi[0], by_chamber["house"][0].party) if joint and fits else None
    placed = {c: walked(own, fits[c], first) if c in fits else chains[c] for c, own in by_chamber.items()}
    if joint and all(found.reason is None for found in placed.values()):
        crossed = crossed_rows(summary["changed_chamber"], members, by_chamber, placed, None if fits else whole)
        parts["time_across"].append(pd.DataFrame(across_rows(by_chamber, placed)))
        parts["time_crossed"].append(pd.DataFrame(crossed))
    for chamber, sittings in by_chamber.items():
        own = members[members["chamber"] == chamber]
        linked, shown = chains[chamber], placed[chamber]
        facts = _chamber(chamber, sittings, linked, joint)
        if fit := fits.get(chamber):
            facts |= {"linked": True, "reason": None, "scale": shown.kind, "link_reason": linked.reason}
            facts[fit.method] = record(sittings, fit, shown, linked)  # type: ignore[literal-required]
        summary["chambers"].append(facts)
        summary["changed_party"] += _changed_party(chamber, own, sittings)
        if shown.reason is None:
            for name, rows in _tables(chamber, own, sittings, shown, moves="constant" not in facts).items():
                parts[name].append(rows)
    tables = {
        table.name: pd.concat(found, ignore_index=True).reindex(columns=table.names)
        if (found := parts[table.name])
        else pd.DataFrame(columns=table.names)
        for table in columns.TABLES
    }
    return OverTime(summary, tables)


def _tables(
    chamber: str, own: pd.DataFrame, sittings: Sequence[Sitting], shown: Chain, moves: bool
) -> dict[str, pd.DataFrame]:
    """Return a chamber's rows of the tables by name; ``moves`` is False where the fit lets nobody move."""
    found = {
        "time_members": member_rows(own, sittings, shown),
        "time_parties": pd.DataFrame(party_rows(chamber, sittings, shown)),
        "time_chambers": pd.DataFrame(chamber_rows(chamber, sittings, shown)),
        "time_changes": pd.DataFrame(change_rows(chamber, sittings, shown, moves)),
    }
    return found | ({"time_moves": move_rows(own, sittings, shown)} if moves else {})


def _members(sessions: Sequence[FittedSession]) -> pd.DataFrame:
    """One row per member of a fit, sessions in order of time, House first."""
    rows = []
    for one in sessions:
        for fit in one.chambers:
            of = fit.votes.legislators.assign(party=fit.votes.parties).loc[list(fit.legislators)]
            of = of.rename_axis("legislator").reset_index()
            rows.append(of.assign(session=one.session, source=one.source, chamber=fit.votes.chamber))
    return pd.concat(rows, ignore_index=True)[list(MEMBERS)]


def _keys(members: pd.DataFrame) -> np.ndarray:
    """Name each person by the id of the first row, and where two persons would share one, by a number after it."""
    first = members.drop_duplicates("number").set_index("number")["legislator"]
    again = first.groupby(first).cumcount()
    keys = first.where(again == 0, first + "#" + (again + 1).astype(str))
    return keys.loc[members["number"]].to_numpy(object)


def _sittings(sessions: Sequence[FittedSession], chamber: str, own: pd.DataFrame, n_draws: int) -> list[Sitting]:
    """Return the sessions of a chamber, the draws of each in an order of its own.

    Fits that start from the same random numbers could have draws that go together; in random order they do not.
    """
    out = []
    for at, one in enumerate(sessions):
        for fit in one.chambers:
            if fit.votes.chamber == chamber:
                rows = own[own["session"] == one.session]
                order = np.random.default_rng([_SEED, at]).permutation(len(fit.xi))[:n_draws]
                out.append(
                    Sitting(one.session, fit.xi[order], rows["number"].to_numpy(), rows["party"].to_numpy(object))
                )
    return out


def _session(one: FittedSession) -> TimeSession:
    first, last = _days(one)
    faults: list[SessionFault] = [
        {"chamber": fit.votes.chamber, "fault": fit.fault} for fit in one.chambers if fit.fault is not None
    ]
    return {
        "session": one.session,
        "experiment": one.experiment,
        "title": one.title,
        "chamber_names": one.chamber_names,
        "first_day": first,
        "last_day": last,
        "faults": faults,
    }


def _days(one: FittedSession) -> tuple[str, str]:
    days = sorted(day for fit in one.chambers for day in fit.votes.rollcalls["date"] if day)
    return (str(days[0]), str(days[-1])) if days else ("", "")


def _refuse_other_orders(sessions: Sequence[FittedSession]) -> None:
    for one, other in pairwise(sessions):
        first, second = _days(one)[0], _days(other)[0]
        if first and second and first > second:
            raise UserError(
                f"over_time: session {one.session!r} begins on {first}, after {other.session!r} ({second}); list the"
                " sessions in order of time"
            )


def _chamber(chamber: str, sittings: Sequence[Sitting], linked: Chain, joint: bool) -> TimeChamber:
    return {
        "chamber": chamber,
        "linked": linked.reason is None,
        "reason": linked.reason,
        "scale": linked.kind,
        "links": [] if joint else _links([sitting.session for sitting in sittings], linked),
    }


def _links(sessions: Sequence[str], linked: Chain) -> list[TimeLink]:
    return [_link(*pair, step) for pair, step in zip(pairwise(sessions), linked.steps, strict=False)]


def _link(before: str, after: str, step: Returning) -> TimeLink:
    link = step.link

    def interval(draws: np.ndarray) -> dict[str, float]:
        return dict(zip(QUANTILES, np.quantile(draws, list(QUANTILES.values())).tolist(), strict=True))

    def counted(reason: str) -> int:
        return int((step.reason == reason).sum())

    return {
        "before": before,
        "after": after,
        "n_returning": len(step.reason),
        "n_other_party": counted(OTHER_PARTY),
        "n_several_spells": counted(SEVERAL_SPELLS),
        "n_moved": counted(MOVED),
        "n_used": counted(BRIDGE) if link else 0,
        "correlation": step.correlation,
        "mirrored": link.correlation < 0 if link else None,
        "drift": float(np.median(link.drift)) if link else None,
        "A": interval(link.a) if link else None,  # type: ignore[typeddict-item]
        "B": interval(link.b) if link else None,  # type: ignore[typeddict-item]
    }


def _changed_chamber(members: pd.DataFrame, order: Sequence[str]) -> list[Crossed]:
    """List who sits in one chamber and, in the next session that has her, in the other one."""
    out: list[Crossed] = []
    at = {session: k for k, session in enumerate(order)}
    for _, own in members.groupby("number", sort=False):
        seats = own.drop_duplicates(["session", "chamber"])
        for one, other in pairwise(seats.sort_values("session", key=lambda s: s.map(at), kind="stable").itertuples()):
            if one.chamber != other.chamber:
                out.append(_crossed(one, other, one.chamber, other.chamber))
    return out


def _changed_party(chamber: str, own: pd.DataFrame, sittings: Sequence[Sitting]) -> list[PartyCrossed]:
    """List who is counted with other parties than in the session before."""
    out: list[PartyCrossed] = []
    for one, other in pairwise(sitting.session for sitting in sittings):
        before, after = (own[own["session"] == session].groupby("number", sort=False) for session in (one, other))
        now = dict(iter(after))
        for number, rows in before:
            if number in now and set(rows["party"]) != set(now[number]["party"]):
                parties = ["/".join(dict.fromkeys(found["party"])) for found in (rows, now[number])]
                first, second = next(rows.itertuples()), next(now[number].itertuples())
                out.append({**_crossed(first, second, *parties), "chamber": chamber})
    return out


def _crossed(one: tuple, other: tuple, was: str, became: str) -> Crossed:  # type: ignore[type-arg]
    return {
        "person": one.key,  # type: ignore[attr-defined]
        "name": other.name,  # type: ignore[attr-defined]
        "before": one.session,  # type: ignore[attr-defined]
        "after": other.session,  # type: ignore[attr-defined]
        "was": was,
        "became": became,
    }
