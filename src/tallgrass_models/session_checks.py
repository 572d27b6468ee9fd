"""Checks of what a session may say about its members and majorities."""

from __future__ import annotations

from typing import Any

#: What a party or member may be counted with.
CAUCUSES = ("Democrat", "Republican", "none")


def caucus(value: Any) -> dict[str, str]:
    """Parties or members' ids, each to the party it is counted with."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{Independent: Democrat}}, not {value!r}")
    kept: dict[str, str] = {}
    for key, party in value.items():
        name = str(key) if isinstance(key, int) and not isinstance(key, bool) else key
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"{key!r} is neither a party nor the id of a member")
        found = "none" if party is None else party
        if found not in CAUCUSES:
            raise ValueError(f"{name}: must be one of {', '.join(CAUCUSES)}, not {party!r}")
        if name.strip() in kept:
            raise ValueError(f"{name.strip()!r} is named twice")
        kept[name.strip()] = found
    return kept
