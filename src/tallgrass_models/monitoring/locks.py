"""Locks between processes, which the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import UserError
from ..files.digests import read_bytes
from .process import host, is_alive, start_of


@dataclass(frozen=True)
class Holder:
    """Holder of a lock, as it wrote itself into the lock's file.

    Attributes
    ----------
    pid, start, host
        The process, and when it began (`process.start_of`).
    what
        What it does, for people.
    status
        Its status file, or "".
    since
        When it got the lock, local time.
    """

    pid: int
    start: str
    host: str
    what: str
    status: str = ""
    since: str = ""

    @classmethod
    def me(cls, what: str, status: Path | None = None) -> Holder:
        """Return this process as a holder."""
        pid = os.getpid()
        where = "" if status is None else str(status.absolute())
        return cls(pid, start_of(pid) or "", host(), what, where, time.strftime("%Y-%m-%d %H:%M:%S"))

    def __str__(self) -> str:
        return f"{self.what} (pid {self.pid} since {self.since})"


class Lock:
    """An exclusive lock on a file, which stays when the lock is released.

    The content is written only once the lock is held. A file that someone removed or replaced meanwhile is not the
    lock any more: the lock is then taken on the file that is there now, so that two processes never hold one each.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def acquire(self, holder: Holder) -> bool:
        """Take the lock if it is free; whether it was."""
        while True:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                if not stat.S_ISREG(os.fstat(fd).st_mode):
                    raise OSError(errno.EINVAL, "not a plain file; remove it", str(self.path))
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _same_file(fd, self.path):
                    break
                os.close(fd)
            except BlockingIOError:
                os.close(fd)
                return False
            except BaseException:
                os.close(fd)
                raise
        os.truncate(fd, 0)
        os.pwrite(fd, json.dumps(asdict(holder)).encode(), 0)
        self._fd = fd
        # A forked process shares the lock; it would hold it beyond our death.
        os.register_at_fork(after_in_child=self._forget)
        return True

    def release(self) -> None:
        """Give the lock back; nothing if it is not held."""
        if self._fd is not None:
            os.truncate(self._fd, 0)
            self._forget()

    def _forget(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def holder(self) -> Holder | None:
        """Return who holds the lock, by what the file says; None if that process is gone."""
        try:
            found = Holder(**json.loads(read_bytes(self.path)))
            if not isinstance(found.pid, int):
                return None
        except (OSError, ValueError, TypeError, RecursionError):  # not there, free, not written yet, or no lock of ours
            return None
        return found if is_alive(found.pid, found.start) else None


def runtime_folder() -> Path:
    """Return the user's folder for the sampler lock.

    TALLGRASS_RUNTIME_DIR, else a folder in the user's runtime folder, found also where the environment does not name it
    (cron, ssh), else in the folder for temporary files.

    Raises
    ------
    UserError
        If it cannot be made, or is another user's.
    """
    given = os.environ.get("TALLGRASS_RUNTIME_DIR")
    system = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    own = (
        system / "tallgrass-models"
        if system.is_dir()
        else Path(tempfile.gettempdir(), f"tallgrass-models-{os.getuid()}")
    )
    folder = Path(given) if given else own
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise UserError(
            f"{folder}: no place for the sampler lock ({error.strerror}); set TALLGRASS_RUNTIME_DIR"
        ) from None
    if found.st_uid != os.getuid() or folder.is_symlink():
        raise UserError(f"{folder}: is not this user's own folder; set TALLGRASS_RUNTIME_DIR to another one")
    return folder


def holders() -> list[Holder]:
    """Return who holds a sampler slot on this machine, whatever the number of slots."""
    found = [Lock(path).holder() for path in sorted(runtime_folder().glob(f"{host()}-sampler-*.lock"))]
    return [holder for holder in found if holder is not None]


def _same_file(fd: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(fd), os.stat(path))
    return False
