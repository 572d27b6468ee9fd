"""Declared CSV tables, with one writer that checks and guards cells, and one reader that converts them.

The modules of `columns` declare the tables themselves. To import this module or those needs no pandas.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import UserError
from .atomic import atomic
from .digests import read_bytes
from .untrusted import guarded, unguarded

if TYPE_CHECKING:
    import pandas as pd

#: Kinds of columns: any text, one of a few words, a day as yyyy-mm-dd, a whole number, a number, True or False.
Kind = Literal["text", "word", "date", "whole", "number", "truth"]
_TEXTS = ("text", "word", "date")
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name
        Name in the header.
    kind
        Kind of the cells.
    meaning
        Meaning of the values, for people. Neighbours with one meaning share a line of the docs.
    unit
        Unit of a number, such as ``votes`` or ``sd``, or empty if it has none.
    empty
        Whether a cell may be empty, because its value is not known or does not apply.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    empty: bool = False

    def parsed(self, cell: str) -> Any:
        """Return the value of a cell, or None for an empty one. A number that is not finite counts as empty.

        Raises
        ------
        ValueError
            If the cell does not hold what the column is for. The message says what is wrong with it.
        """
        value = None if cell == "" else _PARSERS[self.kind](cell)
        if isinstance(value, float) and not math.isfinite(value):
            value = None
        if value is None and not self.empty:
            raise ValueError("is empty" if cell == "" else f"{cell!r} is not a finite number")
        return value

    def check(self, values: pd.Series) -> None:
        """Refuse values that this column cannot hold, which are always a mistake in our code.

        Raises
        ------
        ValueError
            If a value does not fit. The message names the first one.
        """
        known = [value.item() if hasattr(value, "item") else value for value in values.dropna()]
        for value in known:
            if not _HELD[self.kind](value):
                raise ValueError(f"{value!r} is not of kind {self.kind!r}")
            if not self.empty and (value == "" or (isinstance(value, float) and not math.isfinite(value))):
                raise ValueError(f"{value!r} counts as empty, and a cell may not be empty")
        if not self.empty and len(known) < len(values):
            raise ValueError("a value is missing, and a cell may not be empty")


@dataclass(frozen=True)
class Table:
    """A CSV file with a header and declared columns.

    Attributes
    ----------
    name
        Name of the file, without ``.csv``.
    rows
        What a row is about, for people.
    step
        The step that writes the file.
    columns
        Columns, in the order of the file.
    file
        Name of the file for people, where it is not ``{name}.csv``.
    float_format
        Format of numbers with a fraction. None writes them in full.
    """

    name: str
    rows: str
    step: str
    columns: tuple[Column, ...]
    file: str = ""
    float_format: str | None = "%.6g"

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns, in order."""
        return [column.name for column in self.columns]

    def write(self, path: str | Path, frame: pd.DataFrame) -> None:
        """Write a frame that has the declared columns, whole or not at all, with guarded texts (`untrusted.guarded`).

        Raises
        ------
        UserError
            If the file cannot be written.
        ValueError
            If the columns of the frame or their order are not as declared, or a value does not fit its column.
        """
        if list(frame.columns) != self.names:
            raise ValueError(f"{path}: has the columns {list(frame.columns)}, not those declared: {self.names}")
        out = frame.copy()
        for column in self.columns:
            try:
                column.check(frame[column.name])
            except ValueError as error:
                raise ValueError(f"{path}, column {column.name!r}: {error}") from None
            if column.kind in _TEXTS:
                out[column.name] = [guarded(cell) if isinstance(cell, str) else cell for cell in frame[column.name]]
        with atomic(path) as temporary:
            out.to_csv(temporary, index=False, float_format=self.float_format)

    def read(self, path: str | Path) -> pd.DataFrame:
        """Read the file as a frame of texts (``str``), numbers and truth values, in which empty cells are missing.

        Columns that are not declared are left out. Whole numbers of which some are missing are floats.

        Raises
        ------
        UserError
            If the file is missing or damaged, lacks a column, or a cell does not hold what the column is for.
        """
        import pandas as pd

        found = self._parsed(Path(path))
        return pd.DataFrame({column.name: _series(column, found[column.name]) for column in self.columns})

    def read_rows(self, path: str | Path) -> list[dict[str, Any]]:
        """Read the rows of the file without pandas. An empty text is ``""``, any other empty cell None.

        Raises
        ------
        UserError
            If the file is missing or damaged, lacks a column, or a cell does not hold what the column is for.
        """
        found = self._parsed(Path(path))
        values = [
            ["" if value is None else value for value in found[column.name]]
            if column.kind in _TEXTS
            else found[column.name]
            for column in self.columns
        ]
        return [dict(zip(self.names, row, strict=True)) for row in zip(*values, strict=True)]

    def _parsed(self, path: Path) -> dict[str, list[Any]]:
        """Return the values by column, None where a cell is empty."""
        lines = self._lines(path)
        header = next(lines, [])
        if missing := [name for name in self.names if name not in header]:
            raise self._problem(f"{path}: no column {', '.join(missing)}")
        at = [(header.index(column.name), column) for column in self.columns]
        found: dict[str, list[Any]] = {name: [] for name in self.names}
        for number, cells in enumerate((line for line in lines if line), start=2):
            if len(cells) != len(header):
                raise self._problem(f"{path}, row {number}: {len(cells)} cells under {len(header)} columns")
            for place, column in at:
                try:
                    found[column.name].append(column.parsed(cells[place]))
                except ValueError as error:
                    raise self._problem(f"{path}, row {number}, column {column.name!r}: {error}") from None
        return found

    def _lines(self, path: Path) -> Iterator[list[str]]:
        try:
            text = read_bytes(path).decode("utf-8-sig")
            yield from csv.reader(io.StringIO(text, newline=""))
        except FileNotFoundError:
            raise self._problem(f"{path}: no such file") from None
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise self._problem(f"{path}: cannot be read: {error}") from None

    def _problem(self, text: str) -> UserError:
        return UserError(f"{text}; run the step {self.step!r} again")


def _series(column: Column, values: list[Any]) -> pd.Series:
    import pandas as pd

    if column.kind in _TEXTS:
        return pd.Series(values, dtype="str")
    if None in values:
        return pd.Series(values, dtype="object" if column.kind == "truth" else "float64")
    return pd.Series(values, dtype={"whole": "int64", "number": "float64", "truth": "bool"}[column.kind])


def _whole(cell: str) -> int:
    number = _number(cell)
    if not number.is_integer():
        raise ValueError(f"{cell!r} is not a whole number")
    return int(number)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise ValueError(f"{cell!r} is not a number") from None


def _truth(cell: str) -> bool:
    if cell.lower() not in _TRUTHS:
        raise ValueError(f"{cell!r} is neither True nor False")
    return _TRUTHS[cell.lower()]


_PARSERS: dict[Kind, Callable[[str], Any]] = {
    "text": unguarded,
    "word": unguarded,
    "date": unguarded,
    "whole": _whole,
    "number": _number,
    "truth": _truth,
}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_HELD: dict[Kind, Callable[[Any], bool]] = {
    "text": _is_text,
    "word": _is_text,
    "date": _is_text,
    "whole": lambda value: _is_number(value) and (not math.isfinite(value) or float(value).is_integer()),
    "number": _is_number,
    "truth": lambda value: isinstance(value, bool),
}
