"""Settings of sampling in the experiments file, such as the sampler and the number of draws.

This module needs only PyYAML and the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import checks

SAMPLERS = ("nutpie", "pymc")
#: Value of ``draws`` that leaves their number to the gates.
ENOUGH = "enough"
#: Draws of each chain of a flat model, where their number is left open.
_FLAT_DRAWS = 500


@dataclass(frozen=True)
class SamplingConfig:
    """Settings of the sampler and the number of draws.

    Attributes
    ----------
    draws
        Number of draws of each chain after tuning, or ``enough``. Then sampling stops at the first multiple of
        `sampling.enough._BLOCK` at which every quantity passes the gates by a margin. It stops at ``most_draws`` at the
        latest.
    restarts
        Number of times that chains in another mode may be sampled again.
    """

    sampler: str = "nutpie"
    draws: int | str = ENOUGH
    most_draws: int = 4000
    tune: int = 300
    chains: int = 4
    target_accept: float = 0.8
    seed: int = 42
    restarts: int = 0

    @property
    def limit(self) -> int:
        """Largest number of draws that a chain makes after tuning."""
        return self.most_draws if isinstance(self.draws, str) else self.draws

    @property
    def enough(self) -> bool:
        """Whether sampling stops once there are enough draws."""
        return self.draws == ENOUGH

    def describe(self) -> str:
        """Describe the settings for people, as in ``4 x (500 + 2000) by nutpie``."""
        draws = f"at most {self.most_draws}" if self.enough else str(self.draws)
        return f"{self.chains} x ({self.tune} + {draws}) by {self.sampler}"


def flat_sampling(sampling: SamplingConfig) -> SamplingConfig:
    """Return the sampling settings of flat models.

    They are those of other fits, except that `_FLAT_DRAWS` draws are enough where the number is left open.
    """
    return replace(sampling, draws=_FLAT_DRAWS) if sampling.enough else sampling


@checks.shaped({"anyOf": [checks.shape_of(checks.whole(10)), {"const": ENOUGH}]})
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
