"""The answer for all variants on a session in one sentence: order, sizes, who moves, prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..wording.numbers import among, percent, plural
from . import prediction as loss
from .prediction import Prediction
from .sentences import ANSWERS, Mover, Shares
from .words import changed, number

#: From the mildest; of several variants the gravest counts.
_GRAVITY = ("no", "partly", "yes")
#: Settings that are priors, by how their key begins.
_PRIORS = ("beta_prior", "alpha_sigma", "joint", "orient_bills", "priors.")
_QUESTIONS = {
    "prior": "Does the answer depend on the prior?",
    "bridges": "Does the answer depend on how shared bills tie the chambers?",
    "structure": "Does the answer depend on the structure of the model?",
    "filters": "Does the answer depend on the filters?",
    "selection": "Does the answer depend on which votes are used?",
    "sampling": "Does the answer depend on how it was sampled?",
    "settings": "Does the answer depend on the settings?",
}


@dataclass(frozen=True)
class Judged:
    """The verdict on one variant, as far as the answer for the session needs it.

    Attributes
    ----------
    experiment : str
    level : str
    compared : bool
        Whether ranks are compared anywhere. A variant may be ``yes`` without, for an axis that only one fit shares.
    predictions : list of Prediction
    movers : list of Mover
        Who moves furthest first.
    shares : list of tuple
        Place and party shares of the variance, where the fits can be read.
    order : str
        The level from the order alone; empty if it is ``level``. ``partly`` may be for the party share alone.
    where : str
        Places of that level of order, if it is not that of all places that are compared.
    """

    experiment: str
    level: str
    compared: bool = True
    predictions: Sequence[Prediction] = ()
    movers: Sequence[Mover] = ()
    shares: Sequence[tuple[str, Shares]] = ()
    order: str = ""
    where: str = ""


def question(settings: Sequence[str]) -> str:
    """Return the question that variants ask who differ in these settings."""
    kinds = {_kind(key) for key in settings} - {""}
    return _QUESTIONS[kinds.pop() if len(kinds) == 1 else "settings"]


def _kind(key: str) -> str:
    """Return what kind of setting a key is; empty for one that changes no answer."""
    if key == "joint.bridges":
        return "bridges"
    if key.startswith(("structure", "covariates", "joint.members")):
        return "structure"
    if key.startswith(_PRIORS):
        return "prior"
    if key in ("session.min_minority_share", "session.min_votes"):
        return "filters"
    if key.startswith("session.selection."):
        return "selection"
    if key.startswith(("sampling.", "early_stop.")) or key == "coordinates":
        return "sampling"
    return "" if key == "chambers" or key.startswith("gates.") else "settings"


def gravest(judged: Sequence[Judged]) -> str:
    """Return the gravest level of the variants that have one; ``unknown`` if none has."""
    known = [_GRAVITY.index(one.level) for one in judged if one.level in _GRAVITY]
    return _GRAVITY[max(known)] if known else "unknown"


def answer(judged: Sequence[Judged], reference: str) -> str:
    """Return the answer for a session in one sentence."""
    readable = [one for one in judged if one.compared]
    clauses = [_order(judged, reference), _sizes(readable, len(judged)), _moves(readable, len(judged)), _loss(judged)]
    return f"{ANSWERS[gravest(judged)]}: {'; '.join(clause for clause in clauses if clause)}."


def _order(judged: Sequence[Judged], reference: str) -> str:
    by_level: dict[str, list[str]] = {}
    for one in judged:
        level = (one.order or one.level) if one.compared or one.level == "unknown" else "axis"
        by_level.setdefault(level, []).append(f"{one.experiment} (in {one.where})" if one.where else one.experiment)
    orders = (("yes", "in another order"), ("partly", "in a similar order"), ("no", "in the same order"))
    stand = [f"{words} under {among(by_level[level])}" for level, words in orders if level in by_level]
    said = [f"members stand {'; '.join(stand)}"] if stand else []
    if "axis" in by_level:
        said.append(f"members are told apart along another axis under {among(by_level['axis'])}")
    unknown = among(by_level.get("unknown", []))
    if not said:
        return f"{unknown} cannot be compared with {reference}"
    first = f"compared with {reference}, {'; '.join(said)}"
    return f"{first}; {unknown} cannot be compared" if unknown else first


def _sizes(readable: Sequence[Judged], n: int) -> str:
    """Say how far the party share of the variance changes."""
    found = [(abs(s.change), one.experiment, place, s) for one in readable for place, s in one.shares]
    if not found:
        return ""
    apart = [row for row in found if row[3].differ]
    if not apart:
        points = round(100 * max(row[0] for row in found))
        much = f"within {plural(points, 'point')}" if points else "within a point"
        return f"party accounts for about as much of the variance between members ({much})"
    _, name, place, shares = max(apart, key=lambda row: row[0])
    under = f" under {name}" if n > 1 else ""
    return (
        f"party accounts for {percent(shares.experiment[0])} instead of {percent(shares.reference[0])} of the variance "
        f"between members of {place}{under}"
    )


def _moves(readable: Sequence[Judged], n: int) -> str:
    """Name the member who moves furthest."""
    if not readable:
        return ""
    found = [(abs(m.rank - m.rank_reference), one.experiment, m) for one in readable for m in one.movers]
    if not found:
        return "nobody’s rank changes beyond its uncertainty"
    _, name, mover = max(found, key=lambda row: row[0])
    return f"{mover.label} moves furthest, {mover.way}{f' under {name}' if n > 1 else ''}"


def _loss(judged: Sequence[Judged]) -> str:
    """Say which variants predict votes left out better and worse than the reference."""
    found: dict[str, list[Judged]] = {}
    for one in judged:
        found.setdefault(loss.overall(one.predictions), []).append(one)
    known = {kind: those for kind, those in found.items() if kind != loss.UNKNOWN}
    if not known:
        return ""
    if set(known) == {loss.NONE}:
        return "votes left out are predicted neither clearly better nor clearly worse"
    order = (loss.FAR_WORSE, loss.WORSE, loss.MIXED, loss.BETTER, loss.FAR_BETTER)
    said = [_predicts(kind, known) for kind in order if kind in known]
    return f"votes left out are predicted {among(said)}"


def _predicts(kind: str, known: Mapping[str, Sequence[Judged]]) -> str:
    names = among([one.experiment for one in known[kind]])
    if kind == loss.MIXED:
        return f"better in some fits and worse in others under {names}"
    ends = [loss.typical(one.predictions) for one in known[kind]]
    if len(ends) == 1:
        return f"{kind} under {names} (typical probability of a vote {changed(*ends[0])})"
    before, after = (sorted({number(end[k], 2) for end in ends}) for k in (0, 1))
    values = after[0] if len(after) == 1 else f"{after[0]} to {after[-1]}"
    size = f" (typical probability of a vote {values} instead of {before[0]})" if len(before) == 1 else ""
    return f"{kind} under {names}{size}"
