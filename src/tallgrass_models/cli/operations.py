"""Commands for people who run fits: watch them, save what one left, check what is there."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from .. import steps
from ..config.experiments import load_experiments
from ..errors import UserError
from .arguments import DEFAULT_CONFIG, DEFAULT_RESULTS, AddCommand

if TYPE_CHECKING:
    from ..monitoring.overview import Fit

#: Seconds between two looks.
_REFRESH = 1.0
#: Seconds for which a fit that ended is still shown.
_RECENT = 24 * 3600.0


def _monitor(args: argparse.Namespace) -> None:
    from ..monitoring.overview import find_fits

    def look() -> list[Fit]:
        return find_fits(args.results, None if args.all else _RECENT)

    if args.json:
        print(json.dumps([fit.to_dict() for fit in look()], indent=2))
    elif args.once or not sys.stdout.isatty():
        _lines(look, once=args.once)
    else:
        _live(look)


def _lines(look: Callable[[], list[Fit]], once: bool) -> None:
    """A line for each fit whenever it changed, as long as one runs."""
    from ..monitoring.table import line

    shown: dict[str, str] = {}
    while True:
        fits = look()
        for fit in fits:
            if shown.get(fit.path) != (text := line(fit)):
                shown[fit.path] = text
                print(text, flush=True)
        if once or not any(fit.running for fit in fits):
            return
        time.sleep(10 * _REFRESH)


def _live(look: Callable[[], list[Fit]]) -> None:
    from rich.console import Console
    from rich.live import Live

    from ..monitoring.table import table

    console = Console()
    with Live(table(look()), console=console, auto_refresh=False) as live:
        while True:
            live.update(table(look()), refresh=True)
            time.sleep(_REFRESH)


def _recover(args: argparse.Namespace) -> None:
    print(steps.recover(args.live, args.out))


def _verify(args: argparse.Namespace) -> None:
    found = steps.verify(load_experiments(args.config), args.results, models=not args.quick)
    for unit, names in found.same:
        print(f"{' and '.join(names)}: the same model of {unit}")
    if found.problems:
        raise UserError("\n".join(found.problems))
    print(f"{', '.join(found.checked)}: files, configuration, votes and models belong together")


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add(
        "monitor", _monitor, "show running and recent fits until Ctrl-C, or without a terminal until the last one ends"
    )
    sub.add_argument("results", type=Path, nargs="*", default=[DEFAULT_RESULTS], metavar="RESULTS")
    sub.add_argument("--once", action="store_true", help="print a line for each fit and end")
    sub.add_argument("--json", action="store_true", help="print the same as JSON and end")
    sub.add_argument("--all", action="store_true", help="also show fits that ended more than a day ago")
    sub = add("recover", _recover, "make a partial posterior from the draws that an interrupted fit saved")
    sub.add_argument("live", type=Path, metavar="FOLDER", help="such as results/baseline/house/live")
    sub.add_argument("--out", type=Path, metavar="FILE", help="default: partial.nc in that folder")
    sub = add("verify", _verify, "check that results, configuration, votes and models belong together")
    sub.add_argument("results", type=Path, nargs="?", default=DEFAULT_RESULTS, metavar="RESULTS")
    sub.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    sub.add_argument("--quick", action="store_true", help="do not build the models again")
