"""Priors in words."""

from __future__ import annotations

from ..priors.spec import BetaPriorSpec


def prior_words(prior: BetaPriorSpec) -> str:
    """``LogNormal(mu=0, sigma=1)``: the distribution, whichever way it is sampled."""
    return prior.describe().replace("_reparam", "")


def prior_shown(prior: BetaPriorSpec) -> str:
    """``Normal(0, 5)`` for a Normal or a HalfNormal, whose parameters go without saying; others as `prior_words`."""
    if prior.distribution in ("normal", "halfnormal"):
        return f"{prior.family.words}({', '.join(f'{value:g}' for value in prior.params.values())})"
    return prior_words(prior)
