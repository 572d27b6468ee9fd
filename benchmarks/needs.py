"""What jobs took, by Snakemake's benchmark files, beside what they would ask a cluster for.

    python benchmarks/needs.py [config/experiments.yaml]

in a folder with results. Every line is a job: members and roll calls, seconds and megabytes taken, and what is asked
for. The exit code is 1 if a job took more than that. Snakemake looks at the memory of a job at its start
and then every 30 seconds, so short jobs may have had more.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tallgrass_models.config import needs, planning
from tallgrass_models.config.experiments import ExperimentConfig
from tallgrass_models.config.reading import load_experiments
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.steps.costs import measured


@dataclass(frozen=True)
class _Job:
    """A job that may have run: its benchmark file, its votes, and on what its needs depend."""

    benchmark: Path
    votes: list[str]
    sampling: SamplingConfig
    structure: str
    samples: bool

    def asked(self) -> tuple[int, int]:
        """Minutes and megabytes."""
        votes, sampling, structure = self.votes, self.sampling, self.structure
        if self.samples:
            cores = planning.chains_at_once(sampling)
            minutes = needs.fit_minutes(votes, sampling, cores, structure=structure)
            return minutes, needs.fit_memory(votes, sampling, structure=structure)
        return needs.step_minutes(votes), needs.step_memory(votes, sampling, structure=structure)


def _jobs(config: ExperimentConfig) -> Iterator[_Job]:
    folder, structure = Path(f"results/{config.name}/benchmarks"), config.model.structure
    for unit in config.units:
        votes = planning.vote_files(config, unit)
        yield _Job(folder / f"fit_{unit}.tsv", votes, config.sampling, structure, True)
        for path in sorted(folder.glob(f"fit_fold_{unit}_*.tsv")):
            yield _Job(path, votes, config.sampling, structure, True)
        for step in ("check", "summarize", "draw_tables"):
            yield _Job(folder / f"{step}_{unit}.tsv", votes, config.sampling, structure, False)
    yield _Job(folder / "link.tsv", planning.vote_files(config), config.sampling, structure, False)
    for chamber in config.chambers:
        path = Path(f"results/sessions/{config.session.folder}/benchmarks/flat_{chamber}.tsv")
        yield _Job(path, planning.vote_files(config, chamber), config.flat_sampling, needs.STANDARD, True)


def main() -> int:
    """Print a table of all jobs that ran."""
    experiments = load_experiments(sys.argv[1] if len(sys.argv) > 1 else "config/experiments.yaml")
    short = 0
    print("| job | members x roll calls | s | MB | asked min | asked MB |\n|---|---|---|---|---|---|")
    for job in {job.benchmark: job for config in experiments.values() for job in _jobs(config)}.values():
        taken = measured(job.benchmark)
        if taken is None or not all(Path(path).exists() for path in job.votes):
            continue
        minutes, megabytes = job.asked()
        size = " + ".join(f"{n} x {m}" for n, m in needs.size_of(job.votes).chambers)
        name = job.benchmark.relative_to("results").as_posix().replace("/benchmarks/", " ").removesuffix(".tsv")
        print(f"| {name} | {size} | {taken.seconds:.0f} | {taken.megabytes:.0f} | {minutes} | {megabytes} |")
        short += taken.seconds > 60 * minutes or taken.megabytes > megabytes
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
