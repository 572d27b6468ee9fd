"""The command `check` of the rule check."""

from __future__ import annotations

import argparse
import json

from ...steps.check import CHECK_FILES, check
from ..arguments import AddCommand, add_files, add_lists, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("check", run, "check a posterior: leave-one-out, predictive checks, sensitivity to priors")
    add_spec(sub)
    add_files(sub, "posterior", *CHECK_FILES)
    add_lists(sub, "data", required=True)


def run(args: argparse.Namespace) -> None:
    """Write check.json, its tables and loo.nc."""
    check(json.loads(args.spec), args.posterior, args.data, {name: getattr(args, name) for name in CHECK_FILES})
