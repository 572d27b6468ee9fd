"""Numbers as people read them."""

from __future__ import annotations

NOT_KNOWN = "–"


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a real minus sign and thousands separated; an en dash if it is not known."""
    if value is None:
        return NOT_KNOWN
    text = f"{value:,.{digits}f}"
    zero = not any(c in "123456789" for c in text)
    return text.lstrip("-") if zero else text.replace("-", "−")


def count(value: float | None) -> str:
    """Format a whole number."""
    return number(value, 0)


def signed(value: float | None, digits: int = 2) -> str:
    """Format a number that shows its sign even when positive, as positions on the axis do."""
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and any(c in "123456789" for c in text) else text


def percent(value: float | None, digits: int = 0) -> str:
    """Format a share as a percentage."""
    return NOT_KNOWN if value is None else f"{number(100 * value, digits)}\u00a0%"
