"""The command `metrics` of the rule metrics."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields

from ...config.experiments import ExperimentConfig
from ..arguments import AddCommand, add_files, add_lists, add_spec, part_of


def register(add: AddCommand) -> None:
    """Declare the command."""
    sub = add("metrics", run, "write metrics.json of an experiment")
    add_spec(sub)
    add_files(sub, "platform", "linking", "axis", "out")
    add_lists(sub, "summaries", "checks", "compare_with", "compare_bills", "held_out")


def run(args: argparse.Namespace) -> None:
    """Write metrics.json."""
    from ...steps.metrics import MetricsFiles, metrics

    config = ExperimentConfig.from_json(part_of(args.spec, "experiment"))
    files = MetricsFiles(**{field.name: getattr(args, field.name) for field in fields(MetricsFiles)})
    metrics(config, json.loads(args.spec)["fit_hashes"], files, args.out)
