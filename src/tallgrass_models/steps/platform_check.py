"""The check of the machine before anything is sampled, and the look at its result by later steps."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UserError
from ..files.json import read_json, write_json

if TYPE_CHECKING:
    from ..monitoring.findings import Finding
    from ..monitoring.platform import Plan, PlatformCheck

log = logging.getLogger(__name__)


def platform_check(n_chains: int, draws: int, sampler: str, allow: Sequence[str], out: Path) -> None:
    """Write what the machine looks like, and refuse a machine on which a run of that many chains would be pointless."""
    from ..monitoring.platform import Plan

    check, findings = checked_platform(n_chains, Plan(draws, sampler), allow, out.parent)
    write_json(out, check.to_dict(findings))


def checked_platform(
    n_chains: int, plan: Plan, allow: Sequence[str], folder: Path
) -> tuple[PlatformCheck, list[Finding]]:
    """Check this machine now.

    Every fit calls this, because on a cluster it may run on another machine than `platform_check` did.

    Raises
    ------
    UserError
        If the machine is unfit to sample. The message has a line for each FATAL finding.
    """
    from ..monitoring.findings import fatal
    from ..monitoring.platform import PlatformCheck

    check = PlatformCheck.current(folder, plan.sampler)
    findings = check.validate(n_chains, plan, allow)
    for finding in findings:
        log.warning("%s: %s", finding.level, finding.text)
    if problems := fatal(findings):
        raise UserError("\n".join(f"platform check: {problem}" for problem in problems))
    return check, findings


def require_platform(path: Path) -> None:
    """Refuse to go on without a check of the machine that found nothing FATAL.

    Parameters
    ----------
    path
        The platform.json that `platform_check` writes only for a machine that is fit to sample.

    Raises
    ------
    UserError
        If the file is missing, damaged or no check of a machine, or holds a FATAL finding.
    """
    if not path.exists():
        raise UserError(f"{path}: no such file; make it with `tallgrass-models platform-check`")
    found = read_json(path)
    if not isinstance(found, dict) or not isinstance(found.get("findings"), list):
        raise UserError(f"{path}: not a check of the machine; make it with `tallgrass-models platform-check`")
    problems = [row["text"] for row in found["findings"] if row["level"] == "FATAL"]
    if problems:
        raise UserError("\n".join(f"{path}: platform check: {problem}" for problem in problems))
