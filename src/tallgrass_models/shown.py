"""Text from data where it could do more than be read: in a terminal, and in CSV files that spreadsheets open."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: What a cell begins with that a spreadsheet takes for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def for_terminal(text: str) -> str:
    """The text with control characters and changes of direction replaced, so that it cannot steer a terminal."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text
    )


def for_spreadsheet(table: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before texts that a spreadsheet would run as a formula; numbers stay as they are.

    OWASP, "CSV injection".
    """
    out = table.copy()
    for column in table.select_dtypes(exclude="number"):
        out[column] = [_cell(value) for value in table[column]]
    return out


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
