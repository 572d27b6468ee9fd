"""Names of units, and ranks and durations, as people read them."""

from __future__ import annotations

from ...votes.unit import Unit
from .numbers import NOT_KNOWN, count, number

_UNIT_TITLES: dict[str, str] = {unit: unit.heading for unit in Unit} | {"both": "Both"}


def unit_title(name: str) -> str:
    """Return the name of a chamber or fit for people."""
    return _UNIT_TITLES.get(name, name)


def ranks(low: float | None, high: float | None) -> str:
    """Format a rank, or the ranks from one to another."""
    if low is None or high is None:
        return NOT_KNOWN
    return count(low) if round(low) == round(high) else f"{count(low)}–{count(high)}"


def duration(seconds: float | None) -> str:
    """Seconds as people say them."""
    if seconds is None:
        return NOT_KNOWN
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """Format an interval, as ``−7.42 to −6.31``."""
    return NOT_KNOWN if low is None or high is None else f"{number(low, digits)} to {number(high, digits)}"
