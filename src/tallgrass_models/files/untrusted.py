"""Text from data where it could do more than be read: in a terminal, and in CSV files that spreadsheets open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .atomic import atomic

if TYPE_CHECKING:
    import pandas as pd

#: What a cell begins with that a spreadsheet takes for a formula, and what such a cell looks like when it is guarded,
#: once or more often.
_FORMULA, _GUARDED = re.compile(r"'*[=+\-@\t\r\n]"), re.compile(r"'+[=+\-@\t\r\n]")


def for_terminal(text: str) -> str:
    """The text with control characters and changes of direction replaced, so that it cannot steer a terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text
    )


def guarded(text: str) -> str:
    """The text for a CSV file, with an apostrophe before what a spreadsheet would run as a formula.

    A text that looks guarded already gets one more, so that `unguarded` gives every text back. OWASP, "CSV injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Inverse of `guarded`."""
    return text[1:] if _GUARDED.match(text) else text


def write_csv(table: pd.DataFrame, path: str | Path, float_format: str | None = "%.6g") -> None:
    """Write the columns of a table as CSV, whole or not at all; every text is `guarded`, numbers stay as they are.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    out = _each_text(table, guarded)
    with atomic(path) as temporary:
        out.to_csv(temporary, index=False, float_format=float_format)


def read_csv(path: str | Path, **options: Any) -> pd.DataFrame:
    """Read what `write_csv` wrote, with every text as it was; ``options`` are those of `pandas.read_csv`."""
    import pandas as pd

    return _each_text(pd.read_csv(path, **options), unguarded)


def _each_text(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """The table with every text in it changed, names of columns among them."""
    out = table.copy()
    for column in table.select_dtypes(exclude=["number", "bool"]):
        out[column] = [change(value) if isinstance(value, str) else value for value in table[column]]
    return out.rename(columns=lambda name: change(name) if isinstance(name, str) else name)
