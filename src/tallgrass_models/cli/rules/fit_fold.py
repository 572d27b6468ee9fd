"""The command `fit-fold` of the rule fit_fold."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand, add_lists
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("fit-fold", run, "sample a model without the votes of a fold, and predict these")
    add_fit(sub)
    add_lists(sub, "data", required=True)
    add_lists(sub, "starts")


def run(args: argparse.Namespace) -> None:
    """Write the file of the fold."""
    from ...steps.fit_fold import fit_fold

    fit_fold(json.loads(args.spec), args.data, args.starts, begin_fit(args))
