"""The command that refits an experiment with other prior scales."""

from __future__ import annotations

import argparse
from pathlib import Path

from .. import steps
from ..errors import UserError
from ..votes.unit import Unit
from .arguments import DEFAULT_CONFIG, DEFAULT_RESULTS, AddCommand
from .people import experiment_named


def _sensitivity(args: argparse.Namespace) -> None:
    from ..checking.prior_scales import summarized
    from ..checking.prior_words import movement_sentences
    from ..monitoring.machine import usable_cpus

    config = experiment_named(args.config, args.name)
    units = config.units if args.unit is None else (Unit(args.unit),)
    if args.unit is not None and args.unit not in config.units:
        raise UserError(f"{args.name} has no {args.unit} (it has {', '.join(config.units)})")
    cores = args.cores or max(1, int(usable_cpus()))
    for unit in units:
        folder = args.results / config.name / unit
        open_here = steps.open_components(folder / "check.json")
        components = args.component or [name for name in steps.REFITTED if name in open_here]
        for name in (name for name in open_here if name not in steps.REFITTED):
            print(f"{unit}: the scale of the prior of {name} is not a setting, so it cannot be refitted")
        if not components:
            print(f"{unit}: no refit is needed; check.json and the page show how far members move")
            continue
        rows, table = steps.refit_moves(config, unit, args.results, components, cores)
        steps.write_moves(table, folder / "refits" / "prior_scales.csv")
        print("\n".join(movement_sentences(summarized(rows, table), unit)))
        print(f"{unit}: every member's move is in {folder / 'refits' / 'prior_scales.csv'}")


def register(add: AddCommand) -> None:
    """Declare it."""
    sub = add("sensitivity", _sensitivity, "refit with half and twice the scale of a prior, and show who moves")
    sub.add_argument("name", metavar="NAME", help="an experiment that has run")
    sub.add_argument("--unit", choices=[unit.value for unit in Unit], help="one fit only (default: all)")
    text = "priors whose scale changes (default: those for which the fit's own draws give no answer)"
    sub.add_argument("--component", nargs="+", choices=steps.REFITTED, metavar="PRIOR", help=text)
    sub.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    sub.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")
    sub.add_argument("--cores", type=int, metavar="N", help="number of chains that run side by side (default: CPUs)")
