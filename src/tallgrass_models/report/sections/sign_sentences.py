"""Sentences about the sides of the axis: mirrored fits, wrong signs, and what the prior implies."""

from __future__ import annotations

from markupsafe import Markup

from ...wording.numbers import count, number
from ..page.language import plural

#: Bills are held flat where their slopes are below this share of the others'.
_FLAT = 0.5


def mirrored(place: str, prior: tuple[int, int] | None) -> Markup:
    """Say that a fit has the Republicans on the left.

    Parameters
    ----------
    prior
        With a one-sided prior, the numbers of roll calls on which Yea is certainly the Democratic and the Republican
        side.
    """
    text = Markup(
        "<strong>{}: the model has found the parties’ axis upside down.</strong> In the model’s own numbers, "
        "Republicans stand on the left. This page turns positions, ranks and bills round."
    ).format(place)
    if prior is None or prior[0] <= prior[1]:
        return text
    why = Markup(
        " Its prior makes Yea the same side of the axis on every roll call, and Yea is certainly the Democratic side "
        "on more of them ({}) than the Republican ({})."
    )
    return text + why.format(count(prior[0]), count(prior[1]))


def wrong_sign(
    place: str,
    yea_side: str,
    n_wrong: int,
    n_judged: int,
    slopes: tuple[float | None, float | None],
    shared: bool = False,
) -> Markup:
    """Say on how many roll calls a positive prior has the wrong side for Yea, and what the fit made of them.

    Parameters
    ----------
    shared
        Whether roll calls of both chambers on one bill are counted once.
    """
    other = "Republican" if yea_side == "Democrat" else "Democrat"
    head = Markup("{}: in this fit, Yea is the {} side on every roll call.").format(place, _side(yea_side))
    if not n_wrong:
        return Markup("{} Yea is not certainly the {} side on any of {}.").format(
            head, _side(other), roll_calls(n_judged, shared)
        )
    out = Markup("{} On {} of {}, Yea is certainly the {} side.").format(
        head, count(n_wrong), roll_calls(n_judged, shared), _side(other)
    )
    own, others = slopes
    if own is None or others is None:
        return out
    size = Markup("their median slope per standard deviation of members is {}, compared with {} for the others").format(
        number(own), number(others)
    )
    if own < _FLAT * others:
        return out + Markup(" The fit makes those bills flat: {}.").format(size)
    return out + Markup(" The fit does not make those bills flat: {}.").format(size)


def roll_calls(n: float, shared: bool) -> str:
    """``280 roll calls``; in a joint model those of both chambers on a shared bill are one."""
    return plural(n, "roll call") + (" (shared bills counted once)" if shared else "")


def _side(party: str) -> str:
    return "Democratic" if party == "Democrat" else party


def prior(where: str, described: str, positive: bool, oriented: bool) -> Markup:
    """Say whether discrimination may be negative, and what follows for reading the results."""
    shown = Markup("{}: the prior <b>{}</b> ").format(where, described)
    if not positive:
        return shown + Markup(
            "lets discrimination take either sign, so a bill may be supported from the left or from the right. The "
            "order of the parties settles which end is the left."
        )
    if oriented:
        return shown + Markup(
            "sets how sharply a bill divides the members. The sign of its discrimination follows the votes of the "
            "parties, so no bill has the wrong sign."
        )
    return shown + Markup(
        "keeps discrimination positive, so that Yea is the same side of the axis on every bill. That removes the "
        "mirror image of the scale. But the model cannot describe a bill whose Yea is really the other side."
    )
