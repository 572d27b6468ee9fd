"""The step from the fits of a series to one scale for all its sessions."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.series import Matching
from ..errors import UserError
from ..files.columns import over_time as columns
from ..files.json import read_json, write_json
from ..files.records.over_time import LinkTime, LinkTimeSpec
from ..votes.unit import Unit
from .fitted import fitted_hash, load_checked, votes_hash

if TYPE_CHECKING:
    from ..comparison.variants import Variant
    from ..over_time.build import Fitted, FittedSession
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
) -> None:
    """Put the sessions of a series on one scale.

    Parameters
    ----------
    spec
        Spec of the series.
    metrics
        The metrics.json of its experiments, in order of time. The posteriors are in folders beside it.
    posteriors
        Posteriors of the chambers, in any order.
    data
        Votes of the chambers, in any order.
    outputs
        Path of each of `LINK_TIME_FILES`.

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
    found = build(spec["series"], sessions, Matching.from_spec(spec["matching"]))
    _say(found.summary)
    for table in columns.TABLES:
        table.write(outputs[table.name], found.tables[table.name])
    write_json(outputs["link_time"], found.summary)


def _session(
    spec: LinkTimeSpec, name: str, metrics: Path, posteriors: Sequence[Path], votes: Mapping[str, ChamberVotes]
) -> FittedSession:
    from ..comparison.variants import Variant
    from ..over_time.build import FittedSession

    content = read_json(metrics)
    if content["experiment"] != name:
        raise UserError(f"{metrics}: belongs to experiment {content['experiment']!r}, not {name!r}")
    variant = Variant(content, {}, {})
    by_chamber = {Unit(path.parent.name): path for path in posteriors}
    hashes = spec["fit_hashes"][name]
    if missing := [unit for unit in hashes if unit not in by_chamber]:
        raise UserError(f"{metrics.parent}: no posterior of {', '.join(missing)}; name those of all chambers")
    fits = [_fit(by_chamber[Unit(unit)], hashes[unit], Unit(unit), votes, variant) for unit in hashes]
    session = variant.session_config
    return FittedSession(session.name, name, session.source, session.heading, dict(session.chamber_names), fits)


def _fit(path: Path, fit_hash: str, unit: Unit, votes: Mapping[str, ChamberVotes], variant: Variant) -> Fitted:
    from ..draws.moments import thinned
    from ..over_time.build import Fitted
    from ..votes.column_hash import votes_part

    tree = load_checked(path, fit_hash)
    (made,) = json.loads(tree.attrs["data_hash"])
    key = votes_part(made)
    if key not in votes or fitted_hash(votes[key], json.loads(tree.attrs["spec"])) != made:
        raise UserError(f"{path}: fitted to other votes than those given; fit it again")
    xi = tree["posterior"]["xi"]
    fault = variant.fault(unit, unit.value)
    ids = [str(who) for who in xi["legislator"].to_numpy()]
    return Fitted(votes[key], ids, thinned(xi.to_numpy(), _N_DRAWS), fault and str(fault))


def _say(summary: LinkTime) -> None:
    for one in summary["chambers"]:
        if one["reason"]:
            log.warning("%s: not on one scale, because %s", one["chamber"], one["reason"])
        for link in one["links"]:
            log.info(
                "%s, %s to %s: %d members returned, of whom %d link the two sessions and %d moved",
                *(one["chamber"], link["before"], link["after"], link["n_returning"], link["n_used"], link["n_moved"]),
            )
    for doubt in summary["doubts"]:
        who = "; ".join(f"{m['name']} ({m['legislator']}, {m['session']})" for m in doubt["members"])
        log.warning("%s: %s", doubt["reason"], who)
