"""Properties of this machine: cores, memory, disk, and a compiler if one is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

#: Where Linux mounts control groups.
_CGROUP = Path("/sys/fs/cgroup")
_PROC_CGROUP = Path("/proc/self/cgroup")
#: A limit of version 1 that means none.
_NO_LIMIT = 2**60


def usable_cpus() -> float:
    """CPUs of this process's affinity mask, bounded by the quota of its cgroups (which may be a fraction)."""
    count = float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    for folder in _cgroup_folders("cpu"):
        quota = _read(folder / "cpu.max").split()
        quota = quota or [_read(folder / "cpu.cfs_quota_us").strip(), _read(folder / "cpu.cfs_period_us").strip()]
        if len(quota) == 2 and quota[0].isdigit() and quota[1].isdigit() and int(quota[1]):
            count = min(count, int(quota[0]) / int(quota[1]))
    return count


def performance_cores() -> int | None:
    """Cores that are neither hardware threads of another one nor, on Apple Silicon, its slow kind."""
    if sys.platform == "darwin":
        counted = _output("sysctl", "-n", "hw.perflevel0.physicalcpu").strip()
        if counted.isdigit():
            return int(counted)
    return psutil.cpu_count(logical=False)


def memory_gb() -> float:
    """Physical memory in GB, bounded by the limit of this process's cgroups."""
    limits = [limit for limit, _ in _memory_limits()]
    return round(min([psutil.virtual_memory().total, *limits]) / 1e9, 1)


def memory_free_gb() -> float:
    """Memory in GB that this process could have now without swapping."""
    left = [limit - used for limit, used in _memory_limits()]
    return round(max(min([psutil.virtual_memory().available, *left]), 0) / 1e9, 1)


def disk_free_gb(folder: Path) -> float:
    """Free space in GB where ``folder`` is or will be."""
    while not folder.exists():
        folder = folder.parent
    return round(psutil.disk_usage(str(folder)).free / 1e9, 1)


def _cgroup_folders(controller: str) -> Iterator[Path]:
    """Return the cgroup of this process and those around it, whose limits hold for it too."""
    for line in _read(_PROC_CGROUP).splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", controller) and controller not in controllers.split(","):
            continue
        root = _CGROUP / controller if controllers else _CGROUP
        folder = root / path.strip("/")
        yield folder
        while folder != root:
            folder = folder.parent
            yield folder


def _memory_limits() -> Iterator[tuple[int, int]]:
    """Limit and use in bytes of each cgroup around this process that has a limit."""
    for folder in _cgroup_folders("memory"):
        for limit, used in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
            found = _read(folder / limit).strip()
            if found.isdigit() and int(found) < _NO_LIMIT:
                yield int(found), int(_read(folder / used).strip() or 0)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""


def _output(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
