"""Digests of the files that steps write, which everything that reads such a file compares.

The digest of ``folder/NAME`` is the file ``folder/.digests/NAME.sha256``. It also says which step wrote ``NAME``. A
file without one is read as it is: it may come from an older version, from a copy without hidden files, or from people.

`atomic.atomic` writes the digests, of all files that are written while a step runs. Readers pass a path through
`verified`, or get the content from `read_bytes`.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import UserError
from .durable import put_in_place

#: Folder of the digests, beside the files.
FOLDER = ".digests"
#: Files up to this many bytes are compared as a whole before a run, others only where size or time changed.
_SMALL = 2**20
_CHUNK = 2**20

#: The step that is running in this process, or "".
_running = ""


@contextmanager
def written_by(step: str) -> Iterator[None]:
    """Let every file that `atomic` writes in the block have a digest that names the step."""
    global _running
    before, _running = _running, step
    try:
        yield
    finally:
        _running = before


@dataclass(frozen=True)
class Digest:
    """What is known of a file.

    Attributes
    ----------
    sha256
        Of the content, as hex digits.
    size
        In bytes.
    changed
        Time of the last change, in nanoseconds.
    step
        The step that wrote the file.
    """

    sha256: str
    size: int
    changed: int
    step: str


def forget(path: Path) -> None:
    """Remove the digest of a file that is about to be replaced or removed."""
    _place(path).unlink(missing_ok=True)


def digest_of(path: Path) -> Digest | None:
    """Return the digest that a file in the hands of the running step should get; None where no step is running."""
    if not _running:
        return None
    found = path.stat()
    return Digest(_sha256(path), found.st_size, found.st_mtime_ns, _running)


def note(path: Path, digest: Digest) -> None:
    """Write the digest of the file that is called ``path`` from now on."""
    place = _place(path)
    temporary = place.with_name(f".{place.name}.{os.getpid()}.tmp")
    place.parent.mkdir(exist_ok=True)
    try:
        temporary.write_text(json.dumps(asdict(digest)) + "\n", encoding="utf-8")
        put_in_place(temporary, place)
    finally:
        with suppress(OSError):
            temporary.unlink()


def verified(path: str | Path) -> Path:
    """Return the path of a file after its content was compared with its digest, if it has one.

    Raises
    ------
    UserError
        If the content is another. The message names the step to run again.
    """
    path = Path(path)
    if path.is_file() and (said := _recorded(path)) is not None and not _is_of(path, said):
        if said != _recorded(path):  # a step has just replaced the file
            return verified(path)
        raise _other(path, said)
    return path


def read_bytes(path: str | Path) -> bytes:
    """Return the content of a file after it was compared with its digest, if it has one.

    Raises
    ------
    UserError
        If the content is another. The message names the step to run again.
    OSError
        If the file cannot be read.
    """
    path = Path(path)
    said = _recorded(path)
    content = _content(path)
    if said is not None and hashlib.sha256(content).hexdigest() != said.sha256:
        if said != _recorded(path):  # a step has just replaced the file
            return read_bytes(path)
        raise _other(path, said)
    return content


def is_intact(path: Path) -> bool:
    """Tell whether a file that has a digest is the one that its step wrote; look at all of a small file.

    Of a large file, size and time are looked at first. If those are the same, the content counts as the same.
    """
    try:
        said, found = _recorded(path), path.stat()
        if said is None:
            return True
        if found.st_size != said.size:
            return False
        return (found.st_size > _SMALL and found.st_mtime_ns == said.changed) or _is_of(path, said)
    except (OSError, UserError):
        return False


def damaged_files(folders: Iterable[Path]) -> list[Path]:
    """Return the files under some folders that are there but not as their steps wrote them (`is_intact`)."""
    found = []
    for folder in folders:
        for place in sorted(folder.glob(f"**/{FOLDER}/*.sha256")):
            path = place.parents[1] / place.name.removesuffix(".sha256")
            if path.is_file() and not is_intact(path):
                found.append(path)
    return found


def _place(path: Path) -> Path:
    return path.parent / FOLDER / f"{path.name}.sha256"


def _recorded(path: Path) -> Digest | None:
    """Return the digest that is kept beside a file, None where there is none."""
    place = _place(path)
    try:
        raw = json.loads(place.read_bytes())
        return Digest(str(raw["sha256"]), int(raw["size"]), int(raw["changed"]), str(raw["step"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # there can be none
            return None
        raise UserError(f"{path}: its digest {place} is damaged; delete both, and run the step that made it") from None


def _is_of(path: Path, said: Digest) -> bool:
    """Tell whether the content of a file is what its digest says; a file that cannot be read is told by its reader."""
    try:
        return path.stat().st_size == said.size and _sha256(path) == said.sha256
    except OSError:
        return True


def _content(path: Path) -> bytes:
    """Return the content of a file; a pipe or a device, which might never end, is an `OSError`."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        return file.read()


def _other(path: Path, said: Digest) -> UserError:
    return UserError(
        f"{path}: not as the step {said.step!r} wrote it: damaged, or saved by another program; delete it and run that"
        " step again"
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
