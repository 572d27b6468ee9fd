"""What the check of the machine left behind, for steps that come after it."""

from __future__ import annotations

from pathlib import Path

from ..errors import UserError
from ..files.atomic import read_json


def require_platform(path: Path) -> None:
    """Refuse to go on without a check of the machine that found nothing FATAL.

    Parameters
    ----------
    path
        platform.json, which `platform_check` writes only for a machine that is fit to sample.

    Raises
    ------
    UserError
        If the file is missing, damaged or something else, or holds a FATAL finding.
    """
    if not path.exists():
        raise UserError(f"{path}: no such file; make it with `tallgrass-models platform-check`")
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("findings"), list):
        raise UserError(f"{path}: not a check of the machine; make it with `tallgrass-models platform-check`")
    problems = [row["text"] for row in found["findings"] if row["level"] == "FATAL"]
    if problems:
        raise UserError("\n".join(f"{path}: platform check: {problem}" for problem in problems))
