"""The command `split-half`, which compares members' positions from both halves of the roll calls."""

from __future__ import annotations

import argparse

from ...errors import UserError
from ...votes.unit import Unit
from ..arguments import AddCommand, add_config, add_cores, add_name, add_no_wait, add_results
from ..experiments import experiment_named


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("split-half", run, "fit halves of the roll calls, at random and by time, and compare the members")
    add_name(sub, "an experiment whose votes are read")
    chambers = [unit.value for unit in Unit if not unit.is_joint]
    sub.add_argument("--unit", choices=chambers, help="one chamber only (default: all)")
    sub.add_argument("--splits", type=int, default=4, metavar="N", help="splits at random (default: %(default)s)")
    sub.add_argument("--seed", type=int, default=1, metavar="N", help="of the splits (default: %(default)s)")
    add_config(sub)
    add_results(sub)
    add_cores(sub)
    add_no_wait(sub)


def run(args: argparse.Namespace) -> None:
    """Fit the halves that are not done, and print what they come to."""
    from ...monitoring.machine import usable_cpus
    from ...steps.split_half import split_half

    config = experiment_named(args.config, args.name)
    units = [Unit(chamber) for chamber in config.chambers if args.unit in (None, chamber)]
    if not units:
        raise UserError(f"{args.name} has no {args.unit} (it has {', '.join(config.chambers)})")
    cores = args.cores or max(1, int(usable_cpus()))
    for unit in units:
        found = split_half(config, unit, args.splits, args.seed, args.results, cores, args.wait)
        print("\n".join([f"{unit}:", *(f"  {line}" for line in found["text"])]))
