"""The command `fit-flat-fold` of the rule fit_flat_fold."""

from __future__ import annotations

import argparse
import json

from ..arguments import AddCommand
from ..fitting import add_fit, begin_fit


def register(add: AddCommand) -> None:
    """Declare the command."""
    add_fit(add("fit-flat-fold", run, "sample a flat model without the votes of a fold, and predict these"), "data")


def run(args: argparse.Namespace) -> None:
    """Write the file of the fold."""
    from ...steps.fit_flat_fold import fit_flat_fold

    fit_flat_fold(json.loads(args.spec), args.data, begin_fit(args))
