"""The command `list`, which shows what is in a results folder."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ...files.untrusted import for_terminal
from ..arguments import AddCommand, add_config, add_results

if TYPE_CHECKING:
    from ...steps.listing import Listed

_HEAD = ("experiment", "session", "state", "made", "sampling", "in all", "MB", "model")


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add(
        "list", run, "list experiments and series in a results folder: converged or not, when made, what they cost"
    )
    add_results(sub)
    add_config(sub)
    sub.add_argument("--json", action="store_true", help="print the same as JSON, with the gates that fits miss")
    sub.add_argument(
        "--stale", action="store_true", help="also say whether the fits are those that the experiments file asks for"
    )


def run(args: argparse.Namespace) -> None:
    """Print a line for each experiment and series and, below, how many there are and what they cost."""
    from ...config.reading import load_experiments_and_series
    from ...steps.listing import list_results

    listed = list_results(args.results, *(load_experiments_and_series(args.config) if args.stale else ()))
    if args.json:
        print(json.dumps([asdict(one) for one in listed], indent=2))
    elif not listed:
        print(f"{args.results}: no experiment has run here")
    else:
        print("\n".join(_lines(listed)))


def _lines(listed: Sequence[Listed]) -> Iterator[str]:
    from ...monitoring.sweep import duration
    from ...steps.listing import counts

    settings = any(one.settings for one in listed)
    rows = [(*_HEAD, "fits") if settings else _HEAD]
    for one in listed:
        cells = (
            one.experiment,
            one.session or "",
            one.state,
            (one.made or "")[:16].replace("T", " "),
            "" if one.sampling_s is None else duration(one.sampling_s),
            "" if one.whole_s is None else duration(one.whole_s),
            f"{one.size / 1e6:.1f}",
            one.model or "",
        )
        rows.append((*cells, one.settings or "") if settings else cells)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = {_HEAD.index(name) for name in ("sampling", "in all", "MB")}
    for row in rows:
        padded = [
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield for_terminal("  ".join(padded).rstrip())
    yield ""
    states = ", ".join(f"{n:,} {state}" for state, n in counts(listed).items())
    sampled = duration(sum(one.sampling_s or 0 for one in listed))
    gigabytes = sum(one.size for one in listed) / 1e9
    n_series = sum(one.experiment.startswith("over_time/") for one in listed)
    n = len(listed) - n_series
    said = f"{n:,} experiment{'s' * (n != 1)}" + (f" and {n_series:,} series over time" if n_series else "")
    yield f"{said}: {states}; {sampled} of sampling, {gigabytes:.2f} GB"
    for one in listed:
        if one.problem:
            yield for_terminal(one.problem)
