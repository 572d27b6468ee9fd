"""The step from a posterior to tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.gates import GateConfig
from ..files.atomic import atomic, write_json
from ..files.columns import summary as columns
from ..files.records.specs import SummarySpec
from ..votes.scores import read_scores
from ..votes.sources import source_of
from .fitted import fit_and_votes, load_checked

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

_UNIT_TABLES = tuple(table.name for table in columns.SUMMARIZED)


def unit_outputs(folder: Path) -> dict[str, Path]:
    """What `summarize` writes, as files of one folder."""
    tables = {name: folder / f"{name}.csv" for name in _UNIT_TABLES}
    return {"summary": folder / "summary.json", "right_of": folder / "right_of.nc", **tables}


@dataclass(frozen=True)
class SummaryFiles:
    """What the tables of a fit are made from.

    Attributes
    ----------
    posterior
        Of the fit.
    data, flat
        Votes and flat posteriors of the unit's chambers, House first; ``flat`` may be empty.
    truth
        The simulated members' true ideal points, or None.
    external
        External scores named in the session, or None.
    """

    posterior: Path
    data: Sequence[Path]
    flat: Sequence[Path] = ()
    truth: Path | None = None
    external: Path | None = None

    def all(self) -> list[Path]:
        """Every one of them."""
        return [self.posterior, *self.data, *self.flat, *(path for path in (self.truth, self.external) if path)]


def summarize(spec: SummarySpec, files: SummaryFiles, outputs: Mapping[str, Path]) -> None:
    """Turn one posterior into tables and summary.json.

    Parameters
    ----------
    spec
        ``fit_hash`` (of the fit that is expected), ``gates``, and the session's ``source``, ``pivots`` and
        ``pivots_on``.
    files
        What it reads.
    outputs
        Paths by the names that `unit_outputs` has.
    """
    from ..summary.build import ComparedWith, summarize_unit
    from ..summary.tables import ORDER_ENCODING
    from ..votes.seats import SeatRule

    tree, chambers = fit_and_votes(files.posterior, spec["fit_hash"], files.data)
    flats, external = [load_checked(path, None) for path in files.flat], files.external
    scores = read_scores(external) if external else None
    if scores is not None and not any(votes.legislators.index.isin(scores).any() for votes in chambers):
        log.warning("%s: has a score of no member of the %s", external, " or ".join(v.chamber for v in chambers))
    name = "scores named in the session" if external else source_of(spec["source"]).scores
    others = ComparedWith(flats, _read_truth(files.truth), scores, name)
    gates = GateConfig(**spec["gates"])
    summary, tables, order = summarize_unit(tree, chambers, gates, others, SeatRule.of(spec))
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
