"""Time and memory that a job will take: what it took before, or a model of its size."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median

from ..config.needs import usual_fit

#: Seconds and megabytes of a step that samples nothing and has never run.
_OTHER = (6.0, 400.0)


@dataclass(frozen=True)
class Cost:
    """Seconds and megabytes of a job, and whether they were measured before or come from a model."""

    seconds: float
    megabytes: float
    measured: bool


def measured(benchmark: Path) -> Cost | None:
    """Read a benchmark file of Snakemake; None where there is none that can be read."""
    try:
        with benchmark.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.DictReader(handle, delimiter="\t"))
        return Cost(fmean(float(row["s"]) for row in rows), max(float(row["max_rss"]) for row in rows), True)
    except (OSError, KeyError, ValueError, TypeError):
        return None


def modelled(n_cells: int | None, like: Mapping[Path, int]) -> Cost:
    """Estimate the cost of a fit by its size.

    Parameters
    ----------
    n_cells
        Members times roll calls; None where nobody has read the votes yet.
    like
        Benchmark files of fits on this machine, with their sizes. Their times scale those of the model.
    """
    if n_cells is None:
        known = [cost for path in like if (cost := measured(path))]
        return Cost(median(c.seconds for c in known), max(c.megabytes for c in known), False) if known else _of_size(0)
    found = [(cost, _of_size(size)) for path, size in like.items() if (cost := measured(path))]
    pace = median(cost.seconds / model.seconds for cost, model in found) if found else 1.0
    model = _of_size(n_cells)
    return Cost(pace * model.seconds, model.megabytes, False)


def of_other(earlier: list[float]) -> Cost:
    """Estimate the cost of a step that samples nothing from what its rule took before."""
    return Cost(fmean(earlier) if earlier else _OTHER[0], _OTHER[1], bool(earlier))


def _of_size(n_cells: int) -> Cost:
    return Cost(*usual_fit(n_cells), False)
