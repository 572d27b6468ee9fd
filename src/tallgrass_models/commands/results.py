"""Commands that turn posteriors into what people read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .. import steps
from ..config import ExperimentConfig
from .arguments import AddCommand, add_files, add_spec, part_of


def _summarize(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.unit_outputs(Path())}
    steps.summarize(json.loads(args.spec), args.posterior, args.data, args.flat, args.truth, args.external, outputs)


def _link(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.LINK_FILES}
    steps.link(json.loads(args.spec), args.posteriors, args.data, outputs)


def _check(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.CHECK_FILES}
    steps.check(json.loads(args.spec), args.posterior, args.data, outputs)


def _report(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    steps.report(config, args.platform, args.summaries, args.dropped, args.out)


def _metrics(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    hashes = json.loads(args.spec)["fit_hashes"]
    steps.metrics(
        config,
        hashes,
        args.platform,
        args.summaries,
        args.checks,
        args.linking,
        args.axis,
        args.compare_with,
        args.compare_bills,
        args.out,
    )


def _compare(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in ("comparison", *steps.COMPARISON_TABLES)}
    steps.compare(json.loads(args.spec), args.metrics, args.data, outputs)


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("summarize", _summarize, "turn a posterior into tables")
    add_spec(sub)
    add_files(sub, "posterior", *(name.replace("_", "-") for name in steps.unit_outputs(Path())))
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub.add_argument("--flat", type=Path, nargs="*", default=[], metavar="FILE")
    for name in ("--truth", "--external"):
        sub.add_argument(name, type=Path, metavar="FILE")
    sub = add("check", _check, "check a posterior: leave-one-out, predictive checks, sensitivity to priors")
    add_spec(sub)
    add_files(sub, "posterior", *(name.replace("_", "-") for name in steps.CHECK_FILES))
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub = add("link", _link, "put both chambers on one scale, and audit the axes")
    add_spec(sub)
    add_files(sub, *(name.replace("_", "-") for name in steps.LINK_FILES))
    for name in ("posteriors", "data"):
        sub.add_argument(f"--{name}", type=Path, nargs="+", required=True, metavar="FILE")
    commands = {}
    for name, action, text, others in (
        ("report", _report, "write the page of an experiment", ("dropped",)),
        ("metrics", _metrics, "write metrics.json of an experiment", ("compare-with", "compare-bills")),
    ):
        sub = commands[name] = add(name, action, text)
        add_spec(sub)
        add_files(sub, "platform", "out")
        sub.add_argument("--summaries", type=Path, nargs="+", required=True, metavar="FILE")
        for other in others:
            sub.add_argument(f"--{other}", type=Path, nargs="*", default=[], metavar="FILE")
    add_files(commands["metrics"], "linking", "axis")
    commands["metrics"].add_argument("--checks", type=Path, nargs="+", required=True, metavar="FILE")
    sub = add("compare", _compare, "hold the experiments of a configuration against each other")
    add_spec(sub)
    add_files(sub, "comparison", *steps.COMPARISON_TABLES)
    for name in ("metrics", "data"):
        sub.add_argument(f"--{name}", type=Path, nargs="+", required=True, metavar="FILE")
