"""The command `load-data` of the rule load_data."""

from __future__ import annotations

import argparse

from ...config.sessions import SessionConfig
from ..arguments import AddCommand, add_files, add_spec, part_of

_FILES = ("votes", "rollcalls", "legislators")


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("load-data", run, "read, check and filter one chamber")
    add_spec(sub)
    sub.add_argument("--chamber", required=True, choices=("house", "senate"))
    add_files(sub, "platform", *_FILES, "out", "dropped")


def run(args: argparse.Namespace) -> None:
    """Write the votes of a chamber, if the machine passed its check."""
    from ...steps.load_data import load_data
    from ...steps.platform_check import require_platform

    require_platform(args.platform)
    session = SessionConfig.from_json(part_of(args.spec, "session"))
    load_data(session, args.chamber, {name: getattr(args, name) for name in _FILES}, args.out, args.dropped)
