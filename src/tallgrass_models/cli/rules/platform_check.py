"""The command `platform-check` of the rules platform_check and platform_check_session."""

from __future__ import annotations

import argparse

from ...config.sampling import SAMPLERS
from ..arguments import AddCommand, add_files


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("platform-check", run, "check whether this machine can sample")
    sub.add_argument("--chains", type=int, required=True, metavar="N", help="chains of the fits to come")
    sub.add_argument("--draws", type=int, required=True, metavar="N", help="draws of each chain")
    sub.add_argument("--sampler", required=True, choices=SAMPLERS)
    sub.add_argument("--allow", nargs="*", default=[], metavar="CODE", help="FATAL findings to override")
    add_files(sub, "out")


def run(args: argparse.Namespace) -> None:
    """Check the machine and write what it looks like."""
    from ...steps.platform_check import platform_check

    platform_check(args.chains, args.draws, args.sampler, args.allow, args.out)
