"""Checks of single settings.

Each check returns the value to keep, or raises a ValueError that says what is wrong.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ..votes.settings import Check, one_of, shape_of, shaped, whole

__all__ = ["Check", "date_text", "number", "one_of", "shape_of", "shaped", "text", "whole", "yes_or_no"]


@shaped({"type": "string"})
def text(value: Any) -> str:
    """Check that a value is text."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value!r}")
    return value


def number(low: float, high: float, closed_low: bool = False) -> Check:
    """Make a check that a value is a number between ``low`` and ``high``.

    The check accepts ``low`` itself if ``closed_low``, never ``high``. It returns a float.
    """
    lower = {"minimum" if closed_low else "exclusiveMinimum": low}

    @shaped({"type": "number", **lower, **({"exclusiveMaximum": high} if high < float("inf") else {})})
    def check(value: Any) -> float:
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not (low < value < high or (closed_low and value == low)):
            sign = "at least" if closed_low else "above"
            upper = f" and below {high:g}" if high < float("inf") else ""
            raise ValueError(f"must be a number {sign} {low:g}{upper}, not {value!r}")
        return float(value)

    return check


@shaped({"type": "boolean"})
def yes_or_no(value: Any) -> bool:
    """Check that a value is true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {value!r}")
    return value


@shaped({"type": ["string", "null"]})
def optional_text(value: Any) -> str | None:
    """Check that a value is text or None."""
    return None if value is None else text(value)


@shaped({"type": "string", "format": "date", "pattern": r"^\d{4}-?\w{2,3}-?\d{1,2}$"})
def date_text(value: Any) -> str:
    """Check that a value is a day, and return it as ``yyyy-mm-dd``."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise ValueError(f"must be a date such as 2024-06-01, not {value!r}") from None
