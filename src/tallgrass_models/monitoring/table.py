"""The overview of fits as people read it: a table with bars in a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ..files.untrusted import for_terminal
from .overview import Fit

_STYLES = {"done": "green", "failed": "red", "dead": "red", "damaged": "red", "silent": "yellow"}


def line(fit: Fit) -> str:
    """One fit as a line of text."""
    parts = [fit.name, fit.state]
    if fit.total:
        parts += [f"draw={fit.draw}/{fit.total}", f"divergences={fit.divergences}"]
    if fit.step_size is not None:
        parts.append(f"step={fit.step_size:.3g}")
    if fit.running and fit.draws_per_s is not None:
        parts.append(f"{fit.draws_per_s:.3g} draws/s")
    parts.append(f"elapsed {duration(fit.elapsed_s)}")
    if fit.running and fit.eta_s is not None:
        parts.append(f"left {duration(fit.eta_s)}")
    parts.append(f"pid {fit.pid} on {fit.host}")
    if fit.reason:
        parts.append(f"({fit.reason})")
    return for_terminal("  ".join(parts))


def table(fits: Sequence[Fit]) -> Table | Group:
    """All fits as a table with a bar each."""
    if not fits:
        return Group(Text("No fit is running or has run here."))
    out = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("fit", "state", "", "draws", "diverge", "step", "draws/s", "elapsed", "left"):
        out.add_column(column, justify="left" if column in ("fit", "state", "") else "right", no_wrap=True)
    for fit in fits:
        out.add_row(
            Text(for_terminal(fit.name)),
            Text(fit.state, style=_STYLES.get(fit.state, "cyan")),
            ProgressBar(total=max(fit.total, 1), completed=fit.draw, width=20),
            f"{fit.draw}/{fit.total}" if fit.total else "",
            str(fit.divergences) if fit.total else "",
            "" if fit.step_size is None else f"{fit.step_size:.2g}",
            "" if fit.draws_per_s is None else f"{fit.draws_per_s:.3g}",
            duration(fit.elapsed_s),
            duration(fit.eta_s) if fit.running and fit.eta_s is not None else "",
        )
        if fit.reason:
            out.add_row("", Text(for_terminal(fit.reason), style=_STYLES.get(fit.state, "")))
    return out


def duration(seconds: float) -> str:
    """Seconds as 45 s, 3:20 or 2:05:00."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
