"""Writers of files that are written whole or not at all, and their readers."""

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ..errors import UserError
from . import digests
from .durable import put_in_place


@contextmanager
def atomic(path: str | Path, lasting: bool = True) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and rename it onto ``path`` when the block ends well.

    A file that exists under its final name is therefore complete, and on the disk. The temporary file is removed when
    the block fails, and with the next call if the process was killed. What a step writes gets a digest (`digests`).

    Parameters
    ----------
    lasting
        False for a file that is written again every few seconds: it need not be on the disk, and gets no digest.

    Raises
    ------
    UserError
        If the folder cannot be made or the file cannot be written, for example on a read-only or full disk.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if lasting:
            remove_leftovers(path)
        yield temporary
        if lasting:
            digest = digests.digest_of(temporary)
            digests.forget(path)  # so that a process killed between the next two lines leaves no wrong one
            put_in_place(temporary, path)
            if digest is not None:
                digests.note(path, digest)
        else:
            os.replace(temporary, path)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and error.filename not in (None, str(temporary), str(path)):
            raise  # a missing *input* inside the block is no failure to write
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        with suppress(OSError):
            temporary.unlink()


def remove_leftovers(path: str | Path) -> None:
    """Remove temporary files or folders of ``path`` that killed processes left behind."""
    path = Path(path)
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        pid = left.name.split(".")[-2]
        try:
            os.kill(int(pid), 0)
        except ProcessLookupError:
            shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
        except (ValueError, OverflowError, PermissionError):  # not one of ours, or its process is alive
            continue


def write_netcdf(data: Any, path: str | Path, **options: Any) -> None:
    """Write an xarray Dataset or DataTree as netCDF, whole or not at all."""
    with atomic(path) as temporary:
        try:
            data.to_netcdf(temporary, engine="netcdf4", **options)
        except RuntimeError as error:  # how HDF5 reports a full disk
            raise OSError(str(error)) from error


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside ``path`` that takes the place of ``path`` when the block ends well.

    Raises
    ------
    UserError
        If the folder cannot be made, written to, or put in place.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        remove_leftovers(path)
        temporary.mkdir(parents=True)
        yield temporary
        if path.exists():
            shutil.rmtree(path)
        put_in_place(temporary, path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def write_text(path: str | Path, text: str, lasting: bool = True) -> None:
    """Write ``text`` as UTF-8, whole or not at all; ``lasting`` is that of `atomic`."""
    with atomic(path, lasting) as temporary:
        temporary.write_text(text, encoding="utf-8")
