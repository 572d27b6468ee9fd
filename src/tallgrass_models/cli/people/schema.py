"""The command `schema`, which prints the JSON Schema of the experiments file."""

from __future__ import annotations

import argparse
import json

from ...config.schema import experiments_schema
from ..arguments import AddCommand


def register(add: AddCommand) -> None:
    """Declare the command."""
    add("schema", run, "print the JSON Schema of the experiments file, with which editors complete and check it")


def run(args: argparse.Namespace) -> None:
    """Print it."""
    print(json.dumps(experiments_schema(), indent=2))
