"""JSON files and texts: strict, whole or not at all."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..errors import UserError
from .atomic import write_text
from .digests import read_bytes


def write_json(path: str | Path, value: Any, lasting: bool = True) -> None:
    """Write ``value`` as strict JSON (a NaN is an error), indented, keys in the order given.

    ``lasting`` is that of `atomic.atomic`.
    """
    write_text(path, json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False) + "\n", lasting)


def read_json(path: str | Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    try:
        return json.loads(read_bytes(path).decode("utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not valid JSON: {error}") from None


def canonical_json(value: Any) -> str:
    """Write ``value`` as JSON with sorted keys and without spaces, so that equal settings give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def short_hash(text: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
