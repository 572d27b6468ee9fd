"""The textbook form of the joint model with bridges that may differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..priors.spec import BetaPriorSpec
from .base import BuiltModel
from .reference import build_joint
from .tied import Tied

if TYPE_CHECKING:
    from ..votes.matching import JointVotes


def build_drift_reference(
    votes: JointVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    start_xi: np.ndarray | None = None,
    oriented: np.ndarray | None = None,
    both_sides: bool = False,
) -> BuiltModel:
    """Build the textbook form of the joint model with bridges that may differ; arguments are those of `build_joint`."""
    tied = Tied.of(votes, beta_prior, alpha_sigma, oriented)
    return build_joint(votes, beta_prior, alpha_sigma, start_xi, oriented, both_sides, tied=tied)
