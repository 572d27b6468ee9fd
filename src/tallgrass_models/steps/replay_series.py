"""Replay of the archive of a series over time: it is run again, and its numbers are compared with the archive's."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig, name_problem
from ..config.series import METHODS, Matching, Series
from ..errors import UserError
from ..files.archive import LIST, Archive, read_archive
from ..files.json import read_json, write_json
from ..sampling.posterior import load_posterior
from ..summary.repeated import compare_runs
from . import replay as one
from .capsule import FORMAT, VOTES, numbers_of, relocated
from .capsule_series import EXPERIMENTS, SERIES, numbers_together
from .result import ExperimentResult
from .run_series import run_series
from .series_files import SeriesFiles
from .verify_series import same_link

if TYPE_CHECKING:
    from ..summary.repeated import Quantity


@dataclass(frozen=True)
class SeriesReplay:
    """What the replay of a series found: whether the numbers are the same, and the finding in words."""

    same: bool
    lines: list[str]


def is_of_series(archive: Path) -> bool:
    """Tell whether an archive is that of a series, and not of an experiment."""
    with read_archive(archive) as opened:
        return "series" in opened.about


def replay_series(
    archive: Path,
    into: Path,
    cores: int | None = None,
    wait: bool = True,
    data: Path | None = None,
    seed: int | None = None,
) -> SeriesReplay:
    """Run the series of an archive in a folder and compare its numbers with those in the archive.

    Parameters
    ----------
    archive
        A file that `capsule_series.export_series` wrote.
    into, cores, wait, seed
        As for `replay.replay`.
    data
        The folder of the files of all sessions. By default these are in the archive, or where the configuration says.

    Raises
    ------
    UserError
        As `replay.replay` does.
    """
    with read_archive(archive) as opened:
        series = _series(opened, archive)
        then, linked = one.numbers_in(opened, archive), json.loads(opened.read(f"{SERIES}link_time.json"))
        one.claim(into, opened.digest, archive)
        opened.unpack(EXPERIMENTS, into / "experiments")
    base = into / "results"
    runs = [_run(into, name, data, seed) for name in series.experiments]
    experiments = {run.config.name: run.config for run in runs}
    for run in runs:
        one.check_votes(run.config, run.there["fits"], base, archive, run.given)
    run_series(series, experiments, base, cores, wait)
    lines, same, identical = list[str](), True, True
    for run in runs:
        result = ExperimentResult(base / run.config.name)
        now = [quantity for fit in result.units.values() for quantity in numbers_of(fit)]
        found = one.compared(run.there, result, run.then, now)
        lines += [f"{run.config.name}: {line}" for line in found.lines]
        same, identical = same and found.same, identical and compare_runs(run.then, now).identical
    files = SeriesFiles.of(series, experiments, base)
    if series.together:
        together = compare_runs(then, [number for path in files.dynamic for number in _numbers(path)])
        lines += [f"{series.name} over time: {line}" for line in one.verdict(together)]
        same, identical = same and together.same, identical and together.identical
    as_there = same_link(linked, read_json(files.linked["link_time"]))
    lines.append(f"{series.name} over time: link_time.json says {'the same' if as_there else 'something else'}")
    same = same and (as_there or not identical)  # of other draws it says something else
    write_json(into / one.RECORD, {**read_json(into / one.RECORD), "same": same, "findings": lines})
    return SeriesReplay(same, lines)


@dataclass(frozen=True)
class _Run:
    """An experiment of the series: its configuration here, and the list and the numbers of its archive.

    ``given`` tells that its votes come from the archive or from a folder that was named.
    """

    config: ExperimentConfig
    there: dict[str, Any]
    then: list[Quantity]
    given: bool


def _run(into: Path, name: str, data: Path | None, seed: int | None) -> _Run:
    """Read the archive of an experiment, and unpack its votes if there are any and no folder was named."""
    path = into / EXPERIMENTS / f"{name}.capsule.zip"
    with read_archive(path) as opened:
        there, config = one.checked(opened, path)
        then = one.numbers_in(opened, path)
        if data is None and any(held.startswith(VOTES) for held in opened.names):
            data = into / VOTES / name
            opened.unpack(VOTES, data)
    if config.name != name:
        raise UserError(f"{path}: is of experiment {config.name!r}")
    if data is not None:
        config = replace(config, session=relocated(config.session, data))
    if seed is not None:
        config = replace(config, sampling=replace(config.sampling, seed=seed))
    return _Run(config, there, then, data is not None)


def _numbers(path: Path) -> list[Quantity]:
    return numbers_together(load_posterior(path), path.parent.name)


def _series(opened: Archive, path: Path) -> Series:
    """Return the series of an archive, if it is what `export_series` writes; its names become folders."""
    where = f"{path}: {LIST}"
    if opened.about.get("format") != FORMAT:
        raise UserError(f"{where}: format {opened.about.get('format')!r}; this version replays format {FORMAT}")
    try:
        raw = opened.about["series"]
        names = tuple(map(str, raw["experiments"]))
        matching, joint = Matching.from_spec(raw["matching"]), bool(raw.get("joint", False))
        series = Series(str(raw["name"]), names, matching, str(raw["method"]), joint)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"{where}: not the settings of a series: {error!r}") from None
    problems = [problem for name in (series.name, *names) if (problem := name_problem(name))]
    held = {f"{EXPERIMENTS}{name}.capsule.zip" for name in names} | {f"{SERIES}link_time.json"}
    if problems or series.method not in METHODS or len(set(names)) < 2 or not held <= set(opened.names):
        raise UserError(f"{where}: not a series that can be run")
    return series
