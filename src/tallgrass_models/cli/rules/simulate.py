"""The command `simulate` of the rule simulate."""

from __future__ import annotations

import argparse

from ...config.sessions import SessionConfig
from ..arguments import AddCommand, add_files, add_spec, part_of


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("simulate", run, "write a simulated session and its truth")
    add_spec(sub)
    add_files(sub, "votes", "rollcalls", "legislators", "truth_legislators", "truth_bills")


def run(args: argparse.Namespace) -> None:
    """Write the session's files."""
    from ...steps.simulate import simulate

    session = SessionConfig.from_json(part_of(args.spec, "session"))
    simulate(session, args.votes, args.rollcalls, args.legislators, args.truth_legislators, args.truth_bills)
