"""The command `lab`, which refits sessions like an experiment's own whose truth is known."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ...errors import UserError
from ...votes.unit import Unit
from ..arguments import AddCommand, add_config, add_cores, add_name, add_no_wait, add_results
from ..experiments import experiment_named

if TYPE_CHECKING:
    from ...calibration.pooled import Findings

_ORIGINS = ("fitted", "prior")


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("lab", run, "simulate sessions like an experiment's own from a known truth, refit them, and compare")
    add_name(sub, "an experiment whose votes are read; with --from fitted, one that has run")
    sub.add_argument(
        "--replicates", type=int, default=20, metavar="N", help="simulated sessions (default: %(default)s)"
    )
    units = [unit.value for unit in Unit]
    sub.add_argument(
        "--unit", choices=units, help="one chamber, or joint: both, their link and joint model (default: all)"
    )
    text = "truths are draws of the fit, or of the prior, which tests the model itself (default: %(default)s)"
    sub.add_argument("--from", dest="origin", choices=_ORIGINS, default="fitted", help=text)
    add_config(sub)
    add_results(sub)
    add_cores(sub)
    add_no_wait(sub)


def run(args: argparse.Namespace) -> None:
    """Run the replicates that are not done, and print what they come to."""
    from ...monitoring.machine import usable_cpus
    from ...steps.lab import lab

    config = experiment_named(args.config, args.name)
    units = [unit for unit in config.units if args.unit in (None, unit)]
    if not units:
        raise UserError(f"{args.name} has no {args.unit} (it has {', '.join(config.units)})")
    cores = args.cores or max(1, int(usable_cpus()))
    for unit in units:
        print(_shown(lab(config, unit, args.origin, args.replicates, args.results, cores, args.wait)))


def _shown(found: Findings) -> str:
    """Write the findings as text."""
    lines = [f"{found['unit']}: {found['text'][0]}", *(f"  {line}" for line in found["text"][1:])]
    if found["recovery"]:
        lines += ["", "Recovery where the parties average -1 and +1, means over replicates", ""]
        lines += [f"  {'group':<20}{'members':>8}{'correlation':>13}{'RMSE':>8}"]
    for near in found["recovery"]:
        correlation = "–" if near["correlation"] is None else f"{near['correlation']:.3f}"
        lines.append(f"  {near['group']:<20}{near['n']:>8.0f}{correlation:>13}{near['rmse']:>8.3f}")
    lines += ["", "Share of intervals that hold the truth", ""]
    lines += [f"  {'quantity':<32}{'group':<14}{'each':>6}{'50 %':>8}{'90 %':>8}{'p':>8}"]
    for row in found["coverage"]:
        inner = "–" if row["coverage50"] is None else f"{row['coverage50']:.2f}"
        shares = f"{inner:>8}{row['coverage90']:>8.2f}{row['p']:>8.3f}"
        lines.append(f"  {row['quantity']:<32}{row['group']:<14}{row['n']:>6.0f}{shares}")
    if found["uniformity"]:
        lines += ["", "Ranks of the truth among draws, which are uniform if the model is right", ""]
        lines += [f"  {'quantity':<32}{'mean':>6}{'p':>8}"]
        lines += [f"  {row['quantity']:<32}{row['mean_rank']:>6.2f}{row['p']:>8.3f}" for row in found["uniformity"]]
    return "\n".join(lines)
