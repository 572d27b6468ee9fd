"""What every reader is given and returns: one session as listed in its files, nothing filtered yet."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from ...files.records.votes import Dropped, RawFacts
from ..notes import join_notes
from .csv import CsvTable

#: The files of a session by role, as a reader gets them.
Files = Mapping[str, tuple[Path, ...]]

_LEGISLATOR_COLUMNS = ["chamber", "id", "name", "party", "person", "district", "state", "external"]
_ROLLCALL_COLUMNS = ["chamber", "id", "bill", "title", "motion", "date", "passage"]
_TALLY_COLUMNS = ["recorded_yea", "recorded_nay", "counted_yea", "counted_nay", "tally"]


@dataclass(frozen=True)
class RawSession:
    """Members, roll calls and votes of a session; the same whatever the order of rows in the files.

    Attributes
    ----------
    source : str
        Name of the source.
    legislators : DataFrame
        Columns chamber (``house`` | ``senate``), id (unique within a chamber), name, party (as listed), person (the
        source's id of the person, ``""`` where it has none), district, state, external (NOMINATE first dimension, NaN
        where there is none); sorted by chamber and id.
    rollcalls : DataFrame
        Columns chamber, id (unique within a chamber), bill (normalised, ``""`` where none), title, motion, date
        (``yyyy-mm-dd`` or ``""``), passage (bool), and the tally as recorded and counted (`tallies.compare`); sorted by
        chamber and time.
    votes : DataFrame
        One row per member and roll call: columns legislator and rollcall (row positions in the two tables above), value
        (1 Yea, 0 Nay, -1 any other vote), listed (False where the file says that she was no member then).
    notes : DataFrame
        What the reader left out or read otherwise than it stands in the files: columns `notes._NOTE_COLUMNS`.
    files : dict
        The files that hold the votes, the rollcalls and the legislators, for messages.
    info : RawFacts
        The content's hash, the files by role, and the counts of what was dropped.
    """

    source: str
    legislators: pd.DataFrame
    rollcalls: pd.DataFrame
    votes: pd.DataFrame
    notes: pd.DataFrame
    files: dict[str, Path]
    info: RawFacts


@dataclass
class Found:
    """What a reader notes as it goes: numbers of things dropped, and rows of the manifest."""

    counts: Dropped = field(default_factory=Dropped)
    notes: list[pd.DataFrame] = field(default_factory=list)


def assemble(
    source: str,
    legislators: pd.DataFrame,
    rollcalls: pd.DataFrame,
    votes: pd.DataFrame,
    tables: Mapping[str, CsvTable],
    found: Found,
) -> RawSession:
    """Sort a session's tables, carry the votes' positions along, and hash the content.

    ``tables`` are the files as read, by role; ``votes`` is among them.
    ``rollcalls`` holds besides its own columns ``when`` and ``tie``, the order within a chamber.
    """
    by_member = legislators.reset_index(drop=True).sort_values(["chamber", "id"], kind="stable")
    by_time = rollcalls.reset_index(drop=True).sort_values(["chamber", "when", "tie"], kind="stable")
    new_row = {"legislator": _inverse(by_member.index), "rollcall": _inverse(by_time.index)}
    votes = pd.DataFrame(
        {
            "legislator": new_row["legislator"][votes["legislator"].to_numpy()],
            "rollcall": new_row["rollcall"][votes["rollcall"].to_numpy()],
            "value": votes["value"].to_numpy(np.int8),
            "listed": votes["listed"].to_numpy(bool),
        }
    ).sort_values(["rollcall", "legislator"], ignore_index=True)
    people = by_member[_LEGISLATOR_COLUMNS].reset_index(drop=True)
    calls = by_time[_ROLLCALL_COLUMNS + _TALLY_COLUMNS].reset_index(drop=True)
    info: RawFacts = {
        "source": source,
        "data_hash": _content_hash(people, calls, votes),
        "files": {role: {"name": table.path.name, "sha256": table.sha256} for role, table in tables.items()},
        **found.counts,
    }
    paths = {role: tables.get(role, tables["votes"]).path for role in ("votes", "rollcalls", "legislators")}
    return RawSession(source, people, calls, votes, join_notes(found.notes), paths, info)


def _inverse(order: pd.Index) -> np.ndarray:
    """``inverse[old position] = new position``."""
    inverse = np.empty(len(order), dtype=np.int64)
    inverse[order.to_numpy()] = np.arange(len(order))
    return inverse


def _content_hash(legislators: pd.DataFrame, rollcalls: pd.DataFrame, votes: pd.DataFrame) -> str:
    """SHA-256 of the sorted tables: row order, compression and columns that are not used do not change it."""
    digest = hashlib.sha256()
    for frame in (legislators, rollcalls):
        digest.update(frame.to_csv(index=False, lineterminator="\n").encode())
    digest.update(votes[["legislator", "rollcall"]].to_numpy("<i8").tobytes())
    digest.update(votes["value"].to_numpy("i1").tobytes())
    digest.update(votes["listed"].to_numpy("i1").tobytes())
    return digest.hexdigest()
