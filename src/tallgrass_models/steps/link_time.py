"""The step from the fits of a series to one scale for all its sessions."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import spec_hash
from ..config.gates import GateConfig
from ..config.series import Matching
from ..errors import UserError
from ..files.columns import over_time as columns
from ..files.json import read_json, write_json
from ..files.readable import Fault
from ..files.records.over_time import LinkTime, LinkTimeSpec, TimeLink
from ..votes.unit import Unit
from .fitted import fitted_hash, load_checked, votes_hash

if TYPE_CHECKING:
    import xarray as xr

    from ..comparison.variants import Variant
    from ..over_time.build import Fitted, FittedSession
    from ..over_time.walked import FittedTogether
    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)

LINK_TIME_FILES = {"link_time": "link_time.json", **{table.name: f"{table.name}.csv" for table in columns.TABLES}}
_N_DRAWS = 1000


def link_time(
    spec: LinkTimeSpec,
    metrics: Sequence[Path],
    posteriors: Sequence[Path],
    data: Sequence[Path],
    outputs: Mapping[str, Path],
    dynamic: Sequence[Path] = (),
) -> None:
    """Put the sessions of a series on one scale.

    Parameters
    ----------
    spec
        Spec of the series.
    metrics
        The metrics.json of its experiments, in order of time. The posteriors are in folders beside it.
    posteriors
        Posteriors of the chambers, or joint posteriors, in any order.
    data
        Votes of the chambers, in any order.
    outputs
        Path of each of `LINK_TIME_FILES`.
    dynamic
        Posteriors of all sessions together, one for each chamber or one of both; none if the series only links fits.

    Raises
    ------
    UserError
        If a file is missing or damaged, or does not belong to the series, and as `over_time.build.build` does.
    """
    from ..over_time.build import build
    from ..votes.matrix import ChamberVotes

    votes = {votes_hash(found): found for found in map(ChamberVotes.load, data)}
    sessions = [
        _session(spec, name, path, [at for at in posteriors if at.parent.parent == path.parent], votes)
        for name, path in zip(spec["experiments"], metrics, strict=True)
    ]
    together = {chamber: fit for path in dynamic for chamber, fit in _together(spec, path, sessions).items()}
    if missing := set(_asked(spec).get("fit_hashes", ())) - {path.parent.name for path in dynamic}:
        raise UserError(
            f"link-time: no posterior of all sessions of {', '.join(sorted(missing))}; name it as --dynamic"
        )
    joint = any(Unit.JOINT in hashes for hashes in spec["fit_hashes"].values())
    found = build(spec["series"], sessions, Matching.from_spec(spec["matching"]), together, joint)
    _say(found.summary)
    for table in columns.TABLES:
        table.write(outputs[table.name], found.tables[table.name])
    write_json(outputs["link_time"], {**found.summary, "spec_hash": spec_hash(spec)})


def _session(
    spec: LinkTimeSpec, name: str, metrics: Path, posteriors: Sequence[Path], votes: Mapping[str, ChamberVotes]
) -> FittedSession:
    from ..comparison.variants import Variant
    from ..over_time.build import FittedSession

    content = read_json(metrics)
    if content["experiment"] != name:
        raise UserError(f"{metrics}: belongs to experiment {content['experiment']!r}, not {name!r}")
    variant = Variant(content, {}, {})
    by_unit = {Unit(path.parent.name): path for path in posteriors}
    hashes = spec["fit_hashes"][name]
    if missing := [unit for unit in hashes if unit not in by_unit]:
        raise UserError(f"{metrics.parent}: no posterior of {', '.join(missing)}; name those of all fits")
    fits = [fit for unit in hashes for fit in _fits(by_unit[Unit(unit)], hashes[unit], Unit(unit), votes, variant)]
    session = variant.session_config
    return FittedSession(session.name, name, session.source, session.heading, dict(session.chamber_names), fits)


def _fits(
    path: Path, fit_hash: str, unit: Unit, votes: Mapping[str, ChamberVotes], variant: Variant
) -> Iterator[Fitted]:
    """Yield the chambers of a fit; of a joint fit each row of draws is the same draw in both."""
    from ..draws.moments import thinned
    from ..over_time.build import Fitted
    from ..votes.column_hash import votes_part

    tree = load_checked(path, fit_hash)
    xi = tree["posterior"]["xi"]
    ids, draws = [str(who) for who in xi["legislator"].to_numpy()], thinned(xi.to_numpy(), _N_DRAWS)
    for chamber, made in zip(unit.chambers, json.loads(tree.attrs["data_hash"]), strict=True):
        key = votes_part(made)
        if key not in votes or fitted_hash(votes[key], json.loads(tree.attrs["spec"])) != made:
            raise UserError(f"{path}: fitted to other votes than those given; fit it again")
        before = f"{chamber}:" if unit.is_joint else ""
        own = [at for at, who in enumerate(ids) if who.startswith(before)]
        fault = variant.fault(unit, chamber)
        yield Fitted(votes[key], [ids[at].removeprefix(before) for at in own], draws[:, own], fault and str(fault))


def _together(spec: LinkTimeSpec, path: Path, sessions: Sequence[FittedSession]) -> dict[str, FittedTogether]:
    """Read a fit of all sessions, which must be of the same votes; return its part of each chamber that it holds."""
    import numpy as np

    from ..draws.moments import thinned
    from ..over_time.walked import FittedTogether

    asked, unit = _asked(spec), Unit(path.parent.name)
    tree = load_checked(path, asked["fit_hashes"][unit])
    by_chamber = {c: [fit for one in sessions for fit in one.chambers if fit.votes.chamber == c] for c in unit.chambers}
    fits = [fit for own in by_chamber.values() for fit in own]
    if json.loads(tree.attrs["data_hash"])[: len(fits)] != [votes_hash(fit.votes) for fit in fits]:
        raise UserError(f"{path}: fitted to other votes than those given; fit it again")
    xi = thinned(tree["posterior"]["xi"].to_numpy(), _N_DRAWS)
    step = None if "constant" in spec else thinned(tree["posterior"]["step"].to_numpy(), _N_DRAWS)
    ends = np.cumsum([len(fit.legislators) for fit in fits])[:-1]
    failures, fault = _verdict(tree, GateConfig(**asked["gates"]))
    parts = iter(np.split(xi, ends, axis=1))
    return {c: FittedTogether([next(parts) for _ in own], step, fault, failures) for c, own in by_chamber.items()}


def _asked(spec: LinkTimeSpec) -> dict[str, Any]:
    """Return what the spec says of the fits of all sessions together; nothing if the series only links fits."""
    return spec.get("dynamic") or spec.get("constant") or {}


def _verdict(tree: xr.DataTree, gates: GateConfig) -> tuple[list[str], str | None]:
    """Judge the convergence of a fit of all sessions: the gates that it missed, and why it cannot be read."""
    from ..draws.mixing import element_statistics
    from ..draws.modes import judge_chains
    from ..summary.gates import LOG_DENSITY, assess, element_labels

    posterior, stats = tree["posterior"].to_dataset(), tree["sample_stats"]
    lp = stats["lp"].to_numpy()
    labels = {str(name): element_labels(values) for name, values in posterior.items()} | {LOG_DENSITY: [""]}
    found = {str(name): element_statistics(values.to_numpy()) for name, values in posterior.items()}
    found[LOG_DENSITY] = element_statistics(lp)
    verdict = assess(found, labels, labels, stats["diverging"].to_numpy(), stats["energy"].to_numpy(), gates)
    if not verdict.ok:
        return verdict.failures, str(Fault.NOT_CONVERGED)
    who = tree["constant_data"]
    party, chamber = (who[f"legislator_{name}"].to_numpy() for name in ("party", "chamber"))
    chains = judge_chains(posterior["xi"].to_numpy(), party, chamber, lp)
    return [], None if all(chain.verdict == "ok" for chain in chains) else str(Fault.SEVERAL_MODES)


def _say(summary: LinkTime) -> None:
    for one in summary["chambers"]:
        if one["reason"]:
            log.warning("%s: not on one scale, because %s", one["chamber"], one["reason"])
        if fit := one.get("dynamic") or one.get("constant"):
            for failure in fit["failures"]:
                log.warning("%s, all sessions together: %s", one["chamber"], failure)
        _say_links(one["chamber"], one["links"])
    _say_links("both chambers", summary["joint"]["links"] if "joint" in summary else [])
    for doubt in summary["doubts"]:
        who = "; ".join(f"{m['name']} ({m['legislator']}, {m['session']})" for m in doubt["members"])
        log.warning("%s: %s", doubt["reason"], who)


def _say_links(whose: str, links: Sequence[TimeLink]) -> None:
    for link in links:
        log.info(
            "%s, %s to %s: %d members returned, of whom %d link the two sessions and %d moved",
            *(whose, link["before"], link["after"], link["n_returning"], link["n_used"], link["n_moved"]),
        )
