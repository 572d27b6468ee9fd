"""Look-ups in the experiments file for the commands that people run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..config.experiments import ExperimentConfig
from ..config.model import ASKED_BY
from ..config.reading import load_experiments, on_sessions, varied
from ..errors import UserError
from ..priors.model import alpha_of
from ..priors.model import priors_of as priors_of_fit
from ..votes.unit import Unit


def experiment_named(path: Path, name: str) -> ExperimentConfig:
    """Return an experiment of a configuration.

    Raises
    ------
    UserError
        If there is no such experiment. The message lists those that there are, or those that its ``vary`` or
        ``sessions`` stands for.
    """
    experiments = load_experiments(path)
    if name not in experiments:
        made = [other for other, origin in varied(path).items() if origin == name]
        if made:
            raise UserError(f"{path}: {name!r} varies; name one of its experiments: {', '.join(made)}")
        made = [other for other, origin in on_sessions(path).items() if origin == name]
        if made:
            raise UserError(
                f"{path}: {name!r} is on several sessions; name its experiment on one of them: {', '.join(made)}"
            )
        raise UserError(f"{path}: there is no experiment {name!r} (known: {', '.join(experiments)})")
    return experiments[name]


def vote_files(config: ExperimentConfig, unit: Unit, results: Path) -> list[Path]:
    """Return the vote files of a unit, House first."""
    return [results / "sessions" / config.session.folder / f"{chamber}.nc" for chamber in unit.chambers]


def priors_of(config: ExperimentConfig, unit: Unit) -> str:
    """Describe the model of a unit: its structure if it has one, its priors of bills, and others that are set."""
    spec = config.fit_spec(unit)
    oriented = " of oriented bills" if spec["orient_bills"] else ""
    priors = priors_of_fit(spec)
    others = "".join(f", {name} {getattr(priors, name).describe()}" for name in priors.spec() if name != "alpha")
    return f"{_model_of(spec)}beta {config.prior(unit).describe()}{oriented}, alpha {alpha_of(spec).describe()}{others}"


def _model_of(spec: Mapping[str, Any]) -> str:
    """Return the keys that ask for the structure and the bridges of a fit, as in ``dimensions: 2; ``."""
    model = spec.get("model", {})
    asked = [ASKED_BY[model["structure"]]] if "structure" in model else []
    if "covariates" in model:
        asked = [f"covariates {', '.join(model['covariates'])}"]
    if "bridges" in spec:
        asked.append(f"bridges: {spec['bridges']}")
    return "".join(f"{words}; " for words in asked)
