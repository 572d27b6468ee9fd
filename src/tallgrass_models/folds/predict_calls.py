"""Predictions of whole roll calls that a fit has not seen, from its draws and the prior of a roll call."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from ..draws.vote_probability import LAPSE
from ..models.groups import members_spread
from ..priors.constants import ALPHA_SIGMA
from ..priors.model import AlphaPrior, alpha_of
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from .new_calls import Evidence, Members, evidence
from .predict import averaged

log = logging.getLogger(__name__)

#: Number of draws that are taken, evenly spaced.
_N_DRAWS = 400
#: Change of an integral's logarithm that is worth a word in the log.
_ROUGH = 0.01


@dataclass(frozen=True)
class Predictor:
    """Draws of a fit that predict roll calls; ``n_chains`` follow each other in ``members``."""

    members: Members
    n_chains: int

    def evidence(self, which: np.ndarray, y: np.ndarray, name: str) -> Evidence:
        """Integrate a roll call out, and say so in the log if its integral could be rough; arguments as there."""
        found = evidence(self.members, which, y)
        if found.change > _ROUGH:
            log.warning("%s: the log probability of its votes is known to about %.2f", name, found.change)
        return found

    def by_chain(self, log_z: Sequence[np.ndarray]) -> np.ndarray:
        """Stack what `Evidence.log_z` holds of roll calls, shape (n, n_chains, n_draws)."""
        return np.stack(log_z).reshape(len(log_z), self.n_chains, -1)


@dataclass(frozen=True)
class Calls:
    """Predictions of some roll calls.

    Attributes
    ----------
    member, rollcall : ndarray of int, shape (n_votes,)
        Row and column of each vote in the chamber, by member and then by roll call.
    log_score, mcse : ndarray, shape (n_votes,)
        The log probability of all votes of the vote's roll call together, and its Monte Carlo error, both divided by
        their number.
    given : ndarray, shape (n_votes,)
        Log probability of the vote given the others of its roll call.
    batch : ndarray
        As in `predict.Predicted`, of the sum over roll calls.
    """

    member: np.ndarray
    rollcall: np.ndarray
    log_score: np.ndarray
    mcse: np.ndarray
    given: np.ndarray
    batch: np.ndarray


def predictor(posterior: xr.Dataset, spec: Mapping[str, Any]) -> Predictor:
    """Take the draws of a fit and its priors.

    Parameters
    ----------
    posterior
        Draws on the dimensions chain and draw.
    spec
        Spec of the fit; the flat model of a chamber has none of its priors in it.
    """
    n = posterior.sizes["chain"] * posterior.sizes["draw"]
    posterior = posterior.isel(draw=slice(None, None, -(-n // _N_DRAWS)))

    def flat(name: str) -> np.ndarray:
        values = posterior[name].to_numpy().astype(float)
        return values.reshape(values.shape[0] * values.shape[1], -1).T

    beta, alpha = PRODUCTION_BETA, AlphaPrior(BetaPriorSpec("normal", {"mu": 0.0, "sigma": ALPHA_SIGMA}))
    if spec["kind"] != "flat":
        beta, alpha = BetaPriorSpec.from_dict(spec["beta_prior"]), alpha_of(spec)
    xi = flat("xi")
    spread = np.ones(xi.shape[1])
    if alpha.scaled:
        mu = "mu_group" if "mu_group" in posterior else "mu_party"
        spread = np.asarray(members_spread(list(flat(mu)), list(flat("sigma_within")), np))
    eps = flat(LAPSE)[0] if LAPSE in posterior else None
    return Predictor(Members(xi, beta, alpha, spread, eps), posterior.sizes["chain"])


def predict_calls(using: Predictor, y: np.ndarray, first: int, held: np.ndarray, names: Sequence[str]) -> Calls:
    """Predict roll calls of a chamber.

    Parameters
    ----------
    using
        The draws.
    y : ndarray of int8, shape (n_legislators, n_votes)
        Votes of the chamber: 1 Yea, 0 Nay, -1 missing.
    first
        Row of the chamber's first member in the draws.
    held : ndarray of bool, shape (n_votes,)
        The roll calls to predict.
    names
        Of all roll calls of the chamber.
    """
    log_z, log_score, mcse, given = [], *(np.full(y.shape, np.nan) for _ in range(3))
    calls = [j for j in np.flatnonzero(held).tolist() if (y[:, j] >= 0).any()]
    for j in calls:
        voted = np.flatnonzero(y[:, j] >= 0)
        found = using.evidence(voted + first, y[voted, j], names[j])
        log_z.append(found.log_z)
        given[voted, j] = found.given
    if not calls:
        none, nothing = np.zeros(0, np.int32), np.zeros(0)
        return Calls(none, none, nothing, nothing, nothing, np.zeros(2))
    pooled = averaged(using.by_chain(log_z))
    n = (y[:, calls] >= 0).sum(0)
    log_score[:, calls], mcse[:, calls] = pooled.log_score / n, pooled.mcse / n
    member, rollcall = np.nonzero((y >= 0) & held)
    at = member, rollcall
    places = member.astype(np.int32), rollcall.astype(np.int32)
    return Calls(*places, log_score[at], mcse[at], given[at], pooled.batch)


def predict_together(
    using: Predictor, voted: Sequence[np.ndarray], y: Sequence[np.ndarray], names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Predict bills by the votes of both chambers together.

    Parameters
    ----------
    using
        The draws of a joint model.
    voted, y
        For each bill the members who voted, as rows of the draws, and their votes.
    names
        Of the bills.

    Returns
    -------
    tuple of ndarray
        Log probability of all votes on each bill, shape (n,), and `predict.Predicted.batch`.
    """
    if not names:
        return np.zeros(0), np.zeros(2)
    found = [using.evidence(*one).log_z for one in zip(voted, y, names, strict=True)]
    pooled = averaged(using.by_chain(found))
    return pooled.log_score, pooled.batch
