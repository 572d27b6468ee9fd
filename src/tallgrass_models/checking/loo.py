"""Leave-one-out cross-validation of single votes from one posterior, one block of votes at a time."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import numpy as np

from .draws import BLOCK, Draws
from .integrate import integrate_out
from .observations import Observations
from .psis import FACTORS, k_threshold, loo_rows, tail_length

log = logging.getLogger(__name__)

#: If no draw's weight exceeds another's by more than this share, Pareto k has no bearing on the estimate.
_FLAT = 0.1
#: Largest logit taken: its exp is as large as weights may get.
_LARGEST_LOGIT = 300.0


@dataclass(frozen=True)
class Loo:
    """Leave-one-out of every vote, as arrays of shape (n_obs,) in the order of the observations.

    Attributes
    ----------
    elpd
        Log of the probability of the vote given all other votes.
    p_loo
        Fall of the log predictive density when the vote is left out.
    pareto_k
        Shape of the tail of the importance weights.
    flat
        True where no two weights differ by more than `_FLAT`. The estimate is then reliable, whatever the shape of
        their tail.
    mended
        True for an integrated vote, whose bill was integrated out.
    variance
        Variance of ``elpd`` over repetitions of the sampling.
    r_eff, threshold
        Relative efficiency of the draws, and the Pareto k above which an estimate is unreliable.
    """

    elpd: np.ndarray
    p_loo: np.ndarray
    pareto_k: np.ndarray
    flat: np.ndarray
    mended: np.ndarray
    variance: np.ndarray
    r_eff: float
    threshold: float

    @property
    def unreliable(self) -> np.ndarray:
        """Mask of the votes with Pareto k above the threshold, except those with flat weights."""
        return ~(self.pareto_k <= self.threshold) & ~self.flat


def relative_efficiency(draws: Draws) -> float:
    """Divide the mean effective sample size of ideal points and bills by the number of draws, as ArviZ does."""
    from arviz_stats.base import array_stats  # takes half a second, and the link of chambers needs none of it

    ess = [
        array_stats.ess(draws.by_chain(values).astype(float), chain_axis=-2, draw_axis=-1, method="mean")
        for values in (draws.xi, draws.alpha, draws.beta)
    ]
    return float(np.concatenate(ess).mean() / draws.n_draws)


def psis_loo(obs: Observations, draws: Draws, r_eff: float) -> tuple[Loo, np.ndarray]:
    """Leave out every vote by Pareto-smoothed importance sampling; also return the log-likelihood, shape (n_draws,)."""
    out, loglik = np.empty((4, len(obs))), np.zeros(draws.n_draws)
    flat = np.empty(len(obs), dtype=bool)
    n_tail, rows = tail_length(draws.n_draws, r_eff), max(1, BLOCK // draws.n_draws)
    for start in range(0, len(obs), rows):
        block = slice(start, start + rows)
        excess = draws.logits(obs.member[block], obs.item[block])
        excess *= np.where(obs.y[block] == 1, -1.0, 1.0)[:, None]
        np.minimum(excess, _LARGEST_LOGIT, out=excess)
        np.exp(excess, out=excess)
        flat[block] = 1 + excess.max(1) <= (1 + _FLAT) * (1 + excess.min(1))
        loo_rows(excess, n_tail, out[:, block])
        loglik -= _log_of_product(excess)
    elpd, inside, k, variance = out
    none = np.zeros(len(obs), dtype=bool)
    loo = Loo(elpd, inside - elpd, k, flat, none, variance / r_eff, r_eff, k_threshold(draws.n_draws))
    return loo, loglik


def _log_of_product(excess: np.ndarray) -> np.ndarray:
    """Sum ``log(1 + excess)`` over the rows, as logarithms of products if these do not overflow."""
    total = np.zeros(excess.shape[1])
    with np.errstate(over="ignore"):
        for start in range(0, len(excess), FACTORS):
            total += np.log(np.prod(1 + excess[start : start + FACTORS], axis=0))
    return total if np.isfinite(total).all() else np.log1p(excess).sum(0)


def mend(obs: Observations, draws: Draws, loo: Loo) -> Loo:
    """Replace the unreliable estimates by those of `integrate_out` where that lowers Pareto k.

    Nothing is replaced in a model whose bills depend on each other given the members.
    """
    elpd, p_loo, k, variance = loo.elpd.copy(), loo.p_loo.copy(), loo.pareto_k.copy(), loo.variance.copy()
    mended = loo.mended.copy()
    apart = draws.structure is None or draws.structure.bills_apart
    for o in np.flatnonzero(loo.unreliable) if apart else ():
        found = integrate_out(obs, draws, int(o))
        if found.pareto_k < k[o]:
            p_loo[o] += elpd[o] - found.elpd
            elpd[o], k[o], variance[o] = found.elpd, found.pareto_k, found.variance
            mended[o] = True
    done = replace(loo, elpd=elpd, p_loo=p_loo, pareto_k=k, mended=mended, variance=variance)
    log.info(
        "leave-one-out: for %d of %d votes the bill was integrated out, %d are still unreliable",
        mended.sum(),
        len(obs),
        done.unreliable.sum(),
    )
    return done
