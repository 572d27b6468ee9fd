"""Checks of single settings.

Each check returns the value to keep, or raises a ValueError that says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Check = Callable[[Any], Any]


def text(value: Any) -> str:
    """Check that a value is text."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value!r}")
    return value


def one_of(*known: str) -> Check:
    """Make a check that a value is one of the words ``known``."""

    def check(value: Any) -> str:
        if value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {value!r}")
        return str(value)

    return check


def whole(low: int, high: int = 2**31 - 1) -> Check:
    """Make a check that a value is a whole number from ``low`` to ``high``, both included."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return check


def number(low: float, high: float, closed_low: bool = False) -> Check:
    """Make a check that a value is a number between ``low`` and ``high``.

    The check accepts ``low`` itself if ``closed_low``, never ``high``. It returns a float.
    """

    def check(value: Any) -> float:
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not (low < value < high or (closed_low and value == low)):
            sign = "at least" if closed_low else "above"
            upper = f" and below {high:g}" if high < float("inf") else ""
            raise ValueError(f"must be a number {sign} {low:g}{upper}, not {value!r}")
        return float(value)

    return check


def yes_or_no(value: Any) -> bool:
    """Check that a value is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {value!r}")
    return value


def optional_text(value: Any) -> str | None:
    """Check that a value is text or None."""
    return None if value is None else text(value)
