"""The step from a posterior to tables."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.gates import GateConfig
from ..files.atomic import write_netcdf
from ..files.columns import summary as columns
from ..files.digests import verified
from ..files.json import write_json
from ..files.records.specs import SummarySpec
from ..votes.scores import read_scores
from ..votes.sources import source_of
from .fitted import fit_and_votes, load_checked

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

_UNIT_TABLES = tuple(table.name for table in columns.SUMMARIZED)


def unit_outputs(folder: Path) -> dict[str, Path]:
    """Return the paths of the files that `summarize` writes into a folder, by name."""
    tables = {name: folder / f"{name}.csv" for name in _UNIT_TABLES}
    return {"summary": folder / "summary.json", "right_of": folder / "right_of.nc", **tables}


@dataclass(frozen=True)
class SummaryFiles:
    """Files from which the tables of a fit are made.

    Attributes
    ----------
    posterior
        Posterior of the fit.
    data, flat
        Votes and posteriors of the flat models of the unit's chambers, House first. ``flat`` may be empty.
    truth
        True ideal points of simulated members, or None.
    external
        External scores named in the session, or None.
    """

    posterior: Path
    data: Sequence[Path]
    flat: Sequence[Path] = ()
    truth: Path | None = None
    external: Path | None = None

    def all(self) -> list[Path]:
        """List all these files."""
        return [self.posterior, *self.data, *self.flat, *(path for path in (self.truth, self.external) if path)]


def summarize(spec: SummarySpec, files: SummaryFiles, outputs: Mapping[str, Path]) -> None:
    """Turn one posterior into tables and summary.json.

    Parameters
    ----------
    spec
        Spec with ``fit_hash`` (the hash of the fit that is expected), ``gates``, and the session's ``source``,
        ``pivots`` and ``pivots_on``.
    files
        Files to read.
    outputs
        Paths to write, by the names that `unit_outputs` gives.
    """
    from ..summary.build import ComparedWith, summarize_unit
    from ..summary.tables import ORDER_ENCODING
    from ..votes.seats import SeatRule

    tree, chambers = fit_and_votes(files.posterior, spec["fit_hash"], files.data)
    flats, external = [load_checked(path, None) for path in files.flat], files.external
    scores = read_scores(external) if external else None
    if scores is not None and not any(votes.legislators.index.isin(scores).any() for votes in chambers):
        log.warning("%s: has no score for any member of the %s", external, " or ".join(v.chamber for v in chambers))
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
    write_netcdf(order, outputs["right_of"], encoding=ORDER_ENCODING)
    write_json(outputs["summary"], summary)


def _read_truth(path: Path | None) -> pd.DataFrame | None:
    if path is None:
        return None
    import pandas as pd

    # the simulator writes this file in the format of a source, so its texts are not guarded
    return pd.read_csv(verified(path), dtype={"legislator_slug": str})
