"""The command `prior-check`, which compares sessions drawn from the priors of an experiment with its votes."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from ..arguments import AddCommand, add_config, add_name
from ..experiments import experiment_named, priors_of, vote_files


def register(add: AddCommand) -> None:
    """Declare the command."""
    text = "compare what a prior expects of votes with the session, before any fit"
    sub = add("prior-check", run, text)
    add_name(sub, "an experiment of the configuration")
    add_config(sub)
    sub.add_argument(
        "--draws", type=int, default=200, metavar="N", help="number of sessions to draw (default: %(default)s)"
    )


def run(args: argparse.Namespace) -> None:
    """Print a table and sentences for each unit."""
    from ...steps.prior_check import prior_check
    from ...steps.runner import session_votes

    config = experiment_named(args.config, args.name)
    with TemporaryDirectory() as folder:
        session_votes(config, Path(folder))
        for unit in config.units:
            table, sentences = prior_check(config, unit, vote_files(config, unit, Path(folder)), args.draws)
            print(f"\n{unit}: {priors_of(config, unit)}, {args.draws} sessions drawn\n")
            print(table.to_string(index=False, na_rep="", float_format="{:.3f}".format))
            print("\n".join(sentences) or f"{unit}: nothing about these votes is surprising under this prior")
