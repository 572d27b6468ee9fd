"""The step that writes the page of an experiment."""

from __future__ import annotations

from pathlib import Path

from ..config.experiments import ExperimentConfig
from ..report.files.data import ReportFiles


def report(config: ExperimentConfig, files: ReportFiles, out: Path, figures: Path, tables: Path) -> None:
    """Write the page of one experiment, its pictures as SVG and its tables as CSV."""
    from ..report.report_page import write_report

    write_report(config, files, out, figures, tables)
