"""The model over time in fast coordinates: the map to its parameters, and its density without the votes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from ...priors.constants import MU_SIGMA
from ...priors.spec import BetaPriorSpec
from ..fast.bills import BillPriors, bill_shapes, bills
from ..fast.frames import Array, Frame
from ..fast.members import Group
from ..fast.normals import halfnormal_logp, normal_logp
from ..pilot.bills import Sketch
from .priors import ENTRY_SIGMA, STEP_SIGMA
from .walk import Layout, Seats, Walked, shapes, walk


@dataclass(frozen=True)
class Informed:
    """The numbers that the pilots find; they decide how well the coordinates fit, and no posterior.

    Attributes
    ----------
    group
        Members of the first session.
    seats
        What the votes of each session say about its members.
    sketches
        Bills of all sessions: those under the variant's prior and, where bills are oriented, those of open sign.
    frame_at, frame_per_sd
        By session: where the frame of its bills lies, as ``mean + frame_at sd`` and ``frame_per_sd sd`` of the members.
    """

    group: Group
    seats: tuple[Seats, ...]
    sketches: tuple[Sketch, ...]
    frame_at: tuple[float, ...]
    frame_per_sd: tuple[float, ...]


@dataclass(frozen=True)
class Bills:
    """Bills of all sessions in the frames of their sessions (w, a) and in the model's parameters."""

    w: Array
    a: Array
    alpha: Array
    beta: Array
    log_prior: Array


@dataclass(frozen=True)
class FastDynamic:
    """Map from the fast coordinates to the model over time, with its fixed numbers.

    Attributes
    ----------
    informed
        What a PyTensor graph takes as data.
    layout
        Seats.
    first_sizes
        Careers of Democrats and of Republicans.
    session
        Session of each bill in the order of ``informed.sketches``, an array for each of them.
    columns
        Places of each session's bills in that order.
    """

    informed: Informed
    layout: Layout
    sigma_scales: tuple[float, float]
    session: tuple[np.ndarray, ...]
    columns: tuple[np.ndarray, ...]
    beta_prior: BetaPriorSpec
    alpha_sigma: float

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        return shapes(self.informed.group, self.layout) | bill_shapes("", self.informed.sketches)

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> tuple[Walked, list[Array], Bills]:
        """Compute members, their positions in the frames of their sessions, and bills at the coordinates ``v``."""
        at = walk(v, self.informed.group, self.informed.seats, self.layout, xp)
        frame, own = at.first.frame, list[Frame]()
        positions = []
        for t, u in enumerate(at.u):
            if t == 0:
                own.append(frame)
                positions.append(u)
                continue
            mean = u.mean(axis=-1)
            sd = xp.sqrt(((u - mean[..., None]) ** 2).mean(axis=-1))
            shift, stretch = mean + self.informed.frame_at[t] * sd, self.informed.frame_per_sd[t] * sd
            own.append(Frame(frame.s + frame.sep * shift, frame.sep * stretch))
            positions.append((u - shift[..., None]) / stretch[..., None])
        s, sep = (xp.stack([getattr(one, name) for one in own], axis=-1) for name in ("s", "sep"))
        kinds = (self.beta_prior, self.beta_prior.free_sign())[: len(self.session)] if len(self.session) > 1 else (
            self.beta_prior,
        )  # fmt: skip
        names = ("c_first", "c_second"), ("free_first", "free_second")
        blocks = [
            _one_by_one((v[first], v[second]), sketch, Frame(s[..., of], sep[..., of]),
                        BillPriors(kind, self.alpha_sigma), xp)
            for (first, second), sketch, of, kind in zip(names, self.informed.sketches, self.session, kinds, strict=False)
        ]  # fmt: skip
        if len(blocks) == 1:
            return at, positions, blocks[0]
        both = {
            name: xp.concatenate([getattr(block, name) for block in blocks], axis=-1)
            for name in ("w", "a", "alpha", "beta")
        }
        return at, positions, Bills(**both, log_prior=blocks[0].log_prior + blocks[1].log_prior)

    def log_prior(self, at: Walked, of_bills: Bills, xp: ModuleType) -> Array:
        """Compute the log density of the textbook form without the votes, plus the log Jacobian of the map.

        Two iid means, sorted, have twice their density on ``mu_D < mu_R``.
        """
        log_prior = at.log_density + of_bills.log_prior + math.log(2)
        for mu, sigma, scale in zip(at.first.mu, at.first.sigma, self.sigma_scales, strict=True):
            log_prior = log_prior + normal_logp(mu, 0.0, MU_SIGMA, xp) + halfnormal_logp(sigma, scale, xp)
        for step in at.step:
            log_prior = log_prior + halfnormal_logp(step, STEP_SIGMA, xp)
        return log_prior + halfnormal_logp(at.entry_step, ENTRY_SIGMA, xp)


def _one_by_one(z: tuple[Array, Array], sketch: Sketch, frame: Frame, priors: BillPriors, xp: ModuleType) -> Bills:
    """Map bills, each in a frame of its own; ``frame`` has arrays of shape (..., n_bills).

    Each is a block of one bill for `bills`, which has one frame for a block.
    """
    at = bills((z[0][..., None], z[1][..., None]), _as_column(sketch), frame, priors, xp)
    return Bills(at.w[..., 0], at.a[..., 0], at.alpha[..., 0], at.beta[..., 0], at.log_prior.sum(axis=-1))


def _as_column(part: Any) -> Any:
    """Return nested dataclasses of vectors with shapes (n, 1)."""
    if dataclasses.is_dataclass(part):
        fields = {field.name: _as_column(getattr(part, field.name)) for field in dataclasses.fields(part)}
        return dataclasses.replace(part, **fields)  # type: ignore[type-var]
    return part[:, None]
