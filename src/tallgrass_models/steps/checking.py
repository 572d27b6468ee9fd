"""The step from a posterior to the checks of its fit."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..files import atomic, write_json
from .fits import load_checked
from .votes import votes_hash

log = logging.getLogger(__name__)

#: Tables of a unit's checks, by file stem.
CHECK_TABLES = ("check_members", "check_rollcalls", "check_pairs", "sensitivity")


def check(spec: Mapping[str, Any], posterior: Path, data: Sequence[Path], outputs: Mapping[str, Path]) -> None:
    """Check one posterior: leave-one-out, predictive checks, sensitivity to the priors.

    Parameters
    ----------
    spec
        ``fit_hash`` of the fit that is expected in ``posterior``.
    data
        Votes of the unit's chambers, House first.
    outputs
        Path of ``check`` (JSON), ``loo`` (netCDF) and of each of `CHECK_TABLES`.
    """
    from ..checking.loo_store import write_loo
    from ..checking.observations import observations
    from ..checking.unit_check import check_unit
    from ..votes import ChamberVotes

    tree = load_checked(posterior, spec["fit_hash"])
    chambers = [ChamberVotes.load(path) for path in data]
    if json.loads(tree.attrs["data_hash"]) != [votes_hash(votes) for votes in chambers]:
        raise UserError(f"{posterior}: fitted to other votes than {', '.join(map(str, data))}; fit it again")
    found = check_unit(tree, observations(chambers), chambers[0].session)
    for part in ("predictive", "sensitivity"):
        for finding in found.check[part]["findings"]:
            log.info("%s", finding)
    for name in CHECK_TABLES:
        with atomic(outputs[name]) as temporary:
            found.tables[name].to_csv(temporary, index=False, float_format="%.6g")
    write_loo(found.pointwise, outputs["loo"])
    write_json(outputs["check"], found.check)
