"""Rule for whether the conclusion depends on the prior, and what it hands to the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..files.records.comparison import MoverOf, PlaceVerdict
from ..wording.numbers import among
from . import sentences
from .answers import Judged
from .prediction import Prediction, clause, overall, told
from .sentences import Mover, Order, Shares
from .words import Pair, Where, together

#: Rank correlation in every chamber from which on the order of members counts as the same, and as similar.
_SAME_ORDER, _SIMILAR_ORDER = 0.98, 0.9
#: Up to this share of a chamber's members are few.
_FEW = 0.1
#: Members named in a sentence.
_NAMED = 3


@dataclass(frozen=True)
class Place:
    """One chamber in one fit, under the reference and under the variant.

    Attributes
    ----------
    where : Where
    faults : tuple of str
        Why ranks are not compared, as clauses.
    other_axis : str
        A clause if only one of the two fits has the parties' axis; else empty.
    turned : str
        Which of the two is a mirrored fit beside one that is not; else empty.
    no_parties : bool
        Whether neither fit has the parties' axis.
    order : Order or None
        None where the two have no members in common, or at most one.
    shares : Shares or None
    """

    where: Where
    faults: tuple[str, ...] = ()
    other_axis: str = ""
    turned: str = ""
    no_parties: bool = False
    order: Order | None = None
    shares: Shares | None = None

    @property
    def compared(self) -> bool:
        """True if ranks are compared."""
        return not self.faults and not self.other_axis and self.order is not None and self.order.correlation is not None

    @property
    def order_level(self) -> str:
        """The answer from the order alone."""
        if self.other_axis and not self.faults:
            return "yes"
        if not self.compared or self.order is None or self.order.correlation is None:
            return "unknown"
        found, similar = self.order, self.order.correlation >= _SIMILAR_ORDER
        if not similar or found.disjoint > _FEW * found.n:
            return "yes"
        same = found.correlation is not None and found.correlation >= _SAME_ORDER
        return "no" if same and found.outside <= _FEW * found.n and not found.disjoint else "partly"

    @property
    def level(self) -> str:
        """The answer: that from the order, and ``partly`` if only the party share of the variance differs."""
        return "partly" if self.order_level == "no" and self.shares and self.shares.differ else self.order_level


@dataclass(frozen=True)
class Evidence:
    """Evidence on which a verdict on one variant rests.

    Attributes
    ----------
    pair : Pair
    places : list of Place
        By fit and chamber of both experiments.
    movers : list of (MoverOf, Mover)
        Of the places that are compared, who moves furthest first.
    predictions : list of Prediction
        Of the fits whose sampling can be relied on.
    reversed_sides : list of (str, int, int)
        Where each fit is certain of another side of Yea, on how many roll calls, and of how many.
    notes : list of str
        Sentences on what the comparison covers.
    """

    pair: Pair
    places: Sequence[Place]
    movers: Sequence[tuple[MoverOf, Mover]] = ()
    predictions: Sequence[Prediction] = ()
    reversed_sides: Sequence[tuple[str, int, int]] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Found:
    """A verdict: its level, its sentence, the figures behind it, and each place's own."""

    level: str
    prediction: str
    text: str
    reasons: list[str]
    details: list[str]
    places: list[PlaceVerdict]
    judged: Judged


def give_verdict(evidence: Evidence) -> Found:
    """Give level (``no``, ``partly``, ``yes``, ``unknown``), one sentence, and the figures behind it in words.

    ``yes``: in some place the rank correlation is below `_SIMILAR_ORDER`, or the rank intervals of more than `_FEW` of
    the members do not meet, or only one of the two fits has the parties' axis. ``no``: in every place it is at least
    `_SAME_ORDER`, at most `_FEW` of the members leave the interval of their rank, all intervals meet, those of the
    party share of the variance too. ``partly`` lies between. Places that cannot be compared do not count; if none can,
    the level is ``unknown``. Ranks are those after turning: a mirrored fit has the same order.
    """
    pair, level = evidence.pair, _gravest([place.level for place in evidence.places])
    shares = [(p.where.name, p.shares) for p in evidence.places if p.compared and p.shares]
    movers = [mover for _, mover in evidence.movers]
    compared = [place for place in evidence.places if place.compared]
    order = _gravest([place.order_level for place in compared])
    there = [place.where.name for place in compared if place.order_level == order]
    where = together(there) if len(there) < len(compared) else ""
    text = sentences.verdict(level, [_order_clause(evidence, level), clause(evidence.predictions, pair)])
    return Found(
        level,
        overall(evidence.predictions),
        text,
        _reasons(evidence),
        _details(evidence),
        [_place(place) for place in evidence.places],
        Judged(pair.experiment, level, bool(compared), evidence.predictions, movers, shares, order, where),
    )


def _gravest(levels: Sequence[str]) -> str:
    return next((level for level in ("yes", "partly", "no") if level in levels), "unknown")


def _order_clause(evidence: Evidence, level: str) -> str:
    pair, places = evidence.pair, evidence.places
    if level == "unknown":
        reasons = list(dict.fromkeys(reason for place in places for reason in place.faults))
        if reasons:
            return among(reasons)
        return f"{pair.experiment} and {pair.reference} have no fit of the same chamber"
    levels: dict[str, list[str]] = {}
    for place in places:
        if place.compared:
            levels.setdefault(place.level, []).append(place.where.name)
    axes = [place.other_axis for place in places if place.level == "yes" and place.other_axis]
    by_share = [p.where.name for p in places if p.level == "partly" and p.order_level == "no"]
    order = sentences.order_clause(levels, pair, all(p.compared for p in places), by_share) if levels else ""
    turned = sentences.turned_clause(list(dict.fromkeys(p.turned for p in places if p.compared and p.turned)))
    sizes = _sizes_clause(evidence) if level == "partly" and by_share else ""
    return "; ".join(said for said in (*axes, f"{order}{turned}" if order else "", sizes) if said)


def _sizes_clause(evidence: Evidence) -> str:
    where = [place.where.name for place in evidence.places if place.compared and place.shares and place.shares.differ]
    return f"the party share of the variance in {among(where)} differs"


def _reasons(evidence: Evidence) -> list[str]:
    pair, compared = evidence.pair, [place for place in evidence.places if place.compared]
    faulty = [place for place in evidence.places if place.faults]
    reasons = [reason for place in faulty for reason in place.faults]
    said = [sentences.withheld([place.where.name for place in faulty], reasons)] if faulty else []
    said += [f"{p.other_axis[:1].upper()}{p.other_axis[1:]}." for p in evidence.places if p.other_axis and not p.faults]
    for who in dict.fromkeys(place.turned for place in compared if place.turned):
        other = pair.reference if who == pair.experiment else pair.experiment
        found = [(p.where.name, p.order.correlation) for p in compared if p.turned == who and p.order]
        said.append(sentences.turned(who, other, found))
    alone = [place.where.name for place in compared if place.no_parties]
    said += [sentences.no_parties(alone)] if alone else []
    orders = [(place.where.name, place.order) for place in compared if place.order]
    said += [sentences.order(orders)] if orders else []
    named = [mover for _, mover in evidence.movers[:_NAMED]]
    said += [sentences.movers(named)] if named else []
    said += [told(found, pair) for found in evidence.predictions]
    said += [sentences.share(p.where.name, p.shares, pair) for p in compared if p.shares and p.shares.differ]
    said += [sentences.reversed_sides(evidence.reversed_sides, pair)] if evidence.reversed_sides else []
    return said


def _details(evidence: Evidence) -> list[str]:
    orders = [(place.where.name, place.order) for place in evidence.places if place.compared and place.order]
    return [*evidence.notes, *(sentences.largest(place, found) for place, found in orders)]


def _place(place: Place) -> PlaceVerdict:
    withheld = [*place.faults, *([place.other_axis] if place.other_axis else [])]
    return {
        "unit": place.where.unit.value,
        "chamber": place.where.chamber,
        "level": place.level,
        "withheld": [f"{reason[:1].upper()}{reason[1:]}." for reason in withheld],
        "spearman": place.order.correlation if place.compared and place.order else None,
        "turned": place.turned or None,
    }
