"""Data of the stories: an index, what happened in each chamber, and what each fit says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...votes.unit import Unit
from ..files.data import Report, UnitResults
from ..files.votes import FitVotes, read_votes
from ..page.links import story_id
from ..page.words import unit_title
from ..sections.readable import unreadable
from .chamber import chamber_block
from .coding import CHARACTERS, PERCENTS
from .fit import fit_block

Block = dict[str, Any]


def story_blocks(report: Report) -> dict[str, Block]:
    """Return the blocks of data by name; empty where no fit has its votes (vote_probabilities.nc).

    ``stories`` is the index. ``story-house`` has the members and roll calls of a chamber and every vote, ``fit-joint``
    what a fit says of them. Lists about members or roll calls are in the order of their chamber's block.
    """
    votes = {unit: read_votes(results.votes) for unit, results in report.units.items() if results.votes}
    tellers = {chamber: _teller(report, votes, chamber) for chamber in report.config.chambers}
    known = {chamber: (unit, votes[unit.unit][chamber]) for chamber, unit in tellers.items() if unit}
    if not known:
        return {}
    chambers = {
        name: chamber_block(name, unit, found, not unreadable(report, unit, name))
        for name, (unit, found) in known.items()
    }
    orders = {name: (block["members"]["id"], block["rollcalls"]["id"]) for name, block in chambers.items()}
    fits = {unit: fit_block(report, report.units[unit], found, orders) for unit, found in votes.items()}
    return {
        "stories": _index(report, chambers, fits),
        **{f"story-{name}": block for name, block in chambers.items()},
        **{f"fit-{unit}": block for unit, block in fits.items()},
    }


def _teller(report: Report, votes: Mapping[Unit, Mapping[str, FitVotes]], chamber: str) -> UnitResults | None:
    """Return the fit whose files say who sits in a chamber: its own, or else the joint one."""
    told = [unit for unit in (Unit(chamber), Unit.JOINT) if chamber in votes.get(unit, {})]
    return next((report.units[unit] for unit in told if report.units[unit].members), None)


def _index(report: Report, chambers: Mapping[str, Block], fits: Mapping[Unit, Block]) -> Block:
    titles = {unit: "both chambers together" if unit.is_joint else "this chamber on its own" for unit in fits}
    return {
        "characters": CHARACTERS,
        "percents": PERCENTS,
        "chambers": {name: unit_title(name) for name in chambers},
        "fits": [{"name": unit, "title": titles[unit], "chambers": list(fits[unit]["chambers"])} for unit in fits],
        "compared": report.config.compare_with if report.compared else None,
        "gone": _gone(report),
    }


def _gone(report: Report) -> dict[str, list[str]]:
    """Return name and reason of every member who was left out, by the id in a link."""
    return {
        story_id(chamber, row.id): [row.name, row.reason]
        for chamber, rows in report.dropped.items()
        for row in rows
        if row.kind == "legislator"
    }
