"""The step that carries a posterior over to the priors of another experiment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..config.experiments import ExperimentConfig
from ..errors import UserError
from ..priors.model import priors_of
from ..votes.unit import Unit
from ..votes.vocabulary import DRIFT
from .fitted import fit_and_votes

if TYPE_CHECKING:
    import pandas as pd

    from ..checking.reweight import Reweighted


def reweight(
    fit_hash: str, posterior: Path, data: Sequence[Path], other: ExperimentConfig, unit: Unit
) -> tuple[Reweighted, pd.DataFrame]:
    """Carry the posterior of a unit over to the priors that another experiment has for it."""
    from ..checking.draws import unit_draws
    from ..checking.observations import bill_signs, observations
    from ..checking.reweight import reweight as reweighted
    from ..checking.reweight import reweighted_table

    tree, chambers = fit_and_votes(posterior, fit_hash, data)
    spec, new = json.loads(tree.attrs["spec"]), other.fit_spec(unit)
    if spec.get("bridges") != new.get("bridges") or spec.get("bridges") == DRIFT:
        raise UserError(f"{posterior}: draws of a joint fit are carried over only if both merge the same shared bills")
    if any("structure" in made.get("model", {}) for made in (spec, new)):
        raise UserError(f"{posterior}: draws are carried over between production models alone; fit the other one")
    items = tree["posterior"]["vote"].to_numpy()
    obs, new_sign = observations(chambers, items), bill_signs(chambers, new["orient_bills"], items)
    sign = bill_signs(chambers, spec["orient_bills"], items)
    draws = unit_draws(tree["posterior"].to_dataset(), spec, obs, sign)
    found = reweighted(draws, other.prior(unit), new_sign, new["alpha_sigma"], priors_of(new))
    return found, reweighted_table(obs, draws, found.weights)
