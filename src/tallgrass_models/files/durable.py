"""Names that files get only once their content is on the disk, so that a power cut leaves the old file or the new."""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: What file systems answer that cannot write a folder to the disk, such as some network shares.
_NOT_HERE = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EISDIR)


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a file, or a folder of files, after it is on the disk; the new name is on the disk when this returns.

    Raises
    ------
    OSError
        If the content cannot be written or the name cannot be given.
    """
    if temporary.is_dir():
        for folder, _, names in os.walk(temporary):
            for name in names:
                _sync(Path(folder, name))
            _sync_folder(Path(folder))
    else:
        _sync(temporary)
    os.replace(temporary, path)
    _sync_folder(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    try:
        _sync(folder)
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise
