"""The step that writes the page over time."""

from __future__ import annotations

from pathlib import Path


def time_report(link_time: Path, out: Path, figures: Path, tables: Path) -> None:
    """Write the page of a series over time, its pictures as SVG and its tables as CSV."""
    from ..report.time_page import write_time

    write_time(link_time, out, figures, tables)
