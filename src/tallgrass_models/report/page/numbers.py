"""Numbers as pages show them."""

from __future__ import annotations

from ...wording.numbers import NOT_KNOWN, chance, count, number, percent, probability, signed, spelled

__all__ = ["NOT_KNOWN", "chance", "count", "number", "percent", "probability", "signed", "spelled"]
