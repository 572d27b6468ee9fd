"""The command `export`, which puts the results of an experiment in one archive."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..arguments import AddCommand, add_config, add_name, add_results


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add(
        "export", run, "put the results of an experiment or a series in an archive that `replay` can run elsewhere"
    )
    add_name(sub, "an experiment or a series over time that has run")
    add_config(sub)
    add_results(sub)
    sub.add_argument("--out", type=Path, metavar="FILE", help="default: NAME.capsule.zip")
    sub.add_argument("--votes", action="store_true", help="add the files of the session, if you may publish them")
    sub.add_argument("--draws", action="store_true", help="add the posteriors")


def run(args: argparse.Namespace) -> None:
    """Write the archive and print its path."""
    from ...config.reading import load_experiments_and_series
    from ...steps.capsule import export
    from ...steps.capsule_series import export_series
    from ...steps.result import ExperimentResult

    out, path = args.out or Path(f"{args.name}.capsule.zip"), args.results / args.name / "metrics.json"
    configs, series = ({}, {}) if path.exists() else load_experiments_and_series(args.config)
    if args.name in series:
        print(export_series(series[args.name], configs, args.results, out, votes=args.votes, draws=args.draws))
    else:
        print(export(ExperimentResult(path), out, votes=args.votes, draws=args.draws))
