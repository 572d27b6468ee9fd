"""Settings of held-out votes in the experiments file: into how many folds, and how the fit of a fold is sampled.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from . import checks
from .mappings import section, shape_of_mapping
from .sampling import SamplingConfig

#: Most folds that there can be.
MOST_FOLDS = 50
#: What is held out: single votes, or all votes of a roll call.
VOTES, ROLL_CALLS = "votes", "roll_calls"


@dataclass(frozen=True)
class FoldsConfig:
    """Settings of held-out votes.

    Attributes
    ----------
    of
        What is held out: `VOTES` or `ROLL_CALLS`.
    number
        Number of folds.
    run
        Number of folds that are fitted, the first ones. The votes of the others are not predicted.
    draws, tune
        Draws of each chain of a fold after tuning, and steps of tuning. Fewer draws would do for predictions, but
        would often miss the gate of R-hat.
    """

    number: int = 10
    run: int = 10
    draws: int = 1000
    tune: int = 300
    of: str = VOTES

    @property
    def label(self) -> str:
        """Name of the folder of what depends on the assignment alone."""
        return f"folds_{self.number}" if self.of == VOTES else f"folds_{self.number}_{self.of}"

    def to_dict(self) -> dict[str, Any]:
        """Return the settings as plain values, ``of`` only where it is not votes: so older results keep their specs."""
        return {key: value for key, value in asdict(self).items() if key != "of" or value != VOTES}

    def fold(self, number: int) -> dict[str, Any]:
        """Return what says which votes fold ``number`` holds out, as the spec of its fit has it."""
        return {"number": self.number, "fold": number, **({} if self.of == VOTES else {"of": self.of})}

    @property
    def fitted(self) -> range:
        """Numbers of the folds that are fitted, from 1."""
        return range(1, self.run + 1)

    def sampling(self, full: SamplingConfig) -> SamplingConfig:
        """Return how a fold is sampled; ``full`` says how the fit to all votes is."""
        return replace(full, draws=self.draws, tune=self.tune, restarts=0)


FOLDS_CHECKS: dict[str, checks.Check] = {
    "number": checks.whole(2, MOST_FOLDS),
    "run": checks.whole(1, MOST_FOLDS),
    "draws": checks.whole(100),
    "tune": checks.whole(100),
    "of": checks.one_of(VOTES, ROLL_CALLS),
}


@checks.shaped({"anyOf": [{"const": False}, checks.shape_of(FOLDS_CHECKS["number"]), shape_of_mapping(FOLDS_CHECKS)]})
def folds_check(value: Any) -> FoldsConfig | None:
    """Check the setting ``folds``: false, a number of folds, or a mapping with the keys of `FOLDS_CHECKS`."""
    if value is False:
        return None
    if isinstance(value, Mapping):
        problems: list[str] = []
        kept = section(value, "", FOLDS_CHECKS, problems)
        if problems:
            raise ValueError("; ".join(problem.removeprefix(": ").removeprefix(".") for problem in problems))
    elif isinstance(value, int) and not isinstance(value, bool):
        kept = {"number": FOLDS_CHECKS["number"](value)}
    else:
        raise ValueError(f"must be false, a number of folds or a mapping, not {value!r}")
    number = kept.get("number", FoldsConfig.number)
    if kept.get("run", number) > number:
        raise ValueError(f"run: there are only {number} folds, not {kept['run']}")
    return FoldsConfig(**{"run": number, **kept})
