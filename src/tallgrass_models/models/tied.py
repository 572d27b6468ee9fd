"""The Senate's side of shared bills whose two sides may differ, in the textbook form of the joint model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ..priors.bridges import DriftScales, drift_scales
from ..priors.spec import BetaPriorSpec
from .base import Draws, Reported
from .bridges import apart, bridge_coords, sides

if TYPE_CHECKING:
    from ..votes.matching import JointVotes


@dataclass(frozen=True)
class Tied:
    """The Senate's side of shared bills, as in `bridges`.

    Attributes
    ----------
    scales
        Scales of the priors.
    item : ndarray of int, shape (n_shared,)
        The House's side of each.
    size : ndarray, shape (n_shared,)
        Factor of ``tau_beta``.
    on_log : ndarray of bool, shape (n_shared,)
        True where the logarithm of beta differs.
    place : ndarray of int
        Result of `bridges.sides`.
    senate_item : ndarray of int
        That of the Senate's roll calls.
    coords
        Labels of what is reported.
    """

    scales: DriftScales
    item: np.ndarray
    size: np.ndarray
    on_log: np.ndarray
    place: np.ndarray
    senate_item: np.ndarray
    coords: dict[str, np.ndarray]

    @classmethod
    def of(cls, votes: JointVotes, prior: BetaPriorSpec, alpha_sigma: float, oriented: np.ndarray | None) -> Tied:
        """Describe the shared bills; ``oriented`` is that of items, or None."""
        scales, item = drift_scales(prior, alpha_sigma), votes.shared["item"].to_numpy()
        place, coords = sides(votes), {"vote": apart(votes).vote, **bridge_coords(votes)}
        senate = place[votes.house.n_votes :]
        free = np.zeros(len(item), dtype=bool) if oriented is None else oriented[item] == 0
        return cls(scales, item, np.where(free, scales.free, 1.0), prior.positive & ~free, place, senate, coords)

    def add(self, alpha: pt.TensorVariable, beta: pt.TensorVariable) -> tuple[pt.TensorVariable, pt.TensorVariable]:
        """Add the differences to the PyMC model in context; return all items and then the Senate's sides."""
        delta = pm.Normal("delta", 0, self.scales.alpha)
        tau_alpha = pm.HalfNormal("tau_alpha", self.scales.alpha)
        tau_beta = pm.HalfNormal("tau_beta", self.scales.beta)
        e, f = (pm.Normal(f"drift_{name}", 0, 1, shape=len(self.item)) for name in ("alpha", "beta"))
        own = beta[self.item]
        moved = pt.switch(self.on_log, own * pt.exp(tau_beta * f), own + self.size * tau_beta * f)
        return pt.concatenate([alpha, alpha[self.item] + delta + tau_alpha * e]), pt.concatenate([beta, moved])

    def report(self, alpha: np.ndarray, beta: np.ndarray, draws: Draws) -> Reported:
        """Return the bills in the order of `bridges.apart`, and what they differ by."""
        tau_alpha, tau_beta, delta = (draws[name] for name in ("tau_alpha", "tau_beta", "delta"))
        step, own = tau_beta[..., None] * draws["drift_beta"], beta[..., self.item]
        beta_s = np.where(self.on_log, own * np.exp(step), own + self.size * step)
        alpha_s = alpha[..., self.item] + delta[..., None] + tau_alpha[..., None] * draws["drift_alpha"]
        return {
            "alpha": np.concatenate([alpha, alpha_s], axis=-1)[..., self.place],
            "beta": np.concatenate([beta, beta_s], axis=-1)[..., self.place],
            "tau_alpha": tau_alpha,
            "tau_beta": tau_beta,
            "delta": delta,
        }

    def start(self) -> dict[str, np.ndarray]:
        """Start with differences of half the prior's scale, and no bill that differs."""
        n = len(self.item)
        return {
            "delta": np.array(0.0),
            "tau_alpha": np.array(self.scales.alpha / 2),
            "tau_beta": np.array(self.scales.beta / 2),
            "drift_alpha": np.zeros(n),
            "drift_beta": np.zeros(n),
        }
