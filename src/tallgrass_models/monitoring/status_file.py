"""The status file of a fit: JSON that holds its own digest, since it is written anew every few seconds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..files.json import canonical_json, read_json, short_hash, write_json

STATUS = "status.json"
_DIGEST = "digest"


def write_status(path: Path, status: Mapping[str, Any]) -> None:
    """Write a status with the digest of the rest, whole or not at all."""
    write_json(path, {**status, _DIGEST: short_hash(canonical_json(status))}, lasting=False)


def read_status(path: Path) -> dict[str, Any]:
    """Read a status without its digest; one of an older version has none.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    status = read_json(path)
    if not isinstance(status, dict):
        raise UserError(f"{path}: not the status of a fit")
    said = status.pop(_DIGEST, None)
    try:
        damaged = said is not None and said != short_hash(canonical_json(status))
    except ValueError:  # a number that is none, which we never write
        damaged = True
    if damaged:
        raise UserError(f"{path}: damaged; a fit that runs writes it again")
    return status
