"""Machine code that numba keeps on disk is run only if it is whole and nobody else can have written it.

The one use of the inside of numba's ``IndexDataCacheFile``; `tests/test_borrowed.py` is the first to notice when that
changes. numba reads such files with ``pickle``, which runs what is in them, and says nothing of a damaged one but a
trace, a crash, or other numbers. Here each file ends with a seal, its SHA-256, which numba without this module skips.
One of ours without it, or one that others may write, counts as not there: the function is compiled again, and the
file replaced. PyTensor's own files, which other programs of the user share, may lack it, but not have a wrong one.

The methods replaced are ``_load_index``, ``_load_data``, ``_open_for_write`` and ``save``.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

_log = logging.getLogger(__name__)

_MAGIC = b"tallgrass-models"
_DIGEST = hashlib.sha256().digest_size
_SEAL = len(_MAGIC) + _DIGEST
#: In the path of every file that is ours: machine code beside the package, and what `nutpie` names so.
_OURS = "tallgrass_models"
#: A folder of machine code keeps at most this many bytes; the oldest files go first.
_MOST_BYTES = 2 * 2**30
_SUFFIXES = (".nbi", ".nbc")
#: Suffix of the files of `beforehand`, each of which says that the machine code of a model is there.
MARK = ".whole"
_told: set[str] = set()


def guard_kept_code() -> None:
    """Let numba's caches of this process, ours and PyTensor's, write sealed files and read no others."""
    if getattr(IndexDataCacheFile, "_sealed", False):
        return
    IndexDataCacheFile._sealed = True
    for name, guarded in (("_load_index", _index), ("_load_data", _data), ("save", _saved)):
        setattr(IndexDataCacheFile, name, guarded(getattr(IndexDataCacheFile, name)))
    IndexDataCacheFile._open_for_write = _open_sealed(IndexDataCacheFile._open_for_write)


def problem_of(path: Path) -> str | None:
    """Say why a file of machine code must not be run; None if it may, or is not there."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            content = file.read() if stat.S_ISREG(found.st_mode) else b""
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if found.st_uid not in (os.getuid(), 0) or found.st_mode & stat.S_IWOTH:
        return "another user may have written it"
    if content[-_SEAL:-_DIGEST] != _MAGIC:
        return "damaged, or not written by this program" if _OURS in str(path) else None
    return None if content[-_DIGEST:] == hashlib.sha256(content[:-_SEAL]).digest() else "damaged"


def _refused(path: Path) -> bool:
    """Tell whether a file is not to be used, and say so once for each folder; the file is removed if it can be."""
    problem = problem_of(path)
    if problem is None:
        return False
    if str(path.parent) not in _told:
        _told.add(str(path.parent))
        _log.info("%s: %s; it is not used, and compiled again", path, problem)
    _remove(path)
    return True


def _remove(path: Path) -> None:
    """Remove a file of machine code."""
    with suppress(OSError):
        path.unlink()
        _forget_models(path.parent)


def _forget_models(folder: Path) -> None:
    """Remove all marks of a folder in which machine code is missing, since nobody knows which models need it."""
    with suppress(OSError):
        for mark in folder.glob(f"*{MARK}"):
            mark.unlink(missing_ok=True)


def _index(load: Callable[..., Any]) -> Callable[..., Any]:
    def load_index(self: Any) -> Any:
        if _refused(Path(self._index_path)):
            return {}
        try:
            return load(self)
        except Exception as error:  # whatever pickle says of a damaged file
            _log.info("%s: cannot be read (%s); compiled again", self._index_path, error)
            _forget_models(Path(self._cache_path))
            return {}

    return load_index


def _data(load: Callable[..., Any]) -> Callable[..., Any]:
    def load_data(self: Any, name: str) -> Any:
        if _refused(Path(self._data_path(name))):
            raise FileNotFoundError(name)  # which numba takes for machine code that is not kept
        try:
            return load(self, name)
        except Exception as error:  # whatever pickle says of a damaged file
            _forget_models(Path(self._cache_path))
            raise FileNotFoundError(name) from error

    return load_data


def _saved(save: Callable[..., None]) -> Callable[..., None]:
    def save_if_possible(self: Any, key: Any, data: Any) -> None:
        try:
            save(self, key, data)
            make_room(Path(self._cache_path))
        except OSError as error:
            _log.info("%s: machine code is not kept: %s", self._cache_path, error.strerror or error)

    return save_if_possible


def _open_sealed(open_for_write: Callable[..., Any]) -> Callable[..., Any]:
    @contextmanager
    def open_sealed(self: Any, path: str) -> Iterator[io.BytesIO]:
        content = io.BytesIO()
        yield content
        with open_for_write(self, path) as file:
            file.write(content.getvalue() + _MAGIC + hashlib.sha256(content.getvalue()).digest())

    return open_sealed


def make_room(folder: Path, most: int = _MOST_BYTES) -> None:
    """Remove the oldest files of machine code where a folder has more than ``most`` bytes of them."""
    found = []
    for path in folder.iterdir():
        with suppress(OSError):  # of another process, which has just removed it
            if path.suffix in _SUFFIXES:
                found.append((path.stat().st_mtime_ns, path.stat().st_size, path))
    kept = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if kept <= most:
            break
        _remove(path)
        kept -= size
