"""The command `replay`, which runs the experiment of an archive and compares the numbers."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..arguments import AddCommand, add_cores, add_no_wait


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add(
        "replay", run, "run the experiment or series of an archive and compare the numbers; exit code 1 if they differ"
    )
    sub.add_argument("archive", type=Path, metavar="ARCHIVE", help="a file that `export` wrote")
    sub.add_argument("--into", type=Path, default=Path("replay"), metavar="FOLDER", help="default: %(default)s")
    sub.add_argument("--data", type=Path, metavar="FOLDER", help="where the files of the session or sessions are")
    sub.add_argument("--seed", type=int, metavar="N", help="another seed than the archive's")
    add_cores(sub)
    add_no_wait(sub)


def run(args: argparse.Namespace) -> None:
    """Print the findings.

    Raises
    ------
    SystemExit
        With exit code 1 if the numbers differ beyond Monte Carlo error, or the model without a reason.
    """
    from ...files.untrusted import for_terminal
    from ...steps.replay import replay
    from ...steps.replay_series import is_of_series, replay_series

    again = replay_series if is_of_series(args.archive) else replay
    found = again(args.archive, args.into, args.cores, args.wait, args.data, args.seed)
    for line in found.lines:
        print(for_terminal(line))
    if not found.same:
        raise SystemExit(1)
