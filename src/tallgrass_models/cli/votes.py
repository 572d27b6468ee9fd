"""Commands that make a session's votes."""

from __future__ import annotations

import argparse

from .. import steps
from ..config.experiments import SessionConfig
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
    steps.load_data(session, args.chamber, args.votes, args.rollcalls, args.legislators, args.out, args.dropped)


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("simulate", _simulate, "write a simulated session and its truth")
    add_spec(sub)
    add_files(sub, "votes", "rollcalls", "legislators", "truth-legislators", "truth-bills")
    sub = add("load-data", _load_data, "read, check and filter one chamber")
    add_spec(sub)
    sub.add_argument("--chamber", required=True, choices=("house", "senate"))
    add_files(sub, "platform", "votes", "rollcalls", "legislators", "out", "dropped")
