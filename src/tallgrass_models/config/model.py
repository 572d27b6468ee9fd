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
#: The structure that ``dimensions: 2`` means.
PLANE = "plane"
#: Modules of that room with a structure.
MODULES = (*STRUCTURES, PLANE)
#: Keys of an experiment that are settings of `ModelConfig`.
MODEL_KEYS = ("structure", "dimensions")


@dataclass(frozen=True)
class ModelConfig:
    """What is estimated, where it differs from the production model.

    Attributes
    ----------
    structure
        Name of the structure.
    dimensions
        Number of dimensions of the members' positions, 1 or 2. Two are a structure of their own, `PLANE`.
    """

    structure: str = STANDARD
    dimensions: int = 1

    def spec(self) -> dict[str, Any]:
        """Return the settings that differ from the production model; empty for that model itself."""
        structure = PLANE if self.dimensions == 2 else self.structure
        return {} if structure == STANDARD else {"structure": structure}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ModelConfig:
        """Read what `spec` wrote."""
        return cls(dimensions=2) if spec.get("structure") == PLANE else cls(**spec)

    def problem(self, joint: bool, coordinates: str, prior: Mapping[str, Any]) -> str | None:
        """Say what of an experiment the structure does not go with; None if there is nothing.

        ``prior`` is the prior of discrimination of the chambers, as a mapping.
        """
        if self.dimensions == 1:
            return None
        if self.structure != STANDARD:
            return f"dimensions: 2 goes with structure: {STANDARD} only, not with {self.structure}"
        if joint:
            return "there is no joint model in two dimensions; set joint: false"
        if coordinates == "fast" and (prior["distribution"] != "normal" or prior["mu"] != 0):
            return "dimensions: 2 in fast coordinates needs a normal beta_prior with mu: 0"
        return None
