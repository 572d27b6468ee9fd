"""The command `link-time` of the rule link_time."""

from __future__ import annotations

import argparse
import json

from ...steps.link_time import LINK_TIME_FILES, link_time
from ..arguments import AddCommand, add_files, add_lists, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("link-time", run, "put the sessions of a series on one scale")
    add_spec(sub)
    add_files(sub, *LINK_TIME_FILES)
    add_lists(sub, "metrics", "posteriors", "data", required=True)
    add_lists(sub, "dynamic")


def run(args: argparse.Namespace) -> None:
    """Write link_time.json and its tables."""
    outputs = {name: getattr(args, name) for name in LINK_TIME_FILES}
    link_time(json.loads(args.spec), args.metrics, args.posteriors, args.data, outputs, args.dynamic)
