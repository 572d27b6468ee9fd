"""The median of a chamber: where it is, who holds it, and over whom it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ...wording.numbers import probability as probability_words
from ...wording.numbers import signed
from ..files.data import UnitResults
from ..page.language import listed
from ..page.people import PARTY_LETTERS, member_words
from .holder_sentences import NAMED
from .sentences import CERTAIN, Moments


@dataclass(frozen=True)
class Median:
    """A chamber's median; ``low`` and ``high`` are the two members between whom it lies, the same where it is one.

    ``label`` says so in a picture, ``told`` in a sentence after "The median of the House": ``is Ann Smith (R)``.
    """

    low: Moments
    high: Moments
    over: str
    label: str
    told: Markup


def lies_between(pivot: Mapping[str, Any]) -> bool:
    """Return whether a place rather lies between two members than being one."""
    return pivot["p_between"] is not None and float(pivot["p_between"]) >= NAMED


def ends_of(pivot: Mapping[str, Any]) -> tuple[Moments, Moments]:
    """Return where the two members stand between whom a place lies; else where it is, twice."""
    stems = ("low", "high") if lies_between(pivot) else ("position", "position")
    low, high = (Moments(*(float(pivot[f"{stem}_{key}"]) for key in ("mean", "q05", "q95"))) for stem in stems)
    return low, high


def median_of(unit: UnitResults, over: str) -> Median | None:
    """Return the median of a chamber's own fit; None where pivots.csv does not say.

    Parameters
    ----------
    unit
        The chamber's fit.
    over
        Over whom it runs, in words.
    """
    pivot = next((p for p in unit.rows.get("pivots", []) if p["pivot"] == "chamber_median"), None)
    if pivot is None or unit.unit.is_joint:
        return None
    between, (low, high) = lies_between(pivot), ends_of(pivot)
    # each of two members between whom the median lies counts half
    times = 2.0 if between else 1.0
    found = [r for r in unit.rows.get("pivot_members", []) if r["pivot"] == "chamber_median"]
    known = [(r, min(1.0, times * float(r["probability"]))) for r in found]
    known = sorted((pair for pair in known if pair[1] >= NAMED), key=lambda pair: -pair[1])[: 2 if between else 1]
    shown = [_sure(member_words(row), p) for row, p in known]
    names = [f"{row['name']} ({PARTY_LETTERS.get(row['party'], row['party'])})" for row, _ in known]
    if between:
        at = f"{signed(low.mean)} and {signed(high.mean)}"
        return Median(low, high, over, f"median between {_two(names)}, {at}", _between(shown, at))
    at = signed(low.mean)
    label = f"median: {names[0] if names else 'uncertain who'}, {at}"
    told = (
        Markup("is {}, at {}").format(shown[0], at)
        if shown
        else Markup("stands at {}, and the votes do not settle who it is").format(at)
    )
    return Median(low, high, over, label, told)


def _sure(name: Markup, probability: float) -> Markup:
    if probability >= CERTAIN:
        return name
    return Markup("probably {} (probability {})").format(name, probability_words(probability))


def _two(names: list[str]) -> str:
    if len(names) == 2:
        return " and ".join(names)
    return f"two members, one of them {names[0]}" if names else "two members"


def _between(shown: list[Markup], at: str) -> Markup:
    if len(shown) == 2:
        return Markup("lies between {}, at {}").format(listed(shown), at)
    if shown:
        return Markup("lies between two members, at {}; one is {}, and the other is uncertain").format(at, shown[0])
    return Markup("lies between two members, at {}, but which two is open").format(at)
