"""Sentences that name members: who holds a place, and with what probability."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ...wording.numbers import number, probability, signed, spelled
from ..page.language import listed, plural, sentence
from .sentences import CERTAIN, Holder, Moments

#: Below this probability nobody is named alone as the holder of a place, ...
NAMED = 0.5


#: ... and below this one nobody is named at all.
MENTIONED = 0.15


#: Members whose probability is at least this share of the largest hold a place about equally.
_EQUALLY = 0.5


#: Members named where several share a place.
_MOST_NAMED = 3


def holds(place: str, holders: Sequence[Holder]) -> Markup:
    """Say who holds a place: one name if one member probably does, else how many share it, and the likeliest of them.

    ``The median is probably Ann Smith (D) (probability 0.62).`` or ``No single member is clearly the median: two are
    about equally likely, Ann Smith (D) (0.41) and Bo Li (R) (0.38).``

    Parameters
    ----------
    place
        With its article, in lower case: ``the leftmost member``.
    """
    ordered = sorted(holders, key=lambda h: -h.probability)
    if not ordered or ordered[0].probability <= 0:
        return Markup("It is not known who is {}.").format(place)
    first = ordered[0]
    if first.probability < NAMED:
        return Markup("No single member is clearly {}: {}.").format(place, _shared(ordered))
    sure = first.probability >= CERTAIN
    who = first.label if sure else Markup("probably {} (probability {})").format(first.label, number(first.probability))
    where = Markup(" {}").format(first.place) if first.place else ""
    return Markup("{} is {}{}.").format(sentence(place).rstrip("."), who, where)


def _shared(ordered: Sequence[Holder]) -> Markup:
    """Say how a place is shared by members of whom none probably holds it, the likeliest first."""
    most = ordered[0].probability
    sharing = [h for h in ordered if h.probability >= _EQUALLY * most]
    equal = sum(h.probability for h in sharing) >= NAMED
    if most < MENTIONED:
        if equal:
            return Markup("{} are about equally likely").format(spelled(len(sharing)))
        return Markup("nobody has a probability above {}").format(number(most))
    if not equal:
        mentioned = [h for h in ordered[:_MOST_NAMED] if h.probability >= MENTIONED]
        words = "the likeliest is {}" if len(mentioned) == 1 else "the likeliest are {}"
        return Markup(words).format(_with_odds(mentioned))
    more = len(sharing) - _MOST_NAMED
    others = [plural(more, "other")] if more > 0 else []
    names = _with_odds(sharing[:_MOST_NAMED], *others)
    return Markup("{} are about equally likely, {}").format(spelled(len(sharing)), names)


def _with_odds(holders: Sequence[Holder], *more: str) -> Markup:
    """``Ann Smith (D) (0.41), Bo Li (R) (0.38) and 2 others``."""
    return listed([*(Markup("{} ({})").format(h.label, probability(h.probability)) for h in holders), *more])


def ends(left: Sequence[Holder], right: Sequence[Holder]) -> list[Markup]:
    """Say who stands furthest left and furthest right."""
    return [Markup("{} {}").format(holds("the leftmost member", left), holds("the rightmost member", right))]


def innermost(democrats: Sequence[Holder], republicans: Sequence[Holder]) -> list[Markup]:
    """Say who of each party stands closest to the other one; nothing if a party has no member."""
    if not democrats or not republicans:
        return []
    places = holds("the rightmost Democrat", democrats), holds("the leftmost Republican", republicans)
    return [Markup("{} {}").format(*places)]


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
        return Markup("{} stands at {}. {}").format(head, signed(low.mean), holds("the median member", holders))
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
    mentioned = [h for h in ordered if h.probability >= MENTIONED][:_MOST_NAMED]
    if len(mentioned) > 1:
        return Markup("it is uncertain which, but the likeliest are {}").format(_with_odds(mentioned))
    return Markup("it is uncertain which two") if ordered else Markup("it is not known which two")
