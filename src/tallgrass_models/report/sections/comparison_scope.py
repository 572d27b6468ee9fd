"""What the comparison page shows of one session: its experiments, and the rows that can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ...files.readable import OF_SAMPLING, Fault
from ...files.records.comparison import Comparison, Group, Verdict
from ..files.comparison import OfFit, OfPair

_OfFit = TypeVar("_OfFit", bound=OfFit)
_OfPair = TypeVar("_OfPair", bound=OfPair)

_Key = tuple[str, str, str]


@dataclass(frozen=True)
class Scope:
    """One session of the comparison; ``slug`` begins the ids of its parts."""

    content: Comparison
    group: Group
    slug: str

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Verdicts on its variants."""
        return [verdict for verdict in self.content["verdict"] if verdict["group"] == self.group["group"]]

    @cached_property
    def compared(self) -> frozenset[_Key]:
        """Experiment, unit and chamber where ranks are compared."""
        return frozenset(
            (verdict["experiment"], place["unit"], place["chamber"])
            for verdict in self.verdicts
            for place in verdict["places"]
            if not place["withheld"]
        )

    @cached_property
    def withheld(self) -> list[str]:
        """Why rows are left out, a sentence each."""
        found = (why for verdict in self.verdicts for place in verdict["places"] for why in place["withheld"])
        return list(dict.fromkeys(found))

    @cached_property
    def _undependable(self) -> frozenset[tuple[str, str]]:
        """Experiment and unit whose sampling cannot be relied on."""
        return frozenset(
            (entry["experiment"], fault["unit"])
            for entry in self.content["experiments"]
            for fault in entry["faults"]
            if fault["fault"] in OF_SAMPLING
        )

    def own(self, rows: Sequence[_OfFit] | None) -> list[_OfFit]:
        """Rows of the session's experiments."""
        return [row for row in rows or () if row["experiment"] in self.group["experiments"]]

    def placed(self, rows: Sequence[_OfFit] | None) -> list[_OfFit]:
        """Rows of fits whose members have a place: their sampling can be relied on, and the sides are not open."""
        return [row for row in self.own(rows) if (row["experiment"], row["unit"]) not in self._without_places]

    @cached_property
    def _without_places(self) -> frozenset[tuple[str, str]]:
        return self._undependable | frozenset(
            (entry["experiment"], fault["unit"])
            for entry in self.content["experiments"]
            for fault in entry["faults"]
            if fault["fault"] == Fault.SIDES_OPEN
        )

    def read(self, rows: Sequence[_OfPair] | None, chamber: str = "") -> list[_OfPair]:
        """Rows of pairs of which ranks are compared, in the ``chamber`` or in every chamber of the fit."""
        return [row for row in self.own(rows) if self._readable(row, chamber)]

    def read_in_place(self, rows: Sequence[_OfPair] | None) -> list[_OfPair]:
        """Rows of pairs, each of one chamber, of which ranks are compared there."""
        return [row for row in self.own(rows) if self._readable(row, str(dict(row)["chamber"]))]

    def sampled(self, rows: Sequence[_OfPair] | None) -> list[_OfPair]:
        """Rows of pairs whose sampling can be relied on."""
        return [
            row
            for row in self.own(rows)
            if not {(row["experiment"], row["unit"]), (row["reference"], row["unit"])} & self._undependable
        ]

    def _readable(self, row: OfPair, chamber: str) -> bool:
        if chamber in ("house", "senate"):
            return (row["experiment"], row["unit"], chamber) in self.compared
        places = [
            place["withheld"]
            for verdict in self.verdicts
            if verdict["experiment"] == row["experiment"]
            for place in verdict["places"]
            if place["unit"] == row["unit"]
        ]
        return bool(places) and not any(places)


def scopes(content: Comparison) -> list[Scope]:
    """Return the sessions, each with ids of its own."""
    out: list[Scope] = []
    for group in content["groups"]:
        slug = "session-" + (re.sub(r"[^a-z0-9]+", "-", group["group"].lower()).strip("-") or "x")
        taken = {scope.slug for scope in out}
        while slug in taken:
            slug += "-b"
        out.append(Scope(content, group, slug))
    return out
