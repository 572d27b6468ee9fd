"""Commands that turn posteriors into what people read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .. import steps
from ..config import ExperimentConfig
from .arguments import AddCommand, add_files, add_spec, part_of


def _summarize(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in ("summary", *steps.UNIT_TABLES)}
    steps.summarize(json.loads(args.spec), args.posterior, args.data, args.flat, args.truth, outputs)


def _report(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    steps.report(config, args.platform, args.summaries, args.dropped, args.out, args.figures, args.tables)


def _metrics(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    hashes = json.loads(args.spec)["fit_hashes"]
    steps.metrics(config, hashes, args.platform, args.summaries, args.compare_with, args.out)


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("summarize", _summarize, "turn a posterior into tables")
    add_spec(sub)
    add_files(sub, "posterior", "summary", "ideal-points", "bills", "parties", "convergence")
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub.add_argument("--flat", type=Path, nargs="*", default=[], metavar="FILE")
    sub.add_argument("--truth", type=Path, metavar="FILE")
    for name, action, text, extra in (
        ("report", _report, "write the page of an experiment", "dropped"),
        ("metrics", _metrics, "write metrics.json of an experiment", "compare-with"),
    ):
        sub = add(name, action, text)
        add_spec(sub)
        add_files(sub, "platform", "out")
        sub.add_argument("--summaries", type=Path, nargs="+", required=True, metavar="FILE")
        sub.add_argument(f"--{extra}", type=Path, nargs="*", default=[], metavar="FILE")
        if name == "report":
            sub.add_argument("--figures", type=Path, required=True, metavar="FOLDER", help="its pictures as SVG")
            sub.add_argument("--tables", type=Path, required=True, metavar="FOLDER", help="its tables as CSV")
