"""Reader of the tables of a run for people who work with them in Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..files.tables import Column, Table

if TYPE_CHECKING:
    import pandas as pd


def read_for_people(table: Table, folder: Path) -> pd.DataFrame:
    """Read a table of a run.

    Returns
    -------
    DataFrame
        Table with columns in the order and of the kinds that ``table`` declares. Texts are strings, columns of a few
        words are categoricals, and days are datetimes. Whole numbers are integers, or floats where some are missing.
        Numbers and truth values stay as such. Empty cells are missing.

    Raises
    ------
    UserError
        If the file is missing, or does not hold what ``table`` declares.
    """
    frame = table.read(folder / f"{table.name}.csv")
    for column in table.columns:
        frame[column.name] = _typed(column, frame[column.name])
    return frame


def _typed(column: Column, cells: pd.Series) -> pd.Series:
    import pandas as pd

    if column.kind == "date":
        return pd.to_datetime(cells, errors="coerce", format="ISO8601")
    if column.kind == "word":
        return cells.astype("string").astype("category")
    return cells.astype("string") if column.kind == "text" else cells
