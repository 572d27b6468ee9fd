"""What a report is made of: the files of the finished units, read into plain records."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from ...config.experiments import ExperimentConfig
from ...errors import UserError
from ...files.atomic import canonical_json, read_json
from ...files.untrusted import unguarded
from ...votes.unit import Unit
from .rows import Row, as_row, printable, read_object, read_rows

PARTIES = ("Democrat", "Republican")
#: CSV files beside summary.json whose rows are shown as they are: of `summarize`, of `check` and of `draw-tables`.
_UNIT_ROWS = ("pivots", "pivot_members", "rollcall_fit", "member_fit", "group_fit", "calibration")
_CHECK_ROWS = ("check_members", "check_rollcalls", "check_pairs", "sensitivity")
_DRAW_ROWS = ("curves", "chain_ranks", "energy")
#: CSV files beside linking.json.
LINK_ROWS = ("linked_members", "anchors", "axis_members", "axis_bills")


@dataclass(frozen=True)
class Member:
    """A row of ideal_points.csv; rank 1 is the leftmost of the chamber, intervals hold 90 %.

    Positions are on the headline scale of the fit, ``xi_mean`` on the model's own.
    """

    legislator: str
    name: str
    chamber: str
    party: str
    position_mean: float
    position_q05: float
    position_q95: float
    district: str = ""
    state: str = ""
    n_votes: float | None = None
    position_sd: float | None = None
    xi_mean: float | None = None
    p_leftmost: float | None = None
    p_rightmost: float | None = None
    p_innermost: float | None = None
    rank_mean: float | None = None
    rank_q05: float | None = None
    rank_q95: float | None = None
    rhat: float | None = None
    ess_bulk: float | None = None
    flat_mean: float | None = None
    shrinkage: float | None = None
    external: float | None = None
    truth: float | None = None
    caucus: str = ""
    spells: str = ""

    @property
    def side(self) -> str:
        """What the member is counted as: Democrat, Republican, or ``none``."""
        return self.caucus or self.party


@dataclass(frozen=True)
class Bill:
    """A row of bills.csv: one pair of bill parameters."""

    vote: str
    difficulty_mean: float
    discrimination_mean: float
    discrimination_q05: float
    discrimination_q95: float
    bill: str = ""
    title: str = ""
    motion: str = ""
    date: str = ""
    chambers: str = ""
    yea: float | None = None
    nay: float | None = None
    cutting_point: float | None = None
    wrong_sign: str = ""

    @property
    def wrong(self) -> bool:
        """Whether Yea is certainly the side that the fit's one-sided prior cannot describe."""
        return self.wrong_sign == "True"

    @property
    def shared(self) -> bool:
        """Whether one pair of parameters serves both chambers."""
        return self.chambers == "both"


@dataclass(frozen=True)
class PartyRow:
    """A row of parties.csv: one party in one chamber.

    Of the members on the headline scale, their average (``position``) and ``spread``; of the population in the model,
    on the model's own scale, ``mu`` and ``sigma``.
    """

    chamber: str
    party: str
    n: float
    position_mean: float
    position_q05: float
    position_q95: float
    spread_mean: float
    spread_q05: float
    spread_q95: float
    mu_mean: float
    mu_q05: float
    mu_q95: float
    sigma_mean: float
    sigma_q05: float
    sigma_q95: float


@dataclass(frozen=True)
class DroppedRow:
    """A row of ``{chamber}_dropped.csv``: somebody or something left out before the fit."""

    kind: str
    id: str
    name: str
    reason: str
    value: float | None = None


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

    def get(self, *keys: str) -> Any:
        """A value of summary.json by its path; None where it is missing."""
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
        """The record of a chamber in a list of summary.json; empty where it is missing."""
        return next((row for row in self.get(key) or [] if str(row.get("chamber", "")).lower() == chamber), {})

    def party(self, chamber: str, party: str) -> PartyRow | None:
        """The party's row, if there is one."""
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
        check.json of units; the tables of `check` lie beside it.
    curves
        curves.csv of units; the other tables of `draw_tables` lie beside it.
    linking
        linking.json; axis.json and the tables of `link` lie beside it.
    compare_with
        ideal_points.csv of the units of the experiment compared with.
    """

    platform: Path
    summaries: Sequence[Path]
    dropped: Sequence[Path] = ()
    checks: Sequence[Path] = ()
    curves: Sequence[Path] = ()
    linking: Path | None = None
    compare_with: Sequence[Path] = ()


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
    compared: Mapping[str, list[Member]] = field(default_factory=dict)

    @property
    def simulated(self) -> bool:
        """Whether the members and votes are invented."""
        return self.config.session.source == "simulated"


def read_unit(summary_path: Path, files: ReportFiles) -> UnitResults:
    """Read summary.json and the tables beside it, and what else ``files`` names in the same folder.

    Raises
    ------
    UserError
        If summary.json is missing or damaged, or a table that exists lacks a column or holds no number where one
        belongs.
    """
    summary = printable(read_json(summary_path))
    if not isinstance(summary, dict) or "unit" not in summary:
        raise UserError(f"{summary_path}: not a summary of a fit: it has no 'unit'")
    if summary["unit"] not in list(Unit):
        raise UserError(f"{summary_path}: 'unit' is {summary['unit']!r}, not one of {', '.join(Unit)}")
    here = summary_path.parent
    right_of = here / "right_of.nc"
    check = here / "check.json" if here in {path.parent for path in files.checks} else None
    drawn = here in {path.parent for path in files.curves}
    names = (*_UNIT_ROWS, *(_CHECK_ROWS if check else ()), *(_DRAW_ROWS if drawn else ()))
    return UnitResults(
        unit=Unit(summary["unit"]),
        summary=as_row(summary, str(summary_path)),
        members=read_table(here / "ideal_points.csv", Member),
        bills=read_table(here / "bills.csv", Bill),
        parties=read_table(here / "parties.csv", PartyRow),
        rows=read_named(here, names),
        check=read_object(check) if check else None,
        right_of=right_of if right_of.exists() else None,
    )


def read_named(folder: Path, names: Sequence[str]) -> dict[str, list[Row]]:
    """Rows of ``{name}.csv`` in a folder; files that are not there are left out."""
    found = {name: read_rows(folder / f"{name}.csv") for name in names}
    return {name: rows for name, rows in found.items() if rows is not None}


def check_specs(config: ExperimentConfig, units: Sequence[UnitResults]) -> None:
    """Refuse results of other settings than those the page would state.

    Raises
    ------
    UserError
        Naming the unit and the setting that differs.
    """
    for unit in units:
        if unit.unit not in config.units:
            raise UserError(f"{unit.unit}: experiment {config.name!r} has no such part")
        recorded = unit.get("experiment_spec") or {}
        for key, value in config.fit_spec(unit.unit).items():
            if key in recorded and canonical_json(recorded[key]) != canonical_json(value):
                raise UserError(f"{unit.unit}: fitted with {key} {recorded[key]!r}, not {value!r}: fit it again")


def read_dropped(paths: Sequence[Path]) -> dict[str, list[DroppedRow]]:
    """Manifests by chamber, told from names such as ``house_dropped.csv``; missing files are left out."""
    tables = {path.name.split("_")[0]: read_table(path, DroppedRow) for path in paths}
    return {chamber: rows for chamber, rows in tables.items() if rows is not None}


def read_table[Row](path: Path, row_type: type[Row]) -> list[Row] | None:
    """Read a CSV file into records of a dataclass; None where there is no such file.

    Text stays text (a member may be called ``NA``); an empty cell or ``nan`` of an optional number is None.

    Raises
    ------
    UserError
        Naming the file, and the column or the row.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle)
            header, raw = reader.fieldnames or [], list(reader)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: cannot be read: {error}") from None
    known = fields(row_type)  # type: ignore[arg-type]
    missing = [f.name for f in known if f.default is MISSING and f.name not in header]
    if missing:
        raise UserError(f"{path}: no column {', '.join(missing)}")
    rows = []
    for number, cells in enumerate(raw, start=2):
        try:
            values = {f.name: _cell(cells[f.name], str(f.type)) for f in known if f.name in header}
        except ValueError as error:
            raise UserError(f"{path}, row {number}: {error}") from None
        if "chamber" in values:
            values["chamber"] = str(values["chamber"]).lower()
        rows.append(row_type(**values))
    return rows


def _cell(text: str | None, wanted: str) -> str | float | None:
    text = text or ""
    if wanted == "str":
        return str(printable(unguarded(text)))
    number = float(text) if text else math.nan
    if math.isfinite(number):
        return number
    if "None" in wanted:
        return None
    raise ValueError(f"{text!r} is not a finite number")
