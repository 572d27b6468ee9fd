"""A chamber's sessions on one scale by a fit of all sessions together, in which members move at random or never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from ..config.series import CONSTANT, DYNAMIC
from ..draws.frame import Frame
from ..draws.scale import Scale, headline_scale
from ..draws.standing import party_averages
from ..files.records.fields import Interval
from ..files.records.over_time import TimeConstant, TimeDynamic
from ..linking.mixtures import QUANTILES
from ..votes.vocabulary import PARTIES
from .careers import careers
from .chain import Chain, Returning, Sitting, returning
from .reasons import BRIDGE, OTHER_PARTY


@dataclass(frozen=True)
class FittedTogether:
    """The fit of all sessions of a chamber.

    Attributes
    ----------
    xi : list of ndarray, shape (n_draws, n)
        Draws of the members of each session, in their order there. The same row is the same draw in all sessions.
    step : ndarray, shape (n_draws, 2), or None
        Draws of the steps of Democrats and Republicans; None where nobody moves.
    fault, failures
        Why left and right cannot be read from the fit, or None, and the gates that it missed.
    """

    xi: list[np.ndarray]
    step: np.ndarray | None
    fault: str | None
    failures: list[str]

    @property
    def method(self) -> str:
        """`DYNAMIC` or `CONSTANT`."""
        return CONSTANT if self.step is None else DYNAMIC


def walked(sittings: Sequence[Sitting], fit: FittedTogether, on: tuple[Scale, Frame] | None = None) -> Chain:
    """Put the sessions on a scale, by default the headline scale of the first.

    Members who are one career are those who return.
    """
    scale, frame = on or headline_scale(fit.xi[0], sittings[0].party)
    steps = []
    for one, other in pairwise(sittings):
        before, after, reason = returning(one, other)
        joined = np.where(reason == OTHER_PARTY, OTHER_PARTY, BRIDGE).astype(object)
        steps.append(Returning(before, after, joined, None, None))
    return Chain(steps, [frame.positions(xi) for xi in fit.xi], scale.kind, None)


def record(sittings: Sequence[Sitting], fit: FittedTogether, shown: Chain, linked: Chain) -> TimeDynamic | TimeConstant:
    """Make the record of link_time.json: how far members step, if they do, and averages beside those of the link."""
    own = careers([one.person for one in sittings], [one.party for one in sittings])
    n_seats, n_careers = sum(map(len, own)), len(set(np.concatenate(own).tolist()))
    found: dict[str, Any] = {
        "fault": fit.fault,
        "failures": fit.failures,
        "n_careers": n_careers,
        "n_steps": n_seats - n_careers,
        "n_new_careers": sum(int((step.reason == OTHER_PARTY).sum()) for step in shown.steps),
        "compared": _compared(sittings, fit.method, shown, linked),
    }
    if fit.step is not None:
        _, frame = headline_scale(fit.xi[0], sittings[0].party)
        step = frame.lengths(fit.step)
        found["steps"] = [{"party": party, "step": _interval(step[:, p])} for p, party in enumerate(PARTIES)]
    return found  # type: ignore[return-value]


def _compared(sittings: Sequence[Sitting], method: str, shown: Chain, linked: Chain) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for k, sitting in enumerate(sittings):
        average, _ = party_averages(shown.places[k], sitting.party)
        other = party_averages(linked.places[k], sitting.party)[0] if linked.places else None
        for p, party in enumerate(PARTIES):
            if (sitting.party == party).any():
                by_link = None if other is None else _interval(other[:, p])
                rows.append(
                    {"session": sitting.session, "party": party, method: _interval(average[:, p]), "link": by_link}
                )
    return rows


def _interval(draws: np.ndarray) -> Interval:
    low, middle, high = np.quantile(draws, [QUANTILES[name] for name in ("q05", "median", "q95")]).tolist()
    return {"median": middle, "q05": low, "q95": high}
