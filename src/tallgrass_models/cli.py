"""The command `tallgrass-models`: one subcommand per rule, and `run` and `validate` for people.

The one place where a `UserError` becomes a message and an exit code.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from . import __version__, steps
from .config import ExperimentConfig, SessionConfig, load_experiments
from .errors import UserError
from .files import canonical_json
from .monitoring.process import cap_threads, die_with_parent, exit_on_signals

log = logging.getLogger(__name__)

Action = Callable[[argparse.Namespace], None]

DEFAULT_CONFIG = Path("config/experiments.yaml")
DEFAULT_RESULTS = Path("results")
USER_ERROR, OUT_OF_MEMORY = 2, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the return value is the exit code."""
    args = _parser().parse_args(argv)
    logging.basicConfig(
        level=logging.DEBUG if args.verbose else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
        stream=sys.stderr,
        force=True,
    )
    for noisy in ("arviz", "arviz_base", "arviz_plots", "arviz_stats", "matplotlib", "numba", "pymc", "pytensor"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    cap_threads()
    exit_on_signals()
    try:
        args.action(args)
    except UserError as error:
        for line in str(error).splitlines():
            print(f"tallgrass-models: error: {line}", file=sys.stderr)
        return USER_ERROR
    except MemoryError:
        print(
            "tallgrass-models: error: out of memory; nothing was written. Use fewer draws, or a larger machine.",
            file=sys.stderr,
        )
        return OUT_OF_MEMORY
    return 0


# --- one function per command -----------------------------------------------------------------------------------------


def _simulate(args: argparse.Namespace) -> None:
    steps.simulate(
        SessionConfig.from_json(_part(args.spec, "session")),
        args.votes,
        args.rollcalls,
        args.legislators,
        args.truth_legislators,
        args.truth_bills,
    )


def _load_data(args: argparse.Namespace) -> None:
    session = SessionConfig.from_json(_part(args.spec, "session"))
    steps.load_data(session, args.chamber, args.votes, args.rollcalls, args.legislators, args.out, args.dropped)


def _platform_check(args: argparse.Namespace) -> None:
    steps.platform_check(args.chains, args.out)


def _fit_flat(args: argparse.Namespace) -> None:
    die_with_parent()
    steps.fit_flat(json.loads(args.spec), args.data, args.cores, args.out)


def _fit_chamber(args: argparse.Namespace) -> None:
    die_with_parent()
    steps.fit_chamber(json.loads(args.spec), args.data, args.cores, args.out)


def _fit_joint(args: argparse.Namespace) -> None:
    die_with_parent()
    steps.fit_joint(
        json.loads(args.spec),
        args.house,
        args.senate,
        args.house_posterior,
        args.senate_posterior,
        args.cores,
        args.out,
    )


def _summarize(args: argparse.Namespace) -> None:
    outputs = {name: getattr(args, name) for name in ("summary", *steps.UNIT_TABLES)}
    steps.summarize(json.loads(args.spec), args.posterior, args.data, args.flat, args.truth, outputs)


def _report(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(_part(args.spec, "experiment"))
    steps.report(config, args.platform, args.summaries, args.dropped, args.out)


def _metrics(args: argparse.Namespace) -> None:
    config = ExperimentConfig.from_json(_part(args.spec, "experiment"))
    hashes = json.loads(args.spec)["fit_hashes"]
    steps.metrics(config, hashes, args.platform, args.summaries, args.compare_with, args.out)


def _run(args: argparse.Namespace) -> None:
    from .runner import run_experiment

    experiments = load_experiments(args.config)
    if args.name not in experiments:
        raise UserError(f"{args.config}: there is no experiment {args.name!r} (known: {', '.join(experiments)})")
    run_experiment(experiments[args.name], args.results, cores=args.cores)


def _validate(args: argparse.Namespace) -> None:
    for name, config in load_experiments(args.config).items():
        sampling = config.sampling
        beta = config.beta_prior.describe()
        joint = f", joint with {config.joint_beta_prior.describe()}" if config.joint else ""
        print(
            f"{name}: session {config.session.name}, {' and '.join(config.chambers)}, beta {beta}"
            f"{joint}, {sampling.chains} x ({sampling.tune} + {sampling.draws}) by {sampling.sampler}"
        )


def _part(spec: str, name: str) -> str:
    return canonical_json(json.loads(spec)[name])


# --- arguments --------------------------------------------------------------------------------------------------------


AddCommand = Callable[[str, Action, str], argparse.ArgumentParser]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tallgrass-models", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, action: Action, text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(action=action)
        sub.add_argument("--verbose", action="store_true", help="log more")
        return sub

    _commands_for_people(add)
    _commands_for_votes(add)
    _commands_for_fits(add)
    _commands_for_results(add)
    return parser


def _commands_for_people(add: AddCommand) -> None:
    run = add("run", _run, "run one experiment from votes to metrics.json in this process")
    run.add_argument("name", metavar="NAME", help="an experiment of the configuration")
    run.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    run.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")
    run.add_argument("--cores", type=int, metavar="N", help="chains side by side (default: CPUs)")
    validate = add("validate", _validate, "check the configuration and show what it asks for")
    validate.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")


def _commands_for_votes(add: AddCommand) -> None:
    sub = add("simulate", _simulate, "write a simulated session and its truth")
    _spec(sub)
    _files(sub, "votes", "rollcalls", "legislators", "truth-legislators", "truth-bills")
    sub = add("load-data", _load_data, "read, check and filter one chamber")
    _spec(sub)
    sub.add_argument("--chamber", required=True, choices=("house", "senate"))
    _files(sub, "votes", "rollcalls", "legislators", "out", "dropped")


def _commands_for_fits(add: AddCommand) -> None:
    sub = add("platform-check", _platform_check, "whether this machine is fit to sample")
    sub.add_argument("--chains", type=int, required=True, metavar="N", help="chains of the fits to come")
    _files(sub, "out")
    both = ("house", "senate", "house-posterior", "senate-posterior")
    for name, action, text, inputs in (
        ("fit-flat", _fit_flat, "sample the flat baseline of a chamber", ("data",)),
        ("fit-chamber", _fit_chamber, "sample the hierarchical model of a chamber", ("data",)),
        ("fit-joint", _fit_joint, "sample the joint model of both chambers", both),
    ):
        sub = add(name, action, text)
        _spec(sub)
        _files(sub, *inputs, "out")
        sub.add_argument("--cores", type=int, required=True, metavar="N", help="chains side by side")


def _commands_for_results(add: AddCommand) -> None:
    sub = add("summarize", _summarize, "turn a posterior into tables")
    _spec(sub)
    _files(sub, "posterior", "summary", "ideal-points", "bills", "parties", "convergence")
    sub.add_argument("--data", type=Path, nargs="+", required=True, metavar="FILE")
    sub.add_argument("--flat", type=Path, nargs="*", default=[], metavar="FILE")
    sub.add_argument("--truth", type=Path, metavar="FILE")
    for name, action, text, extra in (
        ("report", _report, "write the page of an experiment", "dropped"),
        ("metrics", _metrics, "write metrics.json of an experiment", "compare-with"),
    ):
        sub = add(name, action, text)
        _spec(sub)
        _files(sub, "platform", "out")
        sub.add_argument("--summaries", type=Path, nargs="+", required=True, metavar="FILE")
        sub.add_argument(f"--{extra}", type=Path, nargs="*", default=[], metavar="FILE")


def _files(sub: argparse.ArgumentParser, *names: str) -> None:
    for name in names:
        sub.add_argument(f"--{name}", type=Path, required=True, metavar="FILE")


def _spec(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--spec", required=True, metavar="JSON", help="settings of this step")


if __name__ == "__main__":
    sys.exit(main())
