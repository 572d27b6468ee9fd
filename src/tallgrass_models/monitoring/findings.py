"""Findings of the platform check, and which of them stop a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

FATAL, WARNING, ALLOWED = "FATAL", "warning", "allowed"


@dataclass(frozen=True)
class Finding:
    """One thing worth knowing before hours of sampling.

    Attributes
    ----------
    level
        `FATAL` makes a run pointless; `ALLOWED` would, but the configuration lets it pass.
    code
        By which the configuration does.
    text
        What is the matter, and what to do.
    """

    level: str
    code: str
    text: str


def fatal(findings: Iterable[Finding]) -> list[str]:
    """Return the texts of the FATAL findings."""
    return [finding.text for finding in findings if finding.level == FATAL]
