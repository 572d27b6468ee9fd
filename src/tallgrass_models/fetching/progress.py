"""Progress of a download on the terminal, and a line for each file where there is none."""

from __future__ import annotations

import sys
import time

from ..files.untrusted import for_terminal

_EVERY = 0.2


class Progress:
    """How much of a file has come, in one line that is written over; without a terminal only the last."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def at(self, done: int, total: int | None) -> None:
        """Show how many bytes there are, out of how many."""
        if self._live and time.monotonic() - self._shown > _EVERY:
            self._shown = time.monotonic()
            share = f" of {size(total)} ({done / total:.0%})" if total else ""
            self._write(f"{self.name}: {size(done)}{share}", end="")

    def say(self, text: str) -> None:
        """Write a line about the file."""
        self._write(f"{self.name}: {text}", end="\n")

    def _write(self, text: str, end: str) -> None:
        safe = for_terminal(text)  # servers write into it
        print(f"\r\033[K{safe}" if self._live else safe, end=end, file=sys.stderr, flush=True)


def size(n: int | None) -> str:
    """Bytes in words."""
    value = float(n or 0)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"
