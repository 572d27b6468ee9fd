"""Tables of a run as people work with them in Python: text, categories, dates, truth values and numbers as such."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..files.untrusted import unguarded

if TYPE_CHECKING:
    import pandas as pd

#: Columns that are text whatever they look like: a bill may be called ``1``, a member ``NA``.
_TEXT = frozenset({"legislator", "name", "person", "district", "vote", "bill", "title", "motion"})
#: Columns of a few words each.
_CATEGORIES = frozenset({"unit", "chamber", "chambers", "party", "caucus", "state"})
_DATES = frozenset({"date", "first_day", "last_day"})
TRUTHS = {"True": True, "False": False}


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV table of a run.

    Returns
    -------
    DataFrame
        Columns of `_TEXT` as strings, of `_CATEGORIES` categorical, of `_DATES` as datetimes; others as truth values,
        integers or floats where all their cells are, else as strings. The apostrophe that guards a text in spreadsheets
        is taken away, and an empty cell is missing.

    Raises
    ------
    UserError
        If the file is missing or not a table.
    """
    import pandas as pd

    if not path.is_file():
        raise UserError(f"{path}: no such file; run the experiment again")
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except (UnicodeDecodeError, ValueError) as error:  # pandas has its own errors under ValueError
        raise UserError(f"{path}: not a table: {error}; run the experiment again") from None
    return pd.DataFrame({name: _typed(str(name), raw[name]) for name in raw})


def _typed(name: str, cells: pd.Series) -> pd.Series:
    import pandas as pd

    known = cells.where(cells != "")
    if name in _DATES:
        return pd.to_datetime(known, errors="coerce", format="ISO8601")
    if name not in _TEXT | _CATEGORIES:
        if set(cells) <= set(TRUTHS) and len(cells):
            return cells.map(TRUTHS).astype(bool)
        try:
            return pd.to_numeric(known)
        except ValueError:
            pass
    text = known.map(unguarded, na_action="ignore").astype("string")
    return text.astype("category") if name in _CATEGORIES else text
