"""What readers of several formats do with their columns: chambers, bill numbers, repeated votes."""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from .csv import CsvTable, fail_on

_CHAMBER_WORDS = {"house": "house", "senate": "senate"}


def with_chambers(table: CsvTable, also: Mapping[str, str] | None = None) -> CsvTable:
    """Spell every known chamber of the table alike, ``House`` for ``HOUSE``, so that repeats are seen as such."""
    words = {**_CHAMBER_WORDS, **(also or {})}
    spelled = table.frame["chamber"].str.lower().map(words).str.title()
    return CsvTable(table.path, table.frame.assign(chamber=spelled.fillna(table.frame["chamber"])), table.sha256)


def chamber_column(table: CsvTable, also: Mapping[str, str] | None = None) -> np.ndarray:
    """Chamber names of a table's ``chamber`` column; an unknown one is a `UserError`."""
    words = {**_CHAMBER_WORDS, **(also or {})}
    chamber = table.frame["chamber"].str.lower().map(words).fillna("")
    fail_on(table.problem(chamber == "", "chamber", "is not a chamber; known are House and Senate"))
    return chamber.to_numpy(object)


def normalise_bill(text: str) -> str:
    """Bill number in one spelling: ``"H.R. 1"``, ``"hr1"`` and ``"HR 0001"`` become ``"HR 1"``.

    Only letters followed by digits are respelled; anything else keeps its words, in capitals with single spaces.
    """
    plain = " ".join(text.upper().split())
    match = re.fullmatch(r"([A-Z][A-Z. ]*?)[. ]*0*(\d+)", plain)
    if not match:
        return plain
    return f"{re.sub('[. ]', '', match[1])} {match[2]}"


def distinct_votes(table: CsvTable, legislator: np.ndarray, rollcall: np.ndarray, column: str) -> np.ndarray:
    """Rows of a votes table to keep: one per member and roll call.

    Parameters
    ----------
    table : CsvTable
        The votes table.
    legislator, rollcall : ndarray of int, shape (n_rows,)
        Who and what, as positions.
    column : str
        The column that says how; repeats that agree in it are dropped.

    Returns
    -------
    ndarray of bool, shape (n_rows,)

    Raises
    ------
    UserError
        If a member has two different votes on one roll call.
    """
    keys = pd.DataFrame({"l": legislator, "r": rollcall, "word": pd.factorize(table.frame[column])[0]})
    keep = ~keys.duplicated().to_numpy()
    clash = keep & keys.duplicated(["l", "r"]).to_numpy()
    fail_on(table.problem(clash, column, "contradicts an earlier vote of the same member on the same roll call"))
    return keep
