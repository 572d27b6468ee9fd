"""Slots in which samplers run, so that no more of them compete than the configuration allows."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..errors import UserError
from .locks import Holder, Lock, runtime_folder
from .process import host

log = logging.getLogger(__name__)

#: Seconds between two tries for a lock that another process holds.
_RETRY = 0.2


def sampler_slots(n: int) -> list[Lock]:
    """Return the slots of this machine (of this Slurm node) of which each fit holds one."""
    return [Lock(runtime_folder() / f"{host()}-sampler-{k}.lock") for k in range(n)]


@contextmanager
def one_of(locks: Sequence[Lock], holder: Holder, wait: bool) -> Iterator[None]:
    """Hold one of ``locks`` during the block, waiting for it if need be and saying for whom.

    Raises
    ------
    UserError
        If none is free and ``wait`` is false.
    """
    told: list[str] = []
    while not any((held := lock).acquire(holder) for lock in locks):
        busy = [str(other) for other in (lock.holder() for lock in locks) if other is not None]
        if not wait:
            raise UserError(f"{holder.what}: not started, because of {' and '.join(busy) or 'another process'}")
        if busy and busy != told:
            log.info("%s: waiting for %s", holder.what, " or ".join(busy))
            told = busy
        time.sleep(_RETRY)
    try:
        yield
    finally:
        held.release()
