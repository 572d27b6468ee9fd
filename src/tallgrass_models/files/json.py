"""JSON files and texts: strict, whole or not at all."""

import hashlib
import json
from pathlib import Path
from typing import Any

from ..errors import UserError
from .atomic import write_text


def write_json(path: str | Path, value: Any) -> None:
    """Write ``value`` as strict JSON (a NaN is an error), indented, keys in the order given."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False, ensure_ascii=False) + "\n")


def read_json(path: str | Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    UserError
        If the file is missing or damaged.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UserError(f"{path}: not valid JSON: {error}") from None


def canonical_json(value: Any) -> str:
    """Write ``value`` as JSON with sorted keys and without spaces, so that equal settings give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def short_hash(text: str) -> str:
    """Return the first 16 hex digits of the SHA-256 of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
