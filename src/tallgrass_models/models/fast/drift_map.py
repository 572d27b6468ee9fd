"""The joint model with bridges that may differ, in fast coordinates: the map to its parameters, and its density."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from ...priors.bridges import drift_scales
from ..pilot.bills import Sketch
from .bills import BillPriors, Bills, all_bills
from .drift_bills import Side, Tau, added, differing_bills, let_through
from .frames import Array, Frame
from .joint_map import FastJoint, JointPoint
from .normals import halfnormal_logp, normal_logp

#: Names of the coordinates of the Senate's side of shared bills, of the variant's prior and of open sign.
_MOVED = ("moved_c_first", "moved_c_second"), ("moved_free_first", "moved_free_second")


@dataclass(frozen=True)
class DeltaLine:
    """What the pilots say of ``delta``, which their frames move along with them.

    ``delta`` is about ``level + senate * s_S / sep_S - house * s_H / sep_H``, with standard deviation ``sd``: the mean
    of ``alpha_S - alpha_H`` over the shared bills, at slopes and intercepts in the frames as the pilots found them.
    """

    level: float
    house: float
    senate: float
    sd: float


@dataclass(frozen=True, kw_only=True)
class DriftPoint(JointPoint):
    """The model at one point: ``shared`` are the House's sides of the shared bills, ``moved`` the Senate's.

    ``shared_w`` and ``shared_a`` are those of ``moved``.
    """

    moved: Bills
    tau: Tau


@dataclass(frozen=True, kw_only=True)
class FastDrift(FastJoint):
    """Map from the fast coordinates to the joint model with bridges that may differ, with its fixed numbers.

    ``shared`` is what the House's votes say of shared bills, ``sides`` what the Senate's say, by kind.
    ``shared_by_senate`` is empty.
    """

    sides: tuple[Side, ...]
    delta: DeltaLine

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name the free variables, with their shapes."""
        shapes = super().shapes() | {"log_tau_alpha": (), "log_tau_beta": (), "z_delta": ()}
        for names, side in zip(_MOVED, self.sides, strict=False):
            shapes |= dict.fromkeys(names, (side.n,))
        return shapes

    def forward(self, v: Mapping[str, Array], xp: ModuleType) -> DriftPoint:
        """Compute members and bills of both chambers at the coordinates ``v``."""
        house, senate = self.house.members(v, "house_", xp), self.senate.members(v, "senate_", xp)
        home, away = house.frame, senate.frame
        tau, priors = self._tau(v, home, away, xp), BillPriors(self.beta_prior, self.alpha_sigma)
        informed: list[Sketch] = [
            dataclasses.replace(sketch, info=added(sketch.info, let_through(side, tau, away, home, xp)))
            for sketch, side in zip(self.shared, self.sides, strict=True)
        ]
        both = all_bills(v, "shared_", informed, home, priors, xp)
        moved, first = None, 0
        for names, side in zip(_MOVED, self.sides, strict=False):
            own = both.part(slice(first, first + side.n))
            found = differing_bills((v[names[0]], v[names[1]]), side, own, tau, away, xp)
            moved, first = found if moved is None else moved.beside(found, xp), first + side.n
        assert moved is not None
        return DriftPoint(
            house=house,
            senate=senate,
            house_only=all_bills(v, "house_only_", self.house_only, home, priors, xp),
            shared=both,
            shared_w=moved.w,
            shared_a=moved.a,
            senate_only=all_bills(v, "senate_only_", self.senate_only, away, priors, xp),
            sigma_chamber=xp.exp(v["log_sigma_chamber"]),
            sigma_party=xp.exp(v["log_sigma_party"]),
            moved=moved,
            tau=tau,
        )

    def log_prior(self, at: JointPoint, v: Mapping[str, Array], xp: ModuleType) -> Array:
        """Compute the log density without the votes at the mapped point, plus the log Jacobian of the map.

        It is that of `FastJoint.log_prior`, with the Senate's sides of shared bills (`differing_bills`), and tau_alpha,
        tau_beta and delta.
        """
        assert isinstance(at, DriftPoint)
        scales = drift_scales(self.beta_prior, self.alpha_sigma)
        log_prior = super().log_prior(at, v, xp) + at.moved.log_prior + np.log(self.delta.sd)
        log_prior = log_prior + halfnormal_logp(at.tau.alpha, scales.alpha, xp) + v["log_tau_alpha"]
        log_prior = log_prior + halfnormal_logp(at.tau.beta, scales.beta, xp) + v["log_tau_beta"]
        return log_prior + normal_logp(at.tau.delta, 0.0, scales.alpha, xp)

    def _tau(self, v: Mapping[str, Array], home: Frame, away: Frame, xp: ModuleType) -> Tau:
        """Compute what the bridges differ by; ``delta`` follows the frames (`DeltaLine`)."""
        line = self.delta
        delta = line.level + line.senate * away.s / away.sep - line.house * home.s / home.sep + line.sd * v["z_delta"]
        return Tau(xp.exp(v["log_tau_alpha"]), xp.exp(v["log_tau_beta"]), delta)
