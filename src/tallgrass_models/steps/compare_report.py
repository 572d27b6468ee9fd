"""The step that writes the page that compares experiments."""

from __future__ import annotations

from pathlib import Path


def compare_report(comparison: Path, out: Path, figures: Path, tables: Path) -> None:
    """Write the page that compares experiments, its pictures as SVG and its tables as CSV."""
    from ..report.comparison_page import write_comparison

    write_comparison(comparison, out, figures, tables)
