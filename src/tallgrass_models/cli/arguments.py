"""What the subcommands share: ways to declare arguments and to read specs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from ..files.atomic import canonical_json

Action = Callable[[argparse.Namespace], None]
#: Declares a subcommand: name, action, help text.
AddCommand = Callable[[str, Action, str], argparse.ArgumentParser]

DEFAULT_CONFIG = Path("config/experiments.yaml")
DEFAULT_RESULTS = Path("results")


def add_files(sub: argparse.ArgumentParser, *names: str) -> None:
    """Declare required arguments that are paths."""
    for name in names:
        sub.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")


def add_spec(sub: argparse.ArgumentParser) -> None:
    """Declare ``--spec``."""
    sub.add_argument("--spec", required=True, metavar="JSON", help="settings of this step")


def part_of(spec: str, name: str) -> str:
    """One part of a spec, as JSON."""
    return canonical_json(json.loads(spec)[name])
