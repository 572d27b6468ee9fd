"""Sensitivity of what is reported to each prior and to the likelihood, by power-scaling (Kallioinen et al. 2024).

One component's log density is multiplied by 0.99 and by 1.01, and the draws are reweighted. A quantity's sensitivity is
the change of its distribution (cumulative Jensen-Shannon distance) per doubling of the power. Components are the priors
that a user chooses, those of alpha, beta, party means and spreads. The distribution of members within a party is part
of the model and is not scaled.

The prior of hundreds of bills has a log density that varies by tens from draw to draw, so that chance alone produces
some sensitivity. ``noise`` is the 95 % quantile of the sensitivity of quantities that have nothing to do with the
component. Only a sensitivity that exceeds both it and the threshold counts.

The likelihood does not change under a common shift and stretch of the axis. Only the priors fix these. So ideal points
on the model's own scale must depend on the priors. The question that matters concerns ``xi_relative``, positions on the
scale on which the averages of the chamber's two parties are -1 and +1. ``icc`` (the party share of the variance) and
``party_gap`` (distance of the averages in pooled standard deviations of members) describe the members, not the
populations. They do not depend on the scale either.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats

from ..draws.frame import relative_positions
from ..draws.separation import separation
from ..draws.standing import share_of_party
from ..models.bridges import DRIFT_NAMES
from ..models.groups import sigma_scale
from ..priors.bridges import drift_scales
from ..priors.densities import bills_log_density, halfnormal_log_density, normal_log_density
from ..priors.model import AlphaPrior, ModelPriors
from ..priors.spec import BetaPriorSpec
from ..votes.vocabulary import PARTIES
from .draws import Draws
from .observations import Observations
from .plane import own_parameters

#: Powers below and above one; sensitivity from which a prior counts as informative (the paper's value).
_POWERS = (0.99, 1.01)
THRESHOLD = 0.05
#: Number of quantities of pure chance that give the noise.
_CHANCE = 100
_CONFLICT, _STRONG = "prior-data conflict", "strong prior or weak likelihood"


def log_priors(draws: Draws, scale: float = 1.0) -> dict[str, np.ndarray]:
    """Compute the log density of each component of the prior at every draw, shape (n_draws,), up to a constant.

    ``scale`` multiplies the scale of every prior (of the logarithm, for a lognormal one).
    """
    out = {
        "alpha": log_prior_of_alpha(draws, draws.alpha_prior.rescaled(scale)),
        "beta": log_prior_of_beta(draws, draws.beta_prior.rescaled(scale), draws.sign),
        **log_prior_of_groups(draws, draws.priors, scale),
    }
    if draws.structure is None:
        return out
    kept = {name: own for name, own in out.items() if name not in draws.structure.without}
    return kept | draws.structure.log_priors(draws.own, draws.beta_prior, scale)


def log_prior_of_alpha(draws: Draws, prior: AlphaPrior) -> np.ndarray:
    """Compute the log density of all difficulties at every draw under a prior, shape (n_draws,), as for beta."""
    own = slice(None) if draws.own_prior is None else draws.own_prior
    spread = draws.spread if prior.scaled else None
    return sum_over_items(_bills_with_priors(draws)[0][own], lambda alpha, _: prior.log_density(alpha, spread, np))


def log_prior_of_groups(draws: Draws, priors: ModelPriors, scale: float = 1.0) -> dict[str, np.ndarray]:
    """Compute the log density of party means and spreads, by component, at every draw, shape (n_draws,)."""
    if priors.sigma_within is None:
        within = halfnormal_log_density(draws.sigma, scale * sigma_scale(draws.group_sizes)[:, None])
    else:
        within = priors.sigma_within.rescaled(scale).log_density(draws.sigma, np)
    out, mu = {"sigma_within": within.sum(0)}, priors.mu.rescaled(scale)
    if not draws.upper:
        return out | {"mu": mu.log_density(draws.mu, np).sum(0)}
    if draws.own_prior is not None:
        spread = drift_scales(draws.beta_prior, draws.alpha_sigma)
        tau_alpha, tau_beta, delta = (draws.upper[name] for name in DRIFT_NAMES)
        out["bridges"] = (
            halfnormal_log_density(tau_alpha, scale * spread.alpha)
            + halfnormal_log_density(tau_beta, scale * spread.beta)
            + normal_log_density(delta, 0.0, scale * spread.alpha)
        )
    levels = {"mu_global": mu} | {n: getattr(priors, n).rescaled(scale) for n in ("sigma_chamber", "sigma_party")}
    return out | {name: prior.log_density(draws.upper[name], np) for name, prior in levels.items()}


def log_prior_of_beta(draws: Draws, prior: BetaPriorSpec, sign: np.ndarray) -> np.ndarray:
    """Compute the log density of all discriminations at every draw, shape (n_draws,).

    ``prior`` is the prior of ``sign`` times each discrimination. Items without a prior of their own are left out.
    """
    own = slice(None) if draws.own_prior is None else draws.own_prior
    sign = sign[own]
    return sum_over_items(
        _bills_with_priors(draws)[1][own], lambda beta, rows: bills_log_density(prior, sign[rows, None], beta)
    )


def _bills_with_priors(draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Take difficulty and discrimination as they have their priors, which in two dimensions is not as they are told."""
    if draws.axes is None or draws.beta2 is None:
        return draws.alpha, draws.beta
    alpha, beta, _ = own_parameters(draws.axes, draws.alpha, draws.beta, draws.beta2)
    return alpha, beta


def sum_over_items(values: np.ndarray, log_density: Callable[[np.ndarray, slice], np.ndarray]) -> np.ndarray:
    """Sum of ``log_density(values of some items, which ones)`` over the items, in double precision."""
    total = np.zeros(values.shape[1])
    for start in range(0, len(values), 64):
        rows = slice(start, start + 64)
        total += log_density(values[rows].astype(float), rows).sum(0)
    return total


def quantities(obs: Observations, draws: Draws) -> tuple[pd.DataFrame, np.ndarray]:
    """List the quantities to check: a row of names for each, and draws of shape (n_quantities, n_draws)."""
    rows: list[tuple[str | None, ...]] = []
    values: list[np.ndarray] = []
    for c, chamber in enumerate(dict.fromkeys(obs.members["chamber"])):
        grouped, mu, sigma = len(draws.mu) > 0, draws.mu[2 * c : 2 * c + 2], draws.sigma[2 * c : 2 * c + 2]
        here = np.flatnonzero(obs.members["chamber"] == chamber)
        xi, members = draws.xi[here].T.astype(float), obs.members["party"].to_numpy()[here]
        for p, party in enumerate(PARTIES if grouped else ()):
            rows += [("mu_party", chamber, party, None, None), ("sigma_within", chamber, party, None, None)]
            values += [mu[p], sigma[p]]
        rows += [("party_gap", chamber, None, None, None), ("icc", chamber, None, None, None)]
        values += [separation(xi, members), share_of_party(xi, members)]
        who = obs.members.iloc[here][["chamber", "party", "legislator", "name"]]
        for name, positions in (("xi", xi), ("xi_relative", relative_positions(xi, members))):
            rows += [(name, *row) for row in who.itertuples(index=False, name=None)]
            values += list(positions.T)
    return pd.DataFrame(rows, columns=["quantity", "chamber", "party", "legislator", "name"]), np.stack(values)


def sensitivity_table(obs: Observations, draws: Draws, loglik: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Compute the sensitivity of every quantity to every component.

    Parameters
    ----------
    loglik : ndarray, shape (n_draws,)
        Log-likelihood of each draw.

    Returns
    -------
    DataFrame
        Columns quantity, chamber, party, legislator, name, component, sensitivity, noise, diagnosis.
    """
    names, values = quantities(obs, draws)
    both = draws.by_chain(np.concatenate([values, rng.normal(size=(_CHANCE, draws.n_draws))]))
    found, noise = {}, {}
    for component, log_density in {"likelihood": loglik, **log_priors(draws)}.items():
        weights = (np.broadcast_to(_weights(draws.by_chain(log_density), power), both.shape) for power in _POWERS)
        all_found = array_stats.power_scale_sense(both, *weights, *_POWERS, chain_axis=-2, draw_axis=-1)
        found[component], noise[component] = all_found[: len(names)], np.quantile(all_found[len(names) :], 0.95)
    counts = {name: (values >= THRESHOLD) & (values > noise[name]) for name, values in found.items()}
    return pd.concat(
        [
            names.assign(
                component=name,
                sensitivity=values,
                noise=noise[name],
                diagnosis="" if name == "likelihood" else _diagnosis(counts[name], counts["likelihood"]),
            )
            for name, values in found.items()
        ],
        ignore_index=True,
    )


def _weights(log_density: np.ndarray, power: float) -> np.ndarray:
    log_weight = array_stats.power_scale_lw(log_density, alpha=power, axis=(-2, -1))
    weight = np.exp(log_weight - log_weight.max())
    return weight / weight.sum()


def _diagnosis(prior: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    """Diagnose each quantity as the paper does, by whether it is sensitive to the prior and to the likelihood."""
    return np.where(prior & likelihood, _CONFLICT, np.where(prior, _STRONG, ""))
