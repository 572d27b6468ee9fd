"""Words that the sentences of a comparison share: numbers, lists, the names of two variants and of a place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..files.readable import Fault
from ..votes.naming import ChamberNames
from ..votes.unit import Unit
from ..wording import numbers
from ..wording.numbers import among

_JOINT = " in the joint model"


@dataclass(frozen=True)
class Pair:
    """Names of a variant and of the reference that it is compared with."""

    experiment: str
    reference: str


@dataclass(frozen=True)
class Where:
    """A chamber in its own fit or in the joint model, and what the session calls the chambers."""

    unit: Unit
    chamber: str
    called: ChamberNames

    @property
    def name(self) -> str:
        """``the House``, ``the Senate in the joint model``."""
        return f"the {self.called.seen_in(self.unit, self.chamber)}"


def fit_of(unit: Unit, called: ChamberNames, experiment: str) -> str:
    """Name a fit: ``the fit of the House in baseline``, ``the joint model in baseline``."""
    return f"{'the joint model' if unit.is_joint else f'the fit of the {called.title(unit)}'} in {experiment}"


def predicted_in(unit: Unit, called: ChamberNames) -> str:
    """Say where votes are predicted: ``in the House``, ``in the joint model``."""
    return "in the joint model" if unit.is_joint else f"in the {called.title(unit)}"


def fault_words(fault: Fault, where: Where, experiment: str) -> str:
    """Say what is wrong with the fit of a chamber, as a clause."""
    fit, chamber = fit_of(where.unit, where.called, experiment), where.called.title(where.chamber)
    here = f" in the {chamber}" if where.unit.is_joint else ""
    return {
        Fault.UNRECORDED: f"{fit} does not record whether it has converged",
        Fault.NOT_CONVERGED: f"{fit} has not converged",
        Fault.SIDES_OPEN: f"{fit} leaves open on which side each party sits",
        Fault.SEVERAL_MODES: f"the chains of {fit} are not all in one place",
        Fault.AGAINST_HOUSE: (
            f"{fit} has the parties of the {chamber} the other way round than those of the "
            f"{where.called.title('senate' if where.chamber == 'house' else 'house')}"
        ),
        Fault.NOT_APART: f"{fit} has its axis upside down{here}, and the parties are not clearly apart on it",
        Fault.CHANCE: f"the axis of {fit} explains no more of the votes{here} than chance does",
        Fault.FACTION: f"the axis of {fit} does not separate the parties{here}",
    }[fault]


def together(places: Sequence[str]) -> str:
    """List places, both chambers of the joint model at once."""
    joint = [place for place in places if place.endswith(_JOINT)]
    once = [place for place in places if place not in joint]
    return among([*once, f"both chambers{_JOINT}"] if len(joint) > 1 else places)


def number(value: float | None, digits: int = 3) -> str:
    """Format a number, or say that it is not known."""
    return "not known" if value is None or math.isnan(value) else numbers.number(value, digits)


def changed(before: float, after: float) -> str:
    """``0.73 instead of 0.80``, with a third digit where two would not show a difference."""
    digits = 2 if number(before, 2) != number(after, 2) else 3
    return f"{number(after, digits)} instead of {number(before, digits)}"


def capital(text: str) -> str:
    """Return a clause as a sentence."""
    return f"{text[:1].upper()}{text[1:]}."
