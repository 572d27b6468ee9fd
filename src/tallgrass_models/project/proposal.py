"""What `init` proposes for a session: its block in the experiments file, and what it could not tell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

#: Keys of a session that hold paths.
PATHS = ("path", "people", "votes", "members", "rollcalls", "house", "senate")


@dataclass
class Proposal:
    """A session as `init` would write it.

    Attributes
    ----------
    name
        Its name in the experiments file.
    keys
        Its keys, ``source`` first, with the paths that were given.
    comments
        What stands behind a key's line, by key.
    lines
        Lines that are commented out, for who knows better to use.
    remarks
        What could not be told, with what to write.
    """

    name: str
    keys: dict[str, Any]
    comments: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def block(self, indent: str = "  ") -> list[str]:
        """Return the lines of the session in the experiments file."""
        out = [f"{indent}{self.name}:"]
        for key, value in self.keys.items():
            written = _nested(key, value) if isinstance(value, Mapping) else [f"{key}: {inline(value)}"]
            comment = f"   # {self.comments[key]}" if key in self.comments else ""
            written[0] += comment
            out += [f"{indent * 2}{line}" for line in written]
        return out + [f"{indent * 2}# {line}" for line in self.lines]


def inline(value: Any) -> str:
    """Write a text, a number, or a mapping or list of them as YAML in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{inline(key)}: {inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, str) and not (re.fullmatch(r"[\w/][\w ./-]*", value) and yaml.safe_load(value) == value):
        return json.dumps(value, ensure_ascii=False)  # a text in quotes is the same in YAML
    return str(value)


def _nested(key: str, value: Mapping[str, Any]) -> list[str]:
    """Write a mapping in one line where it is one of plain values, else a line for each part."""
    if not any(isinstance(part, Mapping) for part in value.values()):
        return [f"{key}: {inline(dict(value))}"]
    return [f"{key}:", *(f"  {inner}: {inline(part)}" for inner, part in value.items())]


def slug(text: str) -> str:
    """Turn text into a name that a session may have."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return plain[:40].strip("-") or "votes"
