"""Plurals, lists and sentences."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from ...wording.numbers import plural

__all__ = ["listed", "plural", "sentence", "shorten"]


def listed(parts: Sequence[str]) -> Markup:
    """Join parts as ``a, b and c``, each escaped unless it is markup."""
    shown = [escape(part) for part in parts]
    if len(shown) < 2:
        return Markup("").join(shown)
    return Markup("{} and {}").format(Markup(", ").join(shown[:-1]), shown[-1])


def shorten(text: str, length: int) -> str:
    """``text`` on one line, cut to ``length`` characters with an ellipsis."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """``text`` with a capital and a full stop."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
