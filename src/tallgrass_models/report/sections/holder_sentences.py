"""Sentences that name members: who holds a place, and with what probability."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ..page.language import listed, plural
from ..page.numbers import count, number, signed
from .sentences import CERTAIN, Holder, Moments

#: Below this probability nobody is named as the holder of a place.
NAMED = 0.5


#: Members whose probability is at least this share of the largest hold a place about equally.
_EQUALLY = 0.5


#: Members named where several share a place.
_MOST_NAMED = 3


def who(holders: Sequence[Holder]) -> Markup:
    """Say who holds a place: one name if one member probably does, else those who share it.

    ``probably Ann Smith (D) (probability 0.62)`` or ``uncertain; 2 members share that place about equally, Ann
    Smith (D) (0.41) and Bo Li (R) (0.38)``.
    """
    ordered = sorted(holders, key=lambda h: -h.probability)
    if not ordered or ordered[0].probability <= 0:
        return Markup("not known")
    first = ordered[0]
    if first.probability >= NAMED:
        sure = first.probability >= CERTAIN
        text = Markup("{}{}") if sure else Markup("probably {} (probability {}){}")
        values = [first.label, *([] if sure else [number(first.probability)])]
        return text.format(*values, Markup(" {}").format(first.place) if first.place else "")
    sharing = [h for h in ordered if h.probability >= _EQUALLY * first.probability]
    if sum(h.probability for h in sharing) < NAMED:
        return Markup("uncertain; the most likely are {}").format(_with_odds(ordered[:_MOST_NAMED]))
    more = len(sharing) - _MOST_NAMED
    others = [plural(more, "other")] if more > 0 else []
    names = _with_odds(sharing[:_MOST_NAMED], *others)
    return Markup("uncertain; {} members share that place about equally, {}").format(count(len(sharing)), names)


def _with_odds(holders: Sequence[Holder], *more: str) -> Markup:
    """``Ann Smith (D) (0.41), Bo Li (R) (0.38) and 2 others``."""
    return listed([*(Markup("{} ({})").format(h.label, number(h.probability)) for h in holders), *more])


def ends(left: Sequence[Holder], right: Sequence[Holder]) -> list[Markup]:
    """Say who stands furthest left and furthest right."""
    return [Markup("The leftmost member is {}. The rightmost member is {}.").format(who(left), who(right))]


def innermost(democrats: Sequence[Holder], republicans: Sequence[Holder]) -> list[Markup]:
    """Say who of each party stands closest to the other one; nothing if a party has no member."""
    if not democrats or not republicans:
        return []
    text = Markup("The rightmost Democrat is {}. The leftmost Republican is {}.")
    return [text.format(who(democrats), who(republicans))]


def median(holders: Sequence[Holder], over: str, between: float, low: Moments, high: Moments) -> Markup:
    """Say where the chamber's median stands, and who it is.

    Parameters
    ----------
    holders
        With a median between two members, each has the probability of being one of the two.
    over
        Whom it runs over: ``the 84 members in this fit``.
    between
        Probability that the median lies between two members, rather than being one.
    low, high
        Where these two stand; the same where the median is one member.
    """
    head = Markup("The median of the chamber, over {},").format(over)
    if between < NAMED:
        return Markup("{} stands at {}. It is {}.").format(head, signed(low.mean), who(holders))
    text = Markup("{} lies between two members, who stand at {} and {} on average over the draws: {}.")
    return text.format(head, signed(low.mean), signed(high.mean), _pair(holders))


def _pair(holders: Sequence[Holder]) -> Markup:
    """Name the two members between whom something lies."""
    ordered = sorted(holders, key=lambda h: -h.probability)
    named = [h for h in ordered if h.probability >= NAMED][:2]
    shown = [
        h.label
        if h.probability >= CERTAIN
        else Markup("probably {} (probability {})").format(h.label, number(h.probability))
        for h in named
    ]
    if len(shown) == 2:
        return listed(shown)
    if shown:
        return Markup("one is {}, and the other is uncertain").format(shown[0])
    if not ordered:
        return Markup("not known who")
    return Markup("it is uncertain which, but the most likely are {}").format(_with_odds(ordered[:_MOST_NAMED]))
