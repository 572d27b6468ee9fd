"""The command `pool-folds` of the rule pool_folds."""

from __future__ import annotations

import argparse
import json

from ...steps.pool_folds import FOLD_FILES, pool_folds
from ..arguments import AddCommand, add_files, add_lists, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("pool-folds", run, "score the held-out votes of an experiment, and say what each model buys")
    add_spec(sub)
    add_lists(sub, "data", "folds", required=True)
    add_files(sub, *FOLD_FILES)


def run(args: argparse.Namespace) -> None:
    """Write held_out.json, its tables and held_out.nc."""
    pool_folds(json.loads(args.spec), args.data, args.folds, {name: getattr(args, name) for name in FOLD_FILES})
