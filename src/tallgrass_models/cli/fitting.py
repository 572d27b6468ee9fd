"""Helpers of the commands that sample."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..config.running import RunOptions
from ..monitoring.children import die_with_parent
from ..monitoring.threads import cap_threads
from ..steps.fitting import FitRun
from .arguments import add_files, add_spec


def add_fit(sub: argparse.ArgumentParser, *inputs: str) -> None:
    """Declare the arguments of a fit; ``inputs`` are the files that it reads."""
    add_spec(sub)
    add_files(sub, *inputs, "out")
    sub.add_argument(
        "--live", type=Path, required=True, metavar="FOLDER", help="folder for the status and the draws so far"
    )
    sub.add_argument(
        "--options", required=True, metavar="JSON", help="how to run the fit, which does not change its results"
    )
    sub.add_argument("--cores", type=int, required=True, metavar="N", help="number of chains that run side by side")


def begin_fit(args: argparse.Namespace) -> FitRun:
    """Do what must come before loading libraries that start threads; return the settings for running the fit."""
    die_with_parent()
    cap_threads(whatever_is_set=True)
    return FitRun(args.cores, args.out, args.live, RunOptions.from_json(args.options))
