"""Priors in words."""

from __future__ import annotations

from ..priors.spec import BetaPriorSpec


def prior_words(prior: BetaPriorSpec) -> str:
    """``LogNormal(mu=0, sigma=1)``: the distribution, whichever way it is sampled."""
    return prior.describe().replace("_reparam", "")
