"""What people call the chambers of a session: the one place that names a chamber in a sentence, a table or a picture.

Files and settings name chambers by key, ``house`` and ``senate``. Needs only the standard library, so that the
Snakefile can import it in a bare checkout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .unit import Unit


@dataclass(frozen=True)
class ChamberNames:
    """Names of the two chambers, without an article: ``Assembly`` where a sentence says "the Assembly"."""

    house: str = "House"
    senate: str = "Senate"

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> ChamberNames:
        """Return the names of a session that says ``given``; a chamber that it leaves out has its usual name."""
        return cls(**{key: str(given[key]) for key in ("house", "senate") if key in given})

    def title(self, key: str) -> str:
        """Return the name of a chamber or a fit, as a heading; any other word stays as it is."""
        known = {
            Unit.JOINT: Unit.JOINT.heading,
            "both": "Both",
            "all": "all",
            "house": self.house,
            "senate": self.senate,
        }
        return known.get(key, key)

    def whose(self, key: str) -> str:
        """Return the possessive of a chamber: ``House’s``, and ``House of Delegates’``."""
        name = self.title(key)
        return f"{name}’" if name.endswith("s") else f"{name}’s"

    def seen_in(self, unit: Unit, chamber: str) -> str:
        """Name a chamber, and whose model it is seen in where that is not the chamber's own."""
        name = self.title(chamber)
        return f"{name} in the joint model" if unit.is_joint else name


#: What the chambers are called where a session does not say.
USUAL = ChamberNames()
