"""A file whose columns are not known beforehand: CSV or Parquet, by its content."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from .csv import CsvFile, CsvTable, read_bytes, without_blank_rows
from .records import cell

_PARQUET = b"PAR1"


@dataclass(frozen=True)
class ParquetFile:
    """A Parquet file; a *row* in a message counts from 1, as there is no header."""

    path: Path
    content: bytes
    header: list[str]
    data: Any

    @classmethod
    def open(cls, path: Path, content: bytes) -> ParquetFile:
        """Read a file.

        Raises
        ------
        UserError
            If it is damaged.
        """
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            data = pq.read_table(io.BytesIO(content), use_threads=False)
            data.validate(full=True)
        except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError, MemoryError) as error:
            raise UserError(f"{path}: damaged Parquet file: {_first_line(error)}") from None
        return cls(path, content, [str(name) for name in data.column_names], data)

    def table(self, required: Sequence[str], optional: Sequence[str] = ()) -> CsvTable:
        """Read those of the named columns that are in the header, as text."""
        wanted = [name for name in [*required, *optional] if name in self.header]
        frame = pd.DataFrame(
            {name: self._texts(name) for name in wanted}, index=pd.RangeIndex(1, self.data.num_rows + 1), dtype=object
        )
        frame = without_blank_rows(frame)
        if frame.empty:
            raise UserError(f"{self.path}: no rows")
        return CsvTable(self.path, frame, hashlib.sha256(self.content).hexdigest())

    def _texts(self, name: str) -> np.ndarray:
        column = self.data.column(self.header.index(name))
        try:
            cells = column.to_pylist()
            known = {value: cell(value) for value in set(cells)}
        except (TypeError, ValueError, OverflowError, ArithmeticError):
            kind = str(column.type)
            raise UserError(f"{self.path}: column {name}: holds {kind}, which is no text, number or date") from None
        return np.array([known[value] for value in cells], dtype=object)


def open_grid(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> CsvFile | ParquetFile:
    """Open a CSV file, plain or gzipped, or a Parquet file.

    Raises
    ------
    UserError
        If it cannot be read, is damaged, or is something else.
    """
    raw = read_bytes(path)
    if raw.startswith(_PARQUET):
        return ParquetFile.open(path, raw)
    if path.suffix == ".parquet":
        raise UserError(f"{path}: named .parquet but not a Parquet file")
    hint = ", or say in the session which encoding it has (encoding: cp1252 for most spreadsheets)"
    return CsvFile.open(path, raw, encoding, delimiter, hint)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
