"""Fit as the field counts it: votes classified correctly, PRE and APRE, geometric mean probability, calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from ..draws.vote_probability import probability

#: Number of bins of predicted probability in the calibration table.
_N_BINS = 10


@dataclass(frozen=True)
class Classified:
    """Classification of each vote by a model, shape (n_legislators, n_votes).

    Cells without a vote are False and 0.

    Attributes
    ----------
    cast
        True where there is a Yea or Nay.
    wrong
        True where the more probable of Yea and Nay is not what was cast.
    dissent
        True where the vote is against the majority of its roll call. Per roll call these votes are its minority.
    log_p
        Log probability of the vote that was cast.
    """

    cast: np.ndarray
    wrong: np.ndarray
    dissent: np.ndarray
    log_p: np.ndarray

    def among(self, members: np.ndarray) -> Classified:
        """Select the votes of some members; dissents remain those from the majority of all."""
        return Classified(self.cast[members], self.wrong[members], self.dissent[members], self.log_p[members])

    @property
    def tied(self) -> np.ndarray:
        """True for a roll call without a majority, shape (n_votes,); one half counts as its minority."""
        return np.asarray(2 * self.dissent.sum(0) == self.cast.sum(0))

    def on(self, calls: np.ndarray) -> Classified:
        """Select the votes on some roll calls."""
        return Classified(self.cast[:, calls], self.wrong[:, calls], self.dissent[:, calls], self.log_p[:, calls])


def pooled(parts: Sequence[Classified]) -> Classified:
    """Put all votes of one or more matrices into one long column."""
    return Classified(
        *(
            np.concatenate([getattr(part, field.name).ravel() for part in parts])[:, None]
            for field in fields(Classified)
        )
    )


def classify(y: np.ndarray, eta: np.ndarray) -> Classified:
    """Classify votes by logits of Yea.

    Parameters
    ----------
    y : ndarray of int8, shape (n_legislators, n_votes)
        1 Yea, 0 Nay, -1 missing.
    eta : ndarray, shape (n_legislators, n_votes)
        Logit of Yea (`draws.vote_probability`). At 0 the prediction is Yea, as in R's pscl.
    """
    cast, yea = y >= 0, y == 1
    lean = np.where(yea, eta, -eta)
    majority = yea.sum(0) >= (y == 0).sum(0)
    return Classified(
        cast=cast,
        wrong=cast & ((eta >= 0) != yea),
        dissent=cast & (yea != majority),
        log_p=np.where(cast, -np.logaddexp(0.0, -lean), 0.0),
    )


def tally(votes: Classified, axis: int) -> pd.DataFrame:
    """Count votes and compute shares per roll call (``axis`` 0) or per member (``axis`` 1).

    Returns
    -------
    DataFrame
        ``n_votes``, ``errors``, ``minority`` (votes against the majority of their roll call), ``correct`` (share),
        ``pre = (minority - errors) / minority`` and ``gmp = exp(mean log p)``. NaN where there is nothing to divide by.

    Notes
    -----
    The prediction to beat is that everybody votes with the majority of the roll call. For one roll call ``pre`` is the
    proportional reduction in error. Over several roll calls it is the aggregate one, APRE (Poole & Rosenthal 1997).
    """
    n, errors, minority = (part.sum(axis) for part in (votes.cast, votes.wrong, votes.dissent))
    some = np.where(n > 0, n, np.nan)
    return pd.DataFrame(
        {
            "n_votes": n,
            "errors": errors,
            "minority": minority,
            "correct": 1 - errors / some,
            "pre": (minority - errors) / np.where(minority > 0, minority, np.nan),
            "gmp": np.exp(votes.log_p.sum(axis) / some),
        }
    )


def calibration(y: np.ndarray, eta: np.ndarray) -> pd.DataFrame:
    """Compare the predicted probability of Yea with the share of Yea, in `_N_BINS` bins of equal width.

    Returns
    -------
    DataFrame
        Per bin with votes in it: ``low``, ``high``, ``n``, ``predicted`` (mean), ``observed`` (share of Yea) and
        ``observed_se``, the standard deviation that the share would have if every prediction were right.
    """
    cast = y >= 0
    p = probability(np.clip(eta[cast], -700, 700))
    yea = y[cast] == 1
    place = np.minimum((p * _N_BINS).astype(int), _N_BINS - 1)
    n, predicted, observed, variance = (
        np.bincount(place, weights, _N_BINS) for weights in (None, p, yea.astype(float), p * (1 - p))
    )
    edges = np.arange(_N_BINS + 1) / _N_BINS
    some = n > 0
    columns = {"low": edges[:-1], "high": edges[1:], "n": n}
    with np.errstate(invalid="ignore", divide="ignore"):
        columns |= {"predicted": predicted / n, "observed": observed / n, "observed_se": np.sqrt(variance) / n}
    return pd.DataFrame(columns)[some].reset_index(drop=True)
