"""Sentences in place of findings that a fit cannot support."""

from __future__ import annotations

from markupsafe import Markup

from ..page.parts import Text


def withheld(reason: str) -> Markup:
    """Say that findings are withheld from a fit that does not support them."""
    return Markup("What this fit says of parties and members is withheld: {}.").format(reason)


def part_withheld(what: str, reasons: str) -> Text:
    """Say in a section that a part of it is withheld because a fit does not support it."""
    return Text(Markup("{} withheld: {}.").format(what, reasons), "missing")


def prior_withheld(place: str, reason: str) -> Markup:
    """Say that the effect of a prior is withheld from a fit that does not support findings."""
    return Markup("{}: the effect of the prior on members and bills is withheld ({}).").format(place, reason)


def across_withheld(reasons: str) -> Markup:
    """Say that findings across chambers are withheld because a fit does not support them."""
    return Markup("The comparison of the chambers is withheld ({}).").format(reasons)


def sides_open(place: str, reason: str) -> Markup:
    """Say that a fit may have the parties on the wrong sides."""
    text = Markup(
        "<strong>SIDES OPEN: {}.</strong> Do not quote positions from this fit: {}. With the parties the other way "
        "round, every member may stand elsewhere. More draws do not help."
    )
    return text.format(place, reason)


def several_modes(place: str, told: str) -> Markup:
    """Say that chains are in different modes although the fit passed every gate."""
    text = Markup(
        "<strong>{}: the chains do not agree.</strong> The fit passed every gate, but {}. Do not quote numbers."
    )
    return text.format(place, told)
