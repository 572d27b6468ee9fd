"""The draws of one chamber that a link needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..draws.scale import PARTY_SCALE, headline_scale

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


def opposed_sides(draws: tuple[ChamberDraws, ChamberDraws], parties: Sequence[np.ndarray]) -> bool:
    """Return whether the parties, clearly apart in both chambers, stand in opposite orders in the two."""
    house, senate = (headline_scale(own.xi, party)[0] for own, party in zip(draws, parties, strict=True))
    return house.kind == senate.kind == PARTY_SCALE and house.turned != senate.turned
