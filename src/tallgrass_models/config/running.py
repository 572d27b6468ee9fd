"""Settings for running fits, which do not change what is computed and are not part of a fit's spec.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..files.json import canonical_json
from . import checks

#: FATAL findings of the platform check that the configuration may let pass.
_OVERRIDABLE = ("backend", "memory", "disk")


@dataclass(frozen=True)
class PlatformConfig:
    """Settings for the use of the machine.

    Attributes
    ----------
    samplers
        Number of fits that may sample at once on one machine. It is the workflow's limit ``mcmc`` and the number of
        slots of the sampler lock.
    allow
        Codes of FATAL findings of the platform check that do not stop a run. The results record them.
    keep_every
        Seconds from one save of the draws so far to the next.
    extend
        Whether a fit that was interrupted continues from the draws it kept. Its draws then depend on the moment of the
        interruption.
    """

    samplers: int = 1
    allow: tuple[str, ...] = ()
    keep_every: float = 60.0
    extend: bool = False

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> PlatformConfig:
        """Read the settings from what `asdict` made of them and JSON stored."""
        return cls(**{**raw, "allow": tuple(raw.get("allow", ()))})


@dataclass(frozen=True)
class EarlyStopConfig:
    """Limits beyond which a fit is given up. None switches a limit off.

    Attributes
    ----------
    step_size
        Least step size that a chain may have after tuning.
    divergence_share
        Largest share of a chain's draws after tuning that may diverge, once there are 100.
    slow_chain
        Largest ratio of a chain's time for a draw to that of the median chain, once that one is half done.
    """

    step_size: float | None = None
    divergence_share: float | None = None
    slow_chain: float | None = None


@dataclass(frozen=True)
class RunOptions:
    """Options for running one fit.

    Attributes
    ----------
    experiment
        Name of the experiment, or of the session if the model is flat. It is shown in titles, the status and messages.
    wait
        Whether to wait for a free sampler slot. If not, a busy machine is an error at once.
    """

    experiment: str = "-"
    platform: PlatformConfig = PlatformConfig()
    early_stop: EarlyStopConfig = EarlyStopConfig()
    wait: bool = True

    def to_json(self) -> str:
        """Return the options as canonical JSON."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> RunOptions:
        """Read options that `to_json` wrote."""
        raw = json.loads(text)
        platform, early_stop = PlatformConfig.from_dict(raw["platform"]), EarlyStopConfig(**raw["early_stop"])
        return cls(raw["experiment"], platform, early_stop, raw["wait"])


@checks.shaped({"type": "array", "items": {"enum": list(_OVERRIDABLE)}})
def _allow(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or any(code not in _OVERRIDABLE for code in value):
        raise ValueError(f"must be a list of {', '.join(_OVERRIDABLE)}, not {value!r}")
    return tuple(sorted(set(value)))


PLATFORM_CHECKS: dict[str, checks.Check] = {
    "samplers": checks.whole(1, 64),
    "allow": _allow,
    "keep_every": checks.number(0, 1e6),
    "extend": checks.yes_or_no,
}
EARLY_STOP_CHECKS: dict[str, checks.Check] = {
    "step_size": checks.number(0, 1),
    "divergence_share": checks.number(0, 1),
    "slow_chain": checks.number(1, 1e6),
}
