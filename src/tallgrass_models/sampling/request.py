"""What a sampler is asked for, and the model as it compiled it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..config.sampling import SamplingConfig
from ..models.base import BuiltModel
from ..models.fast.evidence import Density
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
    """

    model: Any
    density: Density
    n_dim: int
    seconds: float


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
