"""The index of a results folder: which experiments are there, whether they converged, when, and what they cost.

It reads only metrics.json, the benchmark files of Snakemake, and the sizes of files, which is quick for a thousand
experiments.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config import specs
from ..config.experiments import ExperimentConfig, name_problem, spec_hash
from ..errors import UserError
from ..files.json import read_json
from ..priors.spec import BetaPriorSpec
from ..votes.unit import Unit, by_unit
from .costs import measured

CONVERGED, NOT_CONVERGED, UNFINISHED, DAMAGED = "converged", "NOT CONVERGED", "unfinished", "damaged"
#: States in which the summary counts them.
STATES = (CONVERGED, NOT_CONVERGED, UNFINISHED, DAMAGED)


@dataclass(frozen=True)
class Listed:
    """An experiment in a results folder.

    Attributes
    ----------
    state
        One of `STATES`: converged or not by its gates, without a metrics.json, or with one that cannot be read. All
        that metrics.json says is None for the last two.
    session, model
        Name of its session, and its priors of discrimination and structure in words.
    units
        Fits that it has.
    failures
        Gates that a fit misses, each with its unit.
    made
        When metrics.json was written, as ISO 8601 in UTC.
    sampling_s
        Seconds of sampling, all fits together.
    whole_s
        Seconds of all jobs by the benchmark files of Snakemake; None where there are none, as after `run`.
    size
        Bytes of all files in its folder.
    settings
        Whether the fits are those that a configuration asks for: ``current``, ``stale`` or ``not configured``; None if
        nobody asked.
    problem
        Why metrics.json cannot be read.
    """

    experiment: str
    state: str
    size: int
    whole_s: float | None
    session: str | None = None
    model: str | None = None
    units: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    made: str | None = None
    sampling_s: float | None = None
    settings: str | None = None
    problem: str | None = None


def list_results(results: Path, experiments: Mapping[str, ExperimentConfig] | None = None) -> list[Listed]:
    """Return the experiments of a results folder, by name.

    Parameters
    ----------
    results
        The results folder.
    experiments
        Configuration to hold the fits against; None for none.

    Raises
    ------
    UserError
        If there is no such folder.
    """
    try:
        folders = sorted(Path(entry.path) for entry in os.scandir(results) if entry.is_dir())
    except OSError as error:
        raise UserError(f"{results}: {error.strerror}; name the results folder with --results") from None
    return [_listed(folder, experiments) for folder in folders if _is_experiment(folder)]


def _is_experiment(folder: Path) -> bool:
    has = ("metrics.json", "platform.json", *Unit)
    return name_problem(folder.name) is None and any((folder / name).exists() for name in has)


def _listed(folder: Path, experiments: Mapping[str, ExperimentConfig] | None) -> Listed:
    path, name = folder / "metrics.json", folder.name
    size, whole = sum(_sizes(folder)), _whole(folder / "benchmarks")
    if not path.exists():
        return Listed(name, UNFINISHED, size, whole)
    try:
        metrics = read_json(path)
        fits, config = by_unit(metrics), metrics["config"]
        return Listed(
            name,
            CONVERGED if metrics["convergence_ok"] else NOT_CONVERGED,
            size,
            whole,
            str(config["session"]["name"]),
            _model(config),
            tuple(fits),
            tuple(f"{unit}: {failure}" for unit, fit in fits.items() for failure in fit["convergence_failures"]),
            dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="seconds"),
            float(sum(fit["sampling_time_s"] for fit in fits.values())),
            None if experiments is None else _settings(experiments.get(name), fits),
        )
    except (UserError, OSError) as error:
        return Listed(name, DAMAGED, size, whole, problem=str(error))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"{path}: not as this version writes it ({type(error).__name__}: {error}); run the experiment again"
        return Listed(name, DAMAGED, size, whole, problem=problem)


def _model(config: Mapping[str, Any]) -> str:
    """Say the priors of discrimination, and the structure if it is not the usual one."""
    words = [BetaPriorSpec.from_dict(config["beta_prior"]).describe()]
    if config.get("joint"):
        prior = config["joint"]["beta_prior"] or config["beta_prior"]
        words.append(f"joint {BetaPriorSpec.from_dict(prior).describe()}")
    structure = config.get("model", {}).get("structure")  # 0.2 did not have it
    return ", ".join([*words, *([str(structure)] if structure else [])])


def _settings(config: ExperimentConfig | None, fits: Mapping[Unit, Mapping[str, Any]]) -> str:
    if config is None:
        return "not configured"
    wanted = {unit: spec_hash(specs.fit_spec_json(config, unit)) for unit in config.units}
    return "current" if wanted == {unit: fit["spec_hash"] for unit, fit in fits.items()} else "stale"


def _whole(benchmarks: Path) -> float | None:
    """Return the seconds of all jobs of an experiment; None if none left a benchmark file that can be read."""
    found = [cost.seconds for path in benchmarks.glob("*.tsv") if (cost := measured(path))]
    return sum(found) if found else None


def _sizes(folder: Path) -> Iterator[int]:
    """Yield the bytes of each file in a folder; what vanishes meanwhile counts nothing."""
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(os.path.join(where, name)).st_size
            except OSError:
                continue


def counts(listed: Sequence[Listed]) -> dict[str, int]:
    """Return how many experiments are in each state, without the states that none is in."""
    found = {state: sum(one.state == state for one in listed) for state in STATES}
    return {state: n for state, n in found.items() if n}
