"""`PlatformCheck`: whether this machine, as it is now, is fit to sample."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: Variables by which numerical libraries are told how many threads they may start.
THREAD_CAPS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
FATAL, WARNING = "FATAL", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing before hours of sampling; ``FATAL`` makes a run pointless."""

    level: str
    text: str


@dataclass(frozen=True)
class PlatformCheck:
    """A snapshot of the machine.

    Attributes
    ----------
    cpus
        CPUs this process may use: affinity, bounded by a cgroup quota.
    memory_gb
        Physical memory, bounded by a cgroup limit; None where it cannot be read.
    thread_caps
        The variables of `THREAD_CAPS` that are set.
    missing
        Packages without which nothing is sampled at compiled speed.
    """

    system: str
    machine: str
    python: str
    cpus: float
    memory_gb: float | None
    thread_caps: dict[str, str]
    missing: tuple[str, ...]

    @classmethod
    def current(cls) -> PlatformCheck:
        """Look at this machine now."""
        return cls(
            system=f"{platform.system()} {platform.release()}",
            machine=platform.machine(),
            python=platform.python_version(),
            cpus=usable_cpus(),
            memory_gb=memory_gb(),
            thread_caps={name: os.environ[name] for name in THREAD_CAPS if name in os.environ},
            missing=tuple(name for name in ("numba", "nutpie", "pymc") if importlib.util.find_spec(name) is None),
        )

    def validate(self, n_chains: int) -> list[Finding]:
        """What speaks against sampling ``n_chains`` chains here; FATAL findings first."""
        findings = []
        if self.missing:
            text = f"{', '.join(self.missing)} not installed: install the package as the README says"
            findings.append(Finding(FATAL, text))
        if sys.maxsize < 2**32:
            findings.append(Finding(FATAL, "a 32-bit Python cannot hold a posterior; use a 64-bit one"))
        if self.memory_gb is not None and self.memory_gb < 1:
            findings.append(Finding(FATAL, f"only {self.memory_gb:.1f} GB of memory; a fit needs 1 GB"))
        if self.cpus < n_chains:
            text = f"{n_chains} chains on {self.cpus:g} CPUs: they take turns, and a fit takes longer"
            findings.append(Finding(WARNING, text))
        return findings

    def to_dict(self, n_chains: int) -> dict[str, Any]:
        """The content of platform.json."""
        snapshot = {**asdict(self), "missing": list(self.missing)}
        return {"snapshot": snapshot, "findings": [asdict(f) for f in self.validate(n_chains)], "overrides": {}}


def fatal(findings: Iterable[Finding]) -> list[str]:
    """The texts of the FATAL ones."""
    return [finding.text for finding in findings if finding.level == FATAL]


def usable_cpus() -> float:
    """CPUs of this process's affinity mask, bounded by the cgroup's quota (which may be a fraction)."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    quota = _read("/sys/fs/cgroup/cpu.max").split()
    if len(quota) == 2 and quota[0].isdigit():
        count = min(count, int(quota[0]) / int(quota[1]))
    return count


def memory_gb() -> float | None:
    """Physical memory in GB, bounded by the cgroup's limit."""
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return None
    limit = _read("/sys/fs/cgroup/memory.max").strip()
    return round((min(total, int(limit)) if limit.isdigit() else total) / 1e9, 1)


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="ascii")
    except OSError:
        return ""
