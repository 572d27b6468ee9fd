"""One thread for each numerical library."""

from __future__ import annotations

import os

#: One thread per chain; libraries that start threads of their own would have chains compete for the same cores.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def cap_threads(whatever_is_set: bool = False) -> None:
    """Tell numerical libraries to use one thread, before they are imported.

    What the environment says already is kept, unless ``whatever_is_set``: Snakemake, for one, tells them to use as many
    threads as a job has cores, and in a fit those are taken by the chains.
    """
    for name in ONE_THREAD:
        if whatever_is_set:
            os.environ[name] = "1"
        os.environ.setdefault(name, "1")
