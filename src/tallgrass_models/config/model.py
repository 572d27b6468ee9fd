"""Settings of the model itself beside the prior of discrimination: its structure.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Structure of the models unless an experiment asks for another one: two parameters for each roll call, one dimension.
STANDARD = "2pl"
#: Other structures. Each has a module of its name in the room ``models/structures``.
STRUCTURES: tuple[str, ...] = ()
#: Keys of an experiment that are settings of `ModelConfig`.
MODEL_KEYS = ("structure",)


@dataclass(frozen=True)
class ModelConfig:
    """What is estimated, where it differs from the production model.

    Attributes
    ----------
    structure
        Name of the structure.
    """

    structure: str = STANDARD

    def spec(self) -> dict[str, Any]:
        """Return the settings that differ from the production model; empty for that model itself."""
        return {} if self.structure == STANDARD else {"structure": self.structure}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ModelConfig:
        """Read what `spec` wrote."""
        return cls(**spec)
