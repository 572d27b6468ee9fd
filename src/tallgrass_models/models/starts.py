"""Starting points from principal components, oriented."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..priors.spec import BetaPriorSpec
from ..votes.matrix import ChamberVotes

if TYPE_CHECKING:
    from ..votes.matching import JointVotes


def xi_start(votes: ChamberVotes) -> np.ndarray:
    """Compute standardised scores of the first principal component, Republicans right; shape (n_legislators,)."""
    score = votes.legislators["pc1"].to_numpy(float)
    return (score - score.mean()) / score.std()


def joint_xi_start(votes: JointVotes) -> np.ndarray:
    """Join the `xi_start` of both chambers, House first; shape (n_legislators,)."""
    return np.concatenate([xi_start(votes.house), xi_start(votes.senate)])


def bill_start(
    chambers: Sequence[tuple[ChamberVotes, np.ndarray, np.ndarray]],
    beta_prior: BetaPriorSpec,
    oriented: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Find starting alpha and beta by the line through the smoothed logits of the left and right halves of the members.

    Parameters
    ----------
    chambers
        Its votes, the starting xi of its members and, for each roll call, the index of its item; one triple per
        chamber.
    beta_prior
        A positive prior bounds beta away from zero. A prior whose textbook form samples log beta gets ``log_beta``.
    oriented
        +1, -1 or 0 by item, if bills are oriented. Then ``beta`` belongs to the oriented bills, ``beta_free`` to the
        others.

    Returns
    -------
    dict
        ``alpha`` and ``beta`` (or ``log_beta``), of shape (n_items,); beta is shorter if bills are oriented. A shared
        bill has the mean over chambers.
    """
    n_items = 1 + max(int(item.max()) for _, _, item in chambers)
    alpha, beta, count = np.zeros(n_items), np.zeros(n_items), np.zeros(n_items)
    for votes, xi, item in chambers:
        a, b = _line(votes.y, xi)
        np.add.at(alpha, item, a)
        np.add.at(beta, item, b)
        np.add.at(count, item, 1)
    alpha, beta = alpha / count, beta / count
    start = {"alpha": alpha}
    if oriented is not None:
        start["beta_free"], beta = beta[oriented == 0], (oriented * beta)[oriented != 0]
    if beta_prior.positive:
        beta = np.maximum(beta, 0.1)
    return start | ({"log_beta": np.log(beta)} if beta_prior.family.log_variable else {"beta": beta})


def _line(y: np.ndarray, xi: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    right = xi > np.median(xi)
    x, e = [], []
    for side in (~right, right):
        yea, seen = (y[side] == 1).sum(0), (y[side] >= 0).sum(0)
        e.append(np.log((yea + 0.5) / (seen - yea + 0.5)))
        x.append(xi[side].mean())
    beta = np.clip((e[1] - e[0]) / (x[1] - x[0]), -3, 3)
    return np.clip(beta * (x[0] + x[1]) / 2 - (e[0] + e[1]) / 2, -8, 8), beta
