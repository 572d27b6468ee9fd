"""Who the members of a chamber are: time in office, one person behind several rows, the party each is counted with."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class TimeInOffice:
    """From the first to the last roll call in which the votes file has a row of the member.

    Attributes
    ----------
    first, last : ndarray of int, shape (n_members,)
        Positions among all roll calls of the chamber; a member without any row has ``last`` before ``first``.
    first_day, last_day : ndarray of str, shape (n_members,)
        ``yyyy-mm-dd``; ``""`` where the roll call has no date.
    service : ndarray, shape (n_members,)
        Share of the chamber's roll calls that fall in this time, in [0, 1]; 0 only without any row.
    """

    first: np.ndarray
    last: np.ndarray
    first_day: np.ndarray
    last_day: np.ndarray
    service: np.ndarray


def time_in_office(member: np.ndarray, rollcall: np.ndarray, n_members: int, days: np.ndarray) -> TimeInOffice:
    """Find each member's time in office from the rows of the votes file.

    Parameters
    ----------
    member, rollcall : ndarray of int, shape (n_rows,)
        Who is listed on which roll call, however they voted; roll calls counted from 0 in order of time.
    n_members : int
    days : ndarray of str, shape (n_rollcalls,)
        Date of every roll call of the chamber, before any filter.
    """
    first = np.full(n_members, len(days), dtype=np.int64)
    last = np.full(n_members, -1, dtype=np.int64)
    np.minimum.at(first, member, rollcall)
    np.maximum.at(last, member, rollcall)
    seen = last >= 0
    first_day, last_day = (np.full(n_members, "", dtype=object) for _ in range(2))
    first_day[seen], last_day[seen] = days[first[seen]], days[last[seen]]
    return TimeInOffice(first, last, first_day, last_day, np.where(seen, last - first + 1, 0) / len(days))


def same_person(members: pd.DataFrame, office: TimeInOffice) -> np.ndarray:
    """Id of the person behind each row of one chamber.

    Parameters
    ----------
    members : DataFrame
        Columns id, name, and person: the id that the source has for the person, ``""`` where it has none.
    office : TimeInOffice
        Of these members.

    Returns
    -------
    ndarray of str, shape (n_members,)
        The source's id; else the id of the first of the rows that bear one name of two words or more and are never
        listed on one roll call; else the member's own id.
    """
    person = np.where(members["person"] != "", members["person"], members["id"]).astype(object)
    ids = members["id"].to_numpy(object)
    open_rows = np.flatnonzero((members["person"] == "").to_numpy() & (office.last >= 0))
    names = [plain_name(name) for name in members["name"].iloc[open_rows]]
    for name, rows in pd.Series(open_rows, dtype=int).groupby(names, sort=False):
        turn = rows.to_numpy()[np.argsort(office.first[rows], kind="stable")]
        if len(turn) > 1 and " " in str(name) and (office.last[turn[:-1]] < office.first[turn[1:]]).all():
            person[turn] = ids[turn[0]]
    return person


def plain_name(name: str) -> str:
    """Return a name without case, accents, punctuation and the office after a dash.

    ``"José Ruiz - Speaker"`` becomes ``"jose ruiz"``.
    """
    letters = unicodedata.normalize("NFKD", name.partition(" - ")[0]).casefold()
    return " ".join(re.findall(r"\w+", "".join(c for c in letters if not unicodedata.combining(c))))
