"""Sentences about the parties: distance, averages, spreads, and both chambers side by side."""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from ...wording.numbers import count, number, percent, signed
from ..page.words import interval
from .sentences import CERTAIN, Moments


def distance(d: Moments) -> Markup:
    """Say how far the parties stand apart, in units that do not depend on the scale."""
    text = Markup(
        "The averages of the parties stand {} times as far apart as members typically stand from the average of their "
        "own party (90 % interval {})."
    )
    return text.format(number(d.mean, 1), interval(d.low, d.high, 1))


def averages(left: tuple[int, Moments], right: tuple[int, Moments]) -> Markup:
    """Say where the parties' members stand on average, on a scale that the parties do not define."""
    shown = [
        Markup("{} {} at {} (90 % interval {})").format(
            _counted(n, party), "stand" if n != 1 else "stands", signed(found.mean), interval(found.low, found.high)
        )
        for party, (n, found) in (("Democrat", left), ("Republican", right))
    ]
    text = Markup("On average, {}, in standard deviations of the chamber’s members from their average.")
    return text.format(Markup(" and ").join(shown))


def _counted(n: int, party: str, mixed: bool = False) -> str:
    """Return ``the 47 Democrats``, or ``the 47 members counted as Democrats`` if some are of other parties."""
    if mixed:
        return f"the {count(n)} members counted as {party}s"
    return f"the {count(n)} {party}s" if n != 1 else f"the one {party}"


def spreads(
    left: tuple[int, float], right: tuple[int, float], p_right_wider: float | None, mixed: Collection[str] = ()
) -> list[Markup]:
    """Say which party's members are more spread out; nothing if a party has a single member.

    ``mixed`` has the parties with which members of other parties are counted.
    """
    if p_right_wider is None:
        return []
    sides = {"Democrat": left, "Republican": right}
    wide, narrow = ("Republican", "Democrat") if p_right_wider >= 0.5 else ("Democrat", "Republican")
    p = max(p_right_wider, 1 - p_right_wider)
    sizes = [number(sides[name][1]) for name in (wide, narrow)]
    names = [_counted(sides[name][0], name, name in mixed) for name in (wide, narrow)]
    if p < CERTAIN:
        text = Markup(
            "It is uncertain which party is more spread out. The standard deviation of {} is {} and that of {} is {}. "
            "The probability that the former is larger is {}."
        )
        return [text.format(names[0], sizes[0], names[1], sizes[1], number(p))]
    text = Markup("{} are more spread out than {}, with a standard deviation of {} compared with {}.")
    return [text.format(names[0][:1].upper() + names[0][1:], names[1], *sizes)]


def share(found: Moments) -> Markup:
    """Say how much of the variance between members lies between the parties."""
    text = Markup(
        "Party accounts for {} of the variance between the members (90 % interval {} to {}). The rest lies within the "
        "parties."
    )
    return text.format(percent(found.mean), percent(found.low), percent(found.high))
