"""SIGTERM, SIGINT and SIGHUP end a command within two seconds, with exit code 128 + signal."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from .children import children_die_with_us, kill_children

log = logging.getLogger(__name__)

_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Seconds that the main thread has to end in good order.
_GRACE = 1.5
#: What to do when the main thread does not end in time. Signals are of the whole process, hence so is this.
_last_words: list[Callable[[str], None]] = []


class _Stopped(SystemExit):
    """A signal asked this process to end; its exit code is 128 + signal."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.number = number

    def __str__(self) -> str:
        return f"stopped by {signal.Signals(self.number).name}"


@contextmanager
def exit_on_signals() -> Iterator[None]:
    """Raise `_Stopped` in the main thread on the first of `_SIGNALS`, and end the process after the block.

    Python acts on a signal only between its own instructions, which compiled code can hold up for long. A thread that
    the C signal handler wakes therefore gives the main thread `_GRACE` seconds and then ends the process itself, with
    the processes that it started. A signal that was ignored from the start, as by nohup, stays ignored.
    """
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            kill_children()  # chains of PyMC, compilers: to wait for them would take longer than there is time
            raise _Stopped(number)

    ours = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    pipe_out, pipe_in = os.pipe()
    os.set_blocking(pipe_in, False)
    mine, former_fd = os.getpid(), signal.set_wakeup_fd(pipe_in, warn_on_full_buffer=False)
    former = {number: signal.signal(number, stop) for number in ours}

    def be_a_plain_child() -> None:
        if signal.getsignal(ours[0]) is stop:
            signal.set_wakeup_fd(-1)
            for number in ours:
                signal.signal(number, signal.SIG_DFL)

    if ours:
        os.register_at_fork(after_in_child=be_a_plain_child)
    children_die_with_us()
    threading.Thread(target=_watch, args=(pipe_out, set(ours)), daemon=True, name="signals").start()
    try:
        yield
    except _Stopped as stopped:
        logging.shutdown()
        sys.stdout.flush()
        os._exit(128 + stopped.number)  # all is said and done; taking the interpreter down can take seconds
    finally:
        if os.getpid() == mine and not stopping:
            for number, handler in former.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(former_fd)
            os.close(pipe_in)


@contextmanager
def last_words(speak: Callable[[str], None]) -> Iterator[None]:
    """Have ``speak`` called with the reason if the process must be ended by force during the block."""
    _last_words.append(speak)
    try:
        yield
    finally:
        _last_words.remove(speak)


def _watch(pipe: int, numbers: set[signal.Signals]) -> None:
    """Wait for a signal, and then for the end of the process."""
    number = 0
    while number not in numbers:
        read = os.read(pipe, 1)
        if not read:
            os.close(pipe)
            return
        number = read[0]
    time.sleep(_GRACE)
    for speak in _last_words:
        speak(str(_Stopped(number)))
    kill_children()
    os._exit(128 + number)
