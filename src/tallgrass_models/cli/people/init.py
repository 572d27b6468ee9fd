"""The command `init`, which makes a project of a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..arguments import AddCommand


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("init", run, "make a project: workflow, configuration and a session to run")
    sub.add_argument("folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="default: this one")


def run(args: argparse.Namespace) -> None:
    """Write the files of a project and say what to do next."""
    from ...project.new import example, project_files, write_project

    folder: Path = args.folder
    written, kept = write_project(folder, project_files(example(), "baseline"))
    print(f"{folder}: a project on the simulated session, with {', '.join(written)}")
    if kept:
        print(f"left as they are: {', '.join(kept)}")
    enter = "" if folder == Path() else f"  cd {folder}\n"
    print(f"next:\n{enter}  snakemake --cores 2 results/baseline/metrics.json")
    print("then open results/baseline/report.html")
