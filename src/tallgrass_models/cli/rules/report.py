"""The command `report` of the rule report."""

from __future__ import annotations

import argparse
from dataclasses import fields
from pathlib import Path

from ...config.experiments import ExperimentConfig
from ...report.files.data import ReportFiles
from ..arguments import AddCommand, add_files, add_lists, add_page_folders, add_spec, part_of


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("report", run, "write the page of an experiment")
    add_spec(sub)
    add_files(sub, "platform", "out")
    add_lists(sub, "summaries", "dropped", "checks", "curves", "compare_with", "held_out")
    sub.add_argument("--linking", type=Path, metavar="FILE")
    add_page_folders(sub)


def run(args: argparse.Namespace) -> None:
    """Write the page, its pictures and its tables."""
    from ...steps.report import report

    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    files = ReportFiles(**{field.name: getattr(args, field.name) for field in fields(ReportFiles)})
    report(config, files, args.out, args.figures, args.tables)
