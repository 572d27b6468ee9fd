"""Commands that make a session's votes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .. import steps
from ..config.experiments import SessionConfig
from ..errors import UserError
from .arguments import AddCommand, add_files, add_spec, part_of


def _simulate(args: argparse.Namespace) -> None:
    steps.simulate(
        SessionConfig.from_json(part_of(args.spec, "session")),
        args.votes,
        args.rollcalls,
        args.legislators,
        args.truth_legislators,
        args.truth_bills,
    )


def _load_data(args: argparse.Namespace) -> None:
    steps.require_platform(args.platform)
    session = SessionConfig.from_json(part_of(args.spec, "session"))
    steps.load_data(session, args.chamber, _by_role(args.files), args.out, args.dropped)


def _by_role(arguments: Sequence[str]) -> dict[str, list[str]]:
    """Files of a session by role, from ``role=path``."""
    files: dict[str, list[str]] = {}
    for argument in arguments:
        role, equals, path = argument.partition("=")
        if not equals:
            raise UserError(f"--files {argument}: must be ROLE=PATH, such as votes=ks_votes.csv")
        files.setdefault(role, []).append(path)
    return files


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("simulate", _simulate, "write a simulated session and its truth")
    add_spec(sub)
    add_files(sub, "votes", "rollcalls", "legislators", "truth-legislators", "truth-bills")
    sub = add("load-data", _load_data, "read, check and filter one chamber")
    add_spec(sub)
    sub.add_argument("--chamber", required=True, choices=("house", "senate"))
    sub.add_argument("--files", required=True, nargs="+", metavar="ROLE=PATH", help="the files of the session")
    add_files(sub, "platform", "out", "dropped")
