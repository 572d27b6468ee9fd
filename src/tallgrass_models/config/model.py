"""Settings of the model itself beside the prior of discrimination: its structure and its other priors.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..priors.model import PRODUCTION, ModelPriors

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
    priors
        All priors but that of discrimination.
    """

    structure: str = STANDARD
    priors: ModelPriors = PRODUCTION

    def spec(self) -> dict[str, Any]:
        """Return the settings that differ from the production model; empty for that model itself."""
        out: dict[str, Any] = {} if self.structure == STANDARD else {"structure": self.structure}
        priors = self.priors.spec()
        return {**out, "priors": priors} if priors else out

    def of_unit(self, joint: bool) -> ModelConfig:
        """Return the settings on which the fit of a chamber depends, or that of the joint model."""
        return replace(self, priors=self.priors.of_unit(joint))

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ModelConfig:
        """Read what `spec` wrote."""
        return cls(**{**spec, "priors": ModelPriors.from_spec(spec.get("priors", {}))})
