"""The command `fit-dynamic` of the rule fit_dynamic."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand, add_lists
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add(
        "fit-dynamic", run, "sample the model of a chamber in all sessions of a series, whose members move or never do"
    )
    add_fit(sub)
    add_lists(sub, "data", required=True)


def run(args: argparse.Namespace) -> None:
    """Write the posterior."""
    from ...steps.fit_dynamic import fit_dynamic

    fit_dynamic(json.loads(args.spec), args.data, begin_fit(args))
