"""The command `reweight`, which shows a posterior under the priors of another experiment without a new fit."""

from __future__ import annotations

import argparse

from ...config import specs
from ...config.experiments import spec_hash
from ...errors import UserError
from ..arguments import AddCommand, add_config, add_name, add_results
from ..experiments import experiment_named, priors_of, vote_files


def register(add: AddCommand) -> None:
    """Declare the command."""
    text = "carry a posterior over to the priors of another experiment, or say why that needs a refit"
    sub = add("reweight", run, text)
    add_name(sub, "an experiment that has run")
    sub.add_argument("other", metavar="OTHER", help="an experiment on the same session")
    add_config(sub)
    add_results(sub)


def run(args: argparse.Namespace) -> None:
    """Print the reweighted positions of each unit that both experiments have."""
    from ...steps.reweight import reweight

    config, other = (experiment_named(args.config, name) for name in (args.name, args.other))
    if config.session != other.session:
        what = "session" if config.session.name != other.session.name else "votes: their filters differ"
        raise UserError(f"{args.name} and {args.other} are not on the same {what}")
    for unit in (unit for unit in config.units if unit in other.units):
        fit_hash = spec_hash(specs.fit_spec_json(config, unit))
        posterior = args.results / config.name / unit / "posterior.nc"
        found, table = reweight(fit_hash, posterior, vote_files(config, unit, args.results), other, unit)
        print(f"\n{unit}: from {priors_of(config, unit)} to {priors_of(other, unit)}")
        if found.problem:
            print(f"{unit}: a refit is needed: {found.problem}")
            continue
        print(f"Pareto k is {found.pareto_k:.2f}, not above {found.threshold:.2f}, so no refit is needed.")
        print(f"The weighted draws are worth {found.ess:.0f} independent ones.\n")
        print(table.to_string(index=False, na_rep="", float_format="{:.3f}".format))
