"""Estimates under another prior of the bills, from existing draws, or the reason why these do not suffice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..priors.model import PRODUCTION, ModelPriors
from ..priors.spec import BetaPriorSpec
from .draws import Draws
from .observations import Observations
from .prior_scales import smoothed_weights
from .psis import k_threshold
from .sensitivity import log_prior_of_alpha, log_prior_of_beta, log_prior_of_groups, quantities


@dataclass(frozen=True)
class Reweighted:
    """One posterior reweighted to another prior.

    Attributes
    ----------
    weights : ndarray, shape (n_draws,)
        Pareto-smoothed weights that sum to one. All are equal where ``problem`` reports a support that does not fit.
    pareto_k, threshold
        The weights can be trusted if k is at most the threshold.
    ess
        Effective number of draws under the weights, ``1 / sum(weights^2)``.
    problem
        The reason why a refit is needed; None if it is not.
    """

    weights: np.ndarray
    pareto_k: float
    threshold: float
    ess: float
    problem: str | None


def reweight(
    draws: Draws,
    beta_prior: BetaPriorSpec,
    sign: np.ndarray,
    alpha_sigma: float,
    priors: ModelPriors = PRODUCTION,
) -> Reweighted:
    """Weight the draws by the ratio of the new priors to those of the fit.

    ``beta_prior`` is that of ``sign`` times beta; ``alpha_sigma`` is that of alpha where ``priors`` has none.

    Notes
    -----
    The ratio is a product over hundreds of bills, so only a small change of the priors can be followed. Pareto k cannot
    see a region without draws, so a prior that allows what that of the fit forbids is refused outright.
    """
    n, threshold = draws.n_draws, k_threshold(draws.n_draws)
    equal = np.full(n, 1 / n)
    forbidden, other = (p.positive & (s != 0) for p, s in ((draws.beta_prior, draws.sign), (beta_prior, sign)))
    if (forbidden & ~(other & (sign == draws.sign))).any():
        reason = "the fit forbids one sign of discriminations that the other prior allows"
        return Reweighted(equal, np.inf, threshold, 0.0, reason)
    with np.errstate(invalid="ignore"):
        log_ratio = log_prior_of_beta(draws, beta_prior, sign)
        log_ratio -= log_prior_of_beta(draws, draws.beta_prior, draws.sign)
    possible = np.isfinite(log_ratio)
    if not possible.all():
        reason = f"{n - possible.sum()} of {n} draws have a discrimination that the other prior forbids"
        return Reweighted(equal, np.inf, threshold, 0.0, reason)
    if (alpha_prior := priors.alpha_prior(alpha_sigma)) != draws.alpha_prior:
        log_ratio += log_prior_of_alpha(draws, alpha_prior) - log_prior_of_alpha(draws, draws.alpha_prior)
    if priors != draws.priors:
        before, after = log_prior_of_groups(draws, draws.priors), log_prior_of_groups(draws, priors)
        log_ratio += sum(after[name] - before[name] for name in before)
    weights, k = smoothed_weights(log_ratio)
    problem = None if k <= threshold else f"Pareto k is {k:.2f}, above {threshold:.2f}, because too few draws lie there"
    return Reweighted(weights, k, threshold, float(1 / (weights**2).sum()), problem)


def reweighted_table(obs: Observations, draws: Draws, weights: np.ndarray) -> pd.DataFrame:
    """Tabulate party parameters, party share of the variance and ideal points, before and after reweighting.

    Returns
    -------
    DataFrame
        Columns quantity, chamber, party, legislator, name, mean, sd, reweighted_mean, reweighted_sd.
    """
    names, values = quantities(obs, draws)
    mean = values @ weights
    sd = np.sqrt(np.maximum(values**2 @ weights - mean**2, 0))
    return names.assign(mean=values.mean(1), sd=values.std(1), reweighted_mean=mean, reweighted_sd=sd)
