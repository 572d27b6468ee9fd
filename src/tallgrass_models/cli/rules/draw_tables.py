"""The command `draw-tables` of the rule draw_tables."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ...steps.draw_tables import DrawFiles, draw_outputs, draw_tables
from ..arguments import AddCommand, add_files, add_lists, add_spec

_OUTPUTS = tuple(draw_outputs(Path()))


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("draw-tables", run, "make the small tables behind pictures of draws, and the probability of every vote")
    add_spec(sub)
    add_files(sub, "posterior", "right_of", "bills", "convergence", *_OUTPUTS)
    add_lists(sub, "data", required=True)


def run(args: argparse.Namespace) -> None:
    """Write the files."""
    outputs = {name: getattr(args, name) for name in _OUTPUTS}
    files = DrawFiles(args.posterior, args.data, args.right_of, args.bills, args.convergence)
    draw_tables(json.loads(args.spec), files, outputs)
