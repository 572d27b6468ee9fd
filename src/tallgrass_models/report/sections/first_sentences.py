"""The sentences of the first screen, at most five, by a fixed rule.

In this order, each for all chambers together, and only of fits that support it: whether the parties overlap; where the
median is; whose median stands further right; how well left and right predict votes, and what they clearly miss; what
not to conclude. Fits that do not support the first two are named with the reason in the note in place of their picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ...files.names import PLACES
from ...wording.numbers import count, number, percent, probability
from ..files.data import Report, UnitResults
from ..page.language import listed, plural
from ..page.words import called, unit_title
from .linked import linking_warnings
from .medians import median_of
from .pivots import counted
from .readable import not_readable, unreadable
from .reading import one_mode, settled
from .sentences import CERTAIN

#: So many at most.
MOST = 5
#: Missed features are clearly more than chance beyond so many roots of their expected number.
_CLEAR = 3


def sentences(report: Report) -> list[Markup]:
    """Return the sentences; none without a fit that converged."""
    chambers = [unit for name, unit in report.units.items() if not name.is_joint]
    readable = [unit for unit in chambers if not unreadable(report, unit, unit.unit)]
    settled_ones = [unit for unit in chambers if settled(unit) and one_mode(unit)]
    told = [
        _overlaps(readable),
        _joined(_median(unit) for unit in readable),
        _across(report),
        _joined(_called_right(unit) for unit in settled_ones),
        _not_to_conclude(len(chambers)) if readable else None,
    ]
    return [sentence for sentence in told if sentence][:MOST]


def _joined(clauses: Any) -> Markup | None:
    """Join the clauses of the chambers to one sentence."""
    known = [clause for clause in clauses if clause]
    return Markup("{}.").format(Markup("; ").join([known[0], *(_lowered(c) for c in known[1:])])) if known else None


def _lowered(clause: Markup) -> Markup:
    return Markup(clause[:1].lower() + clause[1:])


def _overlaps(units: Sequence[UnitResults]) -> Markup | None:
    """Say whether the parties overlap, in one clause where they do not in any chamber."""
    p = {unit_title(u.unit): (u.of_chamber("overlap", u.unit).get("any") or {}).get("mean") for u in units}
    if len(p) > 1 and all(value is not None and value <= 1 - CERTAIN for value in p.values()):
        where = " and in the ".join(p)
        each = [probability(1 - value) for value in p.values() if value is not None]
        shown = f"each with probability {each[0]}" if len(set(each)) == 1 else f"probability {listed(each)}"
        return Markup("In the {}, every Democrat stands left of every Republican ({}).").format(where, shown)
    return _joined(_overlap(unit) for unit in units)


def _overlap(unit: UnitResults) -> Markup | None:
    found, name = unit.of_chamber("overlap", unit.unit), unit_title(unit.unit)
    p = (found.get("any") or {}).get("mean")
    if p is None:
        return None
    if p <= 1 - CERTAIN:
        text = Markup("In the {}, every Democrat stands left of every Republican (probability {})")
        return text.format(name, probability(1 - p))
    if p < CERTAIN:
        text = Markup("In the {}, it is open whether the parties overlap (probability {})")
        return text.format(name, probability(p))
    members = found["members"]["mean"]
    text = Markup("In the {}, the parties overlap: about {} beyond the innermost member of the other party")
    return text.format(name, plural(members, "member stands", "members stand"))


def _median(unit: UnitResults) -> Markup | None:
    pivot = next((p for p in unit.rows.get("pivots", []) if p["pivot"] == "chamber_median"), None)
    median = median_of(unit, counted(pivot)) if pivot else None
    if median is None:
        return None
    text = Markup("The median of the {}, over {}, {}")
    return text.format(unit_title(unit.unit), median.over, median.told)


def _across(report: Report) -> Markup | None:
    """Say whose median stands further right, by all methods; nothing where they disagree or a fit cannot be read."""
    found: Mapping[str, Any] | None = report.linking
    if not found or not found["statements"] or not_readable(report) or linking_warnings(report, PLACES):
        return None
    said = next((s for s in found["statements"] if s["key"] == "p_senate_median_right"), None)
    if said is None or said["value"] is None:
        return None
    p, (house, senate) = float(said["value"]), (called().whose(chamber) for chamber in ("house", "senate"))
    if p >= CERTAIN:
        return Markup("The {} median stands right of the {} (probability {}).").format(senate, house, probability(p))
    if p <= 1 - CERTAIN:
        return Markup("The {} median stands left of the {} (probability {}).").format(senate, house, probability(1 - p))
    text = Markup("Which chamber’s median stands further right is open (probability {} that it is the {}).")
    return text.format(probability(p), senate)


def _called_right(unit: UnitResults) -> Markup | None:
    row = next((r for r in unit.rows.get("group_fit", []) if r["party"] == "all" and r["chamber"] == unit.unit), None)
    if row is None or row["correct"] is None or not row["n_votes"]:
        return None
    text = Markup("In the {}, the model calls {} of the votes right ({} if everybody voted with the majority)")
    guess = 1 - row["minority"] / row["n_votes"]
    said = text.format(unit_title(unit.unit), percent(row["correct"], 1), percent(guess, 1))
    return said + _missed(unit)


def _missed(unit: UnitResults) -> Markup:
    """Add how many features of the votes the model misses, if that is clearly more than chance; else nothing."""
    found = unit.check["predictive"] if unit.check else None
    if found is None or found["n_unusual"] <= found["n_expected"] + _CLEAR * math.sqrt(found["n_expected"]):
        return Markup("")
    text = Markup(', but it misses <a href="#{}-replicated">{} of {} of the votes</a> ({} expected by chance)')
    features = plural(found["n_compared"], "feature")
    return text.format(unit.unit, count(found["n_unusual"]), features, number(found["n_expected"], 1))


def _not_to_conclude(n_chambers: int) -> Markup:
    own = "; each chamber has a scale of its own" if n_chambers > 1 else ""
    return Markup(
        "Positions come from votes alone. Zero is the middle between the parties and not “moderate”, and the two sides "
        "of it cannot be called equally extreme{}."
    ).format(own)
