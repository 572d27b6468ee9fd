"""Scales of the priors of what the two sides of a shared bill may differ by (`models.bridges` has the equations)."""

from __future__ import annotations

from typing import NamedTuple

from .spec import BetaPriorSpec

#: Share of the bills' own spread.
_SHARE = 0.5


class DriftScales(NamedTuple):
    """Scales of the differences.

    Attributes
    ----------
    alpha
        Scale of the priors of ``tau_alpha`` and of ``delta``: half the prior's standard deviation of alpha.
    beta
        Scale of the prior of ``tau_beta``: half the spread of the prior of beta, or of log beta if it is positive.
    free
        The spread of a discrimination of open sign, in units of that of the others.
    """

    alpha: float
    beta: float
    free: float


def drift_scales(beta_prior: BetaPriorSpec, alpha_sigma: float) -> DriftScales:
    """Find the scales of the differences from the priors of the bills.

    With the production priors of the joint model (alpha of standard deviation 2, log beta of 1) they are 1 for
    ``tau_alpha`` and ``delta`` and 0.5 for ``tau_beta``.
    """
    spread = beta_prior.moments[1]
    free = beta_prior.free_sign().params["sigma"] / spread if beta_prior.positive else 1.0
    return DriftScales(_SHARE * alpha_sigma, _SHARE * spread, free)
