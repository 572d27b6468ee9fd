"""Predictions of held-out votes from the draws of a fit that has not seen them, with their Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import xarray as xr

from ..draws.vote_probability import VoteParameters

#: Batches into which the draws of each chain are cut for Monte Carlo errors.
_BATCHES = 10
#: Votes by draws that are worked on together.
_BLOCK = 2**20


@dataclass(frozen=True)
class Predicted:
    """Predictions of some votes.

    Attributes
    ----------
    log_score : ndarray, shape (n,)
        Log of the probability that was given to what was cast.
    mcse : ndarray, shape (n,)
        Monte Carlo standard error of each.
    batch : ndarray, shape (n_batches,)
        By batch of draws, its linear contribution to the error of the sum of the log scores.
    """

    log_score: np.ndarray
    mcse: np.ndarray
    batch: np.ndarray


def vote_logits(posterior: xr.Dataset, member: np.ndarray, item: np.ndarray) -> np.ndarray:
    """Compute the logit of Yea in every draw, shape (n, n_chains, n_draws).

    Parameters
    ----------
    posterior
        Draws of ``xi[legislator]``, ``alpha[vote]``, ``beta[vote]`` and what else the votes follow from
        (`VoteParameters`), on the dimensions chain and draw.
    member, item : ndarray of int, shape (n,)
        Row of each vote in ``legislator`` and in ``vote``.
    """
    logit = VoteParameters.of(posterior).logits(
        itemgetter((..., member)), itemgetter((..., item)), itemgetter((..., None)), dtype=float
    )
    return np.moveaxis(logit, -1, 0)


def predict(posterior: xr.Dataset, member: np.ndarray, item: np.ndarray, y: np.ndarray) -> Predicted:
    """Predict votes that the draws have not seen.

    Parameters
    ----------
    posterior, member, item
        As of `vote_logits`.
    y : ndarray of int, shape (n,)
        1 Yea, 0 Nay.

    Notes
    -----
    The probability of a vote is the mean over the draws. Its error is that of the mean of batches of successive draws,
    which may depend on each other within a batch. By the delta method the log score has the relative error.
    """
    together = max(1, _BLOCK // (posterior.sizes["chain"] * posterior.sizes["draw"]))
    parts = [
        _predict(vote_logits(posterior, member[at], item[at]), y[at])
        for at in np.split(np.arange(len(y)), range(together, len(y), together))
    ]
    log_score, mcse = (np.concatenate([getattr(part, name) for part in parts]) for name in ("log_score", "mcse"))
    return Predicted(log_score, mcse, np.sum([part.batch for part in parts], axis=0))


def _predict(logit: np.ndarray, y: np.ndarray) -> Predicted:
    lean = np.where(y == 1, 1.0, -1.0)[:, None, None] * logit
    return averaged(-np.logaddexp(0.0, -lean))


def averaged(log_p: np.ndarray) -> Predicted:
    """Average probabilities over draws, with Monte Carlo errors; ``log_p`` has shape (n, n_chains, n_draws)."""
    top = log_p.max((1, 2), keepdims=True)
    ratio = np.exp(log_p - top)
    mean = ratio.mean((1, 2))
    batches = min(_BATCHES, log_p.shape[2])
    size = log_p.shape[2] // batches
    by_batch = ratio[:, :, : batches * size].reshape(len(log_p), -1, size).mean(-1) / mean[:, None] - 1
    error = by_batch.std(1, ddof=1) / np.sqrt(by_batch.shape[1])
    return Predicted(top[:, 0, 0] + np.log(mean), error, by_batch.sum(0))


def error_of_sum(batch: np.ndarray) -> float:
    """Compute the Monte Carlo standard error of a sum of log scores from `Predicted.batch`."""
    return float(batch.std(ddof=1) / np.sqrt(len(batch)))
