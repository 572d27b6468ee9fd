"""JSON files and zip archives, strictly: text cells out of records, and what is wrong by the name of the file."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from ...errors import UserError
from .csv import CsvTable

#: A file in an archive that unpacks to more is refused: 4 GB.
_LARGEST = 1 << 32


class Archive:
    """A zip archive, of which files are read as they are asked for.

    Raises
    ------
    UserError
        If it is missing, damaged, or no archive.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = zipfile.ZipFile(path)
            self.names = sorted(name for name in self._zip.namelist() if not name.endswith("/"))
        except FileNotFoundError:
            raise UserError(f"{path}: no such file") from None
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise UserError(f"{path}: not a zip archive, or a damaged one: {error}") from None

    def label(self, name: str) -> Path:
        """Name a file of the archive for a message."""
        return self.path / name

    def read(self, name: str) -> bytes:
        """Content of a file.

        Raises
        ------
        UserError
            If it is damaged, encrypted or far too large.
        """
        try:
            if self._zip.getinfo(name).file_size > _LARGEST:
                raise UserError(f"{self.label(name)}: unpacks to more than 4 GB; not a file of votes")
            return self._zip.read(name)
        except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError) as error:
            raise UserError(f"{self.label(name)}: damaged or encrypted: {error}") from None
        except NotImplementedError as error:
            raise UserError(f"{self.label(name)}: cannot be unpacked: {error}") from None

    def folders(self, wanted: Sequence[str]) -> list[str]:
        """Folders in which there is a file of each of the ``wanted`` endings, or a folder of JSON files (``vote/``)."""
        found: dict[str, set[str]] = {}
        for name in self.names:
            path = PurePosixPath(name)
            for end in wanted:
                if end.endswith("/") and path.parent.name == end[:-1] and path.suffix == ".json":
                    found.setdefault(str(path.parent.parent), set()).add(end)
                elif _is(path, end):
                    found.setdefault(str(path.parent), set()).add(end)
        return sorted(folder for folder, ends in found.items() if ends == set(wanted))

    def file(self, folder: str, end: str, but: str = "") -> str | None:
        """Find the file of that name in a folder; return None if there is none.

        For a name that begins with ``_``, any file whose name ends so will do. A path with ``but`` in it never counts.
        """
        same = (name for name in self.names if _in(folder, name) and _is(PurePosixPath(name), end))
        return next((name for name in same if not (but and but in name)), None)

    def in_folder(self, folder: str) -> list[tuple[Path, bytes]]:
        """Read the JSON files in a folder; return their labels and content."""
        inner = (name for name in self.names if _in(folder, name) and name.endswith(".json"))
        return [(self.label(name), self.read(name)) for name in inner]


def _is(path: PurePosixPath, end: str) -> bool:
    return path.name == end or (end.startswith("_") and path.name.endswith(end))


def _in(folder: str, name: str) -> bool:
    return str(PurePosixPath(name).parent) == folder


def parsed(path: Path, raw: bytes) -> Any:
    """Parse the content of a JSON file.

    Raises
    ------
    UserError
        If it is not JSON. The message names the line where it can.
    """
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: line {error.lineno}: not valid JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not valid JSON: {error}") from None


def cell(value: Any) -> str:
    """Write a value as it would stand in a CSV file.

    Raises
    ------
    TypeError
        If it is a list, a mapping, or text that no file can hold.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise TypeError("half a character") from None
        if "\0" in value:
            raise TypeError("a zero byte")
        return value.strip()
    if isinstance(value, float | Decimal):
        return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a {'list' if isinstance(value, list) else type(value).__name__}")


def record(path: str | Path, value: Any, columns: Sequence[str]) -> dict[str, str]:
    """Return the cells of a mapping that are asked for; what is not in it is blank.

    Raises
    ------
    UserError
        If it is no mapping, or a cell is a list or the like.
    """
    if not isinstance(value, Mapping):
        raise UserError(f"{path}: must hold a mapping of names to values, not {str(value)[:50]!r}")
    out = {}
    for name in columns:
        try:
            out[name] = cell(value.get(name))
        except (TypeError, ValueError, OverflowError, ArithmeticError) as error:
            raise UserError(f"{path}: {name}: holds {error}, not a text or number") from None
    return out


def table_of(
    path: Path, rows: Mapping[str, Mapping[str, str]], columns: Sequence[str], raw: Iterable[bytes]
) -> CsvTable:
    """Make a table of records; each row is called by its key. ``raw`` is the content of the files, for the hash."""
    digest = hashlib.sha256()
    for content in raw:
        digest.update(hashlib.sha256(content).digest())
    names = pd.Index(list(rows), dtype=object)
    return CsvTable(path, pd.DataFrame(list(rows.values()), names, list(columns), dtype=object), digest.hexdigest())
