"""The command `fit-lab` of the rule fit_lab."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..arguments import AddCommand, add_lists
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("fit-lab", run, "fit votes drawn from a known truth, and compare with it")
    add_fit(sub)
    add_lists(sub, "data", required=True)
    sub.add_argument(
        "--posterior", type=Path, nargs="*", default=[], metavar="FILE", help="the fit to draw truths from"
    )


def run(args: argparse.Namespace) -> None:
    """Write the findings of one replicate."""
    from ...steps.fit_lab import fit_lab

    fit_lab(json.loads(args.spec), args.data, next(iter(args.posterior), None), begin_fit(args))
