"""Commands for people: run an experiment, check the configuration."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..config import load_experiments
from ..errors import UserError
from .arguments import DEFAULT_CONFIG, DEFAULT_RESULTS, AddCommand


def _run(args: argparse.Namespace) -> None:
    from ..runner import run_experiment

    experiments = load_experiments(args.config)
    if args.name not in experiments:
        raise UserError(f"{args.config}: there is no experiment {args.name!r} (known: {', '.join(experiments)})")
    run_experiment(experiments[args.name], args.results, cores=args.cores, wait=args.wait)


def _validate(args: argparse.Namespace) -> None:
    for name, config in load_experiments(args.config).items():
        sampling = config.sampling
        beta = config.beta_prior.describe()
        joint = f", joint with {config.joint_beta_prior.describe()}" if config.joint else ""
        print(
            f"{name}: session {config.session.name}, {' and '.join(config.chambers)}, beta {beta}"
            f"{joint}, {sampling.chains} x ({sampling.tune} + {sampling.draws}) by {sampling.sampler}"
        )


def register(add: AddCommand) -> None:
    """Declare them."""
    run = add("run", _run, "run one experiment from votes to metrics.json in this process")
    run.add_argument("name", metavar="NAME", help="an experiment of the configuration")
    run.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    run.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")
    run.add_argument("--cores", type=int, metavar="N", help="chains side by side (default: CPUs)")
    run.add_argument("--no-wait", dest="wait", action="store_false", help="fail at once where a sampler runs already")
    validate = add("validate", _validate, "check the configuration and show what it asks for")
    validate.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
