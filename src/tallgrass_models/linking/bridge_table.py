"""How far each shared bill moved between the chambers, by a joint model in which the two sides may differ."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..draws.moments import moments
from ..draws.vote_probability import VoteParameters, probability

#: Draws from which the moves are computed: of each bill, a curve at the place of every member.
_N_DRAWS = 250


def moved_bills(draws: Mapping[str, np.ndarray], items: np.ndarray, shared: pd.DataFrame) -> pd.DataFrame:
    """Compare the two sides of each shared bill.

    Parameters
    ----------
    draws
        ``xi``, ``alpha`` and ``beta`` of the joint model, shape (n_draws, n) each.
    items : ndarray of str
        Labels of its items, each roll call one of its own.
    shared
        `matching.shared_bills`.

    Returns
    -------
    DataFrame
        A row per shared bill: ``moved_mean``, ``moved_sd``, ``moved_q05``, ``moved_q95`` of the probability of Yea in
        the Senate less that in the House, on average over the members of both chambers where they stand; and
        ``alpha_change_`` and ``beta_change_`` with the same endings, of the Senate's alpha less the House's and of
        beta likewise, on the scale of the joint model.
    """
    place = pd.Index(items)
    house, senate = (place.get_indexer(f"{chamber}:" + shared[f"{chamber}_vote"]) for chamber in ("house", "senate"))
    at = np.linspace(0, len(draws["xi"]) - 1, min(_N_DRAWS, len(draws["xi"]))).astype(int)
    xi = draws["xi"][at]
    moved = np.empty((len(at), len(shared)))
    for j, (h, s) in enumerate(zip(house, senate, strict=True)):
        sides = (_mean_probability(xi, draws["alpha"][at, item], draws["beta"][at, item]) for item in (s, h))
        moved[:, j] = next(sides) - next(sides)
    changes = {
        "moved": moved,
        "alpha_change": draws["alpha"][:, senate] - draws["alpha"][:, house],
        "beta_change": draws["beta"][:, senate] - draws["beta"][:, house],
    }
    return pd.DataFrame(
        {f"{name}_{of}": found for name, values in changes.items() for of, found in moments(values[None]).items()}
    )


def _mean_probability(xi: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Average the probability of Yea over members, shape (n_draws,)."""
    votes = VoteParameters(xi, alpha, beta)
    eta = votes.logits(lambda own: own, lambda own: own[:, None], lambda own: own)
    return np.asarray(probability(np.clip(eta, -500, 500)).mean(1))
