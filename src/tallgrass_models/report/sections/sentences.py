"""Key findings as sentences: each a function of plain records, true for every input, or nothing at all.

Who stands somewhere is told from the probabilities of the draws. A name stands alone only where one member holds the
place with a probability of one half or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..page.words import count, interval, listed, number, percent, plural, signed

#: From this probability on something is said without a "probably"; below 1 - CERTAIN it is denied.
CERTAIN = 0.95
#: Below this probability nobody is named as the holder of a place.
NAMED = 0.5
#: Members whose probability is at least this share of the largest hold a place about equally.
_EQUALLY = 0.5
#: Members named where several share a place.
_MOST_NAMED = 3
#: Bills are held flat where their slopes are below this share of the others'.
FLAT = 0.5


@dataclass(frozen=True)
class Holder:
    """A member who may hold a place: how to call her, with which probability, and what to add if she is named alone."""

    label: Markup
    probability: float
    place: str | Markup = ""


@dataclass(frozen=True)
class Moments:
    """A quantity with its 90 % interval."""

    mean: float
    low: float
    high: float

    def shown(self, digits: int = 2) -> Markup:
        """``1.25 (90 % interval 1.10 to 1.40)``."""
        return Markup("{} (90 % interval {})").format(number(self.mean, digits), interval(self.low, self.high, digits))


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


def overlap(any_crosses: float, members: Moments) -> Markup:
    """Say whether the parties overlap, from the probability that some Democrat stands right of some Republican."""
    p = Markup("the probability that some Democrat stands right of some Republican is {}").format(number(any_crosses))
    if any_crosses <= 1 - CERTAIN:
        return Markup("The parties do not overlap: {}.").format(p)
    if any_crosses < CERTAIN:
        return Markup("It is uncertain whether the parties overlap: {}.").format(p)
    text = Markup(
        "The parties overlap: {}. About {} beyond the innermost member of the other party (90 % interval {} to {})."
    )
    stand = plural(members.mean, "member stands", "members stand")
    return text.format(p, stand, count(members.low), count(members.high))


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


def features(n: int, unusual: int, expected: float, anchor: str) -> Markup:
    """Say how many features of the votes the model reproduces, and how many it would miss by chance."""
    text = Markup(
        'The model reproduces <a href="#{}">{} of {} of the votes</a>. By chance it would miss {} on average.'
    )
    return text.format(anchor, count(n - unusual), plural(n, "feature"), number(expected, 1))


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
    if own < FLAT * others:
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


def medians_reversed(place: str, left: float, right: float) -> Markup:
    """Say that the median Republican stands left of the median Democrat though the averages do not."""
    text = Markup(
        "<strong>{}: read left and right with care.</strong> The median Republican ({}) stands left of the median "
        "Democrat ({}), although the Republicans’ average is right of the Democrats’. A few members far out carry the "
        "averages."
    )
    return text.format(place, signed(right), signed(left))
