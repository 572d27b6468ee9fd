"""Sentences on two variants, from plain records: every sentence is a function of its numbers alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..wording.numbers import among, percent, plural
from .words import Pair, number, together

#: Below this rank correlation two orders have little in common, even turned round.
_LITTLE = 0.5
ANSWERS = {"no": "No", "partly": "In part", "yes": "Yes", "unknown": "It cannot be said"}


@dataclass(frozen=True)
class Order:
    """Agreement of the ranks of a chamber's members under two variants, after turning.

    ``outside`` of the ``n`` members have a mean rank outside the reference's 90 % interval, and of ``disjoint`` the two
    intervals do not overlap. ``change`` is the largest change of rank, that of ``who``.
    """

    correlation: float | None
    n: int
    outside: int
    disjoint: int
    change: float
    who: str


@dataclass(frozen=True)
class Shares:
    """Party share of the variance under two variants, each as mean, 5 % and 95 % quantile."""

    reference: tuple[float, float, float]
    experiment: tuple[float, float, float]

    @property
    def differ(self) -> bool:
        """True if the two 90 % intervals do not overlap."""
        return self.reference[2] < self.experiment[1] or self.experiment[2] < self.reference[1]

    @property
    def change(self) -> float:
        """From the reference to the experiment."""
        return self.experiment[0] - self.reference[0]


@dataclass(frozen=True)
class Mover:
    """A member whose two rank intervals do not overlap; ``place`` is the chamber, of ``n`` members."""

    name: str
    party: str
    place: str
    n: int
    rank_reference: float
    rank: float

    @property
    def label(self) -> str:
        """``Ann Smith (Republican)``."""
        return f"{self.name} ({self.party})"

    @property
    def way(self) -> str:
        """``from rank 12 to 60 of 80 in the House``."""
        return f"from rank {self.rank_reference:.0f} to {self.rank:.0f} of {self.n} in {self.place}"


def order_clause(levels: dict[str, list[str]], pair: Pair, everywhere: bool, by_share: Sequence[str] = ()) -> str:
    """Say where the order is the same, similar and different.

    Parameters
    ----------
    levels
        Names of places by level (``no``, ``partly``, ``yes``).
    everywhere
        Whether these are all places of the two, so that they need not be named if they agree.
    by_share
        Places that are ``partly`` for the party share of the variance alone, so that their order is the same.
    """
    v, r = pair.experiment, pair.reference
    partly = [place for place in levels.get("partly", []) if place not in by_share]
    same = [*(place for place in levels.get("partly", []) if place in by_share), *levels.get("no", [])]
    kinds = ("yes", levels.get("yes", [])), ("partly", partly), ("no", same)
    found = [(kind, places) for kind, places in kinds if places]
    said = []
    for kind, places in found:
        where = "" if everywhere and len(found) == 1 else f" of {together(places)}"
        members = f"members{where}"
        said.append(
            {
                "yes": f"{v} and {r} put {members} in different orders",
                "partly": f"{v} and {r} put {members} in similar orders that are not the same",
                "no": f"{v} and {r} put {members} in the same order",
            }[kind]
        )
    first, *rest = said
    return "; ".join([first, *(one.replace(f"{v} and {r} put", "they put", 1) for one in rest)])


def turned_clause(who: Sequence[str]) -> str:
    """Say which fit was turned before the comparison; empty if none was."""
    if not who:
        return ""
    return f" (after turning {among(who)}, where the axis is upside down)"


def verdict(level: str, clauses: Sequence[str]) -> str:
    """Return the answer in one sentence: the word, and what it rests on."""
    return f"{ANSWERS[level]}: {'; '.join(clause for clause in clauses if clause)}."


def withheld(places: Sequence[str], reasons: Sequence[str]) -> str:
    """Say why ranks are not compared in some places."""
    return f"Ranks of {together(places)} are not compared, because {among(list(dict.fromkeys(reasons)))}."


def order(found: Sequence[tuple[str, Order]]) -> str:
    """Tell the rank correlation of every place, and of how many members the two rank intervals do not overlap."""
    first, *rest = found
    said = [
        f"{number(first[1].correlation)} in {first[0]} "
        f"(beyond both 90 % intervals of rank: {first[1].disjoint} of {plural(first[1].n, 'member')})",
        *(f"{number(one.correlation)} in {place} ({one.disjoint} of {one.n})" for place, one in rest),
    ]
    return f"Rank correlation: {', '.join(said)}."


def largest(place: str, found: Order) -> str:
    """Tell how many members leave their interval in the reference, and the largest change of rank."""
    steps = round(abs(found.change))
    way = "to the right" if found.change > 0 else "to the left"
    change = "Nobody changes by a whole rank"
    if steps:
        change = f"The largest change is {plural(steps, 'rank')} {way} ({found.who})"
    return (
        f"In {place}, the mean rank of {found.outside} of {plural(found.n, 'member')} lies outside the 90 % interval "
        f"in the reference. {change}."
    )


def turned(who: str, other: str, found: Sequence[tuple[str, float | None]]) -> str:
    """Say that one of two fits has the Republicans on the left, and how alike the two are after turning.

    ``found`` has the places and the rank correlations after turning.
    """
    places = together([place for place, _ in found])
    correlations = among([number(value, 2) for _, value in found])
    alike = all(value is not None and value >= _LITTLE for _, value in found)
    if not alike:
        return (
            f"{who} has the Republicans on the left in {places}. Turned round, its order has little in common with "
            f"that of {other} (rank correlation {correlations})."
        )
    return (
        f"{who} has found the same axis as {other} upside down in {places}. Turned round, the rank correlation is "
        f"{correlations}."
    )


def other_axis(place: str, separates: str, does_not: str) -> str:
    """Say that one fit has found the parties' axis and the other a division that is not the parties'."""
    return f"in {place}, the axis of {separates} separates the parties and that of {does_not} does not"


def no_parties(places: Sequence[str]) -> str:
    """Say that in both fits the axis is another division than that of the parties."""
    return (
        f"In {among(places)}, neither fit has an axis that separates the parties. What is compared is the order along "
        "another division, which is neither left nor right."
    )


def movers(found: Sequence[Mover]) -> str:
    """Name those who move furthest beyond both intervals of their rank."""
    said = []
    for place in dict.fromkeys(one.place for one in found):
        here = [one for one in found if one.place == place]
        ranks = [f"{one.label} from rank {one.rank_reference:.0f} to {one.rank:.0f}" for one in here]
        said.append(f"{', '.join(ranks)} of {here[0].n} in {place}")
    return f"Those who move furthest: {'; '.join(said)}."


def share(place: str, found: Shares, pair: Pair) -> str:
    """Tell a party share of the variance that differs beyond its uncertainty."""
    return (
        f"Party accounts for {percent(found.experiment[0])} of the variance between members of {place} under "
        f"{pair.experiment} and {percent(found.reference[0])} under {pair.reference}, and the 90 % intervals do not "
        "overlap."
    )


def reversed_sides(counts: Sequence[tuple[str, int, int]], pair: Pair) -> str:
    """Tell on how many roll calls each fit is certain of another side of Yea; ``counts`` has place, these, and all."""
    where = among([f"{n:,} of {plural(of, 'roll call')} {place}" for place, n, of in counts])
    return f"{pair.experiment} and {pair.reference} are each certain of a different side of Yea on {where}."


def same_model(names: Sequence[str], fit: str) -> str:
    """Say that experiments have the same model of a fit."""
    return f"{among(names)} have the same model of {fit}, so they differ there only in how it was sampled."
