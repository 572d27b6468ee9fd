"""Refits with half and twice the scale of a prior, where the draws of a fit cannot tell what that would change."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config import specs
from ..config.experiments import ExperimentConfig, spec_hash
from ..errors import UserError
from ..files.columns.checking import PRIOR_SCALES
from ..files.json import canonical_json, read_json
from ..priors.model import alpha_of, priors_of
from ..priors.spec import BetaPriorSpec
from ..votes.unit import Unit
from .fit_chamber import fit_chamber
from .fit_joint import fit_joint
from .fitted import fit_and_votes, is_current
from .fitting import FitRun

if TYPE_CHECKING:
    import pandas as pd

    from ..checking.draws import Draws
    from ..checking.observations import Observations
    from ..files.records.checking import PriorScale, Rescaled

log = logging.getLogger(__name__)

#: Components of the prior whose scale is a setting of a fit.
COMPONENTS = ("alpha", "beta")


@dataclass(frozen=True)
class Refit:
    """One refit, whose spec is that of the fit with one scale changed."""

    component: str
    factor: float
    spec: Mapping[str, Any]
    out: Path


def open_components(check: Path) -> list[str]:
    """Return the components of the prior for which a fit's own draws give no answer, from its check.json.

    Raises
    ------
    UserError
        If the file is missing or damaged, or is from a version without this check.
    """
    found = read_json(check)
    try:
        movement = found["sensitivity"]["movement"]
        open_ = dict.fromkeys(name for facts in movement.values() for name in facts["not_told"])
        return [name for name in open_ if name in COMPONENTS]
    except (KeyError, TypeError):
        raise UserError(f"{check}: says nothing about other prior scales; run the experiment again") from None


def refits(config: ExperimentConfig, unit: Unit, folder: Path, components: Sequence[str]) -> Iterator[Refit]:
    """Yield the refits of a unit, with half and with twice the scale of each component; ``folder`` is the unit's."""
    from ..checking.prior_scales import FACTORS

    spec = json.loads(specs.fit_spec_json(config, unit))
    for component in components:
        for factor in FACTORS:
            if component == "alpha":
                changed = {"alpha_sigma": factor * spec["alpha_sigma"]}
                if priors_of(spec).alpha:
                    priors = {**spec["model"]["priors"], "alpha": alpha_of(spec).rescaled(factor).to_dict()}
                    changed["model"] = {**spec["model"], "priors": priors}
            else:
                changed = {"beta_prior": BetaPriorSpec.from_dict(spec["beta_prior"]).rescaled(factor).to_dict()}
            out = folder / "refits" / f"{component}_{factor:g}.nc"
            yield Refit(component, factor, {**spec, **changed}, out)


def refit_moves(
    config: ExperimentConfig, unit: Unit, results: Path, components: Sequence[str], cores: int
) -> tuple[list[PriorScale], pd.DataFrame]:
    """Fit a unit with other prior scales, unless that was done before, and compare the members' positions.

    Parameters
    ----------
    config, unit
        Experiment and unit that were fitted.
    results
        The results folder, in which the experiment has run. A refit is kept beside the fit, in ``refits/``.
    components
        Components of the prior to rescale, from `COMPONENTS`.
    cores
        Number of chains that run side by side.

    Returns
    -------
    rows, table
        Results like those of `checking.prior_scales.prior_scales`, without the facts on weights. A refit tells nothing
        if its Monte Carlo error is too large.
    """
    import pandas as pd

    from ..checking.prior_scales import LARGEST_ERROR, moved_rows, positions
    from ..checking.prior_scales import refit_moves as moved

    home = results / config.name
    data = [results / "sessions" / config.session.folder / f"{chamber}.nc" for chamber in unit.chambers]
    obs, draws = _draws(home / unit / "posterior.nc", specs.fit_spec_json(config, unit), data)
    x, n_chains = positions(obs, draws), draws.n_chains
    rows: list[PriorScale] = []
    tables = []
    for refit in refits(config, unit, home / unit, components):
        _fit(refit, config, data, home, cores)
        move, error = moved(x, positions(*_draws(refit.out, canonical_json(refit.spec), data)), n_chains)
        told = error <= LARGEST_ERROR
        who = obs.members[["chamber", "party", "legislator", "name"]]
        table = who.assign(component=refit.component, factor=refit.factor, move=move if told else float("nan"))
        facts: Rescaled = {"component": refit.component, "factor": refit.factor, "told": told, "error": error}
        rows += moved_rows(table, facts)
        tables.append(table)
    return rows, pd.concat(tables, ignore_index=True)


def write_moves(table: pd.DataFrame, out: Path) -> None:
    """Write the moves of `refit_moves` as CSV."""
    PRIOR_SCALES.write(out, table[PRIOR_SCALES.names])


def moves_in_words(
    config: ExperimentConfig, unit: Unit, results: Path, components: Sequence[str], cores: int
) -> list[str]:
    """Refit a unit, write the members' moves to ``refits/prior_scales.csv``, and return a sentence for each chamber."""
    from ..checking.prior_scales import summarized
    from ..wording.movement import movement_sentences

    rows, table = refit_moves(config, unit, results, components, cores)
    write_moves(table, results / config.name / unit / "refits" / "prior_scales.csv")
    return movement_sentences(summarized(rows, table), unit)


def _fit(refit: Refit, config: ExperimentConfig, data: Sequence[Path], home: Path, cores: int) -> None:
    """Sample a refit unless its file exists and was made with the same settings from the same votes."""
    unit, out = Unit(refit.spec["unit"]), refit.out
    if out.exists() and is_current(out, canonical_json(refit.spec), data):
        log.info("%s: up to date", out)
        return
    name = f"{config.name}, {refit.factor:g} x the scale of {refit.component}"
    run = FitRun(cores, out, out.parent / "live", replace(config.run_options(unit), experiment=name))
    if unit.is_joint:
        house, senate = data
        starts = home / Unit.HOUSE / "posterior.nc", home / Unit.SENATE / "posterior.nc"
        fit_joint(refit.spec, house, senate, *starts, run)
    else:
        fit_chamber(refit.spec, data[0], run)


def _draws(posterior: Path, spec: str, data: Sequence[Path]) -> tuple[Observations, Draws]:
    from ..checking.draws import observed_draws, thinned

    tree, chambers = fit_and_votes(posterior, spec_hash(spec), data)
    return observed_draws(thinned(tree["posterior"].to_dataset()), json.loads(tree.attrs["spec"]), chambers)
