"""How a job dies: with its parent, and never with exit code 0."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from types import FrameType

#: Linux prctl option: the signal a process gets when its parent dies.
PR_SET_PDEATHSIG = 1
#: One thread per chain; libraries that start threads of their own would have chains compete for the same cores.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def die_with_parent() -> None:
    """End this job when its Snakemake is killed outright (Linux); the caller must be the direct parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def exit_on_signals() -> None:
    """Leave with 128 + signal on SIGTERM, SIGINT and SIGHUP, so that no caller takes the job for finished."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, leave)


def cap_threads() -> None:
    """Tell numerical libraries to use one thread, unless the user said otherwise; before they are imported."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
