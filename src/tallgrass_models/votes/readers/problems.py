"""What is wrong with the files of a session: told at once in a run, or gathered, so that one look finds all of it.

Readers refuse what they cannot trust in one of two ways. `fail_on` is for problems after which nothing can be read.
`refuse` is for all others: it raises too, except within `gathering`, where the reader goes on with whatever is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from ...errors import UserError


@dataclass
class Gathered:
    """What a look at a session has found.

    Attributes
    ----------
    lines
        The problems, each once, in the order in which they were found.
    missing
        Columns that are not there, by file. They are read as blank, and their cells are no further problem.
    doubtful
        Columns of which some cells cannot be read. What is matched with them may go wrong for that reason alone.
    """

    lines: dict[str, None] = field(default_factory=dict)
    missing: set[tuple[Path, str]] = field(default_factory=set)
    doubtful: set[tuple[Path, str]] = field(default_factory=set)
    _told: dict[tuple[Path, str], set[object]] = field(default_factory=dict)

    def news(self, path: Path, columns: Sequence[str], rows: Sequence[object]) -> list[bool]:
        """Say for each of some rows whether nothing was told of its cells before, and keep that it is told now."""
        before = [self._told.setdefault((path, column), set()) for column in columns]
        out = [not any(row in told for told in before) for row in rows]
        before[-1].update(rows)
        return out


_GATHERED: ContextVar[Gathered | None] = ContextVar("gathered", default=None)


@contextmanager
def gathering() -> Iterator[Gathered]:
    """Let readers go on after a problem, and yield what they gather."""
    found = Gathered()
    token = _GATHERED.set(found)
    try:
        yield found
    finally:
        _GATHERED.reset(token)


def is_gathering() -> bool:
    """Tell whether readers go on after a problem."""
    return _GATHERED.get() is not None


def fail_on(*problems: str | None) -> None:
    """Raise one `UserError` with a line per problem, if there is any."""
    found = list(dict.fromkeys(problem for problem in problems if problem))
    if found:
        raise UserError("\n".join(found))


def refuse(*problems: str | None) -> None:
    """Raise one `UserError` with a line per problem, if there is any; within `gathering`, keep the lines and return.

    What follows must be able to go on: it leaves out the rows that are wrong, or reads them as blank.
    """
    found = _GATHERED.get()
    if found is None:
        fail_on(*problems)
    else:
        found.lines |= dict.fromkeys(line for problem in problems if problem for line in problem.splitlines())


def read_as_blank(path: Path, *columns: str) -> None:
    """Say that columns are not in a file; only within `gathering`."""
    if (found := _GATHERED.get()) is not None:
        found.missing |= {(path, column) for column in columns}


def cast_doubt(path: Path, *columns: str) -> None:
    """Say that some cells of columns cannot be read; only within `gathering`."""
    if (found := _GATHERED.get()) is not None:
        found.doubtful |= {(path, column) for column in columns}


def news(path: Path, columns: Sequence[str], rows: Sequence[object]) -> list[bool]:
    """Say for each of some rows whether its cells are no problem yet; within `gathering` one of them is told once."""
    found = _GATHERED.get()
    return [True] * len(rows) if found is None else found.news(path, columns, rows)


def is_blank(path: Path, *columns: str) -> bool:
    """Tell whether any of the columns is not in the file, which has been told."""
    found = _GATHERED.get()
    return found is not None and any((path, column) in found.missing for column in columns)


def is_sure(path: Path, *columns: str) -> bool:
    """Tell whether rows can be matched with all of the columns; always outside `gathering`."""
    found = _GATHERED.get()
    return found is None or not any((path, column) in found.missing | found.doubtful for column in columns)


@dataclass
class Problems:
    """What is wrong with the files, gathered so that all of it is told at once."""

    lines: list[str] = field(default_factory=list)

    def add(self, *lines: str | None) -> None:
        """Keep the lines that are there."""
        self.lines += [line for line in lines if line]

    def stop(self) -> None:
        """Refuse what is wrong so far, as `refuse` does."""
        refuse(*self.lines)
        self.lines.clear()
