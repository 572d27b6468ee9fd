"""The step from a posterior to the checks of its fit."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..files.columns import checking as columns
from ..files.json import write_json
from ..files.records.specs import OfFit
from .fitted import fit_and_votes

log = logging.getLogger(__name__)

#: Files of a unit's checks.
CHECK_FILES = {
    "check": "check.json",
    "loo": "loo.nc",
    **{table.name: f"{table.name}.csv" for table in columns.TABLES},
}


def check(spec: OfFit, posterior: Path, data: Sequence[Path], outputs: Mapping[str, Path]) -> None:
    """Check one posterior by leave-one-out, predictive checks and sensitivity to the priors.

    Parameters
    ----------
    spec
        Spec with ``fit_hash``, the hash of the fit that is expected in ``posterior``.
    data
        Votes of the unit's chambers, House first.
    outputs
        Path of each of `CHECK_FILES`.
    """
    from ..checking.loo_store import write_loo
    from ..checking.unit_check import check_unit

    tree, chambers = fit_and_votes(posterior, spec["fit_hash"], data)
    found = check_unit(tree, chambers)
    for part in ("predictive", "sensitivity"):
        for finding in found.check[part]["findings"]:
            log.info("%s", finding)
    for table in columns.TABLES:
        table.write(outputs[table.name], found.tables[table.name])
    write_loo(found.pointwise, outputs["loo"])
    write_json(outputs["check"], found.check)
