"""`FitMonitor`: what a running fit lets the world know, by its process title, its status file and its log."""

from __future__ import annotations

import datetime as dt
import logging
import math
import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..config.running import RunOptions
from .draws import DRAWS, save_draws
from .early_stop import EarlyStopError, reason_to_stop
from .process import host, start_of
from .status_file import STATUS, write_status

if TYPE_CHECKING:
    from ..sampling.watch import ChainProgress, KeptDraws

log = logging.getLogger(__name__)

#: The status file is written after this many new draws of all chains, and after `_HEARTBEAT` seconds without.
_EVERY_DRAWS = 50
_HEARTBEAT = 5.0
#: Seconds over which the speed is measured.
_WINDOW = 60.0
#: Saving the draws may take this share of the time.
_KEEP_SHARE = 0.01


class FitMonitor:
    """Tells where one fit is; a `sampling.Watch`.

    Times between events are taken from the monotonic clock, so that setting the clock of the machine does no harm.
    Nothing that fails in here ends a fit: it is logged, once. Only an early stop that was asked for does.

    Parameters
    ----------
    folder
        Where the status file and the draws so far are written.
    unit, sampler
        What is fitted, by which sampler.
    options
        Whose fit it is, when to give up, how often to save the draws.
    """

    def __init__(
        self,
        folder: Path,
        unit: str,
        sampler: str,
        options: RunOptions,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder, self.unit, self.sampler, self.options, self._clock = folder, unit, sampler, options, clock
        self.name = f"{options.experiment}/{unit}"
        self.phase_name = "waiting"
        self.reason: str | None = None
        #: What the saved draws belong to: hashes of settings, data and model.
        self.identity: dict[str, Any] = {}
        self._started, self._started_at = clock(), _now()
        self._chains: list[ChainProgress] = []
        self._speed: deque[tuple[float, int]] = deque()
        self._written, self._written_draws = -math.inf, 0
        self._told, self._kept_at, self._keep_cost = clock(), clock(), 0.0
        self._complaints: set[str] = set()

    # --- what happens -------------------------------------------------------------------------------------------------

    def phase(self, name: str, reason: str | None = None) -> None:
        """Enter a phase: waiting, compiling, tuning, sampling, writing, done or failed."""
        self.phase_name, self.reason = name, reason
        if name == "writing":  # sampling is over, whatever its last report said
            self._chains = [
                replace(chain, draw=chain.total, after_tuning=chain.after_tuning + chain.total - chain.draw)
                for chain in self._chains
            ]
        self._safely("status", self._write)

    def progress(self, chains: Sequence[ChainProgress]) -> None:
        """Take note of where the chains are; raise `EarlyStopError` where they are to be given up."""
        self._safely("status", self._note, list(chains))
        if reason := reason_to_stop(chains, self.options.early_stop):
            raise EarlyStopError(reason)

    def wants_draws(self) -> bool:
        """Return whether to save the draws so far: not too often, whatever that costs."""
        wait = max(self.options.platform.keep_every, self._keep_cost / _KEEP_SHARE)
        return self.phase_name == "sampling" and self._clock() - self._kept_at > wait

    def keep(self, draws: Callable[[], KeptDraws]) -> None:
        """Save the draws so far, instead of those saved before."""
        began = self._clock()
        self._safely("draws so far", lambda: save_draws(self.folder / DRAWS, draws(), self.identity))
        self._kept_at = self._clock()
        self._keep_cost = self._kept_at - began

    # --- how it is told -----------------------------------------------------------------------------------------------

    def _note(self, chains: list[ChainProgress]) -> None:
        now, done = self._clock(), sum(chain.draw for chain in chains)
        self._chains = chains
        self.phase_name = "tuning" if all(chain.tuning for chain in chains) else "sampling"
        self._speed.append((now, done))
        while len(self._speed) > 2 and now - self._speed[0][0] > _WINDOW:
            self._speed.popleft()
        finished = all(chain.draw >= chain.total for chain in chains)
        if done - self._written_draws >= _EVERY_DRAWS or now - self._written >= _HEARTBEAT or finished:
            self._write()
        if now - self._told >= min(max(10.0, (now - self._started) / 20), 300.0):
            self._told = now
            log.info("%s", self.line())

    def _write(self) -> None:
        import setproctitle

        self._written, self._written_draws = self._clock(), sum(chain.draw for chain in self._chains)
        setproctitle.setproctitle(self.title())
        self.folder.mkdir(parents=True, exist_ok=True)
        write_status(self.folder / STATUS, self.to_dict())

    def title(self) -> str:
        """Return the process title."""
        total = sum(chain.total for chain in self._chains)
        draw = f" draw={sum(chain.draw for chain in self._chains)}/{total}" if total else ""
        return f"tallgrass:{self.options.experiment}:{self.unit}:{self.phase_name}{draw}"

    def line(self) -> str:
        """One line for the log."""
        done, total = (sum(getattr(chain, key) for chain in self._chains) for key in ("draw", "total"))
        divergences = sum(chain.divergences for chain in self._chains)
        rate, eta = self.speed()
        left = "" if eta is None else f", {eta / 60:.0f} min left" if eta >= 90 else f", {eta:.0f} s left"
        fast = "" if rate is None else f", {rate:.3g} draws/s"
        percent = 100 * done / max(total, 1)
        return f"{self.name}: {self.phase_name} {percent:.0f} %, {divergences} divergences{fast}{left}"

    def speed(self) -> tuple[float | None, float | None]:
        """Draws per second of all chains lately, and seconds to the end at that speed."""
        if len(self._speed) < 2 or self._speed[-1][0] <= self._speed[0][0]:
            return None, None
        (t0, n0), (t1, n1) = self._speed[0], self._speed[-1]
        rate = (n1 - n0) / (t1 - t0)
        left = sum(chain.total - chain.draw for chain in self._chains)
        return rate, left / rate if rate > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the content of the status file."""
        rate, eta = self.speed()
        return {
            "experiment": self.options.experiment,
            "unit": self.unit,
            "sampler": self.sampler,
            "phase": self.phase_name,
            "reason": self.reason,
            "pid": os.getpid(),
            "process_start": start_of(os.getpid()),
            "host": host(),
            "started": self._started_at,
            "heartbeat": _now(),
            "heartbeat_monotonic": round(time.monotonic(), 3),
            "elapsed_s": round(self._clock() - self._started, 1),
            "eta_s": None if eta is None else round(eta, 1),
            "draws_per_s": None if rate is None else round(rate, 3),
            "chains": [_chain(chain) for chain in self._chains],
        }

    def _safely(self, what: str, action: Callable[..., None], *args: Any) -> None:
        try:
            action(*args)
        except Exception as error:
            if what not in self._complaints:
                self._complaints.add(what)
                log.warning("%s: %s: %s: %s; the fit goes on", self.name, what, type(error).__name__, error)


def _chain(chain: ChainProgress) -> dict[str, Any]:
    rate = chain.draw / chain.runtime_s if chain.runtime_s > 0 else None
    step = chain.step_size
    return {
        "draw": chain.draw,
        "total": chain.total,
        "tuning": chain.tuning,
        "divergences": chain.divergences,
        "step_size": float(f"{step:.4g}") if step is not None and math.isfinite(step) else None,
        "draws_per_s": None if rate is None else round(rate, 3),
    }


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
