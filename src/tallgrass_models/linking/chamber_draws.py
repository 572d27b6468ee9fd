"""The draws of one chamber that a link needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_N_NODES = 11  # positions of a chamber's members at which curves are compared


@dataclass(frozen=True)
class ChamberDraws:
    """Draws of one chamber on its own scale.

    Attributes
    ----------
    xi : ndarray, shape (n_draws, n_members)
    alpha, beta : ndarray, shape (n_draws, n_votes)
    """

    xi: np.ndarray
    alpha: np.ndarray
    beta: np.ndarray

    def turned(self) -> ChamberDraws:
        """Return the same chamber with left and right exchanged, which changes no vote's probability."""
        return ChamberDraws(-self.xi, self.alpha, -self.beta)

    def nodes(self) -> np.ndarray:
        """Quantiles of the members' positions in each draw, shape (n_draws, _N_NODES)."""
        return np.quantile(self.xi, (np.arange(_N_NODES) + 0.5) / _N_NODES, axis=1).T
