"""A record of the steps that were run, so that `run_experiment` repeats only what is not up to date.

Snakemake keeps its own record. Both compare the files, so neither mistakes a file that the other rewrote for its own.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..config.experiments import spec_hash
from ..errors import UserError
from ..files.digests import is_intact, written_by
from ..files.json import read_json, write_json

log = logging.getLogger(__name__)

#: Name of the record, in the folder of the results that it describes.
_LEDGER = "steps.json"


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Attributes
    ----------
    name
        Name of the step, unique in its folder, such as ``check joint``.
    spec
        Settings and code on which the result depends, as canonical JSON.
    inputs, outputs
        Files that the step reads and writes. An output may be a folder.
    run
        Function that does the work.
    """

    name: str
    spec: str
    inputs: Sequence[Path]
    outputs: Sequence[Path]
    run: Callable[[], None]

    def take(self) -> None:
        """Run the step, so that its files have digests with its name."""
        with written_by(self.name):
            self.run()


class Ledger:
    """Record of the steps that were run in a folder.

    A step is up to date if its spec is the same and every input and output is the very file of the last run. Such a
    file is there, has the same size and was not written since, and an output is not damaged (`digests.is_intact`).

    Parameters
    ----------
    folder
        Folder of an experiment, or of the votes of a session.
    base
        The results folder. The record has the paths of its files relative to it, so that it may be moved as a whole.
    """

    def __init__(self, folder: Path, base: Path) -> None:
        self.base, self.path = base, folder / _LEDGER

    def is_current(self, step: Step) -> bool:
        """Tell whether a step is up to date."""
        if self._read().get(step.name) != self._state(step) or not all(path.exists() for path in step.outputs):
            return False
        damaged = [path for path in step.outputs if path.is_file() and not is_intact(path)]
        for path in damaged:
            log.warning("%s: damaged since the step %r wrote it; it is made again", path, step.name)
        return not damaged

    def note(self, step: Step) -> None:
        """Record that a step has run, or that its results are known to be up to date."""
        write_json(self.path, {**self._read(), step.name: self._state(step)})

    def do(self, step: Step) -> bool:
        """Run a step unless it is up to date; tell whether it ran."""
        if self.is_current(step):
            log.debug("%s: up to date", step.name)
            return False
        step.take()
        self.note(step)
        return True

    def _read(self) -> dict[str, Any]:
        """Read the record. One that is missing or damaged counts as empty, so that every step runs."""
        if not self.path.exists():
            return {}
        try:
            found = read_json(self.path)
        except UserError as error:
            log.warning("%s; every step runs", error)
            return {}
        return found if isinstance(found, dict) else {}

    def _state(self, step: Step) -> dict[str, Any]:
        files = {self._place(path): _file(path) for path in (*step.inputs, *step.outputs)}
        return {"spec": spec_hash(step.spec), "files": files}

    def _place(self, path: Path) -> str:
        if path.is_relative_to(self.base):
            return path.relative_to(self.base).as_posix()
        return os.path.abspath(path)


def _file(path: Path) -> list[int] | None:
    """Return size (bytes, 0 for a folder) and time of the last change (nanoseconds), or None if there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return [0 if path.is_dir() else found.st_size, found.st_mtime_ns]
