"""The files of a long table, with its own columns and words under our names."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .base import Files
from .csv import CsvFile, CsvTable, each_of, listed
from .grid import ParquetFile, open_grid
from .long import NO_VOTE, missing_where_unknown, vote_values
from .problems import Problems, cast_doubt, is_sure, read_as_blank
from .words import CHAMBER_WORDS, MEANING, VOTE_WORDS, unknown_votes, unknown_words

#: Columns that say something about a member, and about a roll call.
OF_MEMBERS = ("name", "party", "district", "state", "person", "score")
OF_ROLLCALLS = ("date", "bill", "title", "motion", "yea", "nay")


@dataclass(frozen=True)
class Part:
    """One of the files: its rows with our names for the columns."""

    table: CsvTable
    column: dict[str, str]

    def texts(self, name: str) -> np.ndarray:
        """Cells of one of our columns."""
        return self.table.frame[self.column[name]].to_numpy(object)

    def problem(self, mask: np.ndarray, name: str, what: str) -> str | None:
        """See `CsvTable.problem`; ``name`` is ours."""
        return self.table.problem(mask, self.column[name], what)


# --- columns ----------------------------------------------------------------------------------------------------------


def open_parts(files: Files, options: Mapping[str, Any], problems: Problems) -> dict[str, Part]:
    """Open the files with the columns that each has; a column of the session that no file has is a problem."""
    how = {key: options[key] for key in ("encoding", "delimiter") if key in options}
    roles = [role for role in ("votes", "legislators", "rollcalls") if files.get(role)]
    opened = dict(zip(roles, each_of(lambda role: open_grid(files[role][0], **how), roles), strict=True))
    wanted = dict(options.get("columns", {}))
    column: dict[str, dict[str, str]] = {}
    lacking: dict[str, list[str]] = {}
    for role, grid in opened.items():
        allowed = {"votes": (*OF_MEMBERS, *OF_ROLLCALLS), "legislators": OF_MEMBERS, "rollcalls": OF_ROLLCALLS}
        key = {"votes": ("member", "rollcall", "vote"), "legislators": ("member",), "rollcalls": ("rollcall",)}
        column[role] = _columns(grid.header, (*key[role], "chamber", *allowed[role]), wanted)
        if "member" in key[role] and "member" not in column[role] and "name" in column[role]:
            column[role]["member"] = column[role]["name"]  # a name is as good an id as any that differs
        lacking[role] = [name for name in key[role] if name not in column[role]]
        problems.add(*(_lacking(grid, name, wanted) for name in lacking[role]))
    everything = [name for grid in opened.values() for name in grid.header]
    for name, given in wanted.items():
        if given not in everything:
            where = ", ".join(str(grid.path) for grid in opened.values())
            problems.add(f"{where}: columns: {name}: no column {given!r}{_meant(given, everything)}")
    problems.stop()
    tables = each_of(lambda role: opened[role].table(list(dict.fromkeys(column[role].values()))), roles)
    return {role: _with_blanks(table, column[role], lacking[role]) for role, table in zip(roles, tables, strict=True)}


def _with_blanks(table: CsvTable, column: Mapping[str, str], lacking: Sequence[str]) -> Part:
    """Make the part of a table; columns that it lacks are blank, where reading goes on without them."""
    for name in lacking:
        read_as_blank(table.path, name)
        table.frame[name] = ""
    return Part(table, {**column, **{name: name for name in lacking}})


def _columns(header: Sequence[str], ours: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """Our names of the columns that a file has: as the session says, else the column that is called so."""
    found: dict[str, str] = {}
    for name in ours:
        if name in wanted:
            found |= {name: wanted[name]} if wanted[name] in header else {}
        else:
            same = [one for one in header if one.strip().lower() == name]
            found |= {name: same[0]} if len(same) == 1 and same[0] not in wanted.values() else {}
    return found


def _lacking(grid: CsvFile | ParquetFile, name: str, wanted: Mapping[str, str]) -> str:
    hint = ""
    if len(grid.header) == 1 and any(mark in grid.header[0] for mark in ";\t|"):
        mark = next(mark for mark in ";\t|" if mark in grid.header[0])
        hint = f"; for cells apart by {mark!r} write delimiter: {'tab' if mark == chr(9) else repr(mark)}"
    given = wanted.get(name)
    said = f"no column {given!r} for {name}" if given else f"no column says the {name}"
    ask = "" if given else f"; write columns: {{{name}: ...}}"
    return f"{grid.path}: {said}{ask}; the header has {listed(grid.header)}{hint}"


def _meant(given: str, header: Sequence[str]) -> str:
    close = difflib.get_close_matches(given, header, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


# --- words ------------------------------------------------------------------------------------------------------------


def values_of(votes: Part, own: Mapping[str, str], problems: Problems) -> np.ndarray:
    """Values of the votes; a word that is not known is a problem, with what to write."""
    texts = votes.texts("vote")
    value = vote_values(texts, VOTE_WORDS | {word: MEANING[meaning] for word, meaning in own.items()})
    problems.add(unknown_votes(votes.table, votes.column["vote"], value == NO_VOTE))
    return missing_where_unknown(value)


def chambers_of(
    parts: Mapping[str, Part], own: Mapping[str, str], constant: str | None, problems: Problems
) -> dict[str, np.ndarray]:
    """Chamber of each row of each file; those of members without one are found from their votes later."""
    known = CHAMBER_WORDS | dict(own)
    out = {}
    for role, part in parts.items():
        if "chamber" not in part.column:
            continue
        if constant:
            problems.add(
                f"{part.table.path}: column {part.column['chamber']} says the chamber, and so does chamber: {constant}"
                " in the session; leave one of them out"
            )
            return {role: np.full(len(part.table.frame), constant, dtype=object) for role, part in parts.items()}
        texts = part.texts("chamber")
        chamber = np.array([known.get(" ".join(str(text).split()).lower(), "") for text in texts], dtype=object)
        column = part.column["chamber"]
        line = unknown_words(part.table, column, chamber == "", "no chamber", "chambers", None, "house or senate")
        if line:
            problems.add(line)
            cast_doubt(part.table.path, column, "chamber")
        out[role] = chamber
    if constant:
        return {role: np.full(len(part.table.frame), constant, dtype=object) for role, part in parts.items()}
    votes = parts["votes"]
    if "votes" not in out:
        source = next((role for role in ("rollcalls", "legislators") if role in out), None)
        if source is None:
            problems.add(
                f"{votes.table.path}: no column says the chamber; write columns: {{chamber: ...}}, or chamber: house"
                " (or senate) in the session where there is one only"
            )
            cast_doubt(votes.table.path, "chamber")
        out["votes"] = _looked_up(parts, out, source, problems)
    return out


def _looked_up(
    parts: Mapping[str, Part], chamber: Mapping[str, np.ndarray], source: str | None, problems: Problems
) -> np.ndarray:
    """Chamber of each vote, from that of its roll call or member."""
    votes = parts["votes"]
    if source is None:
        return np.full(len(votes.table.frame), "", dtype=object)
    name = "rollcall" if source == "rollcalls" else "member"
    keys = parts[source].texts(name)
    first = ~pd.Series(keys).duplicated().to_numpy()
    by_key = dict(zip(keys[first], chamber[source][first], strict=True))
    other = np.array([by_key[key] != one for key, one in zip(keys, chamber[source], strict=True)], dtype=bool)
    what = "is in both chambers, so that it does not say the chamber of a vote; give votes a column for it"
    problems.add(parts[source].problem(other, name, what))
    texts = votes.texts(name)
    lost = np.array([text not in by_key for text in texts], dtype=bool) & is_sure(parts[source].table.path, name)
    what = f"is not listed in {parts[source].table.path}, which alone says the chamber"
    problems.add(votes.problem(lost, name, what))
    return np.array([by_key.get(text, "") for text in texts], dtype=object)
