"""Steps that sample, and the check of the machine before them."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import SamplingConfig, spec_hash
from ..errors import UserError
from ..files import write_json
from ..priors import BetaPriorSpec
from .votes import members, votes_hash

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..models.base import BuiltModel
    from ..monitoring.platform import PlatformCheck

log = logging.getLogger(__name__)

Spec = Mapping[str, Any]


def platform_check(n_chains: int, out: Path) -> None:
    """Write what the machine looks like; refuse where a run of that many chains would be pointless."""
    write_json(out, _checked_platform(n_chains).to_dict(n_chains))


def _checked_platform(n_chains: int) -> PlatformCheck:
    """This machine now. Every fit asks for itself: on a cluster it may run elsewhere than `platform_check` did."""
    from ..monitoring.platform import PlatformCheck, fatal

    check = PlatformCheck.current()
    findings = check.validate(n_chains)
    for finding in findings:
        log.warning("%s: %s", finding.level, finding.text)
    if problems := fatal(findings):
        raise UserError("\n".join(f"platform check: {problem}" for problem in problems))
    return check


def fit_flat(spec: Spec, data: Path, cores: int, out: Path) -> None:
    """Sample the flat baseline of one chamber."""
    from ..models.flat import build_flat
    from ..votes import ChamberVotes

    votes = ChamberVotes.load(data)
    _fit(build_flat(votes, spec["coordinates"]), spec, members(votes), [votes_hash(votes)], cores, out)


def fit_chamber(spec: Spec, data: Path, cores: int, out: Path) -> None:
    """Sample the hierarchical model of one chamber."""
    from ..models.chamber import build_chamber
    from ..votes import ChamberVotes

    votes = ChamberVotes.load(data)
    built = build_chamber(votes, _prior(spec), spec["alpha_sigma"], spec["coordinates"])
    _fit(built, spec, members(votes.major()), [votes_hash(votes)], cores, out)


def fit_joint(
    spec: Spec, house: Path, senate: Path, house_posterior: Path, senate_posterior: Path, cores: int, out: Path
) -> None:
    """Sample the joint model, starting at the posterior means of the separate chambers."""
    import numpy as np
    import pandas as pd

    from ..models.joint import build_joint
    from ..votes import ChamberVotes, join_chambers

    chambers = [ChamberVotes.load(house), ChamberVotes.load(senate)]
    joined = join_chambers(*chambers)
    starts = []
    for path, votes in zip((house_posterior, senate_posterior), (joined.house, joined.senate), strict=True):
        xi: pd.Series = load_checked(path, None)["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
        if list(xi.index) != list(votes.legislators.index):
            raise UserError(f"{path}: fitted to other members than those of {votes.chamber}; fit it again")
        starts.append(((xi - xi.mean()) / xi.std()).to_numpy(float))
    built = build_joint(joined, _prior(spec), spec["alpha_sigma"], spec["coordinates"], np.concatenate(starts))
    both = pd.concat([members(joined.house, prefix=True), members(joined.senate, prefix=True)])
    _fit(built, spec, both, [votes_hash(votes) for votes in chambers], cores, out)


def _fit(built: BuiltModel, spec: Spec, who: pd.DataFrame, hashes: list[str], cores: int, out: Path) -> None:
    from ..modes import judge_fit, restart_lost_chains
    from ..posterior import save_posterior, to_datatree
    from ..sampling import sample

    config = SamplingConfig(**spec["sampling"])
    _checked_platform(config.chains)
    sampled, modes = restart_lost_chains(
        sample(built, config, spec["unit"], cores),
        config.restarts,
        lambda fit: judge_fit(built, fit, who),
        lambda k, n: sample(built, replace(config, chains=n), f"{spec['unit']}, restart {k}", cores),
    )
    facts = {"cores": min(cores, config.chains), "kind": built.kind, **modes}
    tree = to_datatree(built, sampled, spec, who, hashes, facts)
    save_posterior(tree, out)
    log.info("%s: wrote %s", spec["unit"], out)


def _prior(spec: Spec) -> BetaPriorSpec:
    params = {key: value for key, value in spec["beta_prior"].items() if key != "distribution"}
    return BetaPriorSpec(spec["beta_prior"]["distribution"], params)


def is_current(posterior: Path, spec_json: str, data: Sequence[Path]) -> bool:
    """Whether a posterior file was made with this spec from these votes; a damaged file is not."""
    from ..posterior import load_posterior
    from ..votes import ChamberVotes

    try:
        attributes = load_posterior(posterior).attrs
    except UserError:
        return False
    hashes = [votes_hash(ChamberVotes.load(path)) for path in data]
    return bool(attributes["spec_hash"] == spec_hash(spec_json) and json.loads(attributes["data_hash"]) == hashes)


def load_checked(path: Path, expected_hash: str | None) -> xr.DataTree:
    """Read a posterior and refuse one whose spec has another hash than ``expected_hash`` (None: any)."""
    from ..posterior import load_posterior

    tree = load_posterior(path)
    if expected_hash is not None and tree.attrs["spec_hash"] != expected_hash:
        raise UserError(
            f"{path}: made with other settings or other model code than the configuration now asks for"
            f" (hash {tree.attrs['spec_hash']}, expected {expected_hash}); delete it and fit again"
        )
    return tree
