"""Sentences about the parties: distance, averages, spreads, and both chambers side by side."""

from __future__ import annotations

from markupsafe import Markup

from ..page.numbers import count, interval, number, percent, signed
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


def _counted(n: int, party: str) -> str:
    return f"the {count(n)} {party}s" if n != 1 else f"the one {party}"


def spreads(left: tuple[int, float], right: tuple[int, float], p_right_wider: float | None) -> list[Markup]:
    """Say which party's members are more spread out; nothing if a party has a single member."""
    if p_right_wider is None:
        return []
    sides = {"Democrat": left, "Republican": right}
    wide, narrow = ("Republican", "Democrat") if p_right_wider >= 0.5 else ("Democrat", "Republican")
    p = max(p_right_wider, 1 - p_right_wider)
    sizes = [number(sides[name][1]) for name in (wide, narrow)]
    names = [_counted(sides[name][0], name) for name in (wide, narrow)]
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


def gaps(ratio: Moments, p_senate_wider: float) -> Markup:
    """Say in which chamber the parties stand further apart, both on one scale."""
    times = Markup(
        "the distance between the parties’ averages is {} times as large in the Senate as in the House"
    ).format(number(ratio.mean))
    said = Markup("{} (90 % interval {})").format(times, interval(ratio.low, ratio.high))
    if p_senate_wider >= CERTAIN:
        return Markup("The parties stand further apart in the Senate: {}.").format(said)
    if p_senate_wider <= 1 - CERTAIN:
        return Markup("The parties stand further apart in the House: {}.").format(said)
    return Markup("It is uncertain in which chamber the parties stand further apart: {}.").format(said)


def across(democrats: Moments, republicans: Moments) -> Markup:
    """Say where the Senate's parties stand on the House's scale."""
    text = Markup(
        "On the scale on which the House’s Democrats average −1 and its Republicans +1, the Senate’s Democrats average "
        "{} (90 % interval {}) and its Republicans {} ({})."
    )
    return text.format(
        signed(democrats.mean),
        interval(democrats.low, democrats.high),
        signed(republicans.mean),
        interval(republicans.low, republicans.high),
    )


def medians_reversed(place: str, left: float, right: float) -> Markup:
    """Say that the median Republican stands left of the median Democrat though the averages do not."""
    text = Markup(
        "<strong>{}: read left and right with care.</strong> The median Republican ({}) stands left of the median "
        "Democrat ({}), although the Republicans’ average is right of the Democrats’. A few members far out carry the "
        "averages."
    )
    return text.format(place, signed(right), signed(left))
