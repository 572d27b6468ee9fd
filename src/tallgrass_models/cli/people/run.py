"""The command `run`, which takes one experiment from votes to metrics.json without Snakemake."""

from __future__ import annotations

import argparse

from ..arguments import AddCommand, add_config, add_cores, add_name, add_no_wait, add_results
from ..experiments import experiment_named


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("run", run, "run one experiment, from votes to metrics.json, or a series over time, in this process")
    add_name(sub, "an experiment of the configuration, or one with over_time")
    add_config(sub)
    add_results(sub)
    add_cores(sub)
    add_no_wait(sub)


def run(args: argparse.Namespace) -> None:
    """Run the steps of the experiment, or of the series and its experiments, that are not up to date."""
    from ...config.reading import load_experiments_and_series
    from ...steps.run_series import run_series
    from ...steps.runner import run_experiment

    experiments, series = load_experiments_and_series(args.config)
    if asked := series.get(args.name):
        run_series(asked, experiments, args.results, cores=args.cores, wait=args.wait)
        return
    run_experiment(experiment_named(args.config, args.name), args.results, cores=args.cores, wait=args.wait)
