"""Which of two variants predicts votes left out better, by how much, and whether that is more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..files.records.comparison import PREDICTIONS
from ..wording.numbers import among, percent, signed
from .words import Pair, changed, number

NONE, BETTER, FAR_BETTER, WORSE, FAR_WORSE = PREDICTIONS
MIXED, UNKNOWN = "mixed", "unknown"
#: A difference below this many standard errors (roll calls as the independent units) is no more than chance variation.
_CLEAR = 2.0
#: So is one of less than this, whatever its standard error: Sivula, Magnusson, Matamoros and Vehtari (2020),
#: "Uncertainty in Bayesian leave-one-out cross-validation based model comparison", arXiv:2008.10296.
_LEAST = 4.0
#: A clear difference of that much per vote is far: it lowers the typical probability given to a vote by 5 %.
_FAR = 0.05


def judged(difference: float, se: float, n_votes: int) -> str:
    """Return one of `PREDICTIONS`.

    Parameters
    ----------
    difference, se
        elpd of the variant less the reference's over all votes, and its standard error by roll call (NaN if there is
        none), in nats.
    n_votes
        Votes.
    """
    size = abs(difference)
    if math.isnan(se) or size < _CLEAR * se or size < _LEAST:
        return NONE
    far = size >= _FAR * n_votes
    if difference > 0:
        return FAR_BETTER if far else BETTER
    return FAR_WORSE if far else WORSE


@dataclass(frozen=True)
class Prediction:
    """Leave-one-out of the variant beside the reference's, on the same votes of one fit.

    Attributes
    ----------
    place : str
        ``in the House``, ``in the joint model``.
    joint : bool
        Whether the fit is the joint model, which has the votes of both chambers.
    n_votes : int
    difference, se : float
        elpd of the variant less the reference's, in nats, and its standard error by roll call (NaN if there is none).
    gmp_reference, gmp : float
        Geometric mean probability given to a vote left out.
    correct_reference, correct : float
        Share of the votes left out that got a probability above one half.
    """

    place: str
    joint: bool
    n_votes: int
    difference: float
    se: float
    gmp_reference: float
    gmp: float
    correct_reference: float
    correct: float

    @property
    def verdict(self) -> str:
        """One of `PREDICTIONS`."""
        return judged(self.difference, self.se, self.n_votes)


def overall(predictions: Sequence[Prediction]) -> str:
    """Return how a variant predicts over all its fits, one of `records.comparison.OVERALL`.

    Fits without a clear difference do not count beside others. If all clear ones point in one direction, how far is a
    matter of those that `_counted` returns, over all their votes.
    """
    directions = {one.difference > 0 for one in predictions if one.verdict != NONE}
    if not directions:
        return NONE if predictions else UNKNOWN
    if len(directions) == 2:
        return MIXED
    clear = _counted(predictions)
    far = abs(sum(one.difference for one in clear)) >= _FAR * sum(one.n_votes for one in clear)
    return (FAR_BETTER if far else BETTER) if directions.pop() else (FAR_WORSE if far else WORSE)


def _counted(predictions: Sequence[Prediction]) -> list[Prediction]:
    """Return the clear differences of the fits of chambers, and that of the joint model if they have none.

    The joint model has the same votes as they.
    """
    clear = [one for one in predictions if one.verdict != NONE]
    return [one for one in clear if not one.joint] or clear


def clause(predictions: Sequence[Prediction], pair: Pair) -> str:
    """``positive predicts votes left out far worse``, over all fits of the two; empty without any."""
    found = overall(predictions)
    if found == UNKNOWN:
        return ""
    if found == NONE:
        return "neither predicts votes left out clearly better"
    if found == MIXED:
        better, worse = (
            among([one.place for one in predictions if one.verdict in wanted])
            for wanted in ((BETTER, FAR_BETTER), (WORSE, FAR_WORSE))
        )
        return f"{pair.experiment} predicts votes left out better {better} and worse {worse}"
    clear = [one for one in predictions if one.verdict != NONE]
    some = "" if len(clear) == len(predictions) else f" {among([one.place for one in clear])}"
    before, after = typical(predictions)
    return (
        f"{pair.experiment} predicts votes left out {found}{some} "
        f"(typical probability of a vote {changed(before, after)})"
    )


def typical(predictions: Sequence[Prediction]) -> tuple[float, float]:
    """Return the geometric mean probability of a vote under the reference and the variant, where they differ clearly.

    It covers the fits that `_counted` returns, of which there must be one.
    """
    clear = _counted(predictions)
    n = sum(one.n_votes for one in clear)
    before = sum(one.n_votes * math.log(one.gmp_reference) for one in clear)
    after = sum(one.n_votes * math.log(one.gmp) for one in clear)
    return math.exp(before / n), math.exp(after / n)


def told(found: Prediction, pair: Pair) -> str:
    """Tell one fit's prediction in shares and probabilities, and the difference with its standard error."""
    error = "no standard error" if math.isnan(found.se) else f"standard error {number(found.se, 0)} by roll call"
    size = f"elpd {signed(found.difference, 0)}, {error}"
    said = {NONE: f"the difference is no more than chance variation ({size})"}.get(
        found.verdict, f"{pair.experiment} predicts {found.verdict} ({size})"
    )
    return (
        f"Of {found.n_votes:,} votes left out {found.place}, {pair.experiment} calls {percent(found.correct, 1)} right "
        f"and {pair.reference} {percent(found.correct_reference, 1)}, with a typical probability of "
        f"{number(found.gmp, 3)} and {number(found.gmp_reference, 3)}; {said}."
    )
