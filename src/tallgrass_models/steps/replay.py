"""Replay of a capsule: the experiment is run again, and its numbers are compared with those of the archive."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.experiments import ExperimentConfig
from ..config.reading import NAME_OF_SESSION
from ..errors import UserError
from ..files.archive import LIST, Archive, read_archive
from ..files.json import canonical_json, read_json, write_json
from ..votes.sources import source_of
from .capsule import FORMAT, MACHINE, NUMBERS, VOTES, numbers_of, relocated
from .fitted import fitted_hash
from .result import ExperimentResult
from .runner import run_experiment, session_votes

if TYPE_CHECKING:
    from ..summary.repeated import Quantity, Repeated

log = logging.getLogger(__name__)

#: File in the folder of a replay that names its archive and keeps the findings.
RECORD = "replay.json"
#: Folders inside a session's folder have names of these letters.
_LABEL = r"[a-zA-Z0-9_.-]*"


@dataclass(frozen=True)
class Replay:
    """What a replay found.

    Attributes
    ----------
    result
        The experiment as it ran here.
    same
        Whether votes, model and numbers are the same, the numbers within Monte Carlo error.
    lines
        The finding in words.
    """

    result: ExperimentResult
    same: bool
    lines: list[str]


def replay(
    archive: Path,
    into: Path,
    cores: int | None = None,
    wait: bool = True,
    data: Path | None = None,
    seed: int | None = None,
) -> Replay:
    """Run the experiment of an archive in a folder and compare its numbers with those in the archive.

    Parameters
    ----------
    archive
        A file that `capsule.export` wrote.
    into
        A folder that is empty, or in which this archive was replayed before. It gets ``results/`` and ``replay.json``.
    cores, wait
        As for `run_experiment`.
    data
        The folder of the session's files. By default these are in the archive, or where the configuration says.
    seed
        Another seed than the archive's, for numbers that agree within Monte Carlo error only.

    Raises
    ------
    UserError
        If the archive is damaged or not to be trusted, the votes are missing or others, or the run is refused.
    """
    with read_archive(archive) as opened:
        there, config = checked(opened, archive)
        then = numbers_in(opened, archive)
        claim(into, opened.digest, archive)
        if data is None and any(name.startswith(VOTES) for name in opened.names):
            data = into / "votes"
            opened.unpack(VOTES, data)
    if data is not None:
        config = replace(config, session=relocated(config.session, data))
    if seed is not None:
        config = replace(config, sampling=replace(config.sampling, seed=seed))
    check_votes(config, there["fits"], into / "results", archive, data is not None)
    result = run_experiment(config, into / "results", cores=cores, wait=wait)
    now = [quantity for fit in result.units.values() for quantity in numbers_of(fit)]
    found = compared(there, result, then, now)
    record = read_json(into / RECORD)
    write_json(into / RECORD, {**record, "same": found.same, "findings": found.lines})
    return found


def checked(opened: Archive, path: Path) -> tuple[dict[str, Any], ExperimentConfig]:
    """Return the list of an archive and its configuration, if both are what `capsule.export` writes.

    Names that become folders are checked as the experiments file's are.
    """
    about, where = opened.about, f"{path}: {LIST}"
    if about.get("format") != FORMAT:
        raise UserError(f"{where}: format {about.get('format')!r}; this version replays format {FORMAT}")
    try:
        config = ExperimentConfig.from_json(json.dumps(about["config"]))
        session = config.session
        source_of(session.source)
        whole = isinstance(about["versions"], dict) and isinstance(about["code"], dict) and "converged" in about
        whole = whole and isinstance(about["machine"], dict)
        whole = whole and all(about["fits"][unit]["data_hash"] for unit in config.units)
        whole = whole and config.to_json() == canonical_json(about["config"])
        names = (re.fullmatch(NAME_OF_SESSION, session.name), re.fullmatch(_LABEL, session.label))
        stem = session.stem is None or Path(session.stem).name == session.stem
    except (AttributeError, KeyError, TypeError, ValueError, AssertionError) as error:
        raise UserError(f"{where}: not the configuration of an experiment: {error!r}") from None
    if not whole or not all(names) or not stem or session.label in (".", ".."):
        raise UserError(f"{where}: not a configuration that can be run")
    return about, config


def numbers_in(opened: Archive, path: Path) -> list[Quantity]:
    """Return the numbers of an archive."""
    from ..summary.repeated import Quantity

    try:
        return [Quantity.from_dict(raw) for raw in json.loads(opened.read(NUMBERS))["quantities"]]
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise UserError(f"{path}: {NUMBERS}: does not hold the numbers of an experiment: {error!r}") from None


def claim(into: Path, digest: str, archive: Path) -> None:
    """Take a folder for the replay of one archive, so that results are never compared with themselves."""
    record = into / RECORD
    if record.exists():
        if read_json(record).get("capsule") != digest:
            raise UserError(f"{into}: another archive was replayed here; choose another folder with --into")
        return
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UserError(f"{into}: is not empty; choose another folder with --into")
    write_json(record, {"capsule": digest, "archive": archive.name})


def check_votes(config: ExperimentConfig, fits: Mapping[str, Any], base: Path, archive: Path, given: bool) -> None:
    """Read the votes and refuse others than those of the archive, before anything is sampled.

    ``given`` tells that they come from the archive or from a folder that was named.
    """
    from ..votes.matrix import ChamberVotes

    try:
        session_votes(config, base)
    except UserError as error:
        if config.session.source == "simulated" or given:
            raise
        raise UserError(f"{error}\n{archive}: holds no votes; name the folder of their files with --data") from None
    for unit in config.units:
        for chamber, then in zip(unit.chambers, fits[unit]["data_hash"], strict=False):
            path = base / "sessions" / config.session.folder / f"{chamber}.nc"
            if (now := fitted_hash(ChamberVotes.load(path), {"model": config.model.spec(unit)})) != then:
                raise UserError(f"{path}: other votes than those of {archive} (hash {now}, there {then})")


def compared(there: Mapping[str, Any], result: ExperimentResult, then: list[Quantity], now: list[Quantity]) -> Replay:
    """Compare a run with the list ``there`` of an archive, and their numbers."""
    from ..summary.repeated import compare_runs

    versions, found = list(_differences(there, result.metrics)), compare_runs(then, now)
    moved = {pair.first.unit for pair in found.pairs if pair.z}
    others = [
        unit.value
        for unit in result.config.units
        if there["fits"][unit].get("model_fingerprint") != result[unit].metrics["model_fingerprint"]
        and not moved.intersection(unit.starts)  # else it is written in other coordinates
    ]
    another = f"the log density of {' and '.join(others)} is another one"
    lines = ["the votes are the same", f"versions: {', '.join(versions) if versions else 'the same'}"]
    lines.append(another if others else "no model has another log density")
    if not (there["converged"] and result.converged):
        lines.append("a run did not converge, so its Monte Carlo errors may be too small")
    for unit, fit in result.units.items():
        elpd = [there["fits"][unit].get("elpd_loo"), fit.metrics["checks"]["elpd_loo"]]
        if all(isinstance(each, float) for each in elpd):
            lines.append(f"{unit}, expected log predictive density: {elpd[0]:.2f} there, {elpd[1]:.2f} here")
    same = found.same and (not others or bool(versions))
    return Replay(result, same, [*lines, *verdict(found)])


def _differences(there: Mapping[str, Any], metrics: Mapping[str, Any]) -> Iterator[str]:
    """Yield what differs in versions of packages and of the code."""
    then, now = there["versions"], metrics["versions"]
    for name in sorted({*then, *now}):
        if then.get(name) != now.get(name):
            yield f"{name} {then.get(name, 'none')} there, {now.get(name, 'none')} here"
    machine = metrics["platform"]["snapshot"]
    for key in MACHINE:
        if there["machine"].get(key) != machine.get(key):
            yield f"{key} {there['machine'].get(key)} there, {machine.get(key)} here"
    commits = [code.get("commit") for code in (there["code"], metrics["code"])]
    if commits[0] != commits[1] and None not in commits:
        yield f"code at {commits[0]!s:.12} there, at {commits[1]!s:.12} here"
    if any(code.get("dirty") for code in (there["code"], metrics["code"])):
        yield "a checkout with changes that are not committed"


def verdict(found: Repeated) -> Iterator[str]:
    """Yield the verdict on the numbers, and the largest difference."""
    from ..summary.repeated import FAR

    n = len(found.pairs)
    for label in found.missing:
        yield f"{label}: known in one run only"
    if found.identical:
        yield f"the same numbers: {n} of {n} quantities agree to the last digit"
        return
    chance = f"{found.expected:.1f} expected by chance"
    if found.same:
        yield (
            f"the same numbers: within Monte Carlo error; {found.n_far} of {n} quantities differ by more than"
            f" {FAR:g} standard errors ({chance})"
        )
    else:
        yield f"{found.n_far} of {n} quantities differ beyond Monte Carlo error ({chance})"
    if found.pairs:
        worst = found.pairs[0]
        first, second = worst.first.value, worst.second.value
        yield f"largest: {worst.first.label}: {first:.4g} there, {second:.4g} here, {abs(worst.z):.1f} standard errors"
