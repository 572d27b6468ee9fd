"""The manifest: who and what was left out of a chamber's votes, and what the files say otherwise than it was read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..files.columns.votes import DROPPED
from ..files.records.roster import Oddity

#: Kinds of rows that say what was left out; all others say how something was read.
LEFT_OUT = ("roll call", "legislator", "votes", "committee")
_NOTE_COLUMNS = ["chamber", *DROPPED.names]
#: Examples of each kind that are named in the facts about the votes.
_N_EXAMPLES = 5


def note_rows(
    kind: str,
    table: pd.DataFrame,
    rows: np.ndarray,
    reason: str | Sequence[str],
    value: float | Sequence[float] = float("nan"),
) -> pd.DataFrame:
    """Rows of the manifest about some members or roll calls.

    Parameters
    ----------
    kind : str
        ``roll call``, ``committee`` or ``legislator`` (left out), ``votes`` (left out on a roll call), or what was
        read otherwise: ``party``, ``name``, ``chamber``, ``date``, ``bill``, ``tally``, ``caucus``.
    table : DataFrame
        Columns chamber, id, and name (members) or bill and motion (roll calls).
    rows : ndarray of bool or int
        Which of them.
    reason, value
        One for all, or one for each.
    """
    these = table.iloc[np.flatnonzero(rows) if np.asarray(rows).dtype == bool else rows]
    name = these["name"] if "name" in these else (these["bill"] + " " + these["motion"]).str.strip()
    found = pd.DataFrame({"chamber": these["chamber"], "kind": kind, "id": these["id"], "name": name})
    return found.assign(reason=reason, value=value)[_NOTE_COLUMNS].reset_index(drop=True)


def join_notes(notes: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """All notes in one table; sorted, so that the order of rows in the files does not matter."""
    kept = [table for table in notes if len(table)]
    if not kept:
        return pd.DataFrame({name: pd.Series(dtype=float if name == "value" else object) for name in _NOTE_COLUMNS})
    return pd.concat(kept).sort_values(["kind", "chamber", "id"], kind="stable", ignore_index=True)


def oddities(notes: pd.DataFrame) -> dict[str, Oddity]:
    """How many notes of each kind there are, with examples: ``{kind: {n, examples}}``."""
    found: dict[str, Oddity] = {}
    for kind, rows in notes.groupby("kind", sort=True):
        examples = (rows["name"].where(rows["name"] != "", rows["id"]) + ": " + rows["reason"]).head(_N_EXAMPLES)
        found[str(kind)] = {"n": len(rows), "examples": examples.tolist()}
    return found


def told(found: Mapping[str, Oddity]) -> dict[str, str]:
    """One line per kind of oddity, for a log."""
    lines = {}
    for kind, entry in found.items():
        more = "; ..." if entry["n"] > len(entry["examples"]) else ""
        lines[kind] = f"{kind}: {entry['n']} ({'; '.join(entry['examples'])}{more})"
    return lines
