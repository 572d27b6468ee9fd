"""Numbers, probabilities and lists in words.

This module imports nothing of the package.
"""

from __future__ import annotations

from collections.abc import Sequence

NOT_KNOWN = "–"
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
#: Draws do not tell a probability below this, or above one minus it, from never or always.
_HARDLY = 0.01


def number(value: float | None, digits: int = 2) -> str:
    """Format a number with a real minus sign and thousands separated; an en dash if it is not known."""
    if value is None or value != value:
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


def probability(value: float | None, digits: int = 2) -> str:
    """Format a probability: ``0.62``, ``below 0.01``, ``above 0.99``."""
    hardly = 10.0**-digits
    bound = _bound(value, hardly)
    return f"{bound} {number(hardly if bound == 'below' else 1 - hardly, digits)}" if bound else number(value, digits)


def chance(value: float | None) -> str:
    """Format a probability as a percentage in a table: ``62 %``, ``< 1 %``, ``> 99 %``."""
    bound = _bound(value, _HARDLY)
    if not bound:
        return percent(value)
    return f"<\u00a0{percent(_HARDLY)}" if bound == "below" else f">\u00a0{percent(1 - _HARDLY)}"


def _bound(value: float | None, hardly: float) -> str:
    if value is None or hardly <= value <= 1 - hardly or value != value:
        return ""
    return "below" if value < hardly else "above"


def spelled(n: float) -> str:
    """Write a whole number in a sentence: ``six``, and ``13`` from thirteen on."""
    return _SPELLED[round(n)] if 0 <= round(n) < len(_SPELLED) else count(n)


def plural(n: float, one: str, many: str | None = None) -> str:
    """``1 member``, ``2 members``."""
    return f"{count(n)} {one if round(n) == 1 else many or one + 's'}"


def among(words: Sequence[str], last: str = "and") -> str:
    """Return plain words as a list in a sentence: ``a, b and c``."""
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
