"""The step that compares what the priors expect of votes with the votes of a session."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..priors.model import priors_of
from ..votes.unit import Unit

if TYPE_CHECKING:
    import pandas as pd


def prior_check(config: ExperimentConfig, unit: Unit, data: Sequence[Path], n: int) -> tuple[pd.DataFrame, list[str]]:
    """Draw ``n`` sessions from the priors of a unit and compare them with the votes, in a table and in sentences."""
    import numpy as np

    from ..checking.observations import bill_signs, observations
    from ..checking.prior_predictive import Prior, prior_predictive, verdicts
    from ..votes.matrix import ChamberVotes

    if "structure" in config.fit_spec(unit).get("model", {}):
        raise UserError(
            f"{config.name}, {unit}: prior-check draws from the production model alone; this is another one"
        )
    chambers = [ChamberVotes.load(path) for path in data]
    dropped = {}
    for votes in chambers:
        low = (votes.dropped["reason"].str.startswith("minority")).sum()
        dropped[votes.chamber] = float(low / (low + votes.n_votes))
    spec = config.fit_spec(unit)
    signs = bill_signs(chambers, spec["orient_bills"])
    prior = Prior(config.prior(unit), signs, spec["alpha_sigma"], unit.is_joint, priors_of(spec))
    rng = np.random.default_rng(config.sampling.seed)
    table = prior_predictive(observations(chambers), prior, dropped, config.session.min_minority_share, n, rng)
    return table, verdicts(table)
