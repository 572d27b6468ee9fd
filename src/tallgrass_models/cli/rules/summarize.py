"""The command `summarize` of the rule summarize, which takes two steps in one job, because each is short."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ...steps.draw_tables import DrawFiles, draw_outputs, draw_tables
from ...steps.summarize import SummaryFiles, summarize, unit_outputs
from ..arguments import AddCommand, add_files, add_lists, add_spec

_OUTPUTS, _OF_DRAWS = tuple(unit_outputs(Path())), tuple(draw_outputs(Path()))


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("summarize", run, "turn a posterior into tables, and make those behind pictures of its draws")
    add_spec(sub)
    sub.add_argument("--of-draws", required=True, metavar="JSON", help="settings of the tables of draws")
    add_files(sub, "posterior", *_OUTPUTS, *_OF_DRAWS)
    add_lists(sub, "data", required=True)
    add_lists(sub, "flat")
    for name in ("--truth", "--external"):
        sub.add_argument(name, type=Path, metavar="FILE")


def run(args: argparse.Namespace) -> None:
    """Write the tables and summary.json, then the files that are made of these and of the draws."""
    files = SummaryFiles(args.posterior, args.data, args.flat, args.truth, args.external)
    summarize(json.loads(args.spec), files, {name: getattr(args, name) for name in _OUTPUTS})
    made = DrawFiles(args.posterior, args.data, args.right_of, args.bills, args.convergence)
    draw_tables(json.loads(args.of_draws), made, {name: getattr(args, name) for name in _OF_DRAWS})
