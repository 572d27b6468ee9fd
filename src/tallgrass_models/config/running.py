"""How fits are run, as opposed to what they compute: none of this is part of a fit's spec.

Needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..files.atomic import canonical_json
from . import checks

#: Findings of the platform check that the configuration may let pass although they are FATAL.
_OVERRIDABLE = ("backend", "memory", "disk")


@dataclass(frozen=True)
class PlatformConfig:
    """How the machine is used.

    Attributes
    ----------
    samplers
        Fits that may sample at once on one machine: the workflow's limit ``mcmc``, and slots of the sampler lock.
    allow
        Codes of FATAL findings of the platform check that are let pass, and recorded.
    keep_every
        Seconds between two savings of the draws made so far.
    extend
        Whether a fit that was interrupted continues from the draws it kept; its draws then depend on when that was.
    """

    samplers: int = 1
    allow: tuple[str, ...] = ()
    keep_every: float = 60.0
    extend: bool = False

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> PlatformConfig:
        """Inverse of `asdict`, from JSON."""
        return cls(**{**raw, "allow": tuple(raw.get("allow", ()))})


@dataclass(frozen=True)
class EarlyStopConfig:
    """When to give a fit up; None: never for this reason.

    Attributes
    ----------
    step_size
        After tuning, a chain with a smaller step size.
    divergence_share
        A larger share of a chain's draws after tuning that diverge, once there are 100.
    slow_chain
        A chain that takes more times as long for a draw as the median chain, once that one is half done.
    """

    step_size: float | None = None
    divergence_share: float | None = None
    slow_chain: float | None = None


@dataclass(frozen=True)
class RunOptions:
    """How one fit is run.

    Attributes
    ----------
    experiment
        Whose fit it is: an experiment, or the session of a flat baseline. For people: titles, status, messages.
    wait
        Whether to wait for a free sampler slot; else a busy machine is an error at once.
    """

    experiment: str = "-"
    platform: PlatformConfig = PlatformConfig()
    early_stop: EarlyStopConfig = EarlyStopConfig()
    wait: bool = True

    def to_json(self) -> str:
        """The options as canonical JSON."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> RunOptions:
        """Inverse of `to_json`."""
        raw = json.loads(text)
        platform, early_stop = PlatformConfig.from_dict(raw["platform"]), EarlyStopConfig(**raw["early_stop"])
        return cls(raw["experiment"], platform, early_stop, raw["wait"])


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
