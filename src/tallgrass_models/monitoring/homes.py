"""A place for compiled code where the home folder is missing, full or cannot be written."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from pathlib import Path

from ..errors import UserError

log = logging.getLogger(__name__)

_FLAGS, _FOLDER = "PYTENSOR_FLAGS", r"(?:^|,)\s*base_compiledir=([^,]+)"
#: A disk that takes no file of this many bytes counts as full.
_ROOM = 2**16


def find_place_for_compiled_code() -> None:
    """Let PyTensor keep compiled code in the folder for temporary files if it could not where it would.

    PyTensor writes there when it is imported, so this does nothing afterwards.

    Raises
    ------
    UserError
        If neither folder can be written.
    """
    if "pytensor" in sys.modules:
        return
    flags = os.environ.get(_FLAGS, "")
    given = re.search(_FOLDER, flags)
    usual = Path(given[1]) if given else Path(os.environ.get("HOME", ""), ".pytensor")
    if usual.is_absolute() and _takes_files(usual):
        return
    try:
        other = Path(tempfile.gettempdir(), f"tallgrass-models-{os.getuid()}", "compiled")
        other.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = all(folder.lstat().st_uid == os.getuid() and not folder.is_symlink() for folder in (other, other.parent))
    except OSError:
        mine = False
    if not mine or not _takes_files(other):
        raise UserError(
            f"{usual}: no place for compiled code, and none in the folder for temporary files; set HOME or TMPDIR to"
            f" folders that can be written, or {_FLAGS}=base_compiledir=FOLDER"
        )
    log.info("%s cannot be written; compiled code is kept in %s", usual, other)
    rest = [part for part in flags.split(",") if part.strip() and not re.match(_FOLDER, part)]
    os.environ[_FLAGS] = ",".join([*rest, f"base_compiledir={other}"])


def _takes_files(folder: Path) -> bool:
    """Tell whether a folder, or the nearest one above it that is there, takes a file."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_ROOM))
            file.flush()
    except OSError:
        return False
    return True
