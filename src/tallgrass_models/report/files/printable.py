"""Texts that a page can carry."""

from __future__ import annotations

import re
from typing import Any

# Characters that neither HTML nor SVG can carry: controls, lone surrogates, noncharacters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(value: Any) -> Any:
    """``value`` with every character that a page cannot carry shown as U+FFFD, in all its texts."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNPRINTABLE.sub("�", value)
    if isinstance(value, dict):
        return {printable(k): printable(v) for k, v in value.items()}
    return [printable(v) for v in value] if isinstance(value, list) else value
