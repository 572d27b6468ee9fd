"""The command `init`, which makes a project of a folder, on the simulated session or on votes of one's own."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ...files.untrusted import for_terminal
from ..arguments import AddCommand

if TYPE_CHECKING:
    from ...project.propose import Session


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("init", run, "make a project of a folder, on the simulated session or on your own votes")
    sub.add_argument("folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="default: this one")
    sub.add_argument(
        "--from",
        dest="votes",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="folders or files with votes, whose format is recognised",
    )
    sub.add_argument("--show", action="store_true", help="print the experiments file and write nothing")


def run(args: argparse.Namespace) -> None:
    """Write the files of a project, and say what was found and what to do next."""
    from ... import __version__
    from ...project.new import example, project_files, write_project
    from ...project.propose import experiments_text, propose

    folder: Path = args.folder
    sessions: list[Session] = propose(args.votes) if args.votes else []
    text, main = experiments_text(sessions, folder) if sessions else (example(), "baseline")
    if args.show:
        print(text, end="")
        _tell(sessions, sys.stderr)
        return
    written, kept = write_project(folder, project_files(text, main, __version__))
    _tell(sessions, sys.stdout)
    print(f"wrote in {for_terminal(str(folder))}: {', '.join(written)}")
    if kept:
        print(f"left as they are: {', '.join(kept)}")
    _say_next(folder, main, any(session.problems for session in sessions))


def _tell(sessions: Sequence[Session], file: TextIO) -> None:
    """Print what was found in each session, and what is left to say."""
    from ...votes.sources import SOURCES

    for session in sessions:
        proposal = session.proposal
        where = proposal.keys.get("path") or proposal.keys.get("votes") or proposal.keys.get("house", "")
        lines = [f"{proposal.name}: {SOURCES[proposal.keys['source']].files}, {where}"]
        lines += [f"  {line}" for line in (session.facts.lines if session.facts else [])]
        for heading, said in (("could not tell", proposal.remarks), ("has to be mended first", session.problems)):
            lines += [f"  {heading}:", *(f"  - {line}" for line in said)] if said else []
        for line in lines:
            print(for_terminal(line), file=file)


def _say_next(folder: Path, main: str, to_mend: bool) -> None:
    print("next:")
    if folder != Path():
        print(f"  cd {shlex.quote(str(folder))}")
    if to_mend:
        print("  edit config/experiments.yaml or the files, as said above; to see what is left:")
        print("  tallgrass-models validate --data")
    print(f"  snakemake --cores 2 results/{main}/metrics.json")
    print(f"  then open results/{main}/report.html")
