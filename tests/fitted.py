"""A fit of a small chamber, as the checks take it."""

import numpy as np

from tallgrass_models.checking.draws import Draws
from tallgrass_models.checking.observations import Observations, bill_signs, observations
from tallgrass_models.config.sampling import SamplingConfig
from tallgrass_models.models.fast.chamber import build_chamber
from tallgrass_models.models.fast.seating import party_index
from tallgrass_models.priors.spec import BetaPriorSpec
from tallgrass_models.sampling.sample import sample
from tallgrass_models.votes.matrix import ChamberVotes

NORMAL = BetaPriorSpec("normal", {"mu": 0, "sigma": 1})


def fitted(
    votes: ChamberVotes, prior: BetaPriorSpec = NORMAL, seed: int = 4, oriented: bool = False
) -> tuple[Observations, Draws]:
    """Sample 4 x 1500 draws with alpha ~ Normal(0, 5)."""
    built = build_chamber(votes, prior, 5.0, "fast", oriented)
    sampled = sample(built, SamplingConfig(draws=1500, tune=500, chains=4, seed=seed), "house", 2)
    reported = built.report(sampled.draws, np.random.default_rng(0))

    def flat(name: str) -> np.ndarray:
        value = np.float32(reported[name])
        return np.ascontiguousarray(value.reshape(-1, value.shape[-1]).T)

    index = party_index(votes.parties)
    group = np.where(index < 2, index, -1)
    draws = (flat(name) for name in ("xi", "alpha", "beta", "mu_party", "sigma_within"))
    return observations([votes]), Draws(*draws, group, {}, 4, prior, 5.0, bill_signs([votes], oriented))
