"""Commands that sample, and the check before them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from .. import steps
from ..config.experiments import SAMPLERS
from ..config.running import RunOptions
from ..monitoring.children import die_with_parent
from ..monitoring.threads import cap_threads
from .arguments import AddCommand, add_files, add_spec


def _platform_check(args: argparse.Namespace) -> None:
    steps.platform_check(args.chains, args.draws, args.sampler, args.allow, args.out)


def _fit_flat(args: argparse.Namespace) -> None:
    _begin()
    steps.fit_flat(json.loads(args.spec), args.data, args.cores, args.out, args.live, _options(args))


def _fit_chamber(args: argparse.Namespace) -> None:
    _begin()
    steps.fit_chamber(json.loads(args.spec), args.data, args.cores, args.out, args.live, _options(args))


def _fit_joint(args: argparse.Namespace) -> None:
    _begin()
    steps.fit_joint(
        json.loads(args.spec),
        args.house,
        args.senate,
        args.house_posterior,
        args.senate_posterior,
        args.cores,
        args.out,
        args.live,
        _options(args),
    )


def _begin() -> None:
    """What a fit does before libraries are loaded that start threads."""
    die_with_parent()
    cap_threads(whatever_is_set=True)


def _options(args: argparse.Namespace) -> RunOptions:
    return RunOptions.from_json(args.options)


def register(add: AddCommand) -> None:
    """Declare them."""
    sub = add("platform-check", _platform_check, "check whether this machine can sample")
    sub.add_argument("--chains", type=int, required=True, metavar="N", help="chains of the fits to come")
    sub.add_argument("--draws", type=int, required=True, metavar="N", help="draws of each chain")
    sub.add_argument("--sampler", required=True, choices=SAMPLERS)
    sub.add_argument("--allow", nargs="*", default=[], metavar="CODE", help="FATAL findings to override")
    add_files(sub, "out")
    both = ("house", "senate", "house-posterior", "senate-posterior")
    for name, action, text, inputs in (
        ("fit-flat", _fit_flat, "sample the flat model of a chamber", ("data",)),
        ("fit-chamber", _fit_chamber, "sample the hierarchical model of a chamber", ("data",)),
        ("fit-joint", _fit_joint, "sample the joint model of both chambers", both),
    ):
        sub = add(name, action, text)
        add_spec(sub)
        add_files(sub, *inputs, "out")
        sub.add_argument(
            "--live", type=Path, required=True, metavar="FOLDER", help="folder for the status and the draws so far"
        )
        sub.add_argument(
            "--options", required=True, metavar="JSON", help="how to run the fit, which does not change its results"
        )
        sub.add_argument("--cores", type=int, required=True, metavar="N", help="number of chains that run side by side")
