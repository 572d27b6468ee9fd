"""The step from a posterior to tables."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import GateConfig
from ..errors import UserError
from ..files.atomic import atomic, write_json
from ..files.columns import summary as columns
from ..votes.scores import read_scores
from ..votes.sources import source_of
from .fit import load_checked
from .votes import votes_hash

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

Spec = Mapping[str, Any]
UNIT_TABLES = tuple(table.name for table in columns.SUMMARIZED)


def unit_outputs(folder: Path) -> dict[str, Path]:
    """What `summarize` writes, as files of one folder."""
    tables = {name: folder / f"{name}.csv" for name in UNIT_TABLES}
    return {"summary": folder / "summary.json", "right_of": folder / "right_of.nc", **tables}


def summarize(
    spec: Spec,
    posterior: Path,
    data: Sequence[Path],
    flat: Sequence[Path],
    truth: Path | None,
    external: Path | None,
    outputs: Mapping[str, Path],
) -> None:
    """Turn one posterior into tables and summary.json.

    Parameters
    ----------
    spec
        ``fit_hash`` (of the fit that is expected in ``posterior``), ``gates``, and the session's ``source``,
        ``pivots`` and ``pivots_on``.
    data, flat
        Votes and flat posteriors of the unit's chambers, House first; ``flat`` may be empty.
    truth
        The simulated members' true ideal points, or None.
    external
        External scores named in the session, or None.
    outputs
        Paths by the names that `unit_outputs` has.
    """
    from ..summary.build import summarize_unit
    from ..summary.tables import ORDER_ENCODING
    from ..votes.matrix import ChamberVotes
    from ..votes.seats import SeatRule

    tree = load_checked(posterior, spec["fit_hash"])
    chambers = [ChamberVotes.load(path) for path in data]
    if json.loads(tree.attrs["data_hash"]) != [votes_hash(votes) for votes in chambers]:
        raise UserError(f"{posterior}: fitted to other votes than {', '.join(map(str, data))}; fit it again")
    flats = [load_checked(path, None) for path in flat]
    scores = read_scores(external) if external else None
    if scores is not None and not any(votes.legislators.index.isin(scores).any() for votes in chambers):
        log.warning("%s: has a score of no member of the %s", external, " or ".join(v.chamber for v in chambers))
    name = "scores named in the session" if external else source_of(spec["source"]).scores
    gates, rule = GateConfig(**spec["gates"]), SeatRule.of(spec)
    summary, tables, order = summarize_unit(tree, chambers, flats, _read_truth(truth), scores, gates, rule, name)
    for failure in summary["convergence"]["failures"]:
        log.warning("NOT CONVERGED, %s: %s", summary["unit"], failure)
    if summary["chain_modes"]["verdict"] != "one mode":
        log.warning("%s: %s", summary["unit"], summary["chain_modes"]["text"])
    for table in columns.SUMMARIZED:
        table.write(outputs[table.name], tables[table.name])
    with atomic(outputs["right_of"]) as temporary:
        order.to_netcdf(temporary, engine="netcdf4", encoding=ORDER_ENCODING)
    write_json(outputs["summary"], summary)


def _read_truth(path: Path | None) -> pd.DataFrame | None:
    if path is None:
        return None
    import pandas as pd

    # of the simulator, which writes the format of a source: no guard
    return pd.read_csv(path, dtype={"legislator_slug": str})
