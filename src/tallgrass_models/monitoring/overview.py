"""Running and recent fits, read from their status files: which live, which died without saying so."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .locks import holders
from .process import host, is_alive
from .status import STATUS

#: Seconds without a heartbeat after which a fit that should give one is called silent.
_SILENT = 120.0
#: Phases in which a fit has no regular heartbeat: compiled code, or a file that is being written.
_BUSY = ("waiting", "compiling", "writing")


@dataclass(frozen=True)
class Fit:
    """One fit, as its status file tells.

    Attributes
    ----------
    name
        ``experiment/unit``.
    state
        The phase; or ``dead``: its process is gone though the phase is not the last one; or ``silent``: no news for
        `_SILENT` seconds, from a process that is still there or on another machine.
    draw, total, divergences
        Of all chains.
    step_size
        The smallest of all chains.
    path
        The status file.
    status
        All it says.
    """

    name: str
    state: str
    draw: int
    total: int
    divergences: int
    step_size: float | None
    draws_per_s: float | None
    elapsed_s: float
    eta_s: float | None
    reason: str | None
    host: str
    pid: int
    path: str
    status: dict[str, Any]

    @property
    def running(self) -> bool:
        """True if it is at work, as far as can be known from here."""
        return self.state not in ("done", "failed", "dead")

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {key: value for key, value in asdict(self).items() if key != "status"} | {
            "chains": self.status["chains"],
            "started": self.status["started"],
            "heartbeat": self.status["heartbeat"],
        }


def find_fits(results: Iterable[Path], recent_s: float | None = None) -> list[Fit]:
    """Fits under some results folders and those that hold a sampler slot of this machine, latest heartbeat last.

    Parameters
    ----------
    results
        Results folders.
    recent_s
        Leave out fits that ended longer ago than this; None: none.
    """
    paths = {path.resolve() for folder in results for path in folder.rglob(STATUS)}
    paths |= {Path(holder.status).resolve() for holder in holders() if holder.status}
    fits = [fit for path in paths if (fit := _read_fit(path)) is not None]
    if recent_s is not None:
        fits = [fit for fit in fits if fit.running or _age(fit.status) < recent_s]
    return sorted(fits, key=lambda fit: (fit.status["heartbeat"], fit.name))


def _read_fit(path: Path) -> Fit | None:
    """One status file; None for a file that is not there any more or not a status file."""
    try:
        status = json.loads(path.read_text(encoding="utf-8"))
        chains = status["chains"]
        steps = [chain["step_size"] for chain in chains if chain["step_size"] is not None]
        return Fit(
            name=f"{status['experiment']}/{status['unit']}",
            state=_state(status),
            draw=sum(chain["draw"] for chain in chains),
            total=sum(chain["total"] for chain in chains),
            divergences=sum(chain["divergences"] for chain in chains),
            step_size=min(steps, default=None),
            path=str(path),
            status=status,
            **{key: status[key] for key in ("draws_per_s", "elapsed_s", "eta_s", "reason", "host", "pid")},
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state(status: dict[str, Any]) -> str:
    phase = str(status["phase"])
    if phase in ("done", "failed"):
        return phase
    if status["host"] == host() and not is_alive(status["pid"], status["process_start"]):
        return "dead"
    return "silent" if phase not in _BUSY and _age(status) > _SILENT else phase


def _age(status: dict[str, Any]) -> float:
    """Seconds since the heartbeat; on this machine, since the same start, by a clock that nobody can set."""
    if status["host"] == host() and is_alive(status["pid"], status["process_start"]):
        return time.monotonic() - float(status["heartbeat_monotonic"])
    return (dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(status["heartbeat"])).total_seconds()
