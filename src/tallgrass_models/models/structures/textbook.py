"""What the textbook forms of structures of a chamber have in common: members within two parties, and their starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pymc as pm
import pytensor.tensor as pt

from ...priors.constants import MU_SIGMA
from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import PARTIES
from ..base import Draws, Reported
from ..fast.seating import party_index
from ..groups import sigma_scale, three_groups
from ..starts import xi_start

#: Standard deviation of the chains' starting points, as of the other textbook forms.
_SCATTER = 0.1


@dataclass(frozen=True)
class PartyMembers:
    """Members of a chamber within its parties: the equations of `reference.build_chamber` but for the votes.

    ::

        mu_party = sort(mu_raw),  mu_raw[p] ~ Normal(0, 2);  sigma_within[p] ~ HalfNormal(s[p])
        xi[i] = mu_party[p(i)] + sigma_within[p(i)] xi_offset[i],  xi_offset ~ Normal(0, 1)

    Attributes
    ----------
    party : ndarray of int, shape (n_members,)
        0 Democrat, 1 Republican, 2 neither, who stands at the middle of the means with their distance as spread.
    """

    party: np.ndarray

    @classmethod
    def of(cls, votes: ChamberVotes) -> PartyMembers:
        """Take the parties of a chamber."""
        return cls(party_index(votes.parties))

    def in_model(self, shift: pt.TensorVariable | float = 0.0) -> pt.TensorVariable:
        """Add the members to the model in context and return xi; ``shift`` moves the mean of each."""
        mu_raw = pm.Normal("mu_raw", 0, MU_SIGMA, dims="party")
        mu_party = pm.Deterministic("mu_party", pt.sort(mu_raw), dims="party")
        scales = sigma_scale(np.bincount(self.party, minlength=3)[:2])
        sigma_within = pm.HalfNormal("sigma_within", scales, dims="party")
        xi_offset = pm.Normal("xi_offset", 0, 1, dims="legislator")
        center, scale = three_groups(mu_party, sigma_within, pt)
        xi = center[self.party] + shift + scale[self.party] * xi_offset
        return pm.Deterministic("xi", xi, dims="legislator")

    def reported(self, draws: Draws, shift: np.ndarray | float = 0.0) -> Reported:
        """Compute xi, mu_party and sigma_within of draws."""
        mu, sigma = np.sort(draws["mu_raw"], axis=-1), draws["sigma_within"]
        center, scale = three_groups(mu, sigma, np)
        xi = center[..., self.party] + shift + scale[..., self.party] * draws["xi_offset"]
        return {"xi": xi, "mu_party": mu, "sigma_within": sigma}

    def start(self, xi0: np.ndarray) -> dict[str, np.ndarray]:
        """Find starting values at which the members stand at ``xi0``."""
        mu0 = np.array([xi0[self.party == p].mean() for p in (0, 1)])
        center, scale = three_groups(np.sort(mu0), np.full(2, 0.5), np)
        offset = (xi0 - center[self.party]) / scale[self.party]
        return {"mu_raw": mu0, "sigma_within": np.full(2, 0.5), "xi_offset": offset}


def starts(votes: ChamberVotes, both_sides: bool) -> tuple[np.ndarray, ...]:
    """Return first guesses of the members' positions, and with ``both_sides`` their mirror image too."""
    xi0 = xi_start(votes)
    return (xi0, -xi0) if both_sides else (xi0,)


def scatter(start: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Scatter the starting points of the chains, on the scale of the sampler."""
    return {name: np.full(np.shape(value), _SCATTER) for name, value in start.items()}


def coords_of(votes: ChamberVotes) -> dict[str, np.ndarray]:
    """Label the dimensions of a chamber's variables."""
    return {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
    }
