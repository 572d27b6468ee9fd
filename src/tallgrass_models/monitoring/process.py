"""Processes: which one a number means, on which machine."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import psutil


def host() -> str:
    """Name of this machine; of the node where several Slurm nodes share one."""
    return os.environ.get("SLURMD_NODENAME") or socket.gethostname()


def start_of(pid: int) -> str | None:
    """Return when a process began, as a text unique to it among processes of that number; None if it is gone.

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
    """Return whether the process that had number ``pid`` and began at ``start`` is still there."""
    return start_of(pid) == start


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
