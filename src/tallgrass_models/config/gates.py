"""The gates that a fit must meet, and the settings for them in the experiments file.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from dataclasses import dataclass

from . import checks


@dataclass(frozen=True)
class GateConfig:
    """Thresholds of convergence, applied to every parameter block."""

    rhat: float = 1.01
    ess: int = 400
    divergence_share: float = 0.001
    ebfmi: float = 0.3


GATE_CHECKS: dict[str, checks.Check] = {
    "rhat": checks.number(1, 10),
    "ess": checks.whole(1),
    "divergence_share": checks.number(0, 1, closed_low=True),
    "ebfmi": checks.number(0, 10, closed_low=True),
}
