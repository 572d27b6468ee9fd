"""The command `compare` of the rule compare."""

from __future__ import annotations

import argparse
import json

from ...steps.compare import COMPARISON_TABLES, compare
from ..arguments import AddCommand, add_files, add_lists, add_spec

_OUTPUTS = ("comparison", *COMPARISON_TABLES)


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("compare", run, "compare the experiments of a configuration")
    add_spec(sub)
    add_files(sub, *_OUTPUTS)
    add_lists(sub, "metrics", "data", required=True)
    add_lists(sub, "posteriors")


def run(args: argparse.Namespace) -> None:
    """Write comparison.json and its tables."""
    outputs = {name: getattr(args, name) for name in _OUTPUTS}
    compare(json.loads(args.spec), args.metrics, args.data, outputs, args.posteriors)
