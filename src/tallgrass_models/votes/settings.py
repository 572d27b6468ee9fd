"""What the keys of a source may hold: each check returns the value to keep, or raises ValueError with what is wrong.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Check = Callable[[Any], Any]


@dataclass(frozen=True)
class Key:
    """A key of a session: its check, and whether a session of the source must have it."""

    check: Check
    needed: bool = True


def text(value: Any) -> str:
    """Any text that can be the name of a file or folder."""
    if not isinstance(value, str):
        raise ValueError(f"must be text, not {value!r}")
    if "\0" in value:
        raise ValueError(f"holds a zero byte: {value!r}")
    return value


def whole(low: int, high: int = 2**31 - 1) -> Check:
    """A whole number from ``low`` to ``high``."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}, not {value!r}")
        return value

    return check
