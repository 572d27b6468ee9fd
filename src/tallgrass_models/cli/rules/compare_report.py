"""The command `compare-report` of the rule compare_report."""

from __future__ import annotations

import argparse

from ..arguments import AddCommand, add_files, add_page_folders, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("compare-report", run, "write the page that compares experiments")
    add_spec(sub)
    add_files(sub, "comparison", "out")
    add_page_folders(sub)


def run(args: argparse.Namespace) -> None:
    """Write the page, its pictures and its tables."""
    from ...steps.compare_report import compare_report

    compare_report(args.comparison, args.out, args.figures, args.tables)
