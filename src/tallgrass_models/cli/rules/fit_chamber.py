"""The command `fit-chamber` of the rule fit_chamber."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    add_fit(add("fit-chamber", run, "sample the hierarchical model of a chamber"), "data")


def run(args: argparse.Namespace) -> None:
    """Write the posterior."""
    from ...steps.fit_chamber import fit_chamber

    fit_chamber(json.loads(args.spec), args.data, begin_fit(args))
