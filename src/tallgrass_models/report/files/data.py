"""Sources of a report: the files it reads, and what they hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...config.experiments import ExperimentConfig
from ...votes.unit import Unit
from .records import Bill, DroppedRow, Member, PartyRow
from .rows import Row


@dataclass(frozen=True)
class UnitResults:
    """The files of one fit (a chamber, or the joint model); a table whose file is missing is None."""

    unit: Unit
    summary: Mapping[str, Any]
    members: list[Member] | None = None
    bills: list[Bill] | None = None
    parties: list[PartyRow] | None = None
    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    check: Row | None = None
    right_of: Path | None = None
    votes: Path | None = None

    def get(self, *keys: str) -> Any:
        """Return a value of summary.json by its path; None if it is missing."""
        value: Any = self.summary
        for key in keys:
            if not isinstance(value, Mapping) or key not in value:
                return None
            value = value[key]
        return value

    @property
    def scale(self) -> Mapping[str, Any]:
        """The record of the headline scale; empty where it was not recorded."""
        return next((row for row in self.get("scale") or [] if row.get("sets_scale")), {})

    def of_chamber(self, key: str, chamber: str) -> Mapping[str, Any]:
        """Return the record of a chamber in a list of summary.json; empty if it is missing."""
        return next((row for row in self.get(key) or [] if str(row.get("chamber", "")).lower() == chamber), {})

    def party(self, chamber: str, party: str) -> PartyRow | None:
        """Return the party's row, if there is one."""
        return next((r for r in self.parties or () if (r.chamber, r.party) == (chamber, party)), None)


@dataclass(frozen=True)
class ReportFiles:
    """The files that a report is made from; one that is not there is said to be missing on the page.

    Attributes
    ----------
    platform
        platform.json.
    summaries
        summary.json of each unit; the other files of `summarize` lie beside it.
    dropped
        ``{chamber}_dropped.csv`` of each chamber.
    checks
        check.json of units.
    curves
        curves.csv of units; the other tables of `draw_tables` lie beside it.
    linking
        linking.json; axis.json and the tables of `link` lie beside it.
    compare_with
        ideal_points.csv of the units of the experiment compared with.
    held_out
        held_out.json, with the tables of `pool_folds` beside it; empty where the experiment has no folds.
    """

    platform: Path
    summaries: Sequence[Path]
    dropped: Sequence[Path] = ()
    checks: Sequence[Path] = ()
    curves: Sequence[Path] = ()
    linking: Path | None = None
    compare_with: Sequence[Path] = ()
    held_out: Sequence[Path] = ()


@dataclass(frozen=True)
class Report:
    """Everything that the page of one experiment shows."""

    config: ExperimentConfig
    units: Mapping[Unit, UnitResults]
    platform: Mapping[str, Any] | None = None
    dropped: Mapping[str, list[DroppedRow]] = field(default_factory=dict)
    linking: Row | None = None
    axis: Row | None = None
    rows: Mapping[str, list[Row]] = field(default_factory=dict)
    compared: Mapping[Unit, list[Member]] = field(default_factory=dict)
    held_out: Row | None = None

    @property
    def simulated(self) -> bool:
        """True if the members and votes are invented."""
        return self.config.session.source == "simulated"
