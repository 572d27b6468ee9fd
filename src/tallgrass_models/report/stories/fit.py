"""What one fit says of the members and roll calls of its chambers, or why it says nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..files.data import Report, UnitResults
from ..files.records import Member
from ..files.votes import FitVotes, read_right_of
from ..page.links import story_id
from ..page.words import unit_title
from ..sections.labels import scale_note
from ..sections.readable import unreadable
from .coding import percent_rows

#: Ids of members and of roll calls by chamber, in the order of the chamber's block.
Orders = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def fit_block(report: Report, unit: UnitResults, votes: Mapping[str, FitVotes], orders: Orders) -> dict[str, Any]:
    """Return what a fit says of each of its chambers, and who stands right of whom.

    A chamber that cannot be read has only the reason (``why``) and the ids of the parameters of its roll calls, as in
    bills.csv (``items``). ``right_of`` has a text for each of ``order``, the members of all
    chambers (``names`` are theirs): the probability that they stand right of each member before them. It is empty if a
    chamber cannot be read.
    """
    told = [chamber for chamber in unit.unit.chambers if chamber in votes and chamber in orders]
    why = {chamber: unreadable(report, unit, chamber) for chamber in told}
    chambers = {
        chamber: {
            "why": why[chamber],
            "items": _items(chamber, votes[chamber], orders),
            **({} if why[chamber] else _chamber(report, unit, chamber, votes[chamber], orders)),
        }
        for chamber in told
    }
    everybody = [name for chamber in told for name in orders[chamber][0]]
    paired = bool(unit.right_of) and not any(why.values())
    return {
        "chambers": chambers,
        "order": everybody,
        "names": _names(unit, everybody),
        "right_of": _right_of(unit, everybody) if paired else [],
    }


def _chamber(report: Report, unit: UnitResults, chamber: str, votes: FitVotes, orders: Orders) -> dict[str, Any]:
    members, rollcalls = orders[chamber]
    at = {story_id(chamber, name): k for k, name in enumerate(votes.legislators)}
    rows = [at[name] for name in members]
    which = _columns(chamber, votes, rollcalls)
    return {
        "scale": scale_note(unit).strip(),
        "members": _places(chamber, unit.members or (), members),
        "compared": _places(chamber, report.compared.get(unit.unit, ()), members),
        "rollcalls": _cuts(votes, which),
        "yea": percent_rows(votes.p_yea[rows][:, which].T),
    }


def _columns(chamber: str, votes: FitVotes, rollcalls: Sequence[str]) -> list[int]:
    """Return where the roll calls of the chamber's block are among those of a fit."""
    place = {story_id(chamber, name): k for k, name in enumerate(votes.votes)}
    return [place[name] for name in rollcalls]


def _items(chamber: str, votes: FitVotes, orders: Orders) -> list[str]:
    return [votes.items[k] for k in _columns(chamber, votes, orders[chamber][1])]


def _places(chamber: str, found: Sequence[Member], order: Sequence[str]) -> dict[str, Any]:
    """Return positions and ranks in the order of the chamber; None for who is not in the fit of ``n`` members."""
    known = {story_id(chamber, m.legislator): m for m in found if m.chamber == chamber}
    columns = {"at": "position_mean", "low": "position_q05", "high": "position_q95"}
    columns |= {"rank": "rank_mean", "rank_low": "rank_q05", "rank_high": "rank_q95"}
    if not known:
        return {}
    places = {
        key: [None if (m := known.get(name)) is None else _digits(getattr(m, column)) for name in order]
        for key, column in columns.items()
    }
    return {"n": len(known), **places}


def _names(unit: UnitResults, order: Sequence[str]) -> list[str]:
    """Return names by which members can be told apart: in a joint fit with the chamber."""
    found = {story_id(m.chamber, m.legislator): m for m in unit.members or ()}
    chamber = " ({})" if unit.unit.is_joint else ""
    return [m.name + chamber.format(unit_title(m.chamber)) for m in (found[name] for name in order)]


def _cuts(votes: FitVotes, which: Sequence[int]) -> dict[str, list[Any]]:
    return {
        key: [_digits(float(votes.cuts[name][k])) for k in which]
        for key, name in (
            ("cut", "cut_q50"),
            ("cut_low", "cut_q05"),
            ("cut_high", "cut_q95"),
            ("beyond_left", "p_cut_left"),
            ("beyond_right", "p_cut_right"),
            ("yea_right", "p_yea_right"),
        )
    }


def _right_of(unit: UnitResults, order: Sequence[str]) -> list[str]:
    """Return P(member stands right of each member before) as texts."""
    assert unit.right_of is not None
    names, probability = read_right_of(unit.right_of)
    chamber_of = {m.legislator: m.chamber for m in unit.members or ()}
    at = {story_id(chamber_of[name], name): k for k, name in enumerate(names)}
    places = [at[name] for name in order]
    rows = percent_rows(probability[places][:, places])
    return [row[:k] for k, row in enumerate(rows)]


def _digits(value: float | None) -> float | None:
    """Four digits are more than the page shows."""
    return None if value is None else float(f"{value:.4g}")
