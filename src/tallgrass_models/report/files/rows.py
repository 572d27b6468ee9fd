"""Files whose rows the page shows as they are: CSV rows by column name, JSON by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...errors import UserError
from ...files.json import read_json
from ...files.tables import Table
from .printable import printable


class Row(dict[str, Any]):
    """A row or an object of a file; a missing key is an error that names the file."""

    def __init__(self, values: Mapping[str, Any], source: str) -> None:
        super().__init__(values)
        self.source = source

    def __missing__(self, key: str) -> Any:
        raise UserError(f"{self.source}: no {key!r}; make it again with this version")


def read_rows(path: Path, table: Table) -> list[Row] | None:
    """Read the rows of a CSV file, typed as ``table`` declares; None if there is no such file.

    Raises
    ------
    UserError
        If the file does not hold what the table declares.
    """
    if not path.exists():
        return None
    return [Row(printable(cells), str(path)) for cells in table.read_rows(path)]


def read_object(path: Path) -> Row | None:
    """Read a JSON file that holds one object; None if there is no such file."""
    if not path.exists():
        return None
    found = printable(read_json(path))
    if not isinstance(found, dict):
        raise UserError(f"{path}: not a JSON object")
    return as_row(found, str(path))


def as_row(values: Mapping[str, Any], source: str) -> Row:
    """Return an object whose missing keys are errors, all the way down."""
    return Row({key: _deep(value, source) for key, value in values.items()}, source)


def as_rows(values: Sequence[Mapping[str, Any]] | None, source: str) -> list[Row]:
    """Objects whose missing keys are errors."""
    return [as_row(value, source) for value in values or ()]


def _deep(value: Any, source: str) -> Any:
    if isinstance(value, Mapping):
        return as_row(value, source)
    return [_deep(v, source) for v in value] if isinstance(value, list) else value
