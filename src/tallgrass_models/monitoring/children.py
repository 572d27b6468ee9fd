"""Processes that end with the one that started them."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from functools import cache

import psutil

#: Linux prctl option: the signal a process gets when its parent dies.
_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """End this job when its Snakemake is killed outright (Linux); the caller must be the direct parent."""
    _when_parent_dies(signal.SIGTERM)


@cache
def children_die_with_us() -> None:
    """Let processes that are forked from now on be killed when this one dies, however it dies (Linux)."""
    os.register_at_fork(after_in_child=lambda: _when_parent_dies(signal.SIGKILL))


def kill_children() -> None:
    """Kill every process that this one started, and those that they started."""
    for child in psutil.Process().children(recursive=True):
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue


def _when_parent_dies(number: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
