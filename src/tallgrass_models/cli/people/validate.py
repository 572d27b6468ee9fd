"""The command `validate`, which checks the experiments file and shows what it asks for."""

from __future__ import annotations

import argparse

from ...config.experiments import ExperimentConfig
from ...config.reading import load_experiments
from ..arguments import AddCommand, add_config
from ..experiments import priors_of


def register(add: AddCommand) -> None:
    """Declare the command."""
    add_config(add("validate", run, "check the configuration and show what it asks for"))


def run(args: argparse.Namespace) -> None:
    """Print each experiment and the priors of its units."""
    for name, config in load_experiments(args.config).items():
        print(f"{name}: session {config.session.name}{_filters(config)}, {config.sampling.describe()}")
        for unit in config.units:
            print(f"  {unit}: {priors_of(config, unit)}")


def _filters(config: ExperimentConfig) -> str:
    """Describe the filters of an experiment, or return ``""`` where they are those of its session."""
    session = config.session
    if not session.label:
        return ""
    return f" (min_minority_share {session.min_minority_share:g}, min_votes {session.min_votes})"
