"""The command `link` of the rule link."""

from __future__ import annotations

import argparse
import json

from ...steps.link import LINK_FILES, link
from ..arguments import AddCommand, add_files, add_lists, add_spec


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("link", run, "put both chambers on one scale, and audit the axes")
    add_spec(sub)
    add_files(sub, *LINK_FILES)
    add_lists(sub, "posteriors", "data", required=True)
    add_lists(sub, "loo")


def run(args: argparse.Namespace) -> None:
    """Write linking.json, axis.json and their tables."""
    outputs = {name: getattr(args, name) for name in LINK_FILES}
    link(json.loads(args.spec), args.posteriors, args.data, args.loo, outputs)
