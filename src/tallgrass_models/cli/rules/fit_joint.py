"""The command `fit-joint` of the rule fit_joint."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("fit-joint", run, "sample the joint model of both chambers")
    add_fit(sub, "house", "senate", "house_posterior", "senate_posterior")


def run(args: argparse.Namespace) -> None:
    """Write the posterior."""
    from ...steps.fit_joint import fit_joint

    fit_joint(
        json.loads(args.spec), args.house, args.senate, args.house_posterior, args.senate_posterior, begin_fit(args)
    )
