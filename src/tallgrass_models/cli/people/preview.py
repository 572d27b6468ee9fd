"""The command `preview`, which approximates ideal points in seconds, before any fit."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...config.experiments import ExperimentConfig
from ...errors import UserError
from ...files.untrusted import for_terminal
from ...votes.unit import Unit
from ..arguments import DEFAULT_RESULTS, AddCommand, add_config, add_name
from ..experiments import experiment_named, priors_of

if TYPE_CHECKING:
    import pandas as pd

    from ...steps.preview import ExperimentPreview

#: Columns of a line that is no terminal's: nothing wraps, so that grep finds it.
_WIDE = 1000


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("preview", run, "approximate ideal points with intervals in seconds, and say how far to trust them")
    add_name(sub, "an experiment of the configuration")
    add_config(sub)
    sub.add_argument("--output", type=Path, metavar="FILE.csv", help="also write the table to this file")
    sub.add_argument("--json", action="store_true", help="as JSON, for programs")


def run(args: argparse.Namespace) -> None:
    """Print a table for each chamber, or JSON; nothing is written to results."""
    from ...steps.preview import WARNING, preview_experiment

    config = experiment_named(args.config, args.name)
    if args.output and DEFAULT_RESULTS.resolve() in args.output.resolve().parents:
        raise UserError(f"{args.output}: a preview is no result; write it outside of {DEFAULT_RESULTS}/")
    found = preview_experiment(config)
    if args.output:
        _write(found.members, args.output)
    if args.json:
        members = found.members.drop(columns="what").to_dict("records")
        content = {"what": WARNING, "experiment": config.name, "chambers": found.chambers, "members": members}
        print(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        _show(config, found)


def _write(members: pd.DataFrame, path: Path) -> None:
    from ...files.atomic import atomic
    from ...files.untrusted import guarded

    texts = members.select_dtypes(exclude="number").columns
    with atomic(path) as temporary:
        members.assign(**{name: members[name].astype(str).map(guarded) for name in texts}).to_csv(
            temporary, index=False, float_format="%.6g"
        )


def _show(config: ExperimentConfig, found: ExperimentPreview) -> None:
    from rich.console import Console

    from ...steps.preview import WARNING

    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, markup=False)
    console.print(f"{WARNING}: {config.name}, each chamber on its own", style="bold")
    if config.joint:
        console.print("the joint model is not previewed")
    for chamber, about in found.chambers.items():
        title = for_terminal(config.session.chambers_called.title(chamber))
        console.print(f"\n{title}: {priors_of(config, Unit(chamber))}", style="bold", soft_wrap=True)
        for line in about["text"]:
            console.print(line, soft_wrap=True)
        console.print(_table(found.members[found.members["chamber"] == chamber]))


def _table(members: pd.DataFrame) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("member", "party", "position", "90 % interval"):
        table.add_column(name, justify="left" if name in ("member", "party") else "right", no_wrap=True)
    for row in members.itertuples():
        interval = f"{row.position_q05:.2f} to {row.position_q95:.2f}"
        shown = Text(for_terminal(str(row.name))), Text(for_terminal(str(row.party)))
        table.add_row(*shown, f"{row.position_mean:.2f}", interval)
    return table
