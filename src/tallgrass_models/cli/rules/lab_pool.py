"""The command `lab-pool` of the rule lab_pool."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand, add_files, add_lists, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("lab-pool", run, "put the replicates of a known-truth lab together")
    add_spec(sub)
    add_lists(sub, "replicates", required=True)
    add_files(sub, "out")


def run(args: argparse.Namespace) -> None:
    """Write the findings of the lab."""
    from ...steps.lab_pool import lab_pool

    lab_pool(json.loads(args.spec), args.replicates, args.out)
