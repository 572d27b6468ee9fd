"""The command `tallgrass-models`, with one subcommand per rule and some for people.

This is the one place where a `UserError` becomes a message and an exit code.
"""

from __future__ import annotations

import argparse
import logging
import os
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from importlib import import_module

import argcomplete

from .. import __version__
from ..errors import UserError
from ..files.digests import written_by
from ..files.untrusted import for_terminal
from ..monitoring.homes import find_place_for_compiled_code
from ..monitoring.signals import exit_on_signals
from ..monitoring.threads import cap_threads
from .arguments import Action

log = logging.getLogger(__name__)

_USER_ERROR, _OUT_OF_MEMORY, _BUG = 2, 3, 70

#: Modules of the commands, in the order of the help.
_PEOPLE = (
    *("init", "fetch", "run", "plan", "validate", "inspect", "prior_check", "preview", "reweight", "sensitivity"),
    *("calibrate", "lab", "split_half", "monitor", "list", "recover", "verify", "export", "replay", "schema"),
)
_RULES = (
    *("simulate", "load_data", "platform_check", "fit_flat", "fit_chamber", "fit_joint", "summarize"),
    *("fit_flat_fold", "fit_fold", "pool_folds", "check", "link", "report", "metrics", "compare", "compare_report"),
    *("fit_dynamic", "link_time", "time_report"),
    *("fit_lab", "lab_pool"),
)
#: What these write is for people to edit, or to pass on; files of the others have a digest with the command's name.
_OF_PEOPLE = ("init", "fetch", "preview", "export", "schema")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    parser = _parser()
    argcomplete.autocomplete(parser)
    args = parser.parse_args(argv)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Printable("%(asctime)s %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.INFO, handlers=[handler], force=True)
    for noisy in ("arviz", "arviz_base", "arviz_plots", "arviz_stats", "matplotlib", "numba", "pymc", "pytensor"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    cap_threads()
    with exit_on_signals():
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    try:
        find_place_for_compiled_code()
        with written_by(args.step):
            args.action(args)
    except UserError as error:
        for line in str(error).splitlines():
            print(f"tallgrass-models: error: {for_terminal(line)}", file=sys.stderr)
        return _USER_ERROR
    except BrokenPipeError:  # the reader of our output has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except MemoryError:
        print(
            "tallgrass-models: error: out of memory; nothing was written. Use fewer draws or a larger machine.",
            file=sys.stderr,
        )
        return _OUT_OF_MEMORY
    except Exception as error:
        return _short_of_addresses(error) or _bug(error)
    return 0


def _short_of_addresses(error: Exception) -> int:
    """Tell of a limit on addresses where a library may have failed for it, each in its own way; 0 if that is not so."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY or not isinstance(error, ImportError | SystemError | OSError | RuntimeError):
        return 0
    what = for_terminal(" ".join(f"{type(error).__name__}: {error}".split()))
    print(
        f"tallgrass-models: error: {what}. This process may use {limit // 2**20} MB of addresses, which is perhaps too"
        " little: set `ulimit -v unlimited`, or a higher limit.",
        file=sys.stderr,
    )
    return _OUT_OF_MEMORY


def _bug(error: Exception) -> int:
    """Put an exception that nobody expected in one line that says where its trace is: the log, or else a file."""
    where = "the trace is above"
    if sys.stderr.isatty():
        handle, where = tempfile.mkstemp(prefix="tallgrass-models-", suffix=".log", text=True)
        with open(handle, "w", encoding="utf-8", errors="replace") as file:
            traceback.print_exception(error, file=file)
    else:
        traceback.print_exception(error)
    what = for_terminal(" ".join(f"{type(error).__name__}: {error}".split()))
    print(f"tallgrass-models: bug: {what}; please report it with its trace ({where})", file=sys.stderr)
    return _BUG


class _Printable(logging.Formatter):
    """Formatter of log lines in which names from data cannot steer the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(for_terminal(line) for line in super().format(record).split("\n"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tallgrass-models",
        description="Estimate where the members of a legislature stand from their roll-call votes.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", help=argparse.SUPPRESS)
    listed: list[str] = []

    def add(name: str, action: Action, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, description=text)
        listed.append(f"  {name:<16}{text}")
        sub.set_defaults(action=action, step="" if name in _OF_PEOPLE else name)
        sub.add_argument("--verbose", action="store_true", help="log more")
        return sub

    for room, title, names in (
        ("people", "commands", _PEOPLE),
        ("rules", "commands of the rules, which the workflow calls", _RULES),
    ):
        listed.append(f"\n{title}:")
        for name in names:
            import_module(f".{room}.{name}", __name__).register(add)
    parser.epilog = "\n".join(listed).strip()
    return parser
