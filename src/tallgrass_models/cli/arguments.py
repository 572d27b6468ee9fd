"""Helpers of the commands that declare arguments and read specs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..files.json import canonical_json

Action = Callable[[argparse.Namespace], None]
#: Function that declares a command, from its name, action and help text.
AddCommand = Callable[[str, Action, str], argparse.ArgumentParser]

DEFAULT_RESULTS = Path("results")


def add_files(sub: argparse.ArgumentParser, *names: str) -> None:
    """Declare required arguments that are paths; an underscore in a name is a hyphen in the argument."""
    for name in names:
        sub.add_argument(f"--{_spelled(name)}", type=Path, required=True, metavar="FILE")


def add_lists(sub: argparse.ArgumentParser, *names: str, required: bool = False) -> None:
    """Declare arguments that are lists of paths, either empty by default or with at least one path."""
    for name in names:
        if required:
            sub.add_argument(f"--{_spelled(name)}", type=Path, nargs="+", required=True, metavar="FILE")
        else:
            sub.add_argument(f"--{_spelled(name)}", type=Path, nargs="*", default=[], metavar="FILE")


def add_page_folders(sub: argparse.ArgumentParser) -> None:
    """Declare the folders of a page's pictures and tables."""
    sub.add_argument("--figures", type=Path, required=True, metavar="FOLDER", help="the page's pictures as SVG")
    sub.add_argument("--tables", type=Path, required=True, metavar="FOLDER", help="the page's tables as CSV")


def add_spec(sub: argparse.ArgumentParser) -> None:
    """Declare ``--spec``."""
    sub.add_argument("--spec", required=True, metavar="JSON", help="settings of this step")


def add_name(sub: argparse.ArgumentParser, text: str, name: str = "name", **more: Any) -> None:
    """Declare an argument that is the name of an experiment, which the shell can complete from the configuration."""
    action = sub.add_argument(name, metavar="NAME", help=text, **more)
    setattr(action, "completer", _names)  # noqa: B010 -- argcomplete looks for it; argparse declares no such attribute


def _names(parsed_args: argparse.Namespace, **_: Any) -> list[str]:
    from ..config.reading import load_experiments
    from ..errors import UserError

    try:
        return list(load_experiments(parsed_args.config))
    except UserError:
        return []


def add_config(sub: argparse.ArgumentParser) -> None:
    """Declare ``--config``, the experiments file."""
    sub.add_argument("--config", type=Path, default=Path("config/experiments.yaml"), metavar="FILE")


def add_results(sub: argparse.ArgumentParser) -> None:
    """Declare ``--results``, the results folder."""
    sub.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")


def add_cores(sub: argparse.ArgumentParser) -> None:
    """Declare ``--cores`` of a command that people run."""
    sub.add_argument("--cores", type=int, metavar="N", help="number of chains that run side by side (default: CPUs)")


def add_no_wait(sub: argparse.ArgumentParser) -> None:
    """Declare ``--no-wait``."""
    sub.add_argument(
        "--no-wait", dest="wait", action="store_false", help="fail at once if a sampler is already running"
    )


def part_of(spec: str, name: str) -> str:
    """Return one part of a spec, as JSON."""
    return canonical_json(json.loads(spec)[name])


def _spelled(name: str) -> str:
    return name.replace("_", "-")
