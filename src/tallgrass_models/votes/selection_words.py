"""A selection of votes in words. Needs only the standard library, as pages do not load pandas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_words(selection: Mapping[str, Any]) -> str:
    """Describe a selection, as in ``passage votes, from 2023-01-01``; ``all roll calls`` where there is none."""
    parts = ["passage votes"] if selection.get("passage_only") else []
    if "questions" in selection:
        parts.append("the questions " + ", ".join(repr(text) for text in selection["questions"]))
    parts += [f"{key} {selection[key]}" for key in ("from", "to") if key in selection]
    return ", ".join(parts) or "all roll calls"
