"""The pilot's bills under a prior of beta."""

from __future__ import annotations

import logging

import numpy as np

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ..pilot.bills import PilotBills
from ..pilot.collection import Collection
from ..pilot.positive_bills import PositiveBills
from ..pilot.signed_bills import SignedBills

log = logging.getLogger(__name__)


def tell_form(unit: str, prior: BetaPriorSpec, priors: ModelPriors = PRODUCTION) -> None:
    """Log that the fast form is one that PyTensor compiles, if it is."""
    if not priors.compiled:
        log.info(
            "%s: there is no compiled density for the priors of %s, so the fast coordinates go through PyTensor, which "
            "takes longer",
            unit,
            ", ".join(priors.spec()),
        )
    if prior.family.compiled is None:
        log.info(
            "%s: there is no compiled density for %s, so the fast coordinates go through PyTensor, which takes longer",
            unit,
            prior.describe(),
        )


def collect_bills(prior: BetaPriorSpec, alpha_sigma: float, free: np.ndarray | None, n_votes: int) -> Collection:
    """Make the bills of the pilot; ``free`` marks those of open sign, or is None if bills are not oriented."""
    if free is None:
        return Collection([(_pilot_bills(prior, alpha_sigma), np.arange(n_votes))], n_votes)
    kinds = (prior, ~free), (prior.free_sign(), free)
    return Collection([(_pilot_bills(kind, alpha_sigma), np.flatnonzero(mask)) for kind, mask in kinds], n_votes)


def _pilot_bills(prior: BetaPriorSpec, alpha_sigma: float) -> PilotBills:
    return PositiveBills(prior, alpha_sigma) if prior.positive else SignedBills(prior, alpha_sigma)
