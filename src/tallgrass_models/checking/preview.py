"""The preview of a chamber: draws near its posterior, reweighted where their weights allow it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..draws.moments import INTERVAL
from ..draws.scale import PARTY_SCALE, headline_scale
from ..models.orientation import chamber_orientation
from ..models.preview.gaussian import Behind, BentGaussian, bent, laplace, weighted_draws
from ..models.preview.posterior import Posterior
from ..priors.model import PRODUCTION, ModelPriors
from ..priors.spec import BetaPriorSpec
from ..votes.matrix import ChamberVotes
from .importance import k_threshold, pareto_weights

N_DRAWS = 1000
#: Units of log evidence within which the parties may sit on the other side; as in `models.fast.sides`, where it is said
#: why so many.
_CLOSE = 10.0


@dataclass(frozen=True)
class Preview:
    """The preview of one chamber.

    Attributes
    ----------
    xi : ndarray, shape (n_draws, n_members)
        Draws of the ideal points, of equal weight.
    mean, sd, low, high : ndarray, shape (n_members,)
        Positions on the headline scale: mean, standard deviation, 90 % interval.
    scale
        Kind of that scale (`draws.scale`).
    reweighted
        Whether the draws have the weights of the posterior, with roll calls integrated out on the grid; else they are
        those of the approximation.
    pareto_k, threshold
        Pareto k of the weights, and the largest that can be trusted.
    ess
        Number of independent draws that the weighted ones are worth.
    gap
        Log evidence over that of the parties on the other sides; infinite where those were given up far behind.
    """

    xi: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    low: np.ndarray
    high: np.ndarray
    scale: str
    reweighted: bool
    pareto_k: float
    threshold: float
    ess: float
    gap: float

    def sentences(self) -> list[str]:
        """Say how far to trust it."""
        k = f"Pareto k is {self.pareto_k:.2f}"
        if self.reweighted:
            out = [
                f"{k}, not above {self.threshold:.2f}: the draws are reweighted and worth {self.ess:.0f} independent"
                " ones. Neither number sees the error of the integrals over the roll calls, which grows with the number"
                " of roll calls, so fit the model before you rely on a position, an interval or the order of neighbours"
            ]
        else:
            out = [
                f"{k}, above {self.threshold:.2f}: the draws cannot be reweighted to the posterior, so this is the"
                " approximation as it stands, and nothing here says how far off it is. Take it for a rough order, and"
                " fit the model before you rely on a position, an interval or the order of neighbours"
            ]
        if self.gap < _CLOSE:
            out.append(
                f"the parties may sit on either side (log evidence {self.gap:.1f} apart), and only one side is shown:"
                " do not trust this preview, fit the model"
            )
        if self.scale != PARTY_SCALE:
            out.append(
                "the averages of the parties are not clearly apart: positions have mean 0 and standard deviation 1"
            )
        return out


def preview(
    votes: ChamberVotes,
    beta_prior: BetaPriorSpec,
    alpha_sigma: float,
    orient_bills: bool = False,
    priors: ModelPriors = PRODUCTION,
    seed: int = 0,
    n_draws: int = N_DRAWS,
) -> Preview:
    """Approximate the posterior of a chamber's members.

    Parameters
    ----------
    votes, beta_prior, alpha_sigma, orient_bills, priors
        As for `models.fast.chamber.build_chamber`.
    seed, n_draws
        Of the draws.

    Raises
    ------
    ValueError
        If a party has no member.
    """
    rng = np.random.default_rng(seed)
    oriented = chamber_orientation(votes) if orient_bills and beta_prior.positive else None
    arguments = votes, beta_prior, alpha_sigma, oriented
    with np.errstate(all="ignore"):  # far out, and on the wrong side, numbers overflow and get no weight
        posterior, near, gap = _best_side([Posterior.of(*arguments, crossed, priors) for crossed in (False, True)])
        y, log_ratio = weighted_draws(posterior, bent(posterior, near, rng), n_draws, rng)
    weights, k = pareto_weights(log_ratio)
    xi, threshold = posterior.xi(y), k_threshold(n_draws)
    if good := k <= threshold:
        xi = xi[_resampled(weights, rng)]
    scale, frame = headline_scale(xi, votes.parties)
    x = frame.positions(xi)
    low, high = np.quantile(x, INTERVAL, axis=0)
    ess = float(1 / (weights**2).sum())
    return Preview(xi, x.mean(0), x.std(0), low, high, scale.kind, good, k, threshold, ess, gap)


def _best_side(sides: list[Posterior]) -> tuple[Posterior, BentGaussian, float]:
    """Choose the side with the higher evidence (Laplace), beginning with the denser start; also return the gap."""
    starts = {id(side): side.derivatives(side.start).value for side in sides}
    first, second = sorted(sides, key=lambda side: -starts[id(side)])
    one = laplace(first)
    try:
        other = laplace(second, one.log_evidence)
    except Behind:
        return first, one, math.inf
    gap = one.log_evidence - other.log_evidence
    return (first, one, gap) if gap >= 0 else (second, other, -gap)


def _resampled(weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Choose draws by their weights: systematic resampling, shape (n_draws,)."""
    n = weights.size
    ends = np.cumsum(weights)
    return np.searchsorted(ends / ends[-1], (np.arange(n) + rng.random()) / n)
