"""The command `verify`, which checks that results, configuration, votes and models belong together."""

from __future__ import annotations

import argparse
from pathlib import Path

from ...config.reading import load_experiments_and_series
from ...errors import UserError
from ..arguments import DEFAULT_RESULTS, AddCommand, add_config


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("verify", run, "check that results, configuration, votes and models belong together")
    sub.add_argument("results", type=Path, nargs="?", default=DEFAULT_RESULTS, metavar="RESULTS")
    add_config(sub)
    sub.add_argument("--quick", action="store_true", help="do not build the models again, nor links over time")


def run(args: argparse.Namespace) -> None:
    """Print the results that belong together.

    Raises
    ------
    UserError
        If some do not, with a line for each problem.
    """
    from ...steps.verify import verify

    experiments, series = load_experiments_and_series(args.config)
    found = verify(experiments, args.results, models=not args.quick, series=series)
    for unit, names in found.same:
        print(f"{' and '.join(names)}: the same model of {unit}")
    if found.problems:
        raise UserError("\n".join(found.problems))
    print(f"{', '.join(found.checked)}: files, configuration, votes and models belong together")
