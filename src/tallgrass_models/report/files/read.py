"""Readers that turn the files of an experiment into the records of its report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...config.experiments import ExperimentConfig
from ...errors import UserError
from ...files.columns.checking import CHECK_MEMBERS
from ...files.columns.summary import (
    BILLS,
    CALIBRATION,
    DRAWN,
    GROUP_FIT,
    IDEAL_POINTS,
    MEMBER_FIT,
    PARTIES,
    PIVOT_MEMBERS,
    PIVOTS,
    ROLLCALL_FIT,
)
from ...files.columns.votes import DROPPED
from ...files.json import canonical_json, read_json
from ...files.tables import Table
from ...votes.unit import Unit
from .data import ReportFiles, UnitResults
from .printable import printable
from .records import Bill, DroppedRow, Member, PartyRow, read_records
from .rows import Row, as_row, read_object, read_rows

#: Tables beside summary.json whose rows are shown as they are, with those of `draw_tables`.
_SHOWN = (PIVOTS, PIVOT_MEMBERS, ROLLCALL_FIT, MEMBER_FIT, GROUP_FIT, CALIBRATION)


def read_unit(summary_path: Path, files: ReportFiles) -> UnitResults:
    """Read summary.json and the tables beside it, and what else ``files`` names in the same folder.

    Raises
    ------
    UserError
        If summary.json is missing or damaged, or a table that exists does not hold what it should.
    """
    summary = printable(read_json(summary_path))
    if not isinstance(summary, dict) or "unit" not in summary:
        raise UserError(f"{summary_path}: not a summary of a fit: it has no 'unit'")
    if summary["unit"] not in list(Unit):
        raise UserError(f"{summary_path}: 'unit' is {summary['unit']!r}, not one of {', '.join(Unit)}")
    here = summary_path.parent
    right_of, votes = here / "right_of.nc", here / "vote_probabilities.nc"
    check = here / "check.json" if here in {path.parent for path in files.checks} else None
    drawn = here in {path.parent for path in files.curves}
    return UnitResults(
        unit=Unit(summary["unit"]),
        summary=as_row(summary, str(summary_path)),
        members=read_members(here / "ideal_points.csv"),
        bills=read_records(here / "bills.csv", BILLS, Bill),
        parties=read_records(here / "parties.csv", PARTIES, PartyRow),
        rows=read_named(here, (*_SHOWN, *((CHECK_MEMBERS,) if check else ()), *(DRAWN if drawn else ()))),
        check=read_object(check) if check else None,
        right_of=right_of if right_of.exists() else None,
        votes=votes if drawn and votes.exists() else None,
    )


def read_members(path: Path) -> list[Member] | None:
    """Read the members of ideal_points.csv; None if there is no such file."""
    return read_records(path, IDEAL_POINTS, Member)


def read_named(folder: Path, tables: Sequence[Table]) -> dict[str, list[Row]]:
    """Rows of the files of tables in a folder, by name; files that are not there are left out."""
    found = {table.name: read_rows(folder / f"{table.name}.csv", table) for table in tables}
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
    tables = {path.name.split("_")[0]: read_records(path, DROPPED, DroppedRow) for path in paths}
    return {chamber: rows for chamber, rows in tables.items() if rows is not None}
