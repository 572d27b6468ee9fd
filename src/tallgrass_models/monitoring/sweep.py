"""Terminal output of a run of Snakemake: a line for each step that is done, and what a run that failed kept.

Needs only the standard library, so that the Snakefile can import it in a bare checkout. The log file of Snakemake still
has everything.
"""

from __future__ import annotations

import csv
import logging
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from ..errors import UserError
from ..files.untrusted import for_terminal
from ..votes.unit import Unit
from .status_file import read_status

#: Lines of a failed step's log that are shown.
_TAIL = 12
#: Records of Snakemake that say nothing which a line for each step does not, by event or by their text.
_LEFT_OUT = ("workflow_started", "job_info", "shellcmd", "job_started", "progress", "resources_info", "group_info")
_TEXTS_LEFT_OUT = ("Select jobs to execute...", "Building DAG of jobs...", "Using shell: /usr/bin/bash")
#: Rules that only name targets.
_TARGETS = ("all", "everything")
#: Words that begin a warning in the log of a step and are worth a word in its line.
_NOT_CONVERGED = "NOT CONVERGED"


@dataclass(frozen=True)
class _Job:
    """A job that has begun."""

    rule: str
    name: str
    logs: tuple[str, ...]
    began: float


class LinePerStep(logging.Filter):
    """Filter of Snakemake's log that turns its records into one line for each step that is done.

    Parameters
    ----------
    results
        Results folder, where earlier runs left how long each rule took.
    """

    def __init__(self, results: Path) -> None:
        super().__init__()
        self._jobs: dict[int, _Job] = {}
        self._left: Counter[str] = Counter()
        self._took: defaultdict[str, list[float]] = defaultdict(list)
        self._results = results
        self._earlier: dict[str, list[float]] = {}
        self._began, self._total, self._done = time.monotonic(), 0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Drop a record, pass it on, or replace its text."""
        event = str(getattr(record, "event", None) or "")
        if event == "job_info":
            self._note(vars(record))
        if event == "run_info" and not self._total:
            return _say(record, self._plan(vars(record)["stats"]))
        if event == "job_finished":
            line = self._finished(vars(record)["job_id"])
            return line is not None and _say(record, line)
        if event == "job_error":
            return _say(record, self._failed(vars(record)))
        return event not in (*_LEFT_OUT, "run_info") and record.getMessage() not in _TEXTS_LEFT_OUT

    def _note(self, said: Mapping[str, Any]) -> None:
        name = "/".join(str(value) for value in (said["wildcards"] or {}).values())
        self._jobs[said["jobid"]] = _Job(said["rule_name"], name, tuple(said["log"] or ()), time.monotonic())

    def _plan(self, stats: Mapping[str, int]) -> str:
        self._earlier = earlier_seconds(self._results)  # not before there is something to do
        counts = {rule: n for rule, n in stats.items() if rule not in ("total", *_TARGETS)}
        self._left, self._total = Counter(counts), sum(counts.values())
        steps = ", ".join(f"{n} {rule}" if n > 1 else rule for rule, n in counts.items())
        return f"{self._total} step{'s' * (self._total != 1)}: {steps}{self._remaining()}"

    def _finished(self, jobid: int) -> str | None:
        job = self._jobs.pop(jobid, None)
        if job is None or job.rule in _TARGETS:
            return None
        took = time.monotonic() - job.began
        self._took[job.rule].append(took)
        self._left[job.rule] -= 1
        self._done += 1
        flag = f"  {_NOT_CONVERGED}" if any(map(_not_converged, job.logs)) else ""
        what = for_terminal(f"{job.rule} {job.name}".strip())
        return f"[{self._done}/{self._total}] {what}  {duration(took)}{flag}{self._remaining()}"

    def _failed(self, said: Mapping[str, Any]) -> str:
        job = self._jobs.get(said["jobid"])
        name = for_terminal(f"{said['rule_name']} {job.name if job else ''}".strip())
        logs = [path for path in said["log"] or () if Path(path).is_file()]
        lines = [f"{name} failed." + ("" if logs else " It left no log.")]
        for path in logs:
            lines.append(f"Its log, {path}, ends:")
            text = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
            lines += [f"    {for_terminal(line)}" for line in text[-_TAIL:]]
        return "\n".join(lines)

    def _remaining(self) -> str:
        """Say how long the rest will take, from how long its rules took in this run or in earlier ones."""
        known = {rule: fmean(seconds) for rule, seconds in {**self._earlier, **self._took}.items()}
        left = +self._left
        if not left or not known:
            return ""
        typical = fmean(known.values())
        work = sum(n * known.get(rule, typical) for rule, n in left.items())
        passed = time.monotonic() - self._began
        speed = max(1.0, sum(map(sum, self._took.values())) / passed) if passed > 1 else 1.0
        return f"; about {duration(work / speed)} left"


def _say(record: logging.LogRecord, text: str) -> bool:
    """Replace what a record says by a text."""
    record.msg, record.args, record.event = text, (), None
    return True


def _not_converged(path: str) -> bool:
    try:
        return _NOT_CONVERGED in Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False


def earlier_seconds(results: Path) -> dict[str, list[float]]:
    """Return how long earlier jobs took, by rule, from the benchmark files of Snakemake in a results folder."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    places = ("*/benchmarks/*.tsv", "sessions/**/benchmarks/*.tsv", "over_time/*/benchmarks/*.tsv")
    for path in sorted(path for place in places for path in results.glob(place)):
        try:
            with path.open(encoding="utf-8", newline="") as handle:
                rows = [float(row["s"]) for row in csv.DictReader(handle, delimiter="\t")]
        except (OSError, KeyError, ValueError, TypeError):
            continue
        if rows:
            found[_rule_of(path)].append(fmean(rows))
    return dict(found)


def _rule_of(benchmark: Path) -> str:
    """Return the rule whose benchmark a file is: most are named after their rule and what it works on."""
    stem, folder = benchmark.stem, benchmark.parts[:-2]
    if folder[-2:-1] == ("over_time",):
        fits = dict.fromkeys((f"fit_{unit}" for unit in Unit), "fit_dynamic")
        return {**fits, "report": "time_report"}.get(stem, stem)
    if stem.startswith("flat_"):
        return "fit_flat"
    if stem in ("fit_house", "fit_senate"):
        return "fit_chamber"
    if folder[-1:] == ("comparison",) and stem == "report":
        return "compare_report"
    if "sessions" in folder and stem == "platform_check":
        return "platform_check_session"
    return (
        stem if stem == "fit_joint" else re.sub(r"_(house|senate|joint)(_folds_\d+(_roll_calls)?)?(_\d+)?$", "", stem)
    )


def kept_by_failed_fits(results: Path, since: float, extend: bool) -> list[str]:
    """Say of each fit that failed or was stopped after ``since`` (seconds of the epoch) which draws are kept.

    ``extend`` is whether the configuration lets fits go on with draws that are kept.

    Returns
    -------
    list of str
        A line for each, with how to go on.
    """
    again = "run again" if extend else "set `platform: {extend: true}` and run again"
    lines = []
    for path in sorted(results.glob("**/live/**/status.json")):
        status = _status(path)
        draws = path.with_name("draws.npz")
        if status is None or path.stat().st_mtime < since or status["phase"] in ("done",) or not draws.exists():
            continue
        made, planned = (sum(chain[key] for chain in status["chains"]) for key in ("draw", "total"))
        name = for_terminal(f"{status['experiment']}/{status['unit']}")
        lines.append(
            f"{name}: stopped at {made:,} of {planned:,} draws, which are kept. To go on with them, {again}; to read "
            f"them now, `tallgrass-models recover {path.parent}`."
        )
    return lines


def lock_left(folder: Path) -> str | None:
    """Say how to go on where a Snakemake that was killed left its lock in a working folder; None where none did."""
    if not any((folder / ".snakemake/locks").glob("*.lock")) or _others_in(folder):
        return None
    return (
        f"{folder / '.snakemake/locks'}: left by a Snakemake that was killed, or whose terminal was closed."
        " If none runs here on another machine: `snakemake --unlock`, then the same command again."
    )


def _others_in(folder: Path) -> bool:
    """Tell whether another Snakemake of this machine works in a folder, as far as the system shows its processes."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            here = Path(os.readlink(process / "cwd")) == folder.resolve()
            words = [os.path.basename(word) for word in (process / "cmdline").read_text(errors="replace").split("\0")]
        except OSError:  # ended, or of another user
            continue
        if here and int(process.name) != os.getpid() and words[0].startswith("python") and "snakemake" in words[:3]:
            return True
    return False


def _status(path: Path) -> dict[str, Any] | None:
    try:
        status = read_status(path)
        return status if {"phase", "chains", "experiment", "unit"} <= set(status) else None
    except UserError:
        return None


def duration(seconds: float) -> str:
    """Seconds as 45 s, 3 min or 2 h 5 min."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"
