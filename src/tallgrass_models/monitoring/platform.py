"""`PlatformCheck`: whether this machine, as it is now, is fit to sample."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .findings import ALLOWED, FATAL, WARNING, Finding, fatal
from .locks import Holder, holders
from .machine import disk_free_gb, memory_free_gb, memory_gb, performance_cores, usable_cpus
from .threads import ONE_THREAD
from .toolchain import backend

if TYPE_CHECKING:
    from ..config.sampling import SamplingConfig

#: Variables by which numerical libraries are told how many threads they may start.
_THREAD_CAPS = (*ONE_THREAD, "NUMBA_NUM_THREADS")

#: GB that a fit takes before its first draw: libraries and machine code.
_BASE_GB = 0.7
#: Copies of the draws that are in memory at once where a fit ends: the sampler's, ours, those reported, those written.
_COPIES = 4
#: Parameters of a fit of which no more is known yet: more than those of the largest session in docs/performance.md.
_MANY_PARAMETERS = 5000


@dataclass(frozen=True)
class Plan:
    """The largest fit to come; ``n_parameters`` is None while its votes have not been read."""

    draws: int = 2000
    sampler: str = "nutpie"
    n_parameters: int | None = None

    def memory_gb(self, n_chains: int) -> float:
        """Memory it takes."""
        return _BASE_GB + _COPIES * self._draws_gb(n_chains)

    def disk_gb(self, n_chains: int) -> float:
        """Disk it takes: the posterior, and the draws saved while it samples."""
        return 2 * self._draws_gb(n_chains)

    def _draws_gb(self, n_chains: int) -> float:
        return 8e-9 * n_chains * self.draws * (self.n_parameters or _MANY_PARAMETERS)


@dataclass(frozen=True)
class PlatformCheck:
    """A snapshot of the machine.

    Attributes
    ----------
    cpus
        CPUs this process may use: affinity, bounded by cgroup quotas.
    performance_cores
        Cores without hardware threads and, on Apple Silicon, without the slow ones; None where it cannot be told.
    memory_gb, memory_free_gb
        Memory, bounded by cgroup limits; and what is free of it.
    disk_free_gb
        Free where results are written.
    thread_caps
        The variables of `_THREAD_CAPS` that are set.
    backend
        What evaluates log densities; see `toolchain.backend`.
    other_samplers
        Fits that hold a sampler slot of this machine, by our own registry of process and start time.
    """

    system: str
    machine: str
    python: str
    cpus: float
    performance_cores: int | None
    memory_gb: float
    memory_free_gb: float
    disk_free_gb: float
    thread_caps: dict[str, str]
    backend: str
    other_samplers: tuple[Holder, ...]

    @classmethod
    def current(cls, folder: Path = Path(), sampler: str = "nutpie") -> PlatformCheck:
        """Look at this machine now; results are to be written in ``folder``."""
        return cls(
            system=f"{platform.system()} {platform.release()}",
            machine=platform.machine(),
            python=platform.python_version(),
            cpus=usable_cpus(),
            performance_cores=performance_cores(),
            memory_gb=memory_gb(),
            memory_free_gb=memory_free_gb(),
            disk_free_gb=disk_free_gb(folder.absolute()),
            thread_caps={name: os.environ[name] for name in _THREAD_CAPS if name in os.environ},
            backend=backend(sampler),
            other_samplers=tuple(holder for holder in holders() if holder.pid != os.getpid()),
        )

    def validate(self, n_chains: int, plan: Plan | None = None, allow: Collection[str] = ()) -> list[Finding]:
        """Reasons not to sample ``n_chains`` chains here, FATAL findings first.

        ``plan`` is the largest fit to come; ``allow`` has the codes of FATAL findings to let pass.
        """
        plan = plan or Plan()
        found = [*self._backend(), *self._room(n_chains, plan), *self._cpus(n_chains)]
        found = [replace(f, level=ALLOWED) if f.level == FATAL and f.code in allow else f for f in found]
        return sorted(found, key=lambda finding: finding.level != FATAL)

    def _backend(self) -> Iterable[Finding]:
        if sys.maxsize < 2**32:
            yield Finding(FATAL, "python", "a 32-bit Python cannot hold a posterior; use a 64-bit one")
        if self.backend == "missing":
            text = "numba, PyMC or the sampler is not installed; install the package as the README says"
            yield Finding(FATAL, "packages", text)
        if self.backend == "python":
            text = (
                "PyTensor would evaluate the model in pure Python, hundreds of times too slowly; unset PYTENSOR_FLAGS"
                " so that it uses numba, or install a C++ compiler"
            )
            yield Finding(FATAL, "backend", text)

    def _room(self, n_chains: int, plan: Plan) -> Iterable[Finding]:
        memory, disk = plan.memory_gb(n_chains), plan.disk_gb(n_chains)
        level = WARNING if plan.n_parameters is None else FATAL  # without the votes it is a guess
        if self.memory_gb < 1:
            yield Finding(FATAL, "memory", f"only {self.memory_gb:.1f} GB of memory; a fit needs 1 GB")
        elif self.memory_gb < memory:
            text = (
                f"{self.memory_gb:.1f} GB of memory; the largest fit needs about {memory:.1f} GB; use fewer draws or "
                "chains"
            )
            yield Finding(level, "memory", text)
        elif self.memory_free_gb < memory:
            text = f"only {self.memory_free_gb:.1f} GB of memory are free; the largest fit needs about {memory:.1f} GB"
            yield Finding(WARNING, "memory", text)
        if self.disk_free_gb < disk:
            text = f"only {self.disk_free_gb:.1f} GB of disk are free; the largest fit needs about {disk:.1f} GB"
            yield Finding(level, "disk", text)

    def _cpus(self, n_chains: int) -> Iterable[Finding]:
        if self.cpus < n_chains:
            text = f"{n_chains} chains on {self.cpus:g} CPUs take turns, so a fit takes longer"
            yield Finding(WARNING, "cpus", text)
        elif self.performance_cores is not None and self.performance_cores < n_chains:
            text = f"{n_chains} chains on {self.performance_cores} performance cores: some chains will be slower"
            yield Finding(WARNING, "cores", text)
        high = {name: value for name, value in self.thread_caps.items() if value != "1"}
        if high:
            text = ", ".join(f"{name}={value}" for name, value in high.items())
            yield Finding(WARNING, "threads", f"{text} has no effect; a fit uses one thread for each chain")
        for other in self.other_samplers:
            yield Finding(WARNING, "samplers", f"another fit is running: {other}")

    def to_dict(self, findings: Iterable[Finding]) -> dict[str, Any]:
        """Return the content of platform.json."""
        found = list(findings)
        snapshot = {**asdict(self), "other_samplers": [str(other) for other in self.other_samplers]}
        overrides = {finding.code: finding.text for finding in found if finding.level == ALLOWED}
        return {"snapshot": snapshot, "findings": [asdict(finding) for finding in found], "overrides": overrides}


def sweep_problems(largest: SamplingConfig, allow: Collection[str]) -> str:
    """List what makes a sweep pointless on this machine, a line each; empty if nothing does.

    ``largest`` is how the fit that asks most is sampled; ``allow`` has the codes of findings to let pass.
    """
    check = PlatformCheck.current(sampler=largest.sampler)
    findings = check.validate(largest.chains, Plan(largest.limit, largest.sampler), allow)
    return "\n".join(f"platform check: {problem}" for problem in fatal(findings))
