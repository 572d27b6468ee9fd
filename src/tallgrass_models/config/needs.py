"""What a job needs of a machine: memory, time and cores, as a function of the size of its votes.

The rules ask a cluster for it, and `tallgrass-models plan` takes what is usual from here. The numbers are upper bounds
of what was measured (``tests/data/measured_needs.csv``); ``benchmarks/needs.py`` compares them with the benchmark files
of any results. What is asked for has a margin on top, and a second attempt asks for twice as much.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout. Sizes of votes need
netCDF4, which whoever runs jobs has.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .model import STANDARD
from .sampling import SamplingConfig

#: Members and roll calls of votes that nobody can count here: a large chamber.
_UNKNOWN = (200, 1000)
#: A fit by default settings, as is usual: constant, and for each vote (members times roll calls). From the chambers of
#: docs/performance.md: 127 x 280 votes and 440 x 1,912 votes.
_USUAL_SECONDS, _USUAL_MEGABYTES = (6.0, 2.2e-4), (560.0, 6.1e-4)
#: Seconds of a fit before it draws, and of processor time for each vote, chain and draw (tuning included).
_START, _PER_VOTE = 60.0, 6e-8
#: Megabytes of a fit that do not grow, per vote, and copies of its draws in memory at once.
_FIT_BASE, _FIT_PER_VOTE, _FIT_COPIES = 1000.0, 6e-4, 2.5
#: Times as much processor time as the production model: the plane, structures without machine code of their own, and
#: PyMC's own sampler.
_SLOWER = {STANDARD: 1.0, "plane": 4.0}
_OTHER_STRUCTURE, _PYMC = 10.0, 10.0
#: Of a step that reads a fit: seconds, constant and for each vote; megabytes, and copies of all draws.
_STEP_SECONDS, _STEP_PER_VOTE = 60.0, 5e-4
_STEP_BASE, _STEP_COPIES = 500.0, 3.0
#: Megabytes of a reader: constant, and for each megabyte of text; packed text counts eight times.
_READ_BASE, _READ_PER_MEGABYTE, _PACKED = 700.0, 20.0, 8.0
#: What is asked for is this many times what is expected, and at least so much.
_TIME_MARGIN, _LEAST_MINUTES, _LEAST_MEGABYTES = 6.0, 30, 1500


@dataclass(frozen=True)
class Size:
    """Members and roll calls of each chamber that a job reads."""

    chambers: tuple[tuple[int, int], ...]

    @property
    def votes(self) -> int:
        """Cells of the matrices of votes, missing votes included."""
        return sum(members * rollcalls for members, rollcalls in self.chambers)

    @property
    def parameters(self) -> int:
        """A position for each member, and two numbers for each roll call."""
        return sum(members + 2 * rollcalls for members, rollcalls in self.chambers)


def size_of(votes: str | Iterable[str]) -> Size:
    """Read the size of files of votes.

    Parameters
    ----------
    votes
        Files of votes of a chamber each, or one of them.

    Raises
    ------
    FileNotFoundError
        If one is not there yet. Snakemake then asks again when it is, before it submits the job.
    """
    paths = [votes] if isinstance(votes, str) else votes
    return Size(tuple(_shape(path, os.stat(path).st_mtime_ns) for path in paths))


# --- what is usual ----------------------------------------------------------------------------------------------------


def usual_fit(n_votes: int) -> tuple[float, float]:
    """Return the seconds and megabytes that a fit of a chamber by default settings usually takes on two cores."""
    return _USUAL_SECONDS[0] + _USUAL_SECONDS[1] * n_votes, _USUAL_MEGABYTES[0] + _USUAL_MEGABYTES[1] * n_votes


# --- what is expected at most -----------------------------------------------------------------------------------------


def fit_seconds(size: Size, sampling: SamplingConfig, cores: int, structure: str = STANDARD) -> float:
    """Expect so many seconds of a fit on that many cores, at the largest number of draws that it may make."""
    slower = _SLOWER.get(structure, _OTHER_STRUCTURE) * (_PYMC if sampling.sampler == "pymc" else 1.0)
    draws = sampling.chains * (sampling.tune + sampling.limit) * (1 + sampling.restarts)
    return _START * slower + _PER_VOTE * slower * size.votes * draws / max(1, min(cores, sampling.chains))


def fit_megabytes(size: Size, sampling: SamplingConfig, structure: str = STANDARD) -> float:
    """Expect so many megabytes of a fit, whose draws are in memory as 8 bytes a number."""
    parameters = size.parameters * (2 if structure == "plane" else 1)
    draws = 8e-6 * sampling.chains * sampling.limit * parameters
    return _FIT_BASE + _FIT_PER_VOTE * size.votes + _FIT_COPIES * draws


def step_seconds(size: Size) -> float:
    """Expect so many seconds of a step that reads a fit and its votes, such as check."""
    return _STEP_SECONDS + _STEP_PER_VOTE * size.votes


def step_megabytes(size: Size, sampling: SamplingConfig, structure: str = STANDARD) -> float:
    """Expect so many megabytes of such a step."""
    parameters = size.parameters * (2 if structure == "plane" else 1)
    return _STEP_BASE + _STEP_COPIES * 8e-6 * sampling.chains * sampling.limit * parameters


# --- what is asked for ------------------------------------------------------------------------------------------------


def fit_memory(
    votes: str | Iterable[str], sampling: SamplingConfig, attempt: int = 1, structure: str = STANDARD
) -> int:
    """Ask for so many megabytes for a fit to the files ``votes``; see `size_of` for files that are not there."""
    return _megabytes(fit_megabytes(size_of(votes), sampling, structure), attempt)


def fit_minutes(
    votes: str | Iterable[str], sampling: SamplingConfig, cores: int, attempt: int = 1, structure: str = STANDARD
) -> int:
    """Ask for so many minutes for a fit on that many cores."""
    return _minutes(fit_seconds(size_of(votes), sampling, cores, structure), attempt)


def step_memory(
    votes: str | Iterable[str], sampling: SamplingConfig, attempt: int = 1, structure: str = STANDARD
) -> int:
    """Ask for so many megabytes for a step that reads a fit."""
    return _megabytes(step_megabytes(size_of(votes), sampling, structure), attempt)


def step_minutes(votes: str | Iterable[str], attempt: int = 1) -> int:
    """Ask for so many minutes for a step that reads a fit."""
    return _minutes(step_seconds(size_of(votes)), attempt)


def reader_memory(files: Iterable[str], attempt: int = 1) -> int:
    """Ask for so many megabytes to read the files of a session, or of folders of them."""
    text = sum(os.path.getsize(path) / 1e6 * (_PACKED if path.endswith((".gz", ".zip")) else 1.0) for path in files)
    return _megabytes(_READ_BASE + _READ_PER_MEGABYTE * text, attempt)


def _megabytes(expected: float, attempt: int) -> int:
    return max(_LEAST_MEGABYTES, 100 * math.ceil(expected / 100)) * 2 ** (attempt - 1)


def _minutes(expected: float, attempt: int) -> int:
    return max(_LEAST_MINUTES, 10 * math.ceil(_TIME_MARGIN * expected / 600)) * 2 ** (attempt - 1)


@lru_cache(maxsize=4096)
def _shape(path: str, changed: int) -> tuple[int, int]:
    """Return members and roll calls of a file of votes, which last changed at ``changed``."""
    try:
        import netCDF4

        with netCDF4.Dataset(path) as file:
            return len(file.dimensions["legislator"]), len(file.dimensions["vote"])
    except (ImportError, OSError, KeyError):
        return _UNKNOWN
