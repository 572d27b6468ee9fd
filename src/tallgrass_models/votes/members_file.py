"""The columns of a file of members that no reader needs, kept for models in which positions depend on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .matrix import ChamberVotes
from .readers.grid import open_grid
from .sources import source_of


def with_more_columns(
    votes: ChamberVotes, source: str, options: Mapping[str, Any], files: Mapping[str, Any]
) -> ChamberVotes:
    """Return the votes with all columns of the file of the members (`ChamberVotes.more`).

    Parameters
    ----------
    votes
        One chamber.
    source, options
        The session's source and its own settings.
    files
        Its files by role, which the source's reader has read.

    Notes
    -----
    Rows are matched by the member's id, and by chamber and Congress where the file has these. Where several rows of a
    member differ in a column, she has no value there. Archives and JSON files have no such columns.
    """
    table = _table(source, options, files)
    if table is None:
        return votes
    key, frame = table
    same = frame.get("chamber", pd.Series(dtype=str)).str.casefold() == votes.chamber
    if same.any():
        frame = frame[same]
    if "congress" in frame and "congress" in options:
        frame = frame[frame["congress"] == str(options["congress"])]
    kept = frame[frame[key].isin(votes.legislators.index)]
    if kept.empty:
        return votes
    grouped = kept.groupby(key, sort=False)
    alike = grouped.nunique().eq(1)
    more = grouped.first().where(alike, "").reindex(votes.legislators.index, fill_value="")
    return replace(votes, more=more.astype("str"))


def _table(source: str, options: Mapping[str, Any], files: Mapping[str, Any]) -> tuple[str, pd.DataFrame] | None:
    """Read the file of the members as text, with the name of the column of ids; None if there is none."""
    found = files.get("legislators") or files.get("people")
    paths = [Path(path) for path in ([found] if isinstance(found, str | Path) else found or ())]
    paths = [path for path in paths if path.is_file() and path.suffix != ".json"]
    if not paths:
        return None
    how = {key: options[key] for key in ("encoding", "delimiter") if key in options}
    opened = [open_grid(path, **how) for path in paths]
    header = [name for name in opened[0].header if opened[0].header.count(name) == 1]
    named = options.get("columns", {})
    wanted = [named[name] for name in ("member", "name") if name in named] + list(source_of(source).member_id)
    key = _first(wanted, header)
    if key is None:
        return None
    frame = pd.concat([grid.table(header).frame for grid in opened if set(header) <= set(grid.header)])
    ids = frame[key].to_numpy(object)
    if source == "voteview":  # numbers, in any spelling
        ids = np.array([text.split(".")[0] for text in ids], dtype=object)
    return key, frame.assign(**{key: ids})


def _first(wanted: Sequence[str], header: Sequence[str]) -> str | None:
    """Find the first of some names in a header, in any case."""
    known = {name.strip().casefold(): name for name in header}
    return next((known[name.casefold()] for name in wanted if name.casefold() in known), None)
