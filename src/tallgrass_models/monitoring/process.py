"""Processes: which one a number means, how a job dies with its parent, how many threads it starts."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from functools import cache
from pathlib import Path

import psutil

#: Linux prctl option: the signal a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1
#: One thread per chain; libraries that start threads of their own would have chains compete for the same cores.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def die_with_parent() -> None:
    """End this job when its Snakemake is killed outright (Linux); the caller must be the direct parent."""
    _when_parent_dies(signal.SIGTERM)


@cache
def children_die_with_us() -> None:
    """Let processes that are forked from now on be killed when this one dies, however it dies (Linux)."""
    os.register_at_fork(after_in_child=lambda: _when_parent_dies(signal.SIGKILL))


def _when_parent_dies(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)


def kill_children() -> None:
    """Kill every process that this one started, and those that they started."""
    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue


def cap_threads(whatever_is_set: bool = False) -> None:
    """Tell numerical libraries to use one thread, before they are imported.

    What the environment says already is kept, unless ``whatever_is_set``: Snakemake, for one, tells them to use as many
    threads as a job has cores, and in a fit those are taken by the chains.
    """
    for name in ONE_THREAD:
        if whatever_is_set:
            os.environ[name] = "1"
        os.environ.setdefault(name, "1")


def host() -> str:
    """Name of this machine; of the node where several Slurm nodes share one."""
    return os.environ.get("SLURMD_NODENAME") or socket.gethostname()


def start_of(pid: int) -> str | None:
    """When a process began, as a text that no other process of that number has; None where there is no such process.

    On Linux in clock ticks since boot, so that setting the clock does not turn one process into another.
    """
    if sys.platform == "linux":
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
        state, *rest = stat.rpartition(")")[2].split()
        return None if state in "ZX" else f"{_boot_id()}:{rest[18]}"
    try:
        return f"{psutil.Process(pid).create_time():.0f}"
    except psutil.NoSuchProcess:
        return None


def is_alive(pid: int, start: str) -> bool:
    """Whether the process that had number ``pid`` and began at ``start`` is still there."""
    return start_of(pid) == start


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
