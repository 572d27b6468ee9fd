"""Recovery of a simulated truth: coverage of intervals, and correlation, by chamber."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..draws import moments as stat
from ..draws.agreement import correlation, coverage
from ..draws.frame import in_frame, party_frame
from ..files.records.specs import FitSpec
from ..files.records.statistics import Truth
from ..priors.constants import ALPHA_SIGMA
from ..priors.model import alpha_of, priors_of
from ..priors.spec import PRODUCTION_BETA, BetaPriorSpec
from ..votes.vocabulary import PARTIES
from ..wording.numbers import among
from ..wording.priors import prior_words


def recovery(ideal: pd.DataFrame, xi: np.ndarray, spec: FitSpec) -> list[Truth]:
    """Measure how well the true positions were recovered, by chamber.

    Parameters
    ----------
    ideal
        Columns chamber, caucus, xi_mean, truth (NaN where unknown).
    xi : ndarray, shape (chain, draw, n_members)
    spec
        Settings of the fit.

    Returns
    -------
    list of Truth
        chamber, n; correlation over all, and within the parties; share of the 90 % intervals that cover the truth, for
        relative positions (in a joint model on the House's scale), for ranks within the chamber, and for positions on
        the model's own scale if the simulator's scale is the same (else None, with the reason).
    """
    known = np.isfinite(ideal["truth"].to_numpy(float))
    table, draws = ideal[known], xi.reshape(-1, xi.shape[-1])[:, known]
    if not known.any():
        return []
    truth, party = table["truth"].to_numpy(float), table["caucus"].to_numpy(str)
    first = (table["chamber"] == table["chamber"].iloc[0]).to_numpy()
    relative, true_relative = _relative(draws, truth, party, first)
    reason = other_scale(spec)
    out: list[Truth] = []
    for chamber in dict.fromkeys(table["chamber"]):
        here = (table["chamber"] == chamber).to_numpy()
        rows = table[here]
        rank = stat.ranks(draws[None][..., here])
        out.append(
            {
                "chamber": chamber,
                "n": int(here.sum()),
                "correlation": _correlation(rows),
                "correlation_within": {name: _correlation(rows[rows["caucus"] == name]) for name in PARTIES},
                "coverage90_relative": _covered(relative[:, here], true_relative[here]),
                "coverage90_rank": coverage(_true_rank(truth[here]), rank["q05"], rank["q95"]),
                "coverage90": None if reason else _covered(draws[:, here], truth[here]),
                "coverage90_reason": reason,
            }
        )
    return out


def other_scale(spec: FitSpec) -> str | None:
    """Explain why a fit's own scale is not the simulator's, that of the production prior; return None if it is."""
    prior, alpha, priors = BetaPriorSpec.from_dict(spec["beta_prior"]), spec["alpha_sigma"], priors_of(spec)
    if prior == PRODUCTION_BETA and alpha == ALPHA_SIGMA and priors.compiled:
        return None
    shown = alpha_of(spec).describe() if priors.alpha else f"Normal(0, {alpha:g})"
    own = [name for name in priors.spec() if name != "alpha"]
    others = f", and priors of its own for {among(own)}" if own else ""
    return (
        f"the simulator's scale is that of β ~ {prior_words(PRODUCTION_BETA)} and α ~ Normal(0, {ALPHA_SIGMA:g});"
        f" this fit has {prior_words(prior)} and {shown}{others}"
    )


def _relative(
    draws: np.ndarray, truth: np.ndarray, party: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Put draws and truth in the frame of the parties of the first chamber, the House in a joint model."""
    placed = (in_frame(xi, party_frame(xi[:, first], party[first])) for xi in (draws, truth[None]))
    relative, true_relative = placed
    return relative, true_relative[0]


def _covered(draws: np.ndarray, truth: np.ndarray) -> float | None:
    low, high = np.quantile(draws, stat.INTERVAL, axis=0)
    return coverage(truth, low, high)


def _true_rank(truth: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(truth)) + 1.0


def _correlation(rows: pd.DataFrame) -> float | None:
    return correlation(rows["xi_mean"].to_numpy(float), rows["truth"].to_numpy(float))
