"""Recorded numbers of Yea and Nay, where a file has them, against the votes in it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..files.records.roster import Tallies
from .notes import note_rows
from .readers.csv import CsvTable
from .readers.problems import refuse

#: A chamber in which more than this share of the recorded tallies disagrees with the votes is told aloud.
_LOUD_SHARE = 0.01

#: What a tally may be beside its votes: not recorded, equal, apart as votes without a member explain, or simply unlike.
_UNKNOWN, _EQUAL, _EXPLAINED, _UNLIKE = "", "equal", "explained", "unlike"

Count = tuple[np.ndarray, np.ndarray]


def recorded(table: CsvTable, yea: str = "yea_count", nay: str = "nay_count") -> pd.DataFrame:
    """Columns recorded_yea and recorded_nay of a table of roll calls, NaN where it has none.

    Raises
    ------
    UserError
        If a cell is neither blank nor a whole number.
    """
    found: dict[str, np.ndarray] = {}
    problems = []
    for name, column in (("recorded_yea", yea), ("recorded_nay", nay)):
        text = table.frame[column].str.removesuffix(".0")
        problems.append(table.problem((text != "") & ~text.str.fullmatch(r"\d{1,6}"), column, "is not a whole number"))
        found[name] = pd.to_numeric(text.where(text != ""), errors="coerce").to_numpy(float)
    refuse(*problems)
    return pd.DataFrame(found)


def count_votes(rollcall: np.ndarray, yea: np.ndarray, nay: np.ndarray, n_rollcalls: int) -> Count:
    """Count Yea and Nay on each roll call.

    Parameters
    ----------
    rollcall : ndarray of int, shape (n_rows,)
    yea, nay : ndarray of bool, shape (n_rows,)
    """
    return np.bincount(rollcall[yea], minlength=n_rollcalls), np.bincount(rollcall[nay], minlength=n_rollcalls)


def compare(calls: pd.DataFrame, counts: Sequence[Count], without_member: np.ndarray) -> pd.DataFrame:
    """Add columns counted_yea, counted_nay and tally to roll calls that have recorded_yea and recorded_nay.

    Parameters
    ----------
    calls : DataFrame
    counts : sequence of (Yea, Nay)
        What the votes come to; the first is the one that is told. A tally is equal that agrees with any of them: it
        may or may not hold paired and announced votes, or the position of a president.
    without_member : ndarray of int, shape (n_rollcalls,)
        Votes on the roll call that name no member. They explain a tally that is not below the votes counted: a
        scraper that drops repeats keeps one of them for each roll call.
    """
    said = calls["recorded_yea"].to_numpy(), calls["recorded_nay"].to_numpy()
    known = np.isfinite(said[0]) & np.isfinite(said[1])
    equal = np.any([(said[0] == yea) & (said[1] == nay) for yea, nay in counts], axis=0)
    yea, nay = counts[0]
    explained = (without_member > 0) & (said[0] >= yea) & (said[1] >= nay)
    tally = np.select([~known, equal, explained], [_UNKNOWN, _EQUAL, _EXPLAINED], _UNLIKE)
    return calls.assign(counted_yea=yea, counted_nay=nay, tally=tally.astype(object))


def tally_notes(calls: pd.DataFrame) -> pd.DataFrame:
    """Rows of the manifest for tallies that are not those of the votes; ``value`` is by how many votes."""
    odd = np.flatnonzero(calls["tally"].isin([_EXPLAINED, _UNLIKE]))
    rows = calls.iloc[odd]
    why = np.where(rows["tally"] == _EXPLAINED, "; votes that name no member explain it", "")
    reason = [
        f"recorded {row.recorded_yea:.0f} Yea, {row.recorded_nay:.0f} Nay; counted {row.counted_yea} Yea,"
        f" {row.counted_nay} Nay{also}"
        for row, also in zip(rows.itertuples(), why, strict=True)
    ]
    return note_rows("tally", calls, odd, reason, _between(rows).tolist())


def tally_facts(calls: pd.DataFrame) -> Tallies:
    """Summarize the tallies of a chamber.

    Returns
    -------
    Tallies
        ``n_recorded`` roll calls with a tally; of them ``n_unlike`` that disagree with the votes and ``n_explained``
        that votes without a member explain; ``share`` unlike of those recorded (None where there are none), and
        whether it is ``loud``, above `_LOUD_SHARE`; ``votes_missing``, by which the explained ones fall short.
    """
    of = {name: int((calls["tally"] == name).sum()) for name in (_EQUAL, _EXPLAINED, _UNLIKE)}
    n_recorded = sum(of.values())
    share = of[_UNLIKE] / n_recorded if n_recorded else None
    return {
        "n_recorded": n_recorded,
        "n_unlike": of[_UNLIKE],
        "n_explained": of[_EXPLAINED],
        "share": share,
        "loud": share is not None and share > _LOUD_SHARE,
        "votes_missing": int(_between(calls[calls["tally"] == _EXPLAINED]).sum()),
    }


def _between(calls: pd.DataFrame) -> pd.Series:
    """By how many votes a tally and the votes differ."""
    yea, nay = (calls[f"recorded_{side}"] - calls[f"counted_{side}"] for side in ("yea", "nay"))
    return yea.abs() + nay.abs()
