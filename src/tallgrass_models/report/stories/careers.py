"""Data of the page over time: every member's position in every session of a chamber."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..files.over_time import ChamberOverTime
from ..page.links import story_id
from ..page.words import unit_title


def career_blocks(chambers: Sequence[ChamberOverTime], scales: Mapping[str, str]) -> dict[str, Any]:
    """Return the block ``careers``; empty if no chamber's sessions are on one scale.

    It has ``sessions`` and ``chambers`` by name with what they are called, ``scales`` by chamber with the outermost
    ends of intervals and the scale in words, and ``members`` by chamber and person: name, chamber, and ``terms``, each
    session, party, position and the ends of its interval.

    Parameters
    ----------
    chambers
        Those on one scale.
    scales
        The scale of each in words, by chamber.
    """
    if not chambers:
        return {}
    members: dict[str, dict[str, Any]] = {}
    ends = {}
    for chamber in chambers:
        rows = chamber.tables.members
        low, high = min(row["place_q05"] for row in rows), max(row["place_q95"] for row in rows)
        ends[chamber.name] = {"low": round(low, 3), "high": round(high, 3), "words": scales[chamber.name]}
        for row in rows:
            own = members.setdefault(story_id(chamber.name, row["person"]), {"chamber": chamber.name, "terms": []})
            own["name"] = row["name"]
            places = (round(row[f"place_{name}"], 3) for name in ("median", "q05", "q95"))
            own["terms"].append([row["session"], row["party"], *places])
    return {
        "careers": {
            "sessions": chambers[0].series.titles,
            "chambers": {chamber.name: unit_title(chamber.name) for chamber in chambers},
            "scales": ends,
            "members": members,
        }
    }
