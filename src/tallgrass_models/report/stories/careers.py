"""Data of the page over time: every member's position in every session of a chamber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..files.over_time import ChamberOverTime
from ..page.links import story_id
from ..page.words import unit_title


def career_blocks(chambers: Sequence[ChamberOverTime], scales: Mapping[str, str]) -> dict[str, Any]:
    """Return the block ``careers``; empty if no chamber's sessions are on one scale.

    It has ``sessions`` by name with what they are called, ``scales`` by chamber with the outermost ends of intervals
    and the scale in words, and ``members`` by chamber and person: name, chamber, and ``terms``, each session, party,
    position, the ends of its interval, and what the chamber is called. Where both chambers are on one scale, who sat in
    both has her terms in both.

    Parameters
    ----------
    chambers
        Those whose sessions are on one scale.
    scales
        The scale of each in words, by chamber.
    """
    if not chambers:
        return {}
    series = chambers[0].series
    order = {session: k for k, session in enumerate(series.titles)}
    members: dict[str, dict[str, Any]] = {}
    ends = {}
    for chamber in chambers:
        rows = series.tables.members if series.joint else chamber.tables.members
        low, high = min(row["place_q05"] for row in rows), max(row["place_q95"] for row in rows)
        ends[chamber.name] = {"low": round(low, 3), "high": round(high, 3), "words": scales[chamber.name]}
        here = {row["person"] for row in chamber.tables.members}
        for row in sorted((row for row in rows if row["person"] in here), key=lambda row: order[row["session"]]):
            own = members.setdefault(story_id(chamber.name, row["person"]), {"chamber": chamber.name, "terms": []})
            own["name"] = row["name"]
            places = (round(row[f"place_{name}"], 3) for name in ("median", "q05", "q95"))
            own["terms"].append([row["session"], row["party"], *places, unit_title(row["chamber"])])
    return {
        "careers": {
            "sessions": series.titles,
            "scales": ends,
            "members": members,
        }
    }
