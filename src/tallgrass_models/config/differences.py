"""Differences between two specs, in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

#: Keys of specs that hold hashes, with what a change of them means.
_HASHES = {
    "code": "the code of this step changed",
    "fit_hash": "its fit changes",
    "fit_hashes": "its fits change",
}


def changes(old: str, new: str) -> list[str]:
    """Say what differs between two specs, each a canonical JSON text.

    Returns
    -------
    list of str
        Such as ``beta_prior.sigma 0.5 -> 0.6``; hashes that differ are named by their meaning.
    """
    try:
        before, after = json.loads(old), json.loads(new)
    except ValueError:
        return ["its settings changed"]
    return list(dict.fromkeys(_walk(before, after, ()))) or ["its settings are written in another way"]


def _walk(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            if old.get(key) == new.get(key):
                continue
            if key in _HASHES:
                yield _HASHES[key]
            else:
                yield from _walk(old.get(key), new.get(key), (*path, str(key)))
        return
    yield f"{'.'.join(path) or 'a setting'} {_shown(old)} -> {_shown(new)}"


def _shown(value: Any) -> str:
    """Return a value as it stands in the configuration."""
    if isinstance(value, str):
        return value
    return "none" if value is None else json.dumps(value)
