"""The command `summarize` of the rule summarize."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ...steps.summarize import SummaryFiles, summarize, unit_outputs
from ..arguments import AddCommand, add_files, add_lists, add_spec

_OUTPUTS = tuple(unit_outputs(Path()))


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("summarize", run, "turn a posterior into tables")
    add_spec(sub)
    add_files(sub, "posterior", *_OUTPUTS)
    add_lists(sub, "data", required=True)
    add_lists(sub, "flat")
    for name in ("--truth", "--external"):
        sub.add_argument(name, type=Path, metavar="FILE")


def run(args: argparse.Namespace) -> None:
    """Write the tables and summary.json."""
    files = SummaryFiles(args.posterior, args.data, args.flat, args.truth, args.external)
    summarize(json.loads(args.spec), files, {name: getattr(args, name) for name in _OUTPUTS})
