"""The step from a posterior to the checks of its fit."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..files.atomic import write_json
from ..files.columns import checking as columns
from ..votes.unit import Unit
from .fit import load_checked
from .votes import votes_hash

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..checking.reweight import Reweighted
    from ..votes.matrix import ChamberVotes

log = logging.getLogger(__name__)

#: Files of a unit's checks.
CHECK_FILES = {
    "check": "check.json",
    "loo": "loo.nc",
    **{table.name: f"{table.name}.csv" for table in columns.TABLES},
}


def check(spec: Mapping[str, Any], posterior: Path, data: Sequence[Path], outputs: Mapping[str, Path]) -> None:
    """Check one posterior: leave-one-out, predictive checks, sensitivity to the priors.

    Parameters
    ----------
    spec
        ``fit_hash`` of the fit that is expected in ``posterior``.
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


def reweight(
    fit_hash: str, posterior: Path, data: Sequence[Path], other: ExperimentConfig, unit: Unit
) -> tuple[Reweighted, pd.DataFrame]:
    """Carry a posterior to the priors that another experiment has for that unit."""
    from ..checking.draws import unit_draws
    from ..checking.observations import bill_signs, observations
    from ..checking.reweight import reweight as reweighted
    from ..checking.reweight import reweighted_table

    tree, chambers = fit_and_votes(posterior, fit_hash, data)
    obs = observations(chambers)
    spec, new = json.loads(tree.attrs["spec"]), other.fit_spec(unit)
    sign, new_sign = (bill_signs(chambers, made["orient_bills"]) for made in (spec, new))
    draws = unit_draws(tree["posterior"].to_dataset(), spec, obs, sign)
    found = reweighted(draws, other.prior(unit), new_sign, new["alpha_sigma"])
    return found, reweighted_table(obs, draws, found.weights)


def prior_check(config: ExperimentConfig, unit: Unit, data: Sequence[Path], n: int) -> tuple[pd.DataFrame, list[str]]:
    """Draw ``n`` sessions from the priors of a unit and hold them against the votes: a table, and sentences."""
    import numpy as np

    from ..checking.observations import bill_signs, observations
    from ..checking.prior_predictive import Prior, prior_predictive, verdicts
    from ..votes.matrix import ChamberVotes

    chambers = [ChamberVotes.load(path) for path in data]
    dropped = {}
    for votes in chambers:
        low = (votes.dropped["reason"].str.startswith("minority")).sum()
        dropped[votes.chamber] = float(low / (low + votes.n_votes))
    spec = config.fit_spec(unit)
    signs = bill_signs(chambers, spec["orient_bills"])
    prior = Prior(config.prior(unit), signs, spec["alpha_sigma"], unit.is_joint)
    rng = np.random.default_rng(config.sampling.seed)
    table = prior_predictive(observations(chambers), prior, dropped, config.session.min_minority_share, n, rng)
    return table, verdicts(table)


def fit_and_votes(posterior: Path, fit_hash: str, data: Sequence[Path]) -> tuple[xr.DataTree, list[ChamberVotes]]:
    """A posterior and the votes it was fitted to; others are refused."""
    from ..votes.matrix import ChamberVotes

    tree = load_checked(posterior, fit_hash)
    chambers = [ChamberVotes.load(path) for path in data]
    if json.loads(tree.attrs["data_hash"]) != [votes_hash(votes) for votes in chambers]:
        raise UserError(f"{posterior}: fitted to other votes than {', '.join(map(str, data))}; fit it again")
    return tree, chambers
