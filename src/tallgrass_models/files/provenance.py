"""Origin of the code: the commit, and whether the checkout differs from it."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .records.fields import Code


def code_state() -> Code:
    """Return ``commit`` and ``dirty`` of the checkout this package runs from; both None when installed elsewhere.

    Results, logs and other files that git ignores or does not track do not make a checkout dirty.
    """
    here = Path(__file__).resolve().parent
    commit = _git(here, "rev-parse", "HEAD")
    tracked = _git(here, "ls-files", "--error-unmatch", Path(__file__).name)
    if commit is None or tracked is None:
        return {"commit": None, "dirty": None}
    root = _git(here, "rev-parse", "--show-toplevel")
    return {"commit": commit, "dirty": bool(_git(Path(root or here), "status", "--porcelain", "--untracked-files=no"))}


def _git(folder: Path, *args: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(folder), *args], capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
