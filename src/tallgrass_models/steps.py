"""What each step of a run does to files. The Snakemake rules and `run_experiment` both call these, and nothing else.

Heavy imports stay inside the functions: a step pays only for what it uses.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .config import ExperimentConfig, GateConfig, SamplingConfig, SessionConfig, spec_hash
from .errors import UserError
from .files import read_json, write_json
from .priors import BetaPriorSpec

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from .models.base import BuiltModel
    from .monitoring.platform import PlatformCheck
    from .votes import ChamberVotes

log = logging.getLogger(__name__)

Spec = Mapping[str, Any]
UNIT_TABLES = ("ideal_points", "bills", "parties", "convergence")


# --- votes ------------------------------------------------------------------------------------------------------------


def simulate(
    session: SessionConfig, votes: Path, rollcalls: Path, legislators: Path, truth_legislators: Path, truth_bills: Path
) -> None:
    """Write the simulated session of that seed, and the truth behind it."""
    from .votes.simulate import simulate_session, write_session

    write_session(
        simulate_session(session.seed),
        votes=votes,
        rollcalls=rollcalls,
        legislators=legislators,
        truth_legislators=truth_legislators,
        truth_bills=truth_bills,
    )


def load_data(
    session: SessionConfig, chamber: str, votes: Path, rollcalls: Path, legislators: Path, out: Path, dropped: Path
) -> None:
    """Read, check and filter one chamber of a session."""
    from .files import atomic
    from .votes import load_chambers, read_session

    raw = read_session(session.source, votes=votes, rollcalls=rollcalls, legislators=legislators)
    loaded = load_chambers(raw, session.name, (chamber,), session.min_minority_share, session.min_votes)[chamber]
    log.info("%s: %d members and %d roll calls kept, %d dropped", chamber, *loaded.y.shape, len(loaded.dropped))
    loaded.save(out)
    with atomic(dropped) as temporary:
        loaded.dropped.to_csv(temporary, index=False)


# --- platform ---------------------------------------------------------------------------------------------------------


def platform_check(n_chains: int, out: Path) -> None:
    """Write what the machine looks like; refuse where a run of that many chains would be pointless."""
    write_json(out, _checked_platform(n_chains).to_dict(n_chains))


def _checked_platform(n_chains: int) -> PlatformCheck:
    """This machine now. Every fit asks for itself: on a cluster it may run elsewhere than `platform_check` did."""
    from .monitoring.platform import PlatformCheck, fatal

    check = PlatformCheck.current()
    findings = check.validate(n_chains)
    for finding in findings:
        log.warning("%s: %s", finding.level, finding.text)
    if problems := fatal(findings):
        raise UserError("\n".join(f"platform check: {problem}" for problem in problems))
    return check


# --- fits -------------------------------------------------------------------------------------------------------------


def fit_flat(spec: Spec, data: Path, cores: int, out: Path) -> None:
    """Sample the flat baseline of one chamber."""
    from .models.flat import build_flat
    from .votes import ChamberVotes

    votes = ChamberVotes.load(data)
    _fit(build_flat(votes, spec["coordinates"]), spec, members(votes), [votes_hash(votes)], cores, out)


def fit_chamber(spec: Spec, data: Path, cores: int, out: Path) -> None:
    """Sample the hierarchical model of one chamber."""
    from .models.chamber import build_chamber
    from .votes import ChamberVotes

    votes = ChamberVotes.load(data)
    built = build_chamber(votes, _prior(spec), spec["alpha_sigma"], spec["coordinates"])
    _fit(built, spec, members(votes.major()), [votes_hash(votes)], cores, out)


def fit_joint(
    spec: Spec, house: Path, senate: Path, house_posterior: Path, senate_posterior: Path, cores: int, out: Path
) -> None:
    """Sample the joint model, starting at the posterior means of the separate chambers."""
    import numpy as np
    import pandas as pd

    from .models.joint import build_joint
    from .votes import ChamberVotes, join_chambers

    chambers = [ChamberVotes.load(house), ChamberVotes.load(senate)]
    joined = join_chambers(*chambers)
    starts = []
    for path, votes in zip((house_posterior, senate_posterior), (joined.house, joined.senate), strict=True):
        xi: pd.Series = _load_checked(path, None)["posterior"]["xi"].mean(("chain", "draw")).to_pandas()
        if list(xi.index) != list(votes.legislators.index):
            raise UserError(f"{path}: fitted to other members than those of {votes.chamber}; fit it again")
        starts.append(((xi - xi.mean()) / xi.std()).to_numpy(float))
    built = build_joint(joined, _prior(spec), spec["alpha_sigma"], spec["coordinates"], np.concatenate(starts))
    both = pd.concat([members(joined.house, prefix=True), members(joined.senate, prefix=True)])
    _fit(built, spec, both, [votes_hash(votes) for votes in chambers], cores, out)


def _fit(built: BuiltModel, spec: Spec, who: pd.DataFrame, hashes: list[str], cores: int, out: Path) -> None:
    from .posterior import save_posterior, to_datatree
    from .sampling import sample

    config = SamplingConfig(**spec["sampling"])
    _checked_platform(config.chains)
    sampled = sample(built, config, spec["unit"], cores)
    tree = to_datatree(built, sampled, spec, who, hashes, {"cores": min(cores, config.chains), "kind": built.kind})
    save_posterior(tree, out)
    log.info("%s: wrote %s", spec["unit"], out)


def _prior(spec: Spec) -> BetaPriorSpec:
    params = {key: value for key, value in spec["beta_prior"].items() if key != "distribution"}
    return BetaPriorSpec(spec["beta_prior"]["distribution"], params)


# --- summaries --------------------------------------------------------------------------------------------------------


def summarize(
    spec: Spec,
    posterior: Path,
    data: Sequence[Path],
    flat: Sequence[Path],
    truth: Path | None,
    outputs: Mapping[str, Path],
) -> None:
    """Turn one posterior into tables and summary.json.

    Parameters
    ----------
    spec
        ``fit_hash`` (of the fit that is expected in ``posterior``) and ``gates``.
    data, flat
        Votes and flat posteriors of the unit's chambers, House first; ``flat`` may be empty.
    truth
        The simulated members' true ideal points, or None.
    outputs
        Path of ``summary`` and of each of `UNIT_TABLES`.
    """
    from .files import atomic
    from .unit_summary import summarize_unit
    from .votes import ChamberVotes

    tree = _load_checked(posterior, spec["fit_hash"])
    chambers = [ChamberVotes.load(path) for path in data]
    if json.loads(tree.attrs["data_hash"]) != [votes_hash(votes) for votes in chambers]:
        raise UserError(f"{posterior}: fitted to other votes than {', '.join(map(str, data))}; fit it again")
    flats = [_load_checked(path, None) for path in flat]
    summary, tables = summarize_unit(tree, chambers, flats, _read_truth(truth), GateConfig(**spec["gates"]))
    for failure in summary["convergence"]["failures"]:
        log.warning("NOT CONVERGED, %s: %s", summary["unit"], failure)
    for name in UNIT_TABLES:
        with atomic(outputs[name]) as temporary:
            tables[name].to_csv(temporary, index=False, float_format="%.6g")
    write_json(outputs["summary"], summary)


def _read_truth(path: Path | None) -> pd.DataFrame | None:
    if path is None:
        return None
    import pandas as pd

    return pd.read_csv(path, dtype={"legislator_slug": str})


def is_current(posterior: Path, spec_json: str, data: Sequence[Path]) -> bool:
    """Whether a posterior file was made with this spec from these votes; a damaged file is not."""
    from .posterior import load_posterior
    from .votes import ChamberVotes

    try:
        attributes = load_posterior(posterior).attrs
    except UserError:
        return False
    hashes = [votes_hash(ChamberVotes.load(path)) for path in data]
    return bool(attributes["spec_hash"] == spec_hash(spec_json) and json.loads(attributes["data_hash"]) == hashes)


def _load_checked(path: Path, expected_hash: str | None) -> xr.DataTree:
    from .posterior import load_posterior

    tree = load_posterior(path)
    if expected_hash is not None and tree.attrs["spec_hash"] != expected_hash:
        raise UserError(
            f"{path}: made with other settings or other model code than the configuration now asks for"
            f" (hash {tree.attrs['spec_hash']}, expected {expected_hash}); delete it and fit again"
        )
    return tree


# --- report and metrics -----------------------------------------------------------------------------------------------


def report(
    config: ExperimentConfig, platform: Path, summaries: Sequence[Path], dropped: Sequence[Path], out: Path
) -> None:
    """Write the page of one experiment."""
    from .report.build import write_report

    write_report(config, platform, summaries, dropped, out)


def metrics(
    config: ExperimentConfig,
    fit_hashes: Mapping[str, str],
    platform: Path,
    summaries: Sequence[Path],
    compare_with: Sequence[Path],
    out: Path,
) -> None:
    """Write metrics.json.

    ``fit_hashes`` maps each unit to the hash of the fit that the configuration asks for; ``compare_with`` are the
    ideal_points.csv of the experiment compared with.
    """
    from .metrics import build_metrics
    from .posterior import package_versions
    from .provenance import code_state

    found = [read_json(path) for path in summaries]
    for path, summary in zip(summaries, found, strict=True):
        if summary["spec_hash"] != fit_hashes.get(summary["unit"]):
            raise UserError(f"{path}: not the result of this experiment's settings; delete it and run again")
    own = {summary["unit"]: path.parent / "ideal_points.csv" for path, summary in zip(summaries, found, strict=True)}
    correlations = {path.parent.name: _pearson(own[path.parent.name], path) for path in compare_with}
    result = build_metrics(config, found, correlations, read_json(platform), code_state(), package_versions())
    write_json(out, result)
    state = "converged" if result["convergence_ok"] else "NOT CONVERGED"
    log.info("%s: %s; wrote %s", config.name, state, out)


def _pearson(own: Path, other: Path) -> float | None:
    import pandas as pd

    from .summaries import correlation

    a, b = (pd.read_csv(path, dtype={"legislator": str}).set_index("legislator")["xi_mean"] for path in (own, other))
    both = a.index.intersection(b.index)
    return correlation(a[both].to_numpy(), b[both].to_numpy())


# --- shared -----------------------------------------------------------------------------------------------------------


def members(votes: ChamberVotes, prefix: bool = False) -> pd.DataFrame:
    """One row per member with the chamber; ``prefix`` puts it before the id, as in the joint model."""
    table = votes.legislators.assign(chamber=votes.chamber)
    return table.rename(index=lambda name: f"{votes.chamber}:{name}") if prefix else table


def votes_hash(votes: ChamberVotes) -> str:
    """Hash of who voted how on what, after the filters."""
    import hashlib

    digest = hashlib.sha256(votes.y.tobytes())
    for index in (votes.legislators.index, votes.legislators["party"], votes.rollcalls.index, votes.rollcalls["bill"]):
        digest.update("\0".join(map(str, index)).encode())
    return digest.hexdigest()[:16]
