"""The manifest of one chamber, and the facts about its files that are told later."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..files.columns.votes import DROPPED
from ..files.records.votes import ManifestFacts, Spell
from .notes import join_notes, note_rows, oddities
from .readers.base import RawSession
from .tallies import tally_facts, tally_notes


def manifest(
    raw: RawSession, members: pd.DataFrame, calls: pd.DataFrame, dropped: pd.DataFrame
) -> tuple[pd.DataFrame, ManifestFacts]:
    """Everything to be said about one chamber's members and roll calls that is not in its votes.

    Parameters
    ----------
    raw : RawSession
        The session as read.
    members, calls : DataFrame
        Of the chamber, before any filter; members with caucus, person, first_day and last_day.
    dropped : DataFrame
        What the filters left out.

    Returns
    -------
    table : DataFrame
        The columns of `DROPPED`: what was left out first, then how the rest was read.
    facts : ManifestFacts
        ``oddities`` by kind (`notes.oddities`), ``tallies`` (`tallies.tally_facts`) and ``spells`` (`spells`).
    """
    chamber = members["chamber"].iloc[0]
    read = raw.notes[raw.notes["chamber"] == chamber]
    notes = join_notes([read, tally_notes(calls), _caucus_notes(members)])
    table = pd.concat([dropped, notes[DROPPED.names]], ignore_index=True) if len(notes) else dropped
    return table, {"oddities": oddities(notes), "tallies": tally_facts(calls), "spells": spells(members)}


def _caucus_notes(members: pd.DataFrame) -> pd.DataFrame:
    """Who is counted with another party than the one listed, or is listed with neither of the two."""
    odd = np.flatnonzero((members["caucus"] != members["party"]).to_numpy())
    rows = members.iloc[odd]
    whose = np.where(rows["caucus"] == "", "counted with neither party", "counted with the " + rows["caucus"] + "s")
    return note_rows("caucus", members, odd, ("listed as " + rows["party"] + ", " + whose).tolist())


def spells(members: pd.DataFrame) -> dict[str, list[Spell]]:
    """By person, the rows of everybody who has several: legislator, name, party, caucus, first_day and last_day.

    In order of the first roll call; without dates in that of the ids.
    """
    columns = ["id", "name", "party", "caucus", "first_day", "last_day"]
    several = members[members["person"].duplicated(keep=False)].sort_values(["first_day", "id"], kind="stable")
    return {
        str(person): rows[columns].rename(columns={"id": "legislator"}).to_dict("records")
        for person, rows in several.groupby("person", sort=True)
    }
