"""The index of a results folder: which experiments and series over time are there, converged or not, when, what cost.

It reads only metrics.json and link_time.json, the benchmark files of Snakemake, and the sizes of files, which is quick
for a thousand experiments.
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
from ..config.series import Series
from ..errors import UserError
from ..files.json import read_json
from ..priors.spec import BetaPriorSpec
from ..votes.unit import Unit, by_unit
from ..votes.vocabulary import CHAMBERS
from .costs import measured

CONVERGED, NOT_CONVERGED, UNFINISHED, DAMAGED = "converged", "NOT CONVERGED", "unfinished", "damaged"
#: States in which the summary counts them.
STATES = (CONVERGED, NOT_CONVERGED, UNFINISHED, DAMAGED)


@dataclass(frozen=True)
class Listed:
    """An experiment in a results folder, or a series over time.

    Attributes
    ----------
    experiment
        Name of the experiment; of a series ``over_time/NAME``.
    state
        One of `STATES`: converged or not by its gates, without a metrics.json, or with one that cannot be read. All
        that metrics.json says is None for the last two. In place of metrics.json, a series has link_time.json. It has
        converged if the fits of its sessions have, and those of all sessions together.
    session, model
        Name of its session, and its priors of discrimination and structure in words. Of a series, its first and last
        session, and how they are put on one scale.
    units
        Fits that it has.
    failures
        Gates that a fit misses, each with its unit; of a series also why a chamber is on no common scale.
    made
        When metrics.json was written, as ISO 8601 in UTC.
    sampling_s
        Seconds of sampling, all fits together; None for a series.
    whole_s
        Seconds of all jobs by the benchmark files of Snakemake; None where there are none, as after `run`.
    size
        Bytes of all files in its folder.
    settings
        Whether the fits are those that a configuration asks for: ``current``, ``stale`` or ``not configured``; None if
        nobody asked.
    problem
        Why metrics.json or link_time.json cannot be read.
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


def list_results(
    results: Path,
    experiments: Mapping[str, ExperimentConfig] | None = None,
    series: Mapping[str, Series] | None = None,
) -> list[Listed]:
    """Return the experiments of a results folder, by name, and then its series over time.

    Parameters
    ----------
    results
        The results folder.
    experiments, series
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
    found = [_listed(folder, experiments) for folder in folders if _is_experiment(folder)]
    wanted = None
    if experiments is not None:
        wanted = {name: spec_hash(specs.link_time_spec_json(one, experiments)) for name, one in (series or {}).items()}
    return found + [_series(folder, wanted) for folder in sorted(results.glob("over_time/*/")) if _is_series(folder)]


def _is_experiment(folder: Path) -> bool:
    has = ("metrics.json", "platform.json", *Unit)
    return name_problem(folder.name) is None and any((folder / name).exists() for name in has)


def _is_series(folder: Path) -> bool:
    has = ("link_time.json", *CHAMBERS)
    return name_problem(folder.name) is None and any((folder / name).exists() for name in has)


def _series(folder: Path, wanted: Mapping[str, str] | None) -> Listed:
    path, name = folder / "link_time.json", f"over_time/{folder.name}"
    size, whole = sum(_sizes(folder)), _whole(folder / "benchmarks")
    if not path.exists():
        return Listed(name, UNFINISHED, size, whole)
    try:
        content = read_json(path)
        sessions, chambers = content["sessions"], content["chambers"]
        failures = [
            f"{fault['chamber']}, {one['session']}: {fault['fault']}" for one in sessions for fault in one["faults"]
        ]
        joint = "joint" in content
        fits = [
            ("both chambers" if joint else one["chamber"], one.get("dynamic") or one.get("constant"))
            for one in chambers
        ]
        together = [(chamber, fit) for chamber, fit in fits if fit]
        for chamber, fit in together:
            failures += [f"{chamber}: {why}" for why in fit["failures"] or [fit["fault"]] if why]
        no_scale = [f"{'both chambers' if joint else x['chamber']}: {x['reason']}" for x in chambers if x["reason"]]
        linked = "joint fits linked by members who return" if joint else "linked by members who return"
        return Listed(
            name,
            NOT_CONVERGED if failures else CONVERGED,
            size,
            whole,
            f"{sessions[0]['session']} to {sessions[-1]['session']}",
            "all sessions in one fit" if together else linked,
            tuple(str(one["chamber"]) for one in chambers),
            tuple(dict.fromkeys([*failures, *no_scale])),
            _written(path),
            settings=None if wanted is None else _state(wanted.get(folder.name), content.get("spec_hash")),
        )
    except (UserError, OSError) as error:
        return Listed(name, DAMAGED, size, whole, problem=str(error))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        problem = f"{path}: not as this version writes it ({type(error).__name__}: {error}); link the sessions again"
        return Listed(name, DAMAGED, size, whole, problem=problem)


def _written(path: Path) -> str:
    """Return when a file was written, as ISO 8601 in UTC."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="seconds")


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
            _written(path),
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
    wanted = config and {unit: spec_hash(specs.fit_spec_json(config, unit)) for unit in config.units}
    return _state(wanted, {unit: fit["spec_hash"] for unit, fit in fits.items()})


def _state(wanted: object, found: object) -> str:
    """Compare the hashes that a configuration asks for with those that are there."""
    if wanted is None:
        return "not configured"
    return "current" if wanted == found else "stale"


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
    """Return how many experiments and series are in each state, without the states that none is in."""
    found = {state: sum(one.state == state for one in listed) for state in STATES}
    return {state: n for state, n in found.items() if n}
