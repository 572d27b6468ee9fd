"""The command `load-data` of the rule load_data."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ...config.sessions import SessionConfig
from ...errors import UserError
from ..arguments import AddCommand, add_files, add_spec, part_of


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("load-data", run, "read, check and filter one chamber")
    add_spec(sub)
    sub.add_argument("--chamber", required=True, choices=("house", "senate"))
    sub.add_argument("--files", required=True, nargs="+", metavar="ROLE=PATH", help="the files of the session")
    add_files(sub, "platform", "out", "dropped")


def run(args: argparse.Namespace) -> None:
    """Write the votes of a chamber, if the machine passed its check."""
    from ...steps.load_data import load_data
    from ...steps.platform_check import require_platform

    require_platform(args.platform)
    session = SessionConfig.from_json(part_of(args.spec, "session"))
    load_data(session, args.chamber, _by_role(args.files), args.out, args.dropped)


def _by_role(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Files of a session by role, from ``role=path``."""
    files: dict[str, list[str]] = {}
    for argument in arguments:
        role, equals, path = argument.partition("=")
        if not equals:
            raise UserError(f"--files {argument}: must be ROLE=PATH, such as votes=ks_votes.csv")
        files.setdefault(role, []).append(path)
    return files
