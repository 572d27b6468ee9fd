"""What the page over time shows: link_time.json and the tables beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from ...errors import UserError
from ...files.columns import over_time as columns
from ...files.records.over_time import LinkTime, TimeChamber, TimeSession, TimeTogether
from .rows import Row, read_object, read_rows

_YEAR = re.compile(r"\d{4}\b")


@dataclass(frozen=True)
class TimeTables:
    """Rows of the tables beside link_time.json."""

    members: list[Row]
    parties: list[Row]
    chambers: list[Row]
    changes: list[Row]
    moves: list[Row]
    across: list[Row]
    crossed: list[Row]


@dataclass(frozen=True)
class OverTime:
    """A series: link_time.json and its tables."""

    content: LinkTime
    tables: TimeTables

    @cached_property
    def titles(self) -> dict[str, str]:
        """What sessions are called in sentences and tables, by name; ``2017–2018`` if all titles end in a year."""
        full = [one["title"] for one in self.content["sessions"]]
        short = short_titles(full)
        told = short if all(_YEAR.match(title) for title in short) else full
        return {one["session"]: title for one, title in zip(self.content["sessions"], told, strict=True)}

    def title(self, session: str) -> str:
        """Return what a session is called in sentences and tables."""
        return self.titles[session]

    @property
    def joint(self) -> bool:
        """Whether both chambers are put on one scale."""
        return "joint" in self.content


@dataclass(frozen=True)
class ChamberOverTime:
    """One chamber of a series: its record, and its rows of the tables."""

    series: OverTime
    facts: TimeChamber
    tables: TimeTables

    @property
    def name(self) -> str:
        """``house`` or ``senate``."""
        return self.facts["chamber"]

    @property
    def together(self) -> TimeTogether | None:
        """The fit of all sessions together, if there is one."""
        return self.facts.get("dynamic") or self.facts.get("constant")

    @property
    def constant(self) -> bool:
        """Whether nobody moves in that fit."""
        return "constant" in self.facts

    @property
    def sessions(self) -> list[TimeSession]:
        """Sessions that have the chamber on the common scale, in order of time; all of the series without a scale."""
        known = {row["session"] for row in self.tables.chambers}
        return [one for one in self.series.content["sessions"] if not known or one["session"] in known]

    def title(self, k: int) -> str:
        """Return what the ``k``-th of its sessions is called."""
        return self.series.title(self.sessions[k]["session"])

    @property
    def faults(self) -> list[tuple[TimeSession, str]]:
        """Sessions whose fit of this chamber cannot be read, with the fault."""
        return [(one, bad["fault"]) for one in self.sessions for bad in one["faults"] if bad["chamber"] == self.name]


def read_over_time(path: Path) -> OverTime:
    """Read link_time.json and the tables beside it.

    Raises
    ------
    UserError
        If a file is missing, damaged or of another version.
    """
    found = read_object(path)
    if found is None:
        raise UserError(f"{path}: no such file; run link-time first")
    tables = {}
    for table in columns.TABLES:
        file = path.parent / f"{table.name}.csv"
        rows = read_rows(file, table)
        if rows is None:
            raise UserError(f"{file}: no such file; run link-time again")
        tables[table.name.removeprefix("time_")] = rows
    return OverTime(cast(LinkTime, found), TimeTables(**tables))


def chambers_of(series: OverTime) -> list[ChamberOverTime]:
    """Return the chambers of a series, House first."""
    out = []
    for facts in series.content["chambers"]:
        own = _here(facts["chamber"])
        tables = TimeTables(**{name: list(filter(own, rows)) for name, rows in vars(series.tables).items()})
        out.append(ChamberOverTime(series, facts, tables))
    return out


def short_titles(titles: Sequence[str]) -> list[str]:
    """Return titles without the words that all begin with: ``2017–2018`` for ``California Legislature, 2017–2018``."""
    words = [title.split() for title in titles]
    shared = 0
    while all(len(one) > shared + 1 for one in words) and len({one[shared] for one in words}) == 1:
        shared += 1
    return [" ".join(one[shared:]) for one in words]


def _here(chamber: str) -> Callable[[Row], bool]:
    """Tell which rows are of a chamber; those of both chambers are of either."""
    return lambda row: row.get("chamber", chamber) == chamber
