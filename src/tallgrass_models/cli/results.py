"""Commands that turn posteriors into what people read."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .. import steps
from ..config.experiments import ExperimentConfig
from .arguments import AddCommand, add_files, add_spec, part_of


def _summarize(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.unit_outputs(Path())}
    steps.summarize(json.loads(args.spec), args.posterior, args.data, args.flat, args.truth, args.external, outputs)


def _link(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.LINK_FILES}
    steps.link(json.loads(args.spec), args.posteriors, args.data, args.loo, outputs)


def _check(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.CHECK_FILES}
    steps.check(json.loads(args.spec), args.posterior, args.data, outputs)


def _draw_tables(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in steps.DRAW_TABLES}
    steps.draw_tables(json.loads(args.spec), args.posterior, args.right_of, args.bills, args.convergence, outputs)


def _report(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    names = ("platform", "summaries", "dropped", "checks", "curves", "linking", "compare_with")
    files = steps.ReportFiles(**{name: getattr(args, name) for name in names})
    steps.report(config, files, args.out, args.figures, args.tables)


def _compare_report(args: argparse.Namespace) -> None:
    steps.compare_report(args.comparison, args.out, args.figures, args.tables)


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
    steps.compare(json.loads(args.spec), args.metrics, args.data, outputs, args.posteriors)


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("summarize", _summarize, "turn a posterior into tables")
    add_spec(sub)
    add_files(sub, "posterior", *(name.replace("_", "-") for name in steps.unit_outputs(Path())))
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub.add_argument("--flat", type=Path, nargs="*", default=[], metavar="FILE")
    for name in ("--truth", "--external"):
        sub.add_argument(name, type=Path, metavar="FILE")
    sub = add("draw-tables", _draw_tables, "make the small tables behind pictures of draws")
    add_spec(sub)
    add_files(sub, "posterior", "right-of", "bills", "convergence", "curves", "chain-ranks", "energy")
    sub = add("check", _check, "check a posterior: leave-one-out, predictive checks, sensitivity to priors")
    add_spec(sub)
    add_files(sub, "posterior", *(name.replace("_", "-") for name in steps.CHECK_FILES))
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub = add("link", _link, "put both chambers on one scale, and audit the axes")
    add_spec(sub)
    add_files(sub, *(name.replace("_", "-") for name in steps.LINK_FILES))
    for name in ("posteriors", "data"):
        sub.add_argument(f"--{name}", type=Path, nargs="+", required=True, metavar="FILE")
    _add_lists(sub, "loo")
    _register_pages(add)


def _register_pages(add: AddCommand) -> None:
    sub = add("report", _report, "write the page of an experiment")
    add_spec(sub)
    add_files(sub, "platform", "out")
    _add_lists(sub, "summaries", "dropped", "checks", "curves", "compare-with")
    sub.add_argument("--linking", type=Path, metavar="FILE")
    _add_folders(sub)
    sub = add("metrics", _metrics, "write metrics.json of an experiment")
    add_spec(sub)
    add_files(sub, "platform", "linking", "axis", "out")
    _add_lists(sub, "summaries", "checks", "compare-with", "compare-bills")
    sub = add("compare", _compare, "compare the experiments of a configuration")
    add_spec(sub)
    add_files(sub, "comparison", *(name.replace("_", "-") for name in steps.COMPARISON_TABLES))
    for name in ("metrics", "data"):
        sub.add_argument(f"--{name}", type=Path, nargs="+", required=True, metavar="FILE")
    _add_lists(sub, "posteriors")
    sub = add("compare-report", _compare_report, "write the page that compares experiments")
    add_spec(sub)
    add_files(sub, "comparison", "out")
    _add_folders(sub)


def _add_lists(sub: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        sub.add_argument(f"--{name}", type=Path, nargs="*", default=[], metavar="FILE")


def _add_folders(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--figures", type=Path, required=True, metavar="FOLDER", help="the page's pictures as SVG")
    sub.add_argument("--tables", type=Path, required=True, metavar="FOLDER", help="the page's tables as CSV")
