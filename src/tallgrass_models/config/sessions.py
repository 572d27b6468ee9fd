"""Checks of what a session may say about its members and majorities."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

#: What a party or member may be counted with.
_CAUCUSES = ("Democrat", "Republican", "none")


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
        if found not in _CAUCUSES:
            raise ValueError(f"{name}: must be one of {', '.join(_CAUCUSES)}, not {party!r}")
        if name.strip() in kept:
            raise ValueError(f"{name.strip()!r} is named twice")
        kept[name.strip()] = found
    return kept


def pivots(value: Any) -> tuple[float, ...]:
    """Majorities as shares of the seats: at least one half, below one; ``2/3`` and 0.667 are two thirds."""
    if not isinstance(value, list) or not value:
        raise ValueError(f"must be a list of majorities such as [0.5, 0.6, 2/3], not {value!r}")
    return tuple(dict.fromkeys(_majority(share) for share in value))


def _majority(value: Any) -> float:
    try:
        share = Fraction(value) if isinstance(value, str) else Fraction(repr(float(value)))
        good = not isinstance(value, bool) and Fraction(1, 2) <= share < 1
    except (ValueError, TypeError, ZeroDivisionError, OverflowError):
        good = False
    if not good:
        raise ValueError(f"{value!r} is no share of the seats from 1/2 up to but not including 1")
    digits = len(str(value).partition(".")[2])
    thirds = digits >= 2 and share == Fraction(str(round(2 / 3, digits)))
    return 2 / 3 if thirds else float(share)


def date_text(value: Any) -> str:
    """A day, as ``yyyy-mm-dd``."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(f"must be a date such as 2024-06-01, not {value!r}") from None
