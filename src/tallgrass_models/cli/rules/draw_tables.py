"""The command `draw-tables` of the rule draw_tables."""

from __future__ import annotations

import argparse
import json

from ...steps.draw_tables import DRAW_TABLES, DrawFiles, draw_tables
from ..arguments import AddCommand, add_files, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("draw-tables", run, "make the small tables behind pictures of draws")
    add_spec(sub)
    add_files(sub, "posterior", "right_of", "bills", "convergence", *DRAW_TABLES)


def run(args: argparse.Namespace) -> None:
    """Write the tables."""
    outputs = {name: getattr(args, name) for name in DRAW_TABLES}
    files = DrawFiles(args.posterior, args.right_of, args.bills, args.convergence)
    draw_tables(json.loads(args.spec), files, outputs)
