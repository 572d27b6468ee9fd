"""Reading a CSV file strictly, or the parts of one table in several, and saying where it is wrong.

A *row* in a message is counted as a spreadsheet counts it: the header is row 1, the first record row 2. That is the
line of the file too, unless a quoted field before it holds a line break.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import UserError
from ...files import digests
from .problems import fail_on, is_blank, is_gathering, news, read_as_blank, refuse

_SHOWN = 3  # offending rows named one by one in a message; the others are counted

#: Bytes and rows that are looked at together.
_PIECE = 1 << 24
_ROWS = 500_000
#: Characters of a cell, and of a header, in a message.
_LONGEST, _LIST = 80, 800
#: Mark of UTF-8 at the beginning of a file.
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class CsvTable:
    """The columns asked for, as stripped text, and where they came from.

    Attributes
    ----------
    path : Path
        The file, for messages.
    frame : DataFrame
        Text columns; the index is the row number in the file (header = 1), or what to call the row where the table
        comes from several files. A cell that is blank is ``""``.
    sha256 : str
        SHA-256 of the file's content after decompression, so that a gzipped file and a plain one agree.
    """

    path: Path
    frame: pd.DataFrame
    sha256: str

    def problem(self, mask: np.ndarray | pd.Series, column: str, what: str) -> str | None:
        """One line naming the first rows where ``mask`` holds and what ``column`` says there; None if there are none.

        ``what`` follows the value, for instance ``"is not a vote word"``.
        """
        rows = np.flatnonzero(np.asarray(mask))
        labels = column.split("+")  # a key of several columns: "chamber+rollnumber"
        if rows.size == 0 or is_blank(self.path, *labels):
            return None
        rows = rows[news(self.path, labels, self.frame.index[rows].tolist())]
        if rows.size == 0:
            return None
        shown = []
        for row in rows[:_SHOWN]:
            value = " ".join(str(self.frame[label].iloc[row]) for label in labels)
            shown.append(f"{self.row(row)} ({quoted(value)})")
        more = f" and {rows.size - _SHOWN} more rows" if rows.size > _SHOWN else ""
        return f"{self.path}: column {column}: {', '.join(shown)}{more}: {what}"

    def row(self, position: int) -> str:
        """Name a row of the frame for a message, as in ``row 5``."""
        label = self.frame.index[position]
        return label if isinstance(label, str) else f"row {label}"


def quoted(text: str) -> str:
    """Text in quotes, of which as much is shown as people read."""
    return repr(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}...")


def listed(names: Sequence[str]) -> str:
    """Names in a row, of which as many are shown as people read."""
    text = ", ".join(names)
    return text if len(text) <= _LIST else f"{text[: _LIST - 3]}..."


@dataclass(frozen=True)
class CsvFile:
    """A CSV file of which the header is known, and the columns are still to be chosen.

    Attributes
    ----------
    path : Path
        The file, for messages.
    content : bytes
        UTF-8 text, decompressed.
    header : list of str
    delimiter : str
    """

    path: Path
    content: bytes
    header: list[str]
    delimiter: str = ","

    @classmethod
    def open(
        cls, path: Path, raw: bytes | None = None, encoding: str = "utf-8", delimiter: str = ",", hint: str = ""
    ) -> CsvFile:
        """Read a file, plain or gzipped, or ``raw`` as its content; ``hint`` says what else to do about an encoding.

        Raises
        ------
        UserError
            If it is missing, empty, damaged, not text in that encoding, or its first line is blank.
        """
        content = _content(path, raw, encoding, hint)
        return cls(path, content, _header(path, content, delimiter), delimiter)

    def table(
        self, required: Sequence[str], optional: Sequence[str] = (), only: tuple[str, int] | None = None
    ) -> CsvTable:
        """Read the named columns as text, as `read_table` does; ``only`` takes rows with a given number in a column."""
        path, header = self.path, self.header
        missing = [name for name in required if name not in header]
        wanted = [name for name in [*required, *optional] if name in header]
        repeated = [name for name in wanted if header.count(name) > 1]
        news = [] if is_blank(path, *missing) else missing
        refuse(
            f"{path}: column {', '.join(news)} missing; the header has {listed(header)}" if news else None,
            f"{path}: column {', '.join(repeated)} occurs more than once in the header" if repeated else None,
        )
        read_as_blank(path, *missing)
        frame = _parse(path, self.content, header, wanted, self.delimiter, only)
        for name in [*missing, *optional]:
            if name not in frame:
                frame[name] = ""
        if frame.empty:
            which = f" with {only[0]} {only[1]}" if only else ""
            raise UserError(f"{path}: no rows{which} below the header")
        return CsvTable(path, frame[[*required, *optional]], hashlib.sha256(self.content).hexdigest())


def read_table(
    path: str | Path, required: Sequence[str], optional: Sequence[str] = (), raw: bytes | None = None
) -> CsvTable:
    """Read the named columns of a UTF-8 CSV file, plain or gzipped, as text.

    Parameters
    ----------
    path : str or Path
        The file. Compression is recognised by content; a name ending in ``.gz`` must be gzip.
    required, optional : sequence of str
        Columns that must be there, and columns that are blank throughout when they are not. Others are not read.
    raw : bytes, optional
        The content, where it comes out of an archive.

    Raises
    ------
    UserError
        If the file is missing, empty, damaged, not UTF-8, lacks or repeats a column, has a row with more fields than
        the header, or holds no rows.
    """
    return or_blank(lambda: CsvFile.open(Path(path), raw).table(required, optional), Path(path), [*required, *optional])


def or_blank(read: Callable[[], CsvTable], path: Path, columns: Sequence[str]) -> CsvTable:
    """Read a file, or take a table without rows for one that cannot be read, within `gathering`."""
    try:
        return read()
    except UserError as error:
        if not is_gathering():
            raise
        refuse(str(error))
        read_as_blank(path, *columns)
        return CsvTable(path, pd.DataFrame({name: pd.Series(dtype="str") for name in columns}), "")


def each_of[T, F](read: Callable[[F], T], files: Iterable[F]) -> list[T]:
    """Read the files one by one, and raise the problems of all of them in one `UserError`."""
    out, problems = [], []
    for file in files:
        try:
            out.append(read(file))
        except UserError as error:
            problems.append(str(error))
    fail_on(*problems)
    return out


def join_tables(tables: Sequence[CsvTable]) -> CsvTable:
    """Tables with the same columns, one after the other; each row is called by its file too."""
    if len(tables) == 1:
        return tables[0]
    named = [
        table.frame.set_axis([f"{table.path.name} {table.row(row)}" for row in range(len(table.frame))])
        for table in tables
    ]
    digest = hashlib.sha256("".join(table.sha256 for table in tables).encode()).hexdigest()
    return CsvTable(Path(", ".join(str(table.path) for table in tables)), pd.concat(named), digest)


def column_of(path: str | Path, *names: str) -> str:
    """Return the first of ``names`` that is a column of the file, for columns whose name has changed over time.

    Raises
    ------
    UserError
        If none is, or the file cannot be read.
    """
    try:
        header = CsvFile.open(Path(path)).header
    except UserError as error:
        refuse(str(error))
        return names[0]
    found = next((name for name in names if name in header), None)
    if found is None:
        refuse(f"{path}: column {' or '.join(names)} missing; the header has {listed(header)}")
        read_as_blank(Path(path), names[0])
    return found or names[0]


def read_bytes(path: Path) -> bytes:
    """Bytes of a file as they are; a `UserError` where it cannot be read."""
    try:
        return digests.read_bytes(path)  # the files of a simulated session have one
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def unzipped(path: Path, content: bytes) -> bytes:
    """Unzip the content of a file if it is gzipped."""
    if content.startswith(b"\x1f\x8b"):
        try:
            content = gzip.decompress(content)
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise UserError(f"{path}: damaged gzip file: {error}") from None
    elif path.suffix == ".gz" and content:
        raise UserError(f"{path}: named .gz but not a gzip file")
    return content


def _content(path: Path, raw: bytes | None, encoding: str, hint: str) -> bytes:
    """Text of the file in UTF-8, decompressed, and not empty."""
    content = unzipped(path, read_bytes(path) if raw is None else raw)
    if content.startswith(b"PK\x03\x04"):
        raise UserError(f"{path}: a spreadsheet or a zip archive, not a CSV file; save the sheet as CSV in UTF-8")
    if encoding != "utf-8":
        try:
            content = content.decode(encoding).encode("utf-8")
        except UnicodeError as error:
            raise UserError(f"{path}: not text in the encoding {encoding}: {error}") from None
    if not content.removeprefix(_BOM).strip():
        raise UserError(f"{path}: the file is empty")
    _check_text(path, content, hint)
    return content


def _check_text(path: Path, content: bytes, hint: str) -> None:
    """Refuse what is not UTF-8, or holds a zero byte; piece by piece, as a file of all Congresses has 700 MB."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    at = 0
    try:
        for start in range(0, len(content), _PIECE):
            at = start - len(decoder.getstate()[0])
            decoder.decode(content[start : start + _PIECE], final=start + _PIECE >= len(content))
    except UnicodeDecodeError as error:
        wrong = at + error.start
        line = content.count(b"\n", 0, wrong) + 1
        raise UserError(
            f"{path}: line {line}: not UTF-8 text (byte 0x{content[wrong]:02x}); save the file as UTF-8{hint}"
        ) from None
    if (zero := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, zero) + 1
        raise UserError(f"{path}: line {line}: holds a zero byte; not a CSV text file in UTF-8")


def _header(path: Path, content: bytes, delimiter: str) -> list[str]:
    """Column names of the first line."""
    first = content.removeprefix(_BOM).splitlines()[0].decode("utf-8")
    try:
        header = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error as error:
        raise UserError(f"{path}: the first line cannot be read: {error}") from None
    if not any(header):
        raise UserError(f"{path}: the first line is blank; it should name the columns")
    return header


def _parse(
    path: Path,
    content: bytes,
    header: list[str],
    wanted: list[str],
    delimiter: str,
    only: tuple[str, int] | None,
) -> pd.DataFrame:
    """Parse ``wanted`` columns; index = row number in the file, blank lines left out but counted."""
    try:
        # header=None: only then does pandas refuse a row with more fields than the first, whichever row that is
        with pd.read_csv(
            io.BytesIO(content),
            sep=delimiter,
            header=None,
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,  # keeps row numbers true
            encoding="utf-8-sig",
            chunksize=_ROWS,
        ) as pieces:
            parts = [_columns(piece, header, wanted, only) for piece in pieces]
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        # pandas counts from 0 with the header; messages here count from 1
        text = re.sub(r"row (\d+)", lambda match: f"row {int(match[1]) + 1}", str(error))
        raise UserError(
            f"{path}: damaged CSV: {text.removeprefix('Error tokenizing data. C error: ').strip()}"
        ) from None
    return pd.concat(parts)


def _columns(piece: pd.DataFrame, header: list[str], wanted: list[str], only: tuple[str, int] | None) -> pd.DataFrame:
    """Select the wanted columns and rows of a piece of a file, of which the first row is the header."""
    frame = piece.iloc[:, [header.index(name) for name in wanted]].set_axis(wanted, axis=1)
    frame.index = piece.index + 1
    frame = frame.drop(index=1, errors="ignore")
    if only and only[0] in frame:
        same = each_text(frame[only[0]], lambda text: bool(re.fullmatch(rf"0*{only[1]}(\.0*)?", text.strip())))
        frame = frame[same.astype(bool)]
    frame = frame.copy()
    for name in wanted:
        frame[name] = each_text(frame[name], str.strip)
    return without_blank_rows(frame)


def each_text(column: pd.Series | np.ndarray, change: Callable[[str], Any]) -> np.ndarray:
    """Change each distinct text once: a vote file repeats few of them half a million times."""
    codes, values = pd.factorize(column)
    changed = np.empty(len(values), dtype=object)
    changed[:] = [change(str(value)) for value in values]
    return changed[codes]


def without_blank_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in which any cell is not blank."""
    blank = np.logical_and.reduce([frame[name].to_numpy() == "" for name in frame.columns])
    return frame[~blank] if frame.columns.size else frame


def positions(keys: Sequence[np.ndarray], queries: Sequence[np.ndarray]) -> np.ndarray:
    """Where each query row occurs among the key rows.

    Parameters
    ----------
    keys, queries : sequences of arrays
        The columns of a key (for instance chamber and id), in the same order; the rows of ``keys`` are distinct.

    Returns
    -------
    ndarray of int, shape (n_queries,)
        Position in ``keys``, -1 where a query is not among them.
    """
    key_code = np.zeros(len(keys[0]), dtype=np.int64)
    query_code = np.zeros(len(queries[0]), dtype=np.int64)
    for key, query in zip(keys, queries, strict=True):  # fold the columns into one integer, column by column
        codes, values = pd.factorize(np.concatenate([key, query]))
        key_code = key_code * len(values) + codes[: len(key)]
        query_code = query_code * len(values) + codes[len(key) :]
    return pd.Index(key_code).get_indexer(query_code)


def at_positions(values: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Texts at some positions; ``""`` where a position is -1."""
    out = np.full(len(at), "", dtype=object)
    out[at >= 0] = values[at[at >= 0]]
    return out


def drop_repeats(table: CsvTable, key: Sequence[str], what: str) -> tuple[CsvTable, int]:
    """Drop rows that repeat an earlier one in every column read.

    Returns
    -------
    table : CsvTable
        One row per key.
    n_dropped : int

    Raises
    ------
    UserError
        If two rows of one key differ: they contradict each other.
    """
    repeat = table.frame.duplicated().to_numpy()
    kept = CsvTable(table.path, table.frame[~repeat], table.sha256)
    again = kept.frame.duplicated(list(key)).to_numpy()
    refuse(kept.problem(again, "+".join(key), f"{what} occurs before with other content"))
    return CsvTable(table.path, kept.frame[~again], table.sha256), int(repeat.sum())
