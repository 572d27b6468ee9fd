"""Steps that sample, and the check of the machine before them."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import SamplingConfig, spec_hash
from ..config.running import RunOptions
from ..errors import UserError
from ..files.atomic import write_json
from .prepared import Prepared, Spec, prepare
from .recover import kept_draws, note_job
from .votes import votes_hash

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

    from ..models.base import BuiltModel
    from ..monitoring.platform import Finding, Plan, PlatformCheck
    from ..monitoring.status import FitMonitor
    from ..sampling.result import Sampled

log = logging.getLogger(__name__)


def platform_check(n_chains: int, draws: int, sampler: str, allow: Sequence[str], out: Path) -> None:
    """Write what the machine looks like; refuse where a run of that many chains would be pointless."""
    from ..monitoring.platform import Plan

    check, findings = _checked_platform(n_chains, Plan(draws, sampler), allow, out.parent)
    write_json(out, check.to_dict(findings))


def _checked_platform(
    n_chains: int, plan: Plan, allow: Sequence[str], folder: Path
) -> tuple[PlatformCheck, list[Finding]]:
    """This machine now. Every fit asks for itself: on a cluster it may run elsewhere than `platform_check` did."""
    from ..monitoring.platform import PlatformCheck, fatal

    check = PlatformCheck.current(folder, plan.sampler)
    findings = check.validate(n_chains, plan, allow)
    for finding in findings:
        log.warning("%s: %s", finding.level, finding.text)
    if problems := fatal(findings):
        raise UserError("\n".join(f"platform check: {problem}" for problem in problems))
    return check, findings


def fit_flat(spec: Spec, data: Path, cores: int, out: Path, live: Path, options: RunOptions) -> None:
    """Sample the flat baseline of one chamber.

    ``live`` is the folder of the fit's status and of its draws so far; so in the other fits.
    """
    _fit(spec, {"data": data}, cores, out, live, options)


def fit_chamber(spec: Spec, data: Path, cores: int, out: Path, live: Path, options: RunOptions) -> None:
    """Sample the hierarchical model of one chamber."""
    _fit(spec, {"data": data}, cores, out, live, options)


def fit_joint(
    spec: Spec,
    house: Path,
    senate: Path,
    house_posterior: Path,
    senate_posterior: Path,
    cores: int,
    out: Path,
    live: Path,
    options: RunOptions,
) -> None:
    """Sample the joint model, starting at the posterior means of the separate chambers."""
    inputs = {
        "house": house,
        "senate": senate,
        "house_posterior": house_posterior,
        "senate_posterior": senate_posterior,
    }
    _fit(spec, inputs, cores, out, live, options)


def _fit(spec: Spec, inputs: Mapping[str, Path], cores: int, out: Path, live: Path, options: RunOptions) -> None:
    from ..monitoring.lifecycle import ExperimentLifecycle
    from ..sampling.posterior import save_posterior, to_datatree

    config = SamplingConfig(**spec["sampling"])
    with ExperimentLifecycle(live, out, spec["unit"], config.sampler, options) as life:
        note_job(live, spec, inputs, out, cores)
        job = _FitJob(spec, config, cores, out.parent, live, options, life.monitor)
        prepared = prepare(spec, inputs)
        sampled, facts = job.sample(prepared)
        pressed = _pressed(prepared.built, sampled.draws)
        if any(pressed):
            note_job(live, spec, inputs, out, cores, pressed)
            prepared = prepare(spec, inputs, pressed)
            sampled, facts = job.sample(prepared)
        life.monitor.phase("writing")
        save_posterior(to_datatree(prepared.built, sampled, spec, prepared.members, prepared.data_hash, facts), out)
    log.info("%s: wrote %s", spec["unit"], out)


def _pressed(built: BuiltModel, draws: Mapping[str, np.ndarray]) -> tuple[bool, ...]:
    """By chamber, whether the chains of a fit in the frame of the parties press against it; empty in other forms."""
    from ..models.fast.forms import PARTIES_FRAME
    from ..models.fast.sides import CUT_OFF, cut_off

    if built.facts.get("form") != PARTIES_FRAME:
        return ()
    chambers = list(built.coords.get("chamber", ["chamber"]))
    share = cut_off(draws, chambers)
    for chamber, cut in share.items():
        if cut > CUT_OFF:
            log.warning(
                "%s: about %.1f %% of the posterior lie where the parties are reversed, which this form cannot reach:"
                " sampling again in one that can",
                chamber,
                100 * cut,
            )
    return tuple(cut > CUT_OFF for cut in share.values())


@dataclass(frozen=True)
class _FitJob:
    """What it takes to sample one prepared model of a job."""

    spec: Spec
    config: SamplingConfig
    cores: int
    folder: Path
    live: Path
    options: RunOptions
    monitor: FitMonitor

    def sample(self, prepared: Prepared) -> tuple[Sampled, dict[str, Any]]:
        """Check the machine, compile, sample, restart lost chains; return draws and facts for the posterior file."""
        from ..monitoring.platform import Plan
        from ..sampling.restarts import judge_fit, restart_lost_chains
        from ..sampling.sample import compile_model, model_fingerprint, sample

        built, config, unit = prepared.built, self.config, self.spec["unit"]
        n_parameters = sum(value.size for value in built.start.values())
        plan = Plan(config.limit, config.sampler, n_parameters)
        _checked_platform(config.chains, plan, self.options.platform.allow, self.folder)
        compiled = compile_model(built, config.sampler)
        identity = {
            "spec_hash": spec_hash(self.spec),
            "data_hash": prepared.data_hash,
            "model_fingerprint": model_fingerprint(compiled),
        }
        self.monitor.identity = identity
        kept = kept_draws(self.live, identity) if self.options.platform.extend else None
        sampled, modes = restart_lost_chains(
            sample(built, config, unit, self.cores, self.monitor, kept, compiled),
            config.restarts,
            lambda fit: judge_fit(built, fit, prepared.members),
            lambda k, n, draws: sample(
                built, replace(config, chains=n, draws=draws), f"{unit}, restart {k}", self.cores, compiled=compiled
            ),
        )
        facts = {
            "cores": min(self.cores, config.chains),
            "kind": built.kind,
            "model_fingerprint": identity["model_fingerprint"],
            **modes,
        }
        return sampled, facts


def is_current(posterior: Path, spec_json: str, data: Sequence[Path]) -> bool:
    """Whether a posterior file was made with this spec from these votes; a damaged file is not."""
    from ..sampling.posterior import load_posterior
    from ..votes.matrix import ChamberVotes

    try:
        attributes = load_posterior(posterior).attrs
    except UserError:
        return False
    hashes = [votes_hash(ChamberVotes.load(path)) for path in data]
    return bool(attributes["spec_hash"] == spec_hash(spec_json) and json.loads(attributes["data_hash"]) == hashes)


def load_checked(path: Path, expected_hash: str | None) -> xr.DataTree:
    """Read a posterior and refuse one whose spec has another hash than ``expected_hash`` (None: any)."""
    from ..sampling.posterior import load_posterior

    tree = load_posterior(path)
    if expected_hash is not None and tree.attrs["spec_hash"] != expected_hash:
        raise UserError(
            f"{path}: made with other settings or other model code than the configuration now asks for"
            f" (hash {tree.attrs['spec_hash']}, expected {expected_hash}); delete it and fit again"
        )
    return tree
