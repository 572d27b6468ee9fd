"""What the pilots of the sessions, each on its own scale, say about members and bills of all sessions on one scale."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...priors.spec import BetaPriorSpec
from ..fast.chamber_forms import InParties
from ..fast.members import group_of
from ..pilot.bills import Sketch
from ..pilot.chamber import Pilot
from .dynamic_map import Informed
from .sessions import FIRST, SessionsVotes, previous_seats
from .walk import Seats

_LEAST_LINKED = 5
_CENTERS = (-0.5, 0.5, 0.0)


@dataclass(frozen=True)
class Pilots:
    """The sessions in the order of their fast models.

    Attributes
    ----------
    parts
        Seating, votes and pilot of each session.
    series
        Seats in that order.
    order
        Row number of each seat in `sessions.SessionsVotes` order; seats there are numbered through.
    """

    parts: tuple[InParties, ...]
    order: np.ndarray

    @classmethod
    def of(
        cls,
        series: SessionsVotes,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        oriented: Sequence[np.ndarray] | None,
    ) -> Pilots:
        """Run the pilot of each session; ``oriented`` is that of each session's bills, or None."""
        sides = [None] * len(series.votes) if oriented is None else oriented
        parts = tuple(
            InParties.of(votes, beta_prior, alpha_sigma, side, False)
            for votes, side in zip(series.votes, sides, strict=True)
        )
        first = np.cumsum(series.sizes) - series.sizes
        order = np.concatenate([part.seating.order + start for part, start in zip(parts, first, strict=True)])
        return cls(parts, order)

    def informed(self, series: SessionsVotes) -> Informed:
        """Put the pilots on the scale of the first session."""
        scales = _scales([part.pilot.u for part in self.parts], self._careers(series))
        pilots = [part.pilot for part in self.parts]
        n_kinds = len(pilots[0].sketches)
        means = [pilot.u.mean() for pilot in pilots]
        sds = [pilot.u.std() for pilot in pilots]
        return Informed(
            group_of(pilots[0]),
            tuple(_seats(pilot, *scale) for pilot, scale in zip(pilots, scales, strict=True)),
            tuple(_joined([pilot.sketches[k] for pilot in pilots]) for k in range(n_kinds)),
            tuple(float(-mean / sd) for mean, sd in zip(means, sds, strict=True)),
            tuple(float(1 / sd) for sd in sds),
        )

    def seats(self, series: SessionsVotes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return party, seat before and steps of each seat in this order, as `walk.Layout.of` takes them."""
        return series.party[self.order], previous_seats(self._careers(series)), series.steps[self.order]

    def columns(self) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
        """Return `dynamic_map.FastDynamic.session` and ``columns``."""
        n_free = [part.matrix.n_free for part in self.parts]
        n_votes = [part.matrix.sign.shape[1] for part in self.parts]
        kept = np.array(n_votes) - n_free
        sessions = [np.repeat(np.arange(len(self.parts)), kept)]
        places = [np.split(np.arange(kept.sum()), np.cumsum(kept)[:-1])]
        if len(self.parts[0].pilot.sketches) > 1:
            sessions.append(np.repeat(np.arange(len(self.parts)), n_free))
            places.append(np.split(kept.sum() + np.arange(sum(n_free)), np.cumsum(n_free)[:-1]))
        return tuple(sessions), tuple(np.concatenate(own) for own in zip(*places, strict=True))

    def _careers(self, series: SessionsVotes) -> list[np.ndarray]:
        return [career[part.seating.order] for career, part in zip(series.career, self.parts, strict=True)]


def _scales(u: Sequence[np.ndarray], careers: Sequence[np.ndarray]) -> list[tuple[float, float]]:
    """Find ``shift, stretch`` of each session: ``shift + stretch u`` is on the scale of the first session.

    By the careers that are in a session and in an earlier one, which get the same mean and spread.
    """
    out, latest = [(0.0, 1.0)], dict(zip(careers[0].tolist(), u[0].tolist(), strict=True))
    for own, who in zip(u[1:], careers[1:], strict=True):
        known = [k for k, one in enumerate(who.tolist()) if one in latest]
        there, here = np.array([latest[who[k]] for k in known]), own[known]
        shift, stretch = 0.0, 1.0
        if len(known) >= _LEAST_LINKED and there.std() > 0 and here.std() > 0:
            stretch = float(there.std() / here.std())
            shift = float(there.mean() - stretch * here.mean())
        out.append((shift, stretch))
        latest |= dict(zip(who.tolist(), (shift + stretch * own).tolist(), strict=True))
    return out


def _seats(pilot: Pilot, shift: float, stretch: float) -> Seats:
    """Move what a pilot says about its members to another scale."""
    precision = np.concatenate([info.precision for info in pilot.members])
    pull = np.concatenate(
        [info.pull + center * info.precision for info, center in zip(pilot.members, _CENTERS, strict=True)]
    )
    return Seats(precision / stretch**2, pull / stretch + precision * shift / stretch**2)


def _joined(sketches: Sequence[Sketch]) -> Sketch:
    """Put the bills of several sessions one after the other."""
    first = sketches[0]
    info = type(first.info)(
        *(np.concatenate([getattr(one.info, field.name) for one in sketches])
          for field in dataclasses.fields(first.info))
    )  # fmt: skip
    return Sketch(info, *(np.concatenate(parts) for parts in zip(*(one.shape() for one in sketches), strict=True)))
