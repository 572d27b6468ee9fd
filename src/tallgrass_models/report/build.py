"""From the files of an experiment to its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import ExperimentConfig
from ..files import read_json, write_text
from .data import DroppedRow, Report, UnitResults, check_specs, printable, read_dropped, read_unit
from .sections import all_sections

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")


def write_report(
    config: ExperimentConfig, platform: Path, summaries: Sequence[Path], dropped: Sequence[Path], out: Path
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

    Raises
    ------
    UserError
        If a file is damaged, or a unit was fitted with other settings than ``config``.
    """
    units = [read_unit(path) for path in summaries]
    found = read_json(platform) if platform.exists() else None
    write_text(out, build_report(config, found, units, read_dropped(dropped)))


def build_report(
    config: ExperimentConfig,
    platform: Mapping[str, Any] | None,
    units: Sequence[UnitResults],
    dropped: Mapping[str, list[DroppedRow]],
) -> str:
    """The page as text: one self-contained HTML document; equal inputs give equal bytes."""
    check_specs(config, units)
    by_name = {unit.unit: unit for unit in units}
    ordered = {name: by_name[name] for name in config.units if name in by_name}
    kept = {name: dropped[name] for name in config.chambers if name in dropped}
    report = Report(config, ordered, printable(platform), kept)
    template = _environment().get_template("report.html.j2")
    return template.render(report=report, config=config, sections=all_sections(report)) + "\n"


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
