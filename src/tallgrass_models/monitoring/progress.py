"""Progress of the fits of this process, shown while it runs in a terminal or a notebook."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from .overview import Fit

#: Seconds from one look at the status files to the next.
_EVERY = 0.5
_LOGGER = "tallgrass_models"


@contextmanager
def progress_of(folders: Sequence[Path], wanted: bool | None = None) -> Iterator[None]:
    """Show the fits that this process runs in some folders, and what the package logs.

    Parameters
    ----------
    folders
        Folders with the status files of the fits.
    wanted
        Whether to show them. None shows them in a notebook, and in a terminal where nobody has set up logging.
    """
    notebook = _in_notebook()
    quiet = wanted is None and not notebook and (not sys.stderr.isatty() or logging.getLogger(_LOGGER).hasHandlers())
    if wanted is False or quiet:
        yield
        return
    with (
        _shown_in_notebook() if notebook else _shown_in_terminal() as (console, show),
        _logged(console),
        _repeated(folders, show),
    ):
        yield


def _in_notebook() -> bool:
    """Return whether the code runs in a notebook's kernel."""
    interactive = sys.modules.get("IPython")
    shell = interactive.get_ipython() if interactive else None
    return type(shell).__name__ == "ZMQInteractiveShell"


@contextmanager
def _shown_in_terminal() -> Iterator[tuple[Console, Callable[[Sequence[Fit]], None]]]:
    from rich.console import Console
    from rich.live import Live

    from .table import table

    console = Console(stderr=True)
    with Live(console=console, auto_refresh=False, transient=True) as live:
        yield console, lambda fits: live.update(table(fits) if fits else "", refresh=True)


@contextmanager
def _shown_in_notebook() -> Iterator[tuple[Console, Callable[[Sequence[Fit]], None]]]:
    import io

    from IPython.display import HTML, display
    from rich.console import Console

    from .table import table

    handle = display(HTML(""), display_id=True)

    def show(fits: Sequence[Fit]) -> None:
        console = Console(record=True, file=io.StringIO(), width=100)
        if fits:
            console.print(table(fits))
        handle.update(HTML(console.export_html(inline_styles=True, code_format="<pre>{code}</pre>")))

    try:
        yield Console(file=sys.stdout, width=120, force_jupyter=False), show
    finally:
        show([])


@contextmanager
def _logged(console: Console) -> Iterator[None]:
    """Print what the package logs, unless somebody has set up logging."""
    logger = logging.getLogger(_LOGGER)
    if logger.hasHandlers():
        yield
        return
    handler, level = _ToConsole(console), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


class _ToConsole(logging.Handler):
    """Handler that prints above the progress, with names from data made safe."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console

    def emit(self, record: logging.LogRecord) -> None:
        from rich.text import Text

        from ..files.untrusted import for_terminal

        lines = self.format(record).split("\n")
        self.console.print(Text("\n".join(for_terminal(line) for line in lines)), soft_wrap=True)


@contextmanager
def _repeated(folders: Sequence[Path], show: Callable[[Sequence[Fit]], None]) -> Iterator[None]:
    """Look at the status files now and then, in a thread of its own, and once more at the end."""
    from .overview import find_fits

    ended, began = threading.Event(), time.monotonic()

    def mine(status: dict[str, Any], path: str) -> bool:
        here = any(Path(path).is_relative_to(folder.resolve()) for folder in folders)
        return here and status["pid"] == os.getpid() and status["heartbeat_monotonic"] >= began

    def look() -> None:
        while not ended.wait(_EVERY):
            show([fit for fit in find_fits(folders) if mine(fit.status, fit.path)])

    thread = threading.Thread(target=look, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
