"""The command `recover`, which makes a partial posterior of an interrupted fit."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..arguments import AddCommand


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("recover", run, "make a partial posterior from the draws that an interrupted fit saved")
    sub.add_argument("live", type=Path, metavar="FOLDER", help="such as results/baseline/house/live")
    sub.add_argument("--out", type=Path, metavar="FILE", help="default: partial.nc in that folder")


def run(args: argparse.Namespace) -> None:
    """Write the file and print its path."""
    from ...steps.recover import recover

    print(recover(args.live, args.out))
