"""The command `validate`, which checks the experiments file and shows what it asks for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ...config.experiments import ExperimentConfig
from ...config.reading import load_experiments, load_sessions
from ...errors import UserError
from ...files.untrusted import for_terminal
from ...votes.selection_words import in_words
from ..arguments import AddCommand, add_config
from ..experiments import priors_of

if TYPE_CHECKING:
    from ...steps.look import Look


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("validate", run, "check the configuration and show what it asks for")
    add_config(sub)
    sub.add_argument("--data", action="store_true", help="read all files of all sessions, and say all that is wrong")


def run(args: argparse.Namespace) -> None:
    """Print each experiment and the priors of its units, or what is wrong with the files of the sessions."""
    if args.data:
        _check_data(args.config)
        return
    for name, config in load_experiments(args.config).items():
        print(f"{name}: session {config.session.name}{_filters(config)}, {config.sampling.describe()}")
        for unit in config.units:
            print(f"  {unit}: {priors_of(config, unit)}")


def _check_data(path: Path) -> None:
    """Print what is found in the files of each session.

    Raises
    ------
    UserError
        If a run would refuse any of them.
    """
    from ...steps.look import look_at

    experiments = load_experiments(path).values()
    wrong: dict[str, int] = {}
    for name, session in load_sessions(path).items():
        found = look_at(session, [config for config in experiments if config.session.name == name])
        if found.problems:
            wrong[name] = len(found.problems)
        for line in told(found):
            print(for_terminal(line))
    if wrong:
        said = ", ".join(f"{name} ({n} problem{'s' if n > 1 else ''})" for name, n in wrong.items())
        raise UserError(f"{path}: a run would refuse the files of: {said}")


def told(found: Look) -> list[str]:
    """Return the lines about a session: one if all is well, else the problems by file, and last what is odd."""
    out = [f"{found.session.name}: {_summary(found)}"]
    groups: dict[str, list[str]] = {}
    for problem in found.problems:
        place, _, rest = problem.partition(": ")
        of_file = bool(rest) and any(place.startswith(path) for paths in found.files.values() for path in paths)
        groups.setdefault(place if of_file else "", []).append(rest if of_file else problem)
    for place, problems in groups.items():
        out += [f"  {place or 'settings and files'}", *(f"    {problem}" for problem in problems)]
    if found.remarks:
        out += ["  odd, but no hindrance", *(f"    {remark}" for remark in found.remarks)]
    return out


def _summary(found: Look) -> str:
    if found.problems:
        n = len(found.problems)
        return f"{n} problem{'s' if n > 1 else ''}"
    of = [
        f"{chamber} {votes.n_legislators} members,"
        f" {votes.n_votes} contested of {votes.info['n_rollcalls_read']} roll calls"
        for chamber, votes in found.votes.items()
    ]
    return f"fine; {'; '.join(of)}" if of else "fine"


def _filters(config: ExperimentConfig) -> str:
    """Describe which votes are used, or return ``""`` for all of them with the filters of the session."""
    session = config.session
    filters = [f"min_minority_share {session.min_minority_share:g}", f"min_votes {session.min_votes}"]
    said = (filters if session.label else []) + ([in_words(session.selection)] if session.selection else [])
    return f" ({', '.join(said)})" if said else ""
