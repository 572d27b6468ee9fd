"""Commands for people: run an experiment, check the configuration, look at a prior before or after a fit."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import steps
from ..config import specs
from ..config.experiments import ExperimentConfig, load_experiments, spec_hash
from ..errors import UserError
from ..votes.unit import Unit
from .arguments import DEFAULT_CONFIG, DEFAULT_RESULTS, AddCommand


def _run(args: argparse.Namespace) -> None:
    from ..steps.runner import run_experiment

    run_experiment(experiment_named(args.config, args.name), args.results, cores=args.cores, wait=args.wait)


def experiment_named(path: Path, name: str) -> ExperimentConfig:
    """Return an experiment of a configuration; one that is not there is a `UserError` that lists the others."""
    experiments = load_experiments(path)
    if name not in experiments:
        raise UserError(f"{path}: there is no experiment {name!r} (known: {', '.join(experiments)})")
    return experiments[name]


def _validate(args: argparse.Namespace) -> None:
    for name, config in load_experiments(args.config).items():
        print(f"{name}: session {config.session.name}{_filters(config)}, {config.sampling.describe()}")
        for unit in config.units:
            print(f"  {unit}: {_priors(config, unit)}")


def _prior_check(args: argparse.Namespace) -> None:
    from ..steps.runner import session_votes

    config = experiment_named(args.config, args.name)
    with TemporaryDirectory() as folder:
        session_votes(config, Path(folder))
        for unit in config.units:
            table, sentences = steps.prior_check(config, unit, _votes(config, unit, Path(folder)), args.draws)
            print(f"\n{unit}: {_priors(config, unit)}, {args.draws} sessions drawn\n")
            print(table.to_string(index=False, na_rep="", float_format="{:.3f}".format))
            print("\n".join(sentences) or f"{unit}: nothing about these votes is surprising under this prior")


def _reweight(args: argparse.Namespace) -> None:
    config, other = (experiment_named(args.config, name) for name in (args.name, args.other))
    if config.session != other.session:
        what = "session" if config.session.name != other.session.name else "votes: their filters differ"
        raise UserError(f"{args.name} and {args.other} are not on the same {what}")
    for unit in (unit for unit in config.units if unit in other.units):
        fit_hash = spec_hash(specs.fit_spec_json(config, unit))
        posterior = args.results / config.name / unit / "posterior.nc"
        found, table = steps.reweight(fit_hash, posterior, _votes(config, unit, args.results), other, unit)
        print(f"\n{unit}: from {_priors(config, unit)} to {_priors(other, unit)}")
        if found.problem:
            print(f"{unit}: a refit is needed: {found.problem}")
            continue
        print(f"Pareto k is {found.pareto_k:.2f}, not above {found.threshold:.2f}, so no refit is needed.")
        print(f"The weighted draws are worth {found.ess:.0f} independent ones.\n")
        print(table.to_string(index=False, na_rep="", float_format="{:.3f}".format))


def _votes(config: ExperimentConfig, unit: Unit, results: Path) -> list[Path]:
    """Vote files of a unit, House first."""
    return [results / "sessions" / config.session.folder / f"{chamber}.nc" for chamber in unit.chambers]


def _filters(config: ExperimentConfig) -> str:
    """Say which filters an experiment has instead of its session's; nothing where it has the same."""
    session = config.session
    if not session.label:
        return ""
    return f" (min_minority_share {session.min_minority_share:g}, min_votes {session.min_votes})"


def _priors(config: ExperimentConfig, unit: Unit) -> str:
    spec = config.fit_spec(unit)
    oriented = " of oriented bills" if spec["orient_bills"] else ""
    return f"beta {config.prior(unit).describe()}{oriented}, alpha Normal(mu=0, sigma={spec['alpha_sigma']:g})"


def register(add: AddCommand) -> None:
    """Declare them."""
    run = add("run", _run, "run one experiment, from votes to metrics.json, in this process")
    run.add_argument("name", metavar="NAME", help="an experiment of the configuration")
    run.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    run.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")
    run.add_argument("--cores", type=int, metavar="N", help="number of chains that run side by side (default: CPUs)")
    run.add_argument(
        "--no-wait", dest="wait", action="store_false", help="fail at once if a sampler is already running"
    )
    validate = add("validate", _validate, "check the configuration and show what it asks for")
    validate.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    prior = add("prior-check", _prior_check, "compare what a prior expects of votes with the session, before any fit")
    prior.add_argument("name", metavar="NAME", help="an experiment of the configuration")
    prior.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    prior.add_argument(
        "--draws", type=int, default=200, metavar="N", help="number of sessions to draw (default: %(default)s)"
    )
    other = add(
        "reweight",
        _reweight,
        "carry a posterior over to the priors of another experiment, or say why that needs a refit",
    )
    other.add_argument("name", metavar="NAME", help="an experiment that has run")
    other.add_argument("other", metavar="OTHER", help="an experiment on the same session")
    other.add_argument("--config", type=Path, default=DEFAULT_CONFIG, metavar="FILE")
    other.add_argument("--results", type=Path, default=DEFAULT_RESULTS, metavar="FOLDER")
