"""How much is sampled, by which sampler, and what the experiments file may say of it.

Needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import checks

SAMPLERS = ("nutpie", "pymc")
#: Setting of ``draws`` that leaves their number to the gates.
ENOUGH = "enough"
#: Draws of each chain of a flat baseline, where their number is left open.
_FLAT_DRAWS = 500


@dataclass(frozen=True)
class SamplingConfig:
    """How many draws, by which sampler.

    Attributes
    ----------
    draws
        Of each chain after tuning: a number, or ``enough`` to stop at the first multiple of `sampling.enough.BLOCK` at
        which every quantity is beyond the gates by a margin, and at ``most_draws`` at the latest.
    restarts
        How often chains in another mode are sampled again.
    """

    sampler: str = "nutpie"
    draws: int | str = ENOUGH
    most_draws: int = 4000
    tune: int = 500
    chains: int = 4
    target_accept: float = 0.8
    seed: int = 42
    restarts: int = 0

    @property
    def limit(self) -> int:
        """Draws of each chain that are made at most."""
        return self.most_draws if isinstance(self.draws, str) else self.draws

    @property
    def enough(self) -> bool:
        """Whether sampling stops where draws are enough."""
        return self.draws == ENOUGH

    def describe(self) -> str:
        """Return the settings as people read them, such as ``4 x (500 + 2000) by nutpie``."""
        draws = f"at most {self.most_draws}" if self.enough else str(self.draws)
        return f"{self.chains} x ({self.tune} + {draws}) by {self.sampler}"


def flat_sampling(sampling: SamplingConfig) -> SamplingConfig:
    """Return how flat baselines are sampled: as fits are, but their means need no more than `_FLAT_DRAWS`."""
    return replace(sampling, draws=_FLAT_DRAWS) if sampling.enough else sampling


def _draws(value: object) -> int | str:
    return ENOUGH if value == ENOUGH else int(checks.whole(10)(value))


SAMPLING_CHECKS: dict[str, checks.Check] = {
    "sampler": checks.one_of(*SAMPLERS),
    "draws": _draws,
    "most_draws": checks.whole(10),
    "tune": checks.whole(10),
    "chains": checks.whole(2, 64),
    "target_accept": checks.number(0.5, 1),
    "seed": checks.whole(0),
    "restarts": checks.whole(0, 10),
}
