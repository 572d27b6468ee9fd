"""The command `inspect`, which says what is in a session before any fit."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...config.reading import load_sessions
from ...errors import UserError
from ...files.untrusted import for_terminal
from ...votes.selection_words import in_words
from ..arguments import AddCommand, add_config

if TYPE_CHECKING:
    from rich.console import Console

    from ...steps.look import Look

#: Questions that are listed; ``--json`` has all.
_SHOWN = 12
#: Columns of a line that is no terminal's: nothing wraps, so that grep finds it.
_WIDE = 1000


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("inspect", run, "say what is in a session: members, roll calls, questions, what the filters drop")
    sub.add_argument("name", metavar="SESSION", help="a session of the configuration")
    add_config(sub)
    sub.add_argument("--json", action="store_true", help="as JSON, for programs")


def run(args: argparse.Namespace) -> None:
    """Print tables, or JSON; nothing is written to results."""
    from ...steps.inspect import inspect_session

    sessions = load_sessions(args.config)
    if args.name not in sessions:
        raise UserError(f"{args.config}: there is no session {args.name!r} (known: {', '.join(sessions)})")
    look, content = inspect_session(sessions[args.name])
    if args.json:
        print(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        _show(look, content)
    if look.raw is None:
        raise UserError("\n".join(look.problems))


def _show(look: Look, content: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, markup=False)
    session = look.session
    console.print(_safe(f"Session {session.name}: {session.heading} ({session.source})"), style="bold")
    for role, paths in content["files"].items():
        console.print(_safe(f"  {role}: {', '.join(paths)}"))
    filters = f"min_minority_share {session.min_minority_share:g}, min_votes {session.min_votes}"
    console.print(f"  filters: {filters}; votes: {_safe(in_words(session.selection))}")
    for chamber, found in content["chambers"].items():
        _show_chamber(console, session.chambers_called.title(chamber), found)
    if content["shared_bills"] is not None:
        shared = content["shared_bills"]
        both = f"{shared['n']}, {shared['passage']} of them on passage in both"
        console.print(f"\nBills with a contested roll call in both chambers: {both}")
    for heading in ("problems", "remarks"):
        if content[heading]:
            console.print(f"\n{heading.title()}", style="bold")
            for line in content[heading]:
                console.print(_safe(f"  {line}"), soft_wrap=True)


def _show_chamber(console: Console, name: str, found: dict[str, Any]) -> None:
    calls, kept, votes = found["rollcalls"], found["kept"], found["votes"]
    days = f"{calls['first']} to {calls['last']}" if calls["dated"] else "no dates"
    low, middle, high = found["minority_share"]
    seen = found["participation"]
    rows = [
        ("members", f"{found['members']} ({_listed(found['parties'])})"),
        ("counted with", _listed(found["caucus"])),
        ("roll calls", f"{calls['n']} ({days}); {calls['passage']} of passage, {calls['contested']} contested"),
        ("selected", f"{calls['selected']}" if calls["selected"] != calls["n"] else ""),
        ("minority share", f"quartiles {low:.3f}, {middle:.3f}, {high:.3f}"),
        ("votes", f"{votes['yea']:,} Yea, {votes['nay']:,} Nay, {votes['missing']:,} others"),
        ("participation", "" if seen["median"] is None else f"median {seen['median']:.1%} of the roll calls in office"),
        ("least", "; ".join(f"{one['name']} {one['share']:.0%}" for one in seen["least"])),
        ("several spells", "; ".join(found["spells"])),
        ("used by a fit", f"{kept['members']} members and {kept['rollcalls']} roll calls"),
    ]
    for row in found["dropped"]:
        rows.append(("dropped", f"{row['n']} {row['kind']}{'s' if row['n'] > 1 else ''}: {row['reason']}"))
    _table(console, name, None, [row for row in rows if row[1]])
    questions = found["questions"]
    body = [
        (one["question"] or "(none)", str(one["n"]), str(one["contested"]), str(one["passage"]))
        for one in questions[:_SHOWN]
    ]
    more = f"; {len(questions) - _SHOWN} more" if len(questions) > _SHOWN else ""
    _table(console, f"{name}: questions{more}", ("question", "roll calls", "contested", "passage"), body)


def _table(console: Console, title: str, header: tuple[str, ...] | None, rows: Sequence[tuple[str, ...]]) -> None:
    from rich.table import Table
    from rich.text import Text

    console.print("\n" + _safe(title), style="bold")
    table = Table(box=None, pad_edge=False, show_header=header is not None, header_style="dim", padding=(0, 2, 0, 0))
    for k in range(len(rows[0]) if rows else 0):
        number = header is not None and k > 0
        table.add_column(header[k] if header else "", justify="right" if number else "left", no_wrap=number)
    for row in rows:
        table.add_row(*(Text(_safe(cell)) for cell in row))
    console.print(table)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items())


def _safe(text: str) -> str:
    return for_terminal(text)
