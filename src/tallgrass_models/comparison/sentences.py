"""Sentences on two variants, from plain records: every sentence is a function of its numbers alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..votes.unit import Unit

#: A difference below this many standard errors (roll calls as the independent units) is none.
_CLEAR = 2.0
#: A clear difference of that much per vote is far: the typical probability given to a vote is 5 % lower.
_FAR = 0.05
#: Below this rank correlation two orders have little in common, even turned round.
_LITTLE = 0.5

_VERDICTS = {
    "no": "The order of members does not depend on whether {experiment} or {reference} is used",
    "partly": "Most of the order is the same under {experiment} as under {reference}, but not all",
    "yes": "The conclusion depends on the choice, because {experiment} and {reference} order the members differently",
    "unknown": "There is no verdict on {experiment}, because some fits do not show an order",
}


@dataclass(frozen=True)
class Prediction:
    """Leave-one-out of the variant minus the reference's, on the same votes of one fit."""

    place: str
    n_votes: int
    difference: float
    se: float

    @property
    def sign(self) -> int:
        """1 where the variant predicts clearly better, -1 where clearly worse, else 0."""
        if math.isnan(self.se) or abs(self.difference) < _CLEAR * self.se:
            return 0
        return 1 if self.difference > 0 else -1

    @property
    def far(self) -> bool:
        """True if the difference is large for each vote."""
        return abs(self.difference) >= _FAR * self.n_votes


@dataclass(frozen=True)
class Order:
    """Agreement of the ranks of a chamber's members under two variants, after turning."""

    place: str
    correlation: float | None
    n: int
    outside: int
    disjoint: int
    change: float
    who: str


def where(row: Mapping[str, Any] | Any) -> str:
    """Name a chamber, in its own fit or in the joint model."""
    return Unit(row["unit"]).seen_in(row["chamber"])


def minus(text: str) -> str:
    """Give a number a real minus sign."""
    return text.replace("-", "−")


def number(value: float | None, digits: int = 3) -> str:
    """Format a number, or say that it is not known."""
    return "not known" if value is None or math.isnan(value) else minus(f"{value:.{digits}f}")


def verdict(level: str, names: Mapping[str, str], predictions: Sequence[Prediction]) -> str:
    """Return the sentence to read first: the order, and which of the two predicts votes left out better."""
    said = _VERDICTS[level].format(**names)
    loss = predictive_clause(predictions, names) if level != "unknown" else ""
    return f"{said}, and {loss}." if loss else f"{said}."


def predictive_clause(predictions: Sequence[Prediction], names: Mapping[str, str]) -> str:
    """``positive predicts votes left out far worse``, over all fits of the two; empty without any."""
    signs = {found.sign for found in predictions}
    if not signs:
        return ""
    if signs == {0}:
        return "neither predicts votes left out clearly better"
    better, worse = ([p for p in predictions if p.sign == sign] for sign in (1, -1))
    if better and worse:
        places = (", ".join(p.place for p in side) for side in (better, worse))
        return "{} predicts votes left out better in {} and worse in {}".format(names["experiment"], *places)
    clear, word = (better, "better") if better else (worse, "worse")
    far = "far " if all(p.far for p in clear) else ""
    some = "" if len(clear) == len(predictions) else f" in {', '.join(p.place for p in clear)}"
    return f"{names['experiment']} predicts votes left out {far}{word}{some}"


def prediction(found: Prediction, names: Mapping[str, str]) -> str:
    """One fit's difference with its standard error."""
    size = f"elpd {minus(f'{found.difference:+,.0f}')}, standard error {number(found.se, 0)} by roll call"
    if not found.sign:
        return f"{found.place}: neither predicts votes left out clearly better ({size})."
    far = "far " if found.far else ""
    word = "better" if found.sign > 0 else "worse"
    return (
        f"{found.place}: {names['experiment']} predicts votes left out {far}{word} than {names['reference']} ({size})."
    )


def order(found: Order) -> str:
    """Rank correlation, members whose rank is another one, and the largest change."""
    steps = round(found.change)
    largest = (
        f"The largest change of rank is {minus(f'{steps:+d}')} ({found.who})"
        if steps
        else "Nobody changes by a whole rank"
    )
    return (
        f"{found.place}: the rank correlation is {number(found.correlation)}. The mean rank of {found.outside} of"
        f" {found.n} members leaves its 90 % interval in the reference, and for {found.disjoint} of them the two"
        f" intervals do not overlap. {largest}."
    )


def turned(place: str, who: str, other: str, correlation: float | None) -> str:
    """Say that one of two fits has the Republicans on the left and the other on the right."""
    if correlation is None or math.isnan(correlation) or correlation < _LITTLE:
        return (
            f"{place}: {who} has the Republicans on the left. Even when turned round, its order has little in common "
            f"with that of {other} (rank correlation {number(correlation, 2)})."
        )
    return (
        f"{place}: {who} has found the same axis as {other} upside down. After turning, the rank correlation is"
        f" {number(correlation, 2)}."
    )


def against_the_house(place: str, who: str) -> str:
    """Say that a chamber's parties stand the other way round than those of the House in a joint model."""
    return f"{place}: under {who}, the parties stand the other way round than in the House on the same scale."


def axes(place: str, names: Mapping[str, str], reference: str, experiment: str) -> str | None:
    """Say that one fit has found the parties' axis and the other a division that is not the parties'."""
    found = {"parties": True, "mirrored": True, "faction": False}
    if reference not in found or experiment not in found or found[reference] == found[experiment]:
        return None
    yes, no = ("reference", "experiment") if found[reference] else ("experiment", "reference")
    return f"{place}: the axis of {names[yes]} separates the parties, but that of {names[no]} does not."


def unreadable(fit: str, converged: bool, verdicts: Mapping[str, str]) -> list[str]:
    """Return why an order cannot be read from a fit such as ``baseline/house``; empty if it can."""
    if not converged:
        return [f"The fit {fit} has not converged."]
    chance = [chamber for chamber, found in verdicts.items() if found == "nothing"]
    return [f"The axis of {fit} explains no more of the votes in the {chamber} than chance does." for chamber in chance]
