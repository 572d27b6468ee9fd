"""What readers of several formats do with their columns: chambers, bills, parties, unnamed and repeated votes."""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..notes import note_rows
from .base import Found
from .csv import CsvTable
from .problems import cast_doubt, refuse

_PARTY_WORDS = {
    "democrat": "Democrat",
    "democratic": "Democrat",
    "d": "Democrat",
    "republican": "Republican",
    "r": "Republican",
    "independent": "Independent",
    "ind": "Independent",
    "i": "Independent",
    "": "Independent",
}
_NAMES_SHOWN = 5
#: What is wrong with the second of two different votes.
CONTRADICTS = "contradicts an earlier vote of the same member on the same roll call"

_CHAMBER_WORDS = {"house": "house", "senate": "senate"}


def with_chambers(table: CsvTable, also: Mapping[str, str] | None = None) -> CsvTable:
    """Spell every known chamber of the table alike, ``House`` for ``HOUSE``, so that repeats are seen as such."""
    words = {**_CHAMBER_WORDS, **(also or {})}
    spelled = table.frame["chamber"].str.lower().map(words).str.title()
    return CsvTable(table.path, table.frame.assign(chamber=spelled.fillna(table.frame["chamber"])), table.sha256)


def chamber_column(table: CsvTable, also: Mapping[str, str] | None = None) -> np.ndarray:
    """Chamber names of a table's ``chamber`` column; an unknown one is refused, and blank where reading goes on."""
    words = {**_CHAMBER_WORDS, **(also or {})}
    chamber = table.frame["chamber"].str.lower().map(words).fillna("")
    if (problem := table.problem(chamber == "", "chamber", "is not a chamber; known are House and Senate")) is not None:
        refuse(problem)
        cast_doubt(table.path, "chamber")
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


def party_label(text: str) -> str:
    """Spell a party in one way: ``"DEM"`` stays, ``"R"`` is Republican, blank is Independent, ``"GREEN"`` is Green."""
    plain = " ".join(text.split())
    known = _PARTY_WORDS.get(plain.lower().rstrip("."))
    if known or len(plain) < 4 or not (plain.isupper() or plain.islower()):
        return known or plain
    return plain.title()


def note_nameless(calls: pd.DataFrame, at: np.ndarray, said: Sequence[str], found: Found) -> np.ndarray:
    """Note the votes that name no member, by roll call; how many there are on each.

    Parameters
    ----------
    calls : DataFrame
        The roll calls.
    at : ndarray of int, shape (n_votes,)
        Positions of their roll calls; those of roll calls that are not there, -1, are left out.
    said : sequence of str
        Whatever name there is, and the vote.
    found : Found
        Where they are noted and counted.
    """
    n = np.bincount(at[at >= 0], minlength=len(calls))
    by_call: dict[int, list[str]] = {}
    for place, text in sorted((place, text) for place, text in zip(at.tolist(), said, strict=True) if place >= 0):
        by_call.setdefault(place, []).append(text)
    places = np.array(sorted(by_call), dtype=int)
    reason = [
        "votes that name no member: "
        + ", ".join(by_call[place][:_NAMES_SHOWN])
        + (", ..." if len(by_call[place]) > _NAMES_SHOWN else "")
        for place in places
    ]
    found.notes.append(note_rows("votes", calls, places, reason, n[places].astype(float).tolist()))
    found.counts["n_votes_without_member"] = int(n.sum())
    return n


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
    refuse(table.problem(clash, column, CONTRADICTS))
    return keep & ~clash


def distinct(table: pd.DataFrame) -> pd.DataFrame:
    """Return the members or roll calls with a chamber, one of each; all of them unless a problem has been told."""
    return table[(table["chamber"] != "") & ~table.duplicated(["chamber", "id"])].reset_index(drop=True)
