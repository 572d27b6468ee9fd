"""What the pilot says of the coefficients of covariates, by which their coordinates are scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...priors.constants import GAMMA_SIGMA
from .in_frame import Framed


@dataclass(frozen=True)
class Guess:
    """Coordinates of gamma: ``gamma = sep (center + scale g)``, with sep the distance of the frame's groups."""

    center: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, framed: Framed, z: np.ndarray) -> Guess:
        """Regress the pilot's positions within parties on the covariates, with the prior of gamma."""
        pilot, n = framed.parts.pilot, sum(framed.parts.seating.sizes)
        group = np.repeat([0, 1], framed.parts.seating.sizes)
        rho = pilot.u[:n] - np.array([-0.5, 0.5])[group]
        weight = pilot.sd[group] ** -2
        precision = (z[:n].T * weight) @ z[:n] + np.eye(z.shape[1]) * (pilot.sep / GAMMA_SIGMA) ** 2
        center = np.linalg.solve(precision, (z[:n].T * weight) @ rho)
        return cls(center, np.sqrt(np.diag(np.linalg.inv(precision))))
