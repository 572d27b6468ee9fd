"""What a run of Snakemake would do, for which experiment and why, and what it would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..config.differences import changes
from ..config.experiments import ExperimentConfig
from ..config.planning import dynamic_files, vote_files
from ..config.series import Series
from ..config.snakemake_internals import PlannedJob, planned_jobs
from ..monitoring.sweep import earlier_seconds
from ..votes.unit import Unit
from .costs import Cost, measured, modelled, of_other

#: Beginning of the reason of a step that only follows others.
FOLLOWS = "it follows "
_FITS = ("fit_flat", "fit_chamber", "fit_joint", "fit_flat_fold", "fit_fold", "fit_dynamic")


@dataclass(frozen=True)
class Planned:
    """A step that would run.

    Attributes
    ----------
    whose
        Experiment, or ``votes of SESSION``, ``SERIES over time`` or ``comparison``.
    rule, unit
        The rule, and the chamber or fit, if it has one.
    reasons
        Why, in words.
    follows
        Whether another step that would run comes before it.
    cost
        What it will take.
    """

    whose: str
    rule: str
    unit: str
    reasons: tuple[str, ...]
    follows: bool
    cost: Cost

    @property
    def samples(self) -> bool:
        """Whether the step is a fit."""
        return self.rule in _FITS


def plan(
    snakefile: Path,
    experiments: Mapping[str, ExperimentConfig],
    config: Path,
    names: Sequence[str],
    series: Mapping[str, Series] | None = None,
) -> list[Planned]:
    """Return the steps that Snakemake would run, in its order.

    Parameters
    ----------
    snakefile
        The workflow.
    experiments, config
        The experiments, and the file that they were read from.
    names
        Experiments and series to plan; none for all of them and their comparison.
    series
        Series over time of the same file.

    Raises
    ------
    UserError
        If Snakemake cannot plan them.
    """
    known = series or {}
    targets = [f"results/over_time/{x}/report.html" if x in known else f"results/{x}/metrics.json" for x in names]
    earlier, before = earlier_seconds(Path("results")), _fits_before(experiments, known)
    jobs = planned_jobs(snakefile, targets, {"experiments": str(config)})
    return [_planned(job, earlier, before) for job in jobs if job.outputs]


def hours(steps: Sequence[Planned], samplers: int, cores: int) -> float:
    """Estimate the hours of a run: ``samplers`` fits at a time, other steps beside each other on ``cores``."""
    fits = sum(step.cost.seconds for step in steps if step.samples) / max(1, samplers)
    others = sum(step.cost.seconds for step in steps if not step.samples) / max(1, cores)
    return (fits + others) / 3600


def _planned(job: PlannedJob, earlier: Mapping[str, list[float]], before: Mapping[Path, int]) -> Planned:
    where = job.wildcards
    unit = where.get("unit") or where.get("chamber") or ("joint" if job.rule == "fit_joint" else "")
    named = {"votes": "votes of {}", "session": "votes of {}", "series": "{} over time"}
    others = (words.format(where[key]) for key, words in named.items() if key in where)
    whose = where.get("experiment") or next(others, "comparison")
    cost = measured(Path(job.benchmark)) if job.benchmark else None
    if cost is None and job.rule in _FITS:
        cost = modelled(_size(_fitted(job)), before)
    return Planned(
        whose, job.rule, unit, tuple(_reasons(job)), bool(job.follows), cost or of_other(earlier.get(job.rule, []))
    )


def _fitted(job: PlannedJob) -> list[str]:
    """Return the votes that a fit is made to; that of a series reads those of both chambers, for who is the same."""
    own = Unit(job.wildcards["unit"]).chambers if job.rule == "fit_dynamic" else ("",)
    return [path for path in job.votes if path.endswith(tuple(f"{chamber}.nc" for chamber in own))]


def _reasons(job: PlannedJob) -> Iterator[str]:
    """Say why a job would run: what changed for it, or else what comes before it."""
    why = list(_own_reasons(job))
    if job.follows and not why:
        why = [f"{FOLLOWS}{', '.join(job.follows)}"]
    yield from dict.fromkeys(why)


def _own_reasons(job: PlannedJob) -> Iterator[str]:
    if len(job.old_params) == len(job.new_params):
        for old, new in zip(job.old_params, job.new_params, strict=True):
            yield from changes(old, new)
    else:
        yield "its settings changed"
    if job.missing:
        yield "it never ran" if job.missing == len(job.outputs) else "some of its files are missing"
    if job.incomplete:
        yield "its last run was cut off"
    if job.forced:
        yield "a file of it is damaged"
    if job.updated:
        yield f"newer {', '.join(sorted({Path(path).name for path in job.updated}))}"


def _size(votes: Sequence[str]) -> int | None:
    """Return members times roll calls, for both chambers together; None if a file was not read yet."""
    found = [_cells(Path(path)) for path in votes]
    known = [n for n in found if n is not None]
    return sum(known) if found and len(known) == len(found) else None


def _fits_before(experiments: Mapping[str, ExperimentConfig], series: Mapping[str, Series]) -> dict[Path, int]:
    """Return the benchmark files of fits that ran, with their sizes."""
    fits: dict[Path, list[str]] = {
        Path(f"results/{name}/benchmarks/fit_{unit}.tsv"): vote_files(config, unit)
        for name, config in experiments.items()
        for unit in config.units
    }
    for one in series.values():
        for unit in (Path(path).parent.name for path in dynamic_files(one, experiments)):
            votes = [path for run in one.experiments for path in vote_files(experiments[run], unit)]
            fits[Path(f"results/over_time/{one.name}/benchmarks/fit_{unit}.tsv")] = votes
    return {path: size for path, votes in fits.items() if path.exists() and (size := _size(votes)) is not None}


@cache
def _cells(path: Path) -> int | None:
    """Members times roll calls of a file of votes; None if it is not there or cannot be read."""
    import netCDF4

    try:
        with netCDF4.Dataset(path) as file:
            return len(file.dimensions["legislator"]) * len(file.dimensions["vote"])
    except (OSError, KeyError):
        return None
