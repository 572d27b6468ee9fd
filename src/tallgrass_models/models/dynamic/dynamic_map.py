"""The model over time in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

from ...priors.constants import ENTRY_SIGMA, MU_SIGMA, STEP_SIGMA
from ...priors.spec import BetaPriorSpec
from ..fast.bills import BillPriors, Bills, all_bills, bill_shapes
from ..fast.frames import Array, Frame
from ..fast.members import Group
from ..fast.normals import halfnormal_logp, normal_logp
from ..pilot.bills import Sketch
from .walk import Layout, Seats, Walked, shapes, walk


@dataclass(frozen=True)
class Informed:
    """The numbers that the pilots find; they decide how well the coordinates fit, and no posterior.

    Attributes
    ----------
    group
        Members of the first session, with what the votes of all sessions say about them.
    seats
        What the votes of a session and of later ones say about its members, for all sessions but the first.
    sketches
        Bills of each session, as those of a chamber.
    frame_at, frame_per_sd
        By session: where the frame of its bills lies, as ``mean + frame_at sd`` and ``frame_per_sd sd`` of the members.
    """

    group: Group
    seats: tuple[Seats, ...]
    sketches: tuple[tuple[Sketch, ...], ...]
    frame_at: tuple[float, ...]
    frame_per_sd: tuple[float, ...]


@dataclass(frozen=True)
class FastDynamic:
    """Map from the fast coordinates to the model over time, with its fixed numbers.

    Attributes
    ----------
    informed
        What a PyTensor graph takes as data.
    layout
        Seats.
    sigma_scales
        Prior scales of ``sigma_within`` of Democrats and of Republicans.
    beta_prior, alpha_sigma
        Priors of bills.
    """

    informed: Informed
    layout: Layout
    sigma_scales: tuple[float, float]
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        out = shapes(self.informed.group, self.layout)
        for t, sketches in enumerate(self.informed.sketches):
            out |= bill_shapes(f"{t}_", sketches)
        return out

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Walked, list[Array], list[Bills]]:
        """Compute members, and by session their positions in the frame of its bills, and the bills."""
        at = walk(v, self.informed.group, self.informed.seats, self.layout, xp)
        home, positions, bills = at.first.frame, list[Array](), list[Bills]()
        for t, (u, sketches) in enumerate(zip(at.u, self.informed.sketches, strict=True)):
            frame, position = home, u
            if t:
                mean = u.mean(axis=-1)
                sd = xp.sqrt(((u - mean[..., None]) ** 2).mean(axis=-1))
                shift, stretch = mean + self.informed.frame_at[t] * sd, self.informed.frame_per_sd[t] * sd
                frame = Frame(home.s + home.sep * shift, home.sep * stretch)
                position = (u - shift[..., None]) / stretch[..., None]
            priors = BillPriors(self.beta_prior, self.alpha_sigma)
            bills.append(all_bills(v, f"{t}_", sketches, frame, priors, xp))
            positions.append(position)
        return at, positions, bills

    def log_prior(self, at: Walked, of_bills: Sequence[Bills], xp: ModuleType) -> Array:
        """Compute the log density of the textbook form without the votes, plus the log Jacobian of the map.

        Two iid means, sorted, have twice their density on ``mu_D < mu_R``.
        """
        log_prior = at.log_density + sum(bills.log_prior for bills in of_bills) + math.log(2)
        for mu, sigma, scale in zip(at.first.mu, at.first.sigma, self.sigma_scales, strict=True):
            log_prior = log_prior + normal_logp(mu, 0.0, MU_SIGMA, xp) + halfnormal_logp(sigma, scale, xp)
        for step in at.step:
            log_prior = log_prior + halfnormal_logp(step, STEP_SIGMA, xp)
        return log_prior + halfnormal_logp(at.entry_step, ENTRY_SIGMA, xp)
