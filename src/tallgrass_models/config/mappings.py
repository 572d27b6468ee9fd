"""Checks of mappings in the experiments file, which collect the problems of all values."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from .checks import Check, shape_of


def shape_of_mapping(checks: Mapping[str, Check], **more: Any) -> dict[str, Any]:
    """Return the JSON Schema of a mapping with these keys and no other; ``more`` are further words of it."""
    properties = {key: shape_of(check) for key, check in checks.items()}
    return {"type": "object", "properties": properties, "additionalProperties": False, **more}


def section(raw: Any, where: str, checks: Mapping[str, Check], problems: list[str]) -> dict[str, Any]:
    """Return the values of one mapping that pass their checks, and add the problems of the others to ``problems``."""
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping, not {raw!r}")
        return {}
    kept = {}
    for key, value in raw.items():
        if key not in checks:
            problems.append(f"{where}: {unknown_key(key, checks)}")
            continue
        try:
            kept[key] = checks[key](value)
        except (ValueError, OverflowError) as error:
            problems.append(f"{where}.{key}: {error}")
    return kept


def unknown_key(key: Any, known: Mapping[str, Any]) -> str:
    """Describe the problem with a key that is not among ``known``, with the closest known key as a hint."""
    close = difflib.get_close_matches(str(key), list(known), 1)
    hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"
    return f"unknown key {key!r} ({hint})"
