"""The command `fit-flat` of the rule fit_flat."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    add_fit(add("fit-flat", run, "sample the flat model of a chamber"), "data")


def run(args: argparse.Namespace) -> None:
    """Write the posterior."""
    from ...steps.fit_flat import fit_flat

    fit_flat(json.loads(args.spec), args.data, begin_fit(args))
