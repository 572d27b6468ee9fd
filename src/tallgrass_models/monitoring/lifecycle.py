"""`ExperimentLifecycle`: everything around one fit, from waiting for its turn to the last line of its status."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from threadpoolctl import threadpool_limits

from ..config.running import RunOptions
from ..errors import UserError
from ..files.atomic import remove_leftovers
from ..files.digests import forget
from .draws import DRAWS
from .locks import Holder, Lock
from .signals import last_words
from .slots import one_of, sampler_slots
from .status import FitMonitor
from .status_file import STATUS
from .threads import cap_threads

log = logging.getLogger(__name__)

#: Who fits this unit right now; two processes must not write the same status and draws.
_LOCK = "fit.lock"


class ExperimentLifecycle:
    """One fit of an experiment, as a context manager; inside it, the fit has a sampler slot of the machine.

    It waits for its turn (`RunOptions.wait`), removes what killed runs left behind, caps the threads of numerical
    libraries, and keeps the status file true whatever ends the block. How a process ends on signals is the business of
    `signals.exit_on_signals`; the kernel gives the locks back however it ends.

    Parameters
    ----------
    folder
        Of the status file, the draws so far and the lock of this fit.
    out
        The posterior file that the fit is to write.
    unit, sampler, options
        See `FitMonitor`.

    Attributes
    ----------
    monitor
        The `FitMonitor` of the fit.
    """

    def __init__(self, folder: Path, out: Path, unit: str, sampler: str, options: RunOptions) -> None:
        self.folder, self.out, self.options = folder, out, options
        self.monitor = FitMonitor(folder, unit, sampler, options)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        cap_threads(whatever_is_set=True)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                holder = Holder.me(self.monitor.name, self.folder / STATUS)
                stack.enter_context(one_of([Lock(self.folder / _LOCK)], holder, self.options.wait))
                stack.push(self._end)  # from here on the status is ours to write
                stack.enter_context(last_words(self._fail))
                self.monitor.phase("waiting")
                stack.enter_context(one_of(sampler_slots(self.options.platform.samplers), holder, self.options.wait))
                stack.enter_context(threadpool_limits(1))  # of libraries that were loaded before
                for path in (self.out, self.folder / STATUS, self.folder / DRAWS):
                    remove_leftovers(path)
                self.monitor.phase("compiling")
                self._stack = stack.pop_all()
        except OSError as error:
            raise UserError(f"{self.folder}: cannot be written: {error.strerror}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def _end(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            forget(self.folder / DRAWS)
            (self.folder / DRAWS).unlink(missing_ok=True)
            self.monitor.phase("done")
        else:
            self._fail(str(error) or type(error).__name__)

    def _fail(self, reason: str) -> None:
        self.monitor.phase("failed", reason)
