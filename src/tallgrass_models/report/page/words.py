"""Names of units, and ranks and durations, as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ...votes.naming import USUAL, ChamberNames
from ...wording.numbers import NOT_KNOWN, count, number

# A page is about one session. Its sentences, tables and pictures are made in a hundred places, each of which may name a
# chamber; handed down as an argument, the names would be in the way of all of them.
_CALLED: ContextVar[ChamberNames] = ContextVar("chambers of the page", default=USUAL)


@contextmanager
def naming(called: ChamberNames) -> Iterator[None]:
    """Let everything that is made inside call the chambers by these names."""
    token = _CALLED.set(called)
    try:
        yield
    finally:
        _CALLED.reset(token)


def called() -> ChamberNames:
    """Return the names of the chambers on the page that is being made."""
    return _CALLED.get()


def unit_title(name: str) -> str:
    """Return the name of a chamber or fit for people."""
    return called().title(name)


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
