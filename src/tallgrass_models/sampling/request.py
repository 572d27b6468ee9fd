"""What a sampler is asked for, and the model as it compiled it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..config.sampling import SamplingConfig
from ..models.base import BuiltModel
from ..models.fast.evidence import Density
from ..models.fast.trajectories import DEEPEST, deepest_tree
from .enough import Enough
from .watch import Watch


@dataclass(frozen=True)
class Compiled:
    """A model ready for one of the samplers.

    Attributes
    ----------
    model
        The model in the form that the sampler takes.
    density, n_dim
        Its log density as a Python function, and the number of its arguments.
    seconds
        Wall-clock seconds that compiling took.
    step
        What `trajectories.predicted_step` says of it; None for coordinates of which it says nothing.
    """

    model: Any
    density: Density
    n_dim: int
    seconds: float
    step: float | None = None

    def depth(self, target_accept: float) -> int:
        """Return the depth up to which trees are grown, for an acceptance."""
        return DEEPEST if self.step is None else deepest_tree(self.step, self.n_dim, target_accept)


@dataclass(frozen=True)
class Request:
    """Request to a sampler; see `sampling.sample`."""

    built: BuiltModel
    compiled: Compiled
    config: SamplingConfig
    unit: str
    cores: int
    watch: Watch
    enough: Enough | None
