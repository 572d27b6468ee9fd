"""Sentences in place of findings that a fit cannot support."""

from __future__ import annotations

from markupsafe import Markup


def withheld(reason: str) -> Markup:
    """Say that findings are withheld from a fit that does not support them."""
    return Markup("What this fit says of parties and members is withheld: {}.").format(reason)


def prior_withheld(place: str, reason: str) -> Markup:
    """Say that the effect of a prior is withheld from a fit that does not support findings."""
    return Markup("{}: the effect of the prior on members and bills is withheld ({}).").format(place, reason)


def across_withheld(reasons: str) -> Markup:
    """Say that findings across chambers are withheld because a fit does not support them."""
    return Markup("The comparison of the chambers is withheld ({}).").format(reasons)


def sides_open(place: str, reason: str) -> Markup:
    """Say that a fit may have the parties on the wrong sides."""
    text = Markup(
        "<strong>SIDES OPEN: {}.</strong> Do not quote positions from this fit: {}. With the parties on other sides, "
        "every member may stand elsewhere. More draws do not help."
    )
    return text.format(place, reason)


def several_modes(place: str, told: str) -> Markup:
    """Say that chains are in different modes although the fit passed every gate."""
    text = Markup(
        "<strong>{}: the chains do not agree.</strong> The fit passed every gate, but {}. Do not quote numbers."
    )
    return text.format(place, told)


def why_unreadable(
    converged: bool | None,
    axis: str | None,
    against_reference: bool = False,
    sides_open: bool = False,
    one_mode: bool = True,
    mirrored_apart: bool = True,
) -> str:
    """Return why left and right cannot be read from a chamber's fit; empty if they can.

    Parameters
    ----------
    converged
        Whether the gates were passed; None where it was not recorded.
    axis
        Verdict of the axis audit; None without one.
    against_reference
        Whether the chamber's parties stand the other way round than those that set the scale.
    sides_open
        Whether the parties may as well sit on the other sides, where nobody sampled.
    one_mode
        Whether all chains are in one place.
    mirrored_apart
        Of an axis upside down: whether the parties are so clearly apart on it that it can be turned.
    """
    if not converged:
        return "this fit has not converged" if converged is False else "convergence was not recorded"
    if sides_open:
        return "it is open on which side each party sits"
    if not one_mode:
        return "the chains of this fit are not all in one place"
    if against_reference:
        return "in this fit its parties stand the other way round than those of the House, which sets the scale"
    if axis == "mirrored" and not mirrored_apart:
        return "the axis of this fit is upside down, and the parties are not clearly apart on it"
    reasons = {
        "nothing": "the axis of this fit explains no more of the votes than chance does",
        "faction": "the axis of this fit does not separate the parties",
    }
    return reasons.get(axis or "", "")
