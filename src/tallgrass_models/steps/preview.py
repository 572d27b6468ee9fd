"""The step that previews an experiment's chambers, which writes nothing."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig
from ..config.model import ASKED_BY
from ..errors import UserError
from ..priors.model import priors_of
from ..votes.unit import Unit
from .look import look_at

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

#: The words with which everything begins that shows a preview.
WARNING = "preview, not a posterior"


@dataclass(frozen=True)
class ExperimentPreview:
    """Previews of an experiment's chambers.

    Attributes
    ----------
    chambers
        By chamber: ``pareto_k``, ``threshold``, ``reweighted``, ``ess``, ``gap`` (None where the other sides are far
        off), ``seconds`` of processor time, and ``text``, which says how far to trust it.
    members
        One row per member, chambers one after the other and members from left to right: what (`WARNING`), chamber,
        legislator, name, party (the one counted with), position_mean, position_sd, position_q05, position_q95.
    """

    chambers: dict[str, dict[str, Any]]
    members: pd.DataFrame


def preview_experiment(config: ExperimentConfig) -> ExperimentPreview:
    """Approximate the ideal points of an experiment's chambers in seconds, each chamber on its own.

    It reads the votes and writes nothing. The joint model and held-out votes are not previewed.

    Raises
    ------
    UserError
        If the votes cannot be read, or a chamber's model is another one than the standard one.
    """
    import pandas as pd

    from ..checking.preview import preview

    units = [Unit(chamber) for chamber in config.chambers]
    specs = {unit: config.fit_spec(unit) for unit in units}
    for unit, spec in specs.items():
        if named := spec.get("model", {}).get("structure"):
            raise UserError(
                f"{config.name}, {unit}: preview knows the standard model alone, and this experiment asks for"
                f" {ASKED_BY.get(named, named)}; fit it"
            )
    look = look_at(config.session, [config])
    if look.problems:
        raise UserError("\n".join(look.problems))
    chambers, tables = {}, []
    for unit, spec in specs.items():
        votes, began = look.votes[unit], time.process_time()
        found = preview(
            votes,
            config.prior(unit),
            spec["alpha_sigma"],
            spec["orient_bills"],
            priors_of(spec),
            seed=config.sampling.seed,
        )
        chambers[unit.value] = {
            "pareto_k": found.pareto_k if math.isfinite(found.pareto_k) else None,
            "threshold": found.threshold,
            "reweighted": found.reweighted,
            "ess": found.ess,
            "gap": found.gap if math.isfinite(found.gap) else None,
            "seconds": time.process_time() - began,
            "text": found.sentences(),
        }
        table = pd.DataFrame(
            {"what": WARNING, "chamber": unit.value, "legislator": votes.legislators.index}
            | {"name": votes.legislators["name"].to_numpy(), "party": votes.parties}
            | {"position_mean": found.mean, "position_sd": found.sd}
            | {"position_q05": found.low, "position_q95": found.high}
        )
        tables.append(table.sort_values("position_mean", kind="stable"))
    return ExperimentPreview(chambers, pd.concat(tables, ignore_index=True))
