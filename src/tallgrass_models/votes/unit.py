"""What is fitted on its own: a chamber, or both chambers together."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from .vocabulary import CHAMBERS


class Unit(StrEnum):
    """A chamber alone, or House and Senate in a joint model.

    Its text is the name of its folder, and how files, flags and settings name it; ``Unit(text)`` reads that.
    """

    HOUSE = "house"
    SENATE = "senate"
    JOINT = "joint"

    @property
    def is_joint(self) -> bool:
        """Whether both chambers are fitted together."""
        return self is Unit.JOINT

    @property
    def chambers(self) -> tuple[str, ...]:
        """The chambers that it holds, House first."""
        return CHAMBERS if self.is_joint else (self.value,)

    @property
    def starts(self) -> tuple[Unit, ...]:
        """The fits whose posterior means it starts from."""
        return (Unit.HOUSE, Unit.SENATE) if self.is_joint else ()

    @property
    def heading(self) -> str:
        """What people call it, as a title."""
        return "Both chambers together" if self.is_joint else self.value.title()

    @property
    def model(self) -> str:
        """What people call its fit, in a sentence: ``house``, ``joint model``."""
        return "joint model" if self.is_joint else self.value

    def seen_in(self, chamber: str) -> str:
        """One of its chambers, and whose model it is seen in where that is not the chamber's own."""
        return f"{chamber} in the joint model" if self.is_joint else chamber


def by_unit(metrics: Mapping[str, Any]) -> dict[Unit, Any]:
    """Return the block of each fit in a metrics.json."""
    blocks = {Unit(chamber): block for chamber, block in metrics["chambers"].items()}
    return blocks | ({Unit.JOINT: metrics["joint"]} if metrics["joint"] else {})
