"""What the pilots of the sessions, each on its own scale, say about members and bills of all sessions on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from ...priors.spec import BetaPriorSpec
from ..fast.chamber_forms import InParties
from ..fast.members import group_of
from ..pilot.chamber import Pilot
from .dynamic_map import Informed
from .sessions import SessionsVotes, previous_seats
from .walk import Layout, Seats, first_group, told

_LEAST_LINKED = 5
#: Typical step of a member in units of the distance of the parties, by which later sessions inform about earlier ones.
_STEP = 0.08
_CENTERS = (-0.5, 0.5, 0.0)


@dataclass(frozen=True)
class Pilots:
    """The sessions in the order of their fast models.

    Attributes
    ----------
    parts
        Seating, votes and pilot of each session.
    order
        Number of each seat in `sessions.SessionsVotes`.
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
        sides = repeat(None, len(series.votes)) if oriented is None else oriented
        parts = tuple(
            InParties.of(votes, beta_prior, alpha_sigma, side, False)
            for votes, side in zip(series.votes, sides, strict=True)
        )
        first = np.cumsum(series.sizes) - series.sizes
        order = np.concatenate([part.seating.order + start for part, start in zip(parts, first, strict=True)])
        return cls(parts, order)

    def layout(self, series: SessionsVotes) -> Layout:
        """Lay out the seats."""
        previous = previous_seats(self._careers(series))
        return Layout.of(series.party[self.order], previous, series.steps[self.order], series.sizes)

    def informed(self, series: SessionsVotes, layout: Layout) -> Informed:
        """Put the pilots on the scale of the first session."""
        pilots = [part.pilot for part in self.parts]
        scales = common_scales([pilot.u for pilot in pilots], self._careers(series))
        alone = [_seats(pilot, *scale) for pilot, scale in zip(pilots, scales, strict=True)]
        first, *later = told(np.full(3, _STEP**2), alone, layout)
        means, sds = [pilot.u.mean() for pilot in pilots], [pilot.u.std() for pilot in pilots]
        return Informed(
            first_group(group_of(pilots[0]), first),
            tuple(later),
            tuple(pilot.sketches for pilot in pilots),
            tuple(float(-mean / sd) for mean, sd in zip(means, sds, strict=True)),
            tuple(float(1 / sd) for sd in sds),
        )

    def _careers(self, series: SessionsVotes) -> list[np.ndarray]:
        return [career[part.seating.order] for career, part in zip(series.career, self.parts, strict=True)]


def common_scales(u: Sequence[np.ndarray], careers: Sequence[np.ndarray]) -> list[tuple[float, float]]:
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
