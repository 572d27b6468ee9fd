"""Key findings as sentences: each a function of plain records, true for every input, or nothing at all.

Who stands somewhere is told from the probabilities of the draws. A name stands alone only where one member holds the
place with a probability of one half or more.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ...wording.numbers import count, number, percent, probability
from ..page.language import plural
from ..page.words import interval

#: From this probability on something is said without a "probably"; below 1 - CERTAIN it is denied.
CERTAIN = 0.95


@dataclass(frozen=True)
class Moments:
    """A quantity with its 90 % interval."""

    mean: float
    low: float
    high: float

    def shown(self, digits: int = 2) -> Markup:
        """``1.25 (90 % interval 1.10 to 1.40)``."""
        return Markup("{} (90 % interval {})").format(number(self.mean, digits), interval(self.low, self.high, digits))


def overlap(any_crosses: float, members: Moments) -> Markup:
    """Say whether the parties overlap, from the probability that some Democrat stands right of some Republican."""
    p = Markup("the probability that some Democrat stands right of some Republican is {}").format(
        probability(any_crosses)
    )
    if any_crosses <= 1 - CERTAIN:
        return Markup("The parties do not overlap: {}.").format(p)
    if any_crosses < CERTAIN:
        return Markup("It is uncertain whether the parties overlap: {}.").format(p)
    text = Markup(
        "The parties overlap: {}. About {} beyond the innermost member of the other party (90 % interval {} to {})."
    )
    stand = plural(members.mean, "member stands", "members stand")
    return text.format(p, stand, count(members.low), count(members.high))


def classified(correct: float, apre: float | None) -> Markup:
    """Say how many votes the model classifies correctly, and how many errors of a simple guess it avoids (APRE)."""
    said = Markup("The model classifies {} of the votes correctly").format(percent(correct, 1))
    if apre is None:
        return Markup("{}.").format(said)
    if apre <= 0:
        text = Markup("{}, which is no better than a guess that everybody votes with the majority (APRE {}).")
        return text.format(said, number(apre))
    text = Markup("{}. It avoids {} of the errors of a guess that everybody votes with the majority (APRE).")
    return text.format(said, percent(apre))


def features(n: int, unusual: int, expected: float, anchor: str) -> Markup:
    """Say how many features of the votes the model reproduces, and how many it would miss by chance."""
    text = Markup(
        'The model reproduces <a href="#{}">{} of {} of the votes</a>. By chance it would miss {} on average.'
    )
    return text.format(anchor, count(n - unusual), plural(n, "feature"), number(expected, 1))


@dataclass(frozen=True)
class Holder:
    """A member who may hold a place: how to call her, with which probability, and what to add if she is named alone."""

    label: Markup
    probability: float
    place: str | Markup = ""
