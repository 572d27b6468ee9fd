"""The command `time-report` of the rule time_report."""

from __future__ import annotations

import argparse

from ..arguments import AddCommand, add_files, add_page_folders, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("time-report", run, "write the page of a series over time")
    add_spec(sub)
    add_files(sub, "link_time", "out")
    add_page_folders(sub)


def run(args: argparse.Namespace) -> None:
    """Write the page, its pictures and its tables."""
    from ...steps.time_report import time_report

    time_report(args.link_time, args.out, args.figures, args.tables)
