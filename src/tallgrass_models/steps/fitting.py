"""The way from the files of a fit to its posterior file, which all steps that sample share."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import spec_hash
from ..config.running import RunOptions
from ..config.sampling import SamplingConfig
from .platform_check import checked_platform
from .prepared import Prepared, Spec, prepare
from .recover import kept_draws, note_job

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from ..models.base import BuiltModel
    from ..monitoring.status import FitMonitor
    from ..sampling.result import Sampled

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FitRun:
    """Settings for running one fit, whatever it computes.

    Attributes
    ----------
    cores
        Chains that run side by side.
    out
        The posterior file to write.
    live
        Folder of the fit's status and of its draws so far.
    options
        Options from the configuration.
    """

    cores: int
    out: Path
    live: Path
    options: RunOptions


def fit(spec: Spec, inputs: Mapping[str, Path], run: FitRun) -> None:
    """Sample the model that ``spec`` describes and write its posterior file; ``inputs`` are those of `prepare`."""
    from ..monitoring.lifecycle import ExperimentLifecycle
    from ..sampling.posterior import save_posterior

    with ExperimentLifecycle(run.live, run.out, spec["unit"], spec["sampling"]["sampler"], run.options) as life:
        save_posterior(sample_tree(spec, inputs, run, life.monitor), run.out)
    log.info("%s: wrote %s", spec["unit"], run.out)


def sample_tree(spec: Spec, inputs: Mapping[str, Path], run: FitRun, monitor: FitMonitor) -> xr.DataTree:
    """Sample the model that ``spec`` describes, and return what its posterior file would hold."""
    from ..sampling.posterior import to_datatree

    note_job(run.live, spec, inputs, run.out, run.cores)
    job = _FitJob(spec, SamplingConfig(**spec["sampling"]), run, monitor)
    prepared = prepare(spec, inputs)
    sampled, facts = job.sample(prepared)
    pressed = _pressed(prepared.built, sampled.draws)
    if any(pressed):
        note_job(run.live, spec, inputs, run.out, run.cores, pressed)
        prepared = prepare(spec, inputs, pressed)
        sampled, facts = job.sample(prepared)
        facts["pressed"] = json.dumps(pressed)
    monitor.phase("writing")
    return to_datatree(prepared.built, sampled, spec, prepared.members, prepared.data_hash, facts)


def name_of(spec: Spec) -> str:
    """Name a fit for logs, its status and its seeds: its unit, and the fold that it holds out."""
    fold = spec.get("fold")
    return f"{spec['unit']}, fold {fold['fold']}" if fold else str(spec["unit"])


def _pressed(built: BuiltModel, draws: Mapping[str, np.ndarray]) -> tuple[bool, ...]:
    """Tell by chamber whether the chains press against the frame of the parties; return ``()`` for other forms."""
    from ..files.forms import PARTIES_FRAME
    from ..models.fast.sides import CUT_OFF, cut_off

    if built.facts.get("form") != PARTIES_FRAME:
        return ()
    chambers = list(built.coords.get("chamber", ["chamber"]))
    share = cut_off(draws, chambers)
    for chamber, cut in share.items():
        if cut > CUT_OFF:
            log.warning(
                "%s: about %.1f %% of the posterior lies where the parties are reversed, and this form cannot go there;"
                " sampling again in a form that can",
                chamber,
                100 * cut,
            )
    return tuple(cut > CUT_OFF for cut in share.values())


@dataclass(frozen=True)
class _FitJob:
    """The settings and the monitor with which one prepared model is sampled."""

    spec: Spec
    config: SamplingConfig
    run: FitRun
    monitor: FitMonitor

    def sample(self, prepared: Prepared) -> tuple[Sampled, dict[str, Any]]:
        """Check the machine, compile, sample, restart lost chains; return draws and facts for the posterior file."""
        from ..models.compiled.beforehand import compile_beforehand
        from ..monitoring.platform import Plan
        from ..sampling.restarts import judge_fit, restart_lost_chains
        from ..sampling.sample import compile_model, go_on, model_fingerprint, sample

        built, config, unit, run = prepared.built, self.config, name_of(self.spec), self.run
        n_parameters = sum(value.size for value in built.start.values())
        plan = Plan(config.limit, config.sampler, n_parameters)
        checked_platform(config.chains, plan, run.options.platform.allow, run.out.parent)
        made_of = {"spec_hash": spec_hash(self.spec), "data_hash": prepared.data_hash}
        if config.sampler == "nutpie":
            compile_beforehand(built, [str(made_of), built.facts.get("form", "")])
        compiled = compile_model(built, config.sampler)
        identity = made_of | {"model_fingerprint": model_fingerprint(compiled)}
        self.monitor.identity = identity
        kept = kept_draws(run.live, identity) if run.options.platform.extend else None
        if kept is not None and kept.whole:
            first = go_on(built, config, unit, run.cores, kept, self.monitor)
        else:
            first = sample(built, config, unit, run.cores, self.monitor, compiled)
        sampled, modes = restart_lost_chains(
            first,
            config.restarts,
            lambda fit: judge_fit(built, fit, prepared.members),
            lambda k, n, draws: sample(
                built, replace(config, chains=n, draws=draws), f"{unit}, restart {k}", run.cores, compiled=compiled
            ),
        )
        facts = {
            "cores": min(run.cores, config.chains),
            "deepest_tree": compiled.depth(config.target_accept),
            "kind": built.kind,
            "model_fingerprint": identity["model_fingerprint"],
            **modes,
        }
        return sampled, facts
