"""The command `calibrate`, which counts how often intervals hold the truth in sessions drawn from the model."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import AddCommand, add_cores, add_no_wait

if TYPE_CHECKING:
    from ...calibration.study import Study

_FILTERS = ("both", "on", "off")


def register(add: AddCommand) -> None:
    """Declare the command."""
    text = "draw sessions from the model's own priors, fit them, and count which intervals hold the truth"
    sub = add("calibrate", run, text)
    sub.add_argument("--replicates", type=int, default=100, metavar="N", help="sessions (default: %(default)s)")
    sub.add_argument(
        "--members",
        type=int,
        nargs="+",
        default=[60],
        metavar="N",
        help="members of the chamber; two numbers draw and link two chambers",
    )
    sub.add_argument(
        "--rollcalls", type=int, default=160, metavar="N", help="roll calls of each chamber, before the filter"
    )
    sub.add_argument(
        "--shared", type=int, default=0, metavar="N", help="how many of these are on bills of both chambers"
    )
    sub.add_argument(
        "--filter", choices=_FILTERS, default="both", help="drop lopsided roll calls (on), keep them (off), or try both"
    )
    sub.add_argument(
        "--min-minority-share",
        type=float,
        default=0.025,
        metavar="X",
        help="least minority share that the filter keeps",
    )
    sub.add_argument(
        "--min-gap", type=float, default=0.5, metavar="X", help="least distance between the party means that are drawn"
    )
    sub.add_argument(
        "--draws", type=int, default=400, metavar="N", help="draws of each of two chains, after as many tuning steps"
    )
    sub.add_argument("--seed", type=int, default=1, metavar="N")
    add_cores(sub)
    add_no_wait(sub)
    sub.add_argument("--json", type=Path, metavar="FILE", help="write the findings")
    sub.add_argument("--csv", type=Path, metavar="FILE", help="write the coverage of each session")


def run(args: argparse.Namespace) -> None:
    """Run the study and print its findings."""
    from ...calibration.drawn import Design
    from ...monitoring.machine import usable_cpus
    from ...steps.calibrate import calibrate

    on = args.min_minority_share
    design = Design(
        replicates=args.replicates,
        members=tuple(args.members),
        rollcalls=args.rollcalls,
        shared=args.shared,
        filters={"both": (0.0, on), "on": (on,), "off": (0.0,)}[args.filter],
        min_gap=args.min_gap,
        draws=args.draws,
        seed=args.seed,
    )
    cores = args.cores or max(1, int(usable_cpus()))
    print(_shown(calibrate(design, cores, args.wait, args.json, args.csv)))


def _shown(study: Study) -> str:
    """Write the findings as text."""
    found = study.to_dict()
    fits = [
        f"minority share at least {row['filter']:g}: {row['n']} fits, {row['n_not_settled']} not settled and left out"
        for row in found["fits"]
    ]
    tables = (study.coverage(), study.order())
    coverage, order = (table.to_string(index=False, float_format="{:.3f}".format) for table in tables)
    return "\n".join(
        [
            *fits,
            "\nCoverage of 90 % intervals; se over sessions\n",
            coverage,
            "\nPairs of members: stated probability that one stands right of the other, and how often it was so\n",
            order,
        ]
    )
