"""Settings of the model itself beside the prior of discrimination: its structure and its other priors.

This module needs only the standard library, so that the Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import UserError
from ..priors.model import PRODUCTION, ModelPriors
from ..votes.settings import texts
from ..votes.unit import Unit
from . import checks
from .mappings import section, shape_of_mapping

#: Structure of the models unless an experiment asks for another one: two parameters for each roll call, one dimension.
STANDARD = "2pl"
#: Other structures, with the key of an experiment that asks for each. Each has a module of its name in the room
#: ``models/structures``.
ASKED_BY = {
    "rasch": "structure: rasch",
    "flat_joint": "joint: {members: flat}",
    "covariates": "members: {covariates: [...]}",
    "lapse": "votes: {lapse: true}",
    "plane": "dimensions: 2",
}
STRUCTURES: tuple[str, ...] = tuple(ASKED_BY)
#: Those that the key ``structure`` names, those of chambers alone, and those of the joint model alone.
NAMED, NO_JOINT, ONLY_JOINT = ("rasch",), ("rasch", "covariates", "plane"), ("flat_joint",)
MEMBERS_CHECKS: dict[str, checks.Check] = {"covariates": texts}


@dataclass(frozen=True)
class ModelConfig:
    """What is estimated, where it differs from the production model.

    Attributes
    ----------
    structure
        Name of the structure.
    covariates
        Columns of the members, of structure ``covariates``.
    priors
        All priors but that of discrimination. Structures take those of production.
    """

    structure: str = STANDARD
    covariates: tuple[str, ...] = ()
    priors: ModelPriors = PRODUCTION

    def spec(self, unit: str | None = None) -> dict[str, Any]:
        """Return the settings that differ from the production model; empty for that model itself.

        ``unit`` restricts them to those of one fit: a structure of the joint model leaves the chambers as they are.
        """
        priors = (self.priors if unit is None else self.priors.of_unit(unit == Unit.JOINT)).spec()
        own: dict[str, Any] = {"priors": priors} if priors else {}
        alone = self.structure in ONLY_JOINT and unit not in (None, Unit.JOINT)
        if self.structure == STANDARD or alone:
            return own
        covariates = {"covariates": list(self.covariates)} if self.covariates else {}
        return {"structure": self.structure, **covariates, **own}

    @classmethod
    def from_spec(cls, spec: Mapping[str, Any]) -> ModelConfig:
        """Read what `spec` wrote."""
        priors = ModelPriors.from_spec(spec.get("priors", {}))
        return cls(spec.get("structure", STANDARD), tuple(spec.get("covariates", ())), priors)

    @classmethod
    def asked(cls, settings: dict[str, Any], lapse: bool, priors: ModelPriors = PRODUCTION) -> ModelConfig:
        """Take the keys that ask for a structure out of the settings of an experiment, and add its priors.

        Raises
        ------
        UserError
            If they ask for two.
        """
        named, covariates = settings.pop("structure", STANDARD), settings.pop("members", ())
        plane = settings.pop("dimensions", 1) == 2
        flat = (joint := settings.get("joint")) is not None and joint.members == "flat"
        there = {
            "flat_joint": flat,
            "covariates": bool(covariates),
            "lapse": lapse,
            "plane": plane,
            named: named != STANDARD,
        }
        wanted = [name for name in STRUCTURES if there.get(name)]
        if len(wanted) > 1:
            keys = " and ".join(ASKED_BY[name] for name in wanted)
            raise UserError(f"asks for {keys}, but there is no model that has both; choose one")
        return cls(wanted[0] if wanted else STANDARD, covariates, priors)


@checks.shaped({"enum": [1, 2]})
def dimensions_check(value: Any) -> int:
    """Check the setting ``dimensions``."""
    if isinstance(value, bool) or value not in (1, 2):
        raise ValueError(f"must be 1 or 2, not {value!r}")
    return int(value)


@checks.shaped(shape_of_mapping(MEMBERS_CHECKS))
def members_check(value: Any) -> tuple[str, ...]:
    """Check the setting ``members``, and return the covariates."""
    if not isinstance(value, dict):
        raise ValueError(f"must be a mapping such as {{covariates: [born]}}, not {value!r}")
    problems: list[str] = []
    kept = section(value, "", MEMBERS_CHECKS, problems)
    columns = [" ".join(text.split()) for text in kept.get("covariates", [])]
    if len(set(columns)) < len(columns):
        problems.append(f"covariates names a column twice: {', '.join(columns)}")
    if problems:
        raise ValueError("; ".join(p.removeprefix(": ").removeprefix(".") for p in problems))
    return tuple(columns)
