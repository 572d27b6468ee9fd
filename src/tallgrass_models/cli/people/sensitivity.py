"""The command `sensitivity`, which refits an experiment with other prior scales."""

from __future__ import annotations

import argparse

from ...errors import UserError
from ...steps.sensitivity import COMPONENTS, moves_in_words, open_components
from ...votes.unit import Unit
from ..arguments import AddCommand, add_config, add_cores, add_name, add_results
from ..experiments import experiment_named


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("sensitivity", run, "refit with half and twice the scale of a prior, and show who moves")
    add_name(sub, "an experiment that has run")
    sub.add_argument("--unit", choices=[unit.value for unit in Unit], help="one fit only (default: all)")
    text = "priors whose scale changes (default: those for which the fit's own draws give no answer)"
    sub.add_argument("--component", nargs="+", choices=COMPONENTS, metavar="PRIOR", help=text)
    add_config(sub)
    add_results(sub)
    add_cores(sub)


def run(args: argparse.Namespace) -> None:
    """Refit each unit and print which members move."""
    from ...monitoring.machine import usable_cpus

    config = experiment_named(args.config, args.name)
    units = config.units if args.unit is None else (Unit(args.unit),)
    if args.unit is not None and args.unit not in config.units:
        raise UserError(f"{args.name} has no {args.unit} (it has {', '.join(config.units)})")
    cores = args.cores or max(1, int(usable_cpus()))
    for unit in units:
        folder = args.results / config.name / unit
        open_here = open_components(folder / "check.json")
        components = args.component or [name for name in COMPONENTS if name in open_here]
        for name in (name for name in open_here if name not in COMPONENTS):
            print(f"{unit}: the scale of the prior of {name} is not a setting, so it cannot be refitted")
        if not components:
            print(f"{unit}: no refit is needed; check.json and the page show how far members move")
            continue
        print("\n".join(moves_in_words(config, unit, args.results, components, cores)))
        print(f"{unit}: every member's move is in {folder / 'refits' / 'prior_scales.csv'}")
