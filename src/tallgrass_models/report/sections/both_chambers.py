"""Sentences about House and Senate side by side."""

from __future__ import annotations

from markupsafe import Markup

from ...wording.numbers import number, signed
from ..page.words import called, interval, unit_title
from .sentences import CERTAIN, Moments


def gaps(ratio: Moments, p_senate_wider: float) -> Markup:
    """Say in which chamber the parties stand further apart, both on one scale."""
    times = Markup("the distance between the parties’ averages is {} times as large in the {} as in the {}").format(
        number(ratio.mean), unit_title("senate"), unit_title("house")
    )
    said = Markup("{} (90 % interval {})").format(times, interval(ratio.low, ratio.high))
    if p_senate_wider >= CERTAIN:
        return Markup("The parties stand further apart in the {}: {}.").format(unit_title("senate"), said)
    if p_senate_wider <= 1 - CERTAIN:
        return Markup("The parties stand further apart in the {}: {}.").format(unit_title("house"), said)
    return Markup("It is uncertain in which chamber the parties stand further apart: {}.").format(said)


def across(democrats: Moments, republicans: Moments) -> Markup:
    """Say where the Senate's parties stand on the House's scale."""
    text = Markup(
        "On the scale on which the {} Democrats average −1 and its Republicans +1, the {} Democrats average {} (90 % "
        "interval {}) and its Republicans {} ({})."
    )
    return text.format(
        called().whose("house"),
        called().whose("senate"),
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
