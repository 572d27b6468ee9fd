"""The sides on which the parties sit in a chamber's frame, found by comparing the evidence of every assignment.

A chamber's sample means may be in the order of the population means, Democrats left, or reversed. A normal prior of
beta hardly leaves the choice open. A positive one makes the side whose members vote Yea more often the right one. If
the Democrats do so, nearly all of the posterior can lie where they sit on the right, although ``mu_D < mu_R``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from statistics import NormalDist

import numpy as np

from ...files.forms import CLEAR, CLOSE, UNKNOWN
from ...files.records import statistics as records
from ..base import Draws
from .evidence import Bound

#: Units of log evidence within which another assignment may hold posterior mass that counts. The bounds compared are
#: loose by a few units where the parties' means press against each other: 5 % of the mass were found reversed at a gap
#: of 6.5, 0.7 % at 8.7, none at 16 (chambers of 9 to 13 members, textbook form).
_CLOSE = 10.0

#: Share of the posterior that the frame of the parties may cut off.
CUT_OFF = 0.01


@dataclass(frozen=True)
class Assignment:
    """One assignment of sides.

    Attributes
    ----------
    crossed : tuple of bool
        True for each chamber whose parties are reversed.
    bound : Bound
        Lower bound of the log evidence.
    apart : tuple of float
        Distance of the parties' means in standard errors by chamber, as members of a party scatter about their mean.
    """

    crossed: tuple[bool, ...]
    bound: Bound
    apart: tuple[float, ...]


@dataclass(frozen=True)
class Sides:
    """The assignments that were tried, the one with the highest evidence first."""

    tried: tuple[Assignment, ...]

    @property
    def best(self) -> tuple[bool, ...]:
        """For each chamber, True if its parties are reversed in the best assignment."""
        return self.tried[0].crossed

    @property
    def gap(self) -> float:
        """Log evidence of the best less that of the second."""
        return self.tried[0].bound.value - self.tried[1].bound.value

    def close(self) -> list[Assignment]:
        """List the other assignments that may hold posterior mass that counts.

        Two standard errors are subtracted from a gap. An error above a quarter of the gap means that the bound is not
        known at all.
        """
        return [other for other in self.tried[1:] if self._doubt(other) != CLEAR]

    def doubt(self) -> str:
        """Return the first of close, unknown and clear (`files.forms`) that holds of another assignment."""
        found = {self._doubt(other) for other in self.tried[1:]}
        return next(doubt for doubt in (CLOSE, UNKNOWN, CLEAR) if doubt in found)

    def _doubt(self, other: Assignment) -> str:
        best = self.tried[0].bound
        gap, error = best.value - other.bound.value, best.se + other.bound.se
        if gap >= _CLOSE and error > gap / 4:
            return UNKNOWN
        return CLOSE if gap - 2 * error < _CLOSE else CLEAR

    def to_dict(self, chambers: Sequence[str]) -> records.Assignments:
        """Return plain values for the record of a fit."""
        tried: list[records.Assignment] = [
            {
                "reversed": [name for name, yes in zip(chambers, one.crossed, strict=True) if yes],
                "log_evidence": _number(one.bound.value),
                "se": _number(one.bound.se),
            }
            for one in self.tried
        ]
        return {"tried": tried, "gap": _number(self.gap), "close": _CLOSE, "doubt": self.doubt()}


def try_sides(attempt: Callable[[tuple[bool, ...]], Assignment], n_chambers: int) -> Sides:
    """Try every assignment of sides and order them by their evidence."""
    found = [attempt(crossed) for crossed in product((False, True), repeat=n_chambers)]
    return Sides(tuple(sorted(found, key=lambda one: -one.bound.value)))


def cut_off(draws: Draws, chambers: Sequence[str]) -> dict[str, float]:
    """Estimate the posterior mass that the frame of the parties cuts off, from draws in that frame.

    Parameters
    ----------
    draws
        Draws of the free variables of a fast model in the frame of the parties.
    chambers
        One name, or the two of a joint model.

    Returns
    -------
    dict
        ``Phi(-mean / sd)`` of the distance of the sample means by chamber, as if it were normal and could be negative.
        It is 1 % at 2.3 standard deviations from zero.
    """
    out = {}
    for chamber in chambers:
        distance = np.exp(draws["log_sep" if len(chambers) == 1 else f"{chamber}_log_sep"])
        out[chamber] = NormalDist().cdf(-float(distance.mean() / distance.std()))
    return out


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
