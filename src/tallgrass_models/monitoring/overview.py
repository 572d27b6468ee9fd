"""Running and recent fits, read from their status files: which live, which died without saying so."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ..errors import UserError
from .locks import holders
from .process import host, is_alive
from .status_file import STATUS, read_status

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
        `_SILENT` seconds, from a process that is still there or on another machine; or ``damaged``: the file cannot
        be read, so all that follows is 0 or None.
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
        return self.state not in ("done", "failed", "dead", "damaged")

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
    """One status file, as `_damaged` if it cannot be read; None for a file that is not there any more."""
    try:
        status = read_status(path)
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
    except (UserError, OSError, ValueError, KeyError, TypeError, OverflowError):
        return _damaged(path)


def _damaged(path: Path) -> Fit | None:
    """Return what can be said of a fit whose status file is damaged, from its folder and time."""
    try:
        changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).isoformat(timespec="seconds")
    except OSError:
        return None
    name = "/".join([part for part in path.parts[:-1] if part != "live"][-2:])
    status = {"host": "", "pid": 0, "chains": [], "started": "", "heartbeat": changed, "heartbeat_monotonic": 0.0}
    reason = f"{path.name} is damaged"
    return Fit(name, "damaged", 0, 0, 0, None, None, 0.0, None, reason, "", 0, str(path), status)


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
