"""Roll calls of two chambers in the order of the fast joint model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...priors.spec import BetaPriorSpec
from ...votes.matching import JointVotes
from ...votes.matrix import ChamberVotes
from ..compiled.likelihood import sign_matrix
from ..pilot.collection import Collection
from .bill_priors import collect_bills
from .matrix import arranged
from .seating import Seating


@dataclass(frozen=True)
class Columns:
    """Roll calls in the order of the fast model: House only, then shared; shared, then Senate only.

    ``house`` and ``senate`` are column numbers of the chambers' vote matrices, ``flip`` is -1 for the items whose Yea
    and Nay are exchanged (else +1). ``free`` marks the bills of open sign in each of the three parts, where they come
    last. It is None if bills are not oriented.
    """

    house: np.ndarray
    senate: np.ndarray
    n_shared: int
    flip: np.ndarray
    free: tuple[np.ndarray, np.ndarray, np.ndarray] | None

    @classmethod
    def of(cls, votes: JointVotes, oriented: np.ndarray | None) -> Columns:
        """Order both chambers' roll calls; ``oriented`` holds the items' `joint_orientation`, or is None."""
        _, flip, _ = arranged(oriented, votes.n_items)
        items, in_house, in_senate = np.intersect1d(votes.house_item, votes.senate_item, return_indices=True)
        house_only = np.setdiff1d(np.arange(votes.house.n_votes), in_house)
        senate_only = np.setdiff1d(np.arange(votes.senate.n_votes), in_senate)
        free = None
        if oriented is not None:
            parts = votes.house_item[house_only], items, votes.senate_item[senate_only]
            orders = [arranged(oriented[part], len(part))[0] for part in parts]
            house_only, senate_only = house_only[orders[0]], senate_only[orders[2]]
            in_house, in_senate = in_house[orders[1]], in_senate[orders[1]]
            free = tuple(np.sort(oriented[part] == 0) for part in parts)
        house, senate = np.concatenate([house_only, in_house]), np.concatenate([in_senate, senate_only])
        return cls(house, senate, len(items), flip, free)

    def signs(self, votes: JointVotes, seats: tuple[Seating, Seating]) -> tuple[np.ndarray, np.ndarray]:
        """Make the sign matrices of both chambers in the order of the fast model."""

        def of(chamber: ChamberVotes, item: np.ndarray, seating: Seating, columns: np.ndarray) -> np.ndarray:
            return np.ascontiguousarray((sign_matrix(chamber.y)[seating.order] * self.flip[item])[:, columns])

        return (
            of(votes.house, votes.house_item, seats[0], self.house),
            of(votes.senate, votes.senate_item, seats[1], self.senate),
        )

    def collections(self, prior: BetaPriorSpec, alpha_sigma: float) -> tuple[Collection, Collection, Collection]:
        """Make the pilot's bills: those of the House, of the Senate, and the shared ones."""
        house, shared, senate = self.free or (None, None, None)
        by_house = None if house is None or shared is None else np.concatenate([house, shared])
        by_senate = None if senate is None or shared is None else np.concatenate([shared, senate])
        return (
            collect_bills(prior, alpha_sigma, by_house, len(self.house)),
            collect_bills(prior, alpha_sigma, by_senate, len(self.senate)),
            collect_bills(prior, alpha_sigma, shared, self.n_shared),
        )

    def n_free(self) -> tuple[int, int, int]:
        """Count the bills of free sign: House only, shared, Senate only."""
        house, shared, senate = (0, 0, 0) if self.free is None else tuple(int(part.sum()) for part in self.free)
        return house, shared, senate
