"""From the files of an experiment to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..config import ExperimentConfig
from ..files import read_json
from . import page
from .data import DroppedRow, Report, UnitResults, check_specs, printable, read_dropped, read_unit
from .sections import all_sections


def write_report(
    config: ExperimentConfig,
    platform: Path,
    summaries: Sequence[Path],
    dropped: Sequence[Path],
    out: Path,
    figures: Path,
    tables: Path,
) -> None:
    """Read what the fits left behind and write the page.

    Parameters
    ----------
    config
        The experiment.
    platform
        platform.json; the page says so where it is missing.
    summaries
        The summary.json of each unit; its CSV tables lie beside it, and the page says so where one is missing.
    dropped
        ``{chamber}_dropped.csv`` of each chamber.
    out
        The HTML file, written whole or not at all.
    figures, tables
        Folders for the page's pictures as SVG and its tables as CSV, one file each, named by their id in the page.

    Raises
    ------
    UserError
        If a file is damaged, or a unit was fitted with other settings than ``config``.
    """
    units = [read_unit(path) for path in summaries]
    found = read_json(platform) if platform.exists() else None
    page.write(build_page(config, found, units, read_dropped(dropped)), out, figures, tables)


def build_page(
    config: ExperimentConfig,
    platform: Mapping[str, Any] | None,
    units: Sequence[UnitResults],
    dropped: Mapping[str, list[DroppedRow]],
) -> page.Page:
    """What the page of an experiment says."""
    check_specs(config, units)
    by_name = {unit.unit: unit for unit in units}
    ordered = {name: by_name[name] for name in config.units if name in by_name}
    kept = {name: dropped[name] for name in config.chambers if name in dropped}
    report = Report(config, ordered, printable(platform), kept)
    session = config.session.name
    return page.Page(
        title=f"{config.name}: ideal points, session {session}",
        kicker=f"Ideal points from roll-call votes · session {session}",
        heading=config.name,
        lead=config.description,
        sections=all_sections(report),
    )
