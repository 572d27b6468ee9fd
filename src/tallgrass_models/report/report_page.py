"""Page of an experiment, made from its files."""

from __future__ import annotations

import re
from pathlib import Path

from ..config.experiments import ExperimentConfig
from ..files.columns.folds import TABLES as HELD_OUT
from ..files.columns.linking import TABLES as LINKED
from ..files.json import read_json
from ..votes.spells import day
from ..votes.unit import Unit
from .files.data import Report, ReportFiles
from .files.printable import printable
from .files.read import check_specs, read_dropped, read_members, read_named, read_unit
from .files.rows import Row, read_object
from .page import page
from .page.words import naming
from .sections.sections import all_sections
from .stories.blocks import story_blocks

_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def write_report(config: ExperimentConfig, files: ReportFiles, out: Path, figures: Path, tables: Path) -> None:
    """Read what the fits left behind and write the page.

    Parameters
    ----------
    config
        The experiment.
    files
        What the page is made from.
    out
        The HTML file, written whole or not at all.
    figures, tables
        Folders for the page's pictures as SVG and its tables as CSV, one file each, named by their id in the page.

    Raises
    ------
    UserError
        If a file is damaged, or a unit was fitted with other settings than ``config``.
    """
    report = _read_report(config, files)
    with naming(config.session.chambers_called):
        page.write(_build_page(report), out, figures, tables)  # pictures are drawn when they are written


def _read_report(config: ExperimentConfig, files: ReportFiles) -> Report:
    """Read everything that the page of an experiment shows."""
    units = [read_unit(path, files) for path in files.summaries]
    check_specs(config, units)
    by_name = {unit.unit: unit for unit in units}
    dropped = read_dropped(files.dropped)
    platform = printable(read_json(files.platform)) if files.platform.exists() else None
    here = files.linking.parent if files.linking else None
    return Report(
        config,
        units={name: by_name[name] for name in config.units if name in by_name},
        platform=platform,
        dropped={name: dropped[name] for name in config.chambers if name in dropped},
        linking=read_object(files.linking) if files.linking else None,
        axis=read_object(here / "axis.json") if here else None,
        rows={**(read_named(here, LINKED) if here else {}), **_held_out_rows(files)},
        compared={Unit(path.parent.name): rows for path in files.compare_with if (rows := read_members(path))},
        held_out=next((read_object(path) for path in files.held_out if path.suffix == ".json"), None),
    )


def _held_out_rows(files: ReportFiles) -> dict[str, list[Row]]:
    return read_named(files.held_out[0].parent, HELD_OUT) if files.held_out else {}


def _dates(report: Report) -> str:
    """Return the days of the first and the last roll call of all fits; empty where none has a date."""
    dates = {bill.date for unit in report.units.values() for bill in unit.bills or ()}
    known = [date for date in dates if _DATE.fullmatch(date)]
    if not known:
        return ""
    first, last = (day(date) for date in (min(known), max(known)))
    return f"Roll calls of {first}" if first == last else f"Roll calls from {first} to {last}"


def _build_page(report: Report) -> page.Page:
    """Build the page of an experiment."""
    config = report.config
    session, heading = config.session.name, str(printable(config.session.heading))
    about = f": {config.description}" if config.description else ""
    return page.Page(
        title=f"{heading}: ideal points ({config.name})",
        kicker="Ideal points from roll-call votes",
        heading=heading,
        lead=_dates(report),
        small=f"Experiment {config.name}{about}. Session {session}.",
        sections=all_sections(report),
        source=f"session {session} · experiment {config.name}",
        data=story_blocks(report),
    )
