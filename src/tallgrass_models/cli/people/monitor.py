"""The command `monitor`, which shows running and recent fits."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..arguments import DEFAULT_RESULTS, AddCommand

if TYPE_CHECKING:
    from ...monitoring.overview import Fit

#: Seconds from one look to the next.
_REFRESH = 1.0
#: Seconds for which a fit that ended is still shown.
_RECENT = 24 * 3600.0


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add(
        "monitor", run, "show running and recent fits until Ctrl-C, or without a terminal until the last one ends"
    )
    sub.add_argument("results", type=Path, nargs="*", default=[DEFAULT_RESULTS], metavar="RESULTS")
    sub.add_argument("--once", action="store_true", help="print a line for each fit and end")
    sub.add_argument("--json", action="store_true", help="print the same as JSON and end")
    sub.add_argument("--all", action="store_true", help="also show fits that ended more than a day ago")


def run(args: argparse.Namespace) -> None:
    """Show the fits once, until the last one ends, or until Ctrl-C."""
    from ...monitoring.overview import find_fits

    def look() -> list[Fit]:
        return find_fits(args.results, None if args.all else _RECENT)

    if args.json:
        print(json.dumps([fit.to_dict() for fit in look()], indent=2))
    elif args.once or not sys.stdout.isatty():
        _lines(look, once=args.once)
    else:
        _live(look)


def _lines(look: Callable[[], list[Fit]], once: bool) -> None:
    """Print a line for each fit whenever it has changed, as long as one runs."""
    from ...monitoring.table import line

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

    from ...monitoring.table import table

    console = Console()
    with Live(table(look()), console=console, auto_refresh=False) as live:
        while True:
            live.update(table(look()), refresh=True)
            time.sleep(_REFRESH)
