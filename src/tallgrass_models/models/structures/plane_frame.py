"""The frame in which positions in two dimensions are reported, and the sign of the second one.

The votes identify positions up to an affine map of the plane. So positions are reported in axes that the members
themselves define, draw by draw:

- the second dimension is 0 at the mean of either party, and its standard deviation within parties is 1;
- the first dimension is uncorrelated with it within parties, pooled, and the parties' means have the first coordinates
  of the model.

So the first axis points along Fisher's linear discriminant of the parties (1936).
"""

from __future__ import annotations

import numpy as np

from ...votes.matrix import ChamberVotes
from ...votes.vocabulary import PARTIES
from ..base import AXES, Reported

#: Dimensions of the reported variables.
DIMS = {
    "xi": ("legislator",),
    "xi2": ("legislator",),
    "mu_party": ("party",),
    "sigma_within": ("party",),
    "alpha": ("vote",),
    "beta": ("vote",),
    "beta2": ("vote",),
    AXES: ("axis",),
}


def plane_coords(votes: ChamberVotes) -> dict[str, np.ndarray]:
    """Label the dimensions of the reported variables."""
    return {
        "legislator": votes.legislators.index.to_numpy(),
        "vote": votes.rollcalls.index.to_numpy(),
        "party": np.array(PARTIES),
        "axis": np.array(["r", "p", "q", "o"]),
    }


def in_frame(
    x1: np.ndarray, x2: np.ndarray, alpha: np.ndarray, beta: np.ndarray, beta2: np.ndarray, parties: np.ndarray
) -> Reported:
    """Carry draws to the axes of the members.

    Parameters
    ----------
    x1, x2 : ndarray, shape (..., n_members)
    alpha, beta, beta2 : ndarray, shape (..., n_bills)
    parties : ndarray of str, shape (n_members,)

    Returns
    -------
    dict
        ``xi``, ``xi2``, ``alpha``, ``beta``, ``beta2`` with the same logits ``beta xi + beta2 xi2 - alpha``, and
        `AXES`, of shape (..., 4), which lead back to the parameters with the priors (`checking.plane`): the numbers
        r, p, q and o of ``beta = b1 + r b2``, ``beta2 = p b1 + q b2`` and ``alpha - o b2``.

    Notes
    -----
    With party means ``c -+ d/2`` and pooled within-party covariance W, the second coordinate is ``p'(x - c) / s`` with
    ``p = (-d2, d1)`` and ``s^2 = p'Wp``. The first is ``c1 + d1 q'(x - c)``, ``q = W^-1 d / (d'W^-1 d)``, so that
    ``q'Wp = 0`` and ``q'd = 1``. Back: ``x - c = d (xi - c1) / d1 + W p / s * xi2``.
    """
    x = np.stack([x1, x2])
    one, other = parties == PARTIES[0], parties == PARTIES[1]
    left, right = x[..., one].mean(-1), x[..., other].mean(-1)
    c, d = (left + right) / 2, right - left
    within = np.concatenate([x[..., one] - left[..., None], x[..., other] - right[..., None]], axis=-1)
    w11, w12, w22 = ((within[i] * within[j]).mean(-1) for i, j in ((0, 0), (0, 1), (1, 1)))
    p1, p2 = -d[1], d[0]
    wp1, wp2 = w11 * p1 + w12 * p2, w12 * p1 + w22 * p2
    s = np.sqrt(p1 * wp1 + p2 * wp2)
    det = d[0] * wp2 - d[1] * wp1  # of the columns d and Wp
    y1, y2 = x1 - c[0][..., None], x2 - c[1][..., None]
    along = (wp2[..., None] * y1 - wp1[..., None] * y2) / det[..., None]
    xi2 = (p1[..., None] * y1 + p2[..., None] * y2) / s[..., None]
    slope = d[0][..., None] * beta + d[1][..., None] * beta2  # per distance of the parties
    return {
        "xi": c[0][..., None] + d[0][..., None] * along,
        "xi2": xi2,
        "alpha": alpha - c[0][..., None] * beta - c[1][..., None] * beta2 + (c[0] / d[0])[..., None] * slope,
        "beta": slope / d[0][..., None],
        "beta2": (wp1[..., None] * beta + wp2[..., None] * beta2) / s[..., None],
        AXES: np.stack([d[1] / d[0], wp1 / s, wp2 / s, c[1] - c[0] * d[1] / d[0]], axis=-1),
    }


def with_sign(reported: Reported, scores: np.ndarray, parties: np.ndarray) -> Reported:
    """Turn the second dimension of each chain to agree with the others, and all with a component of the votes.

    Parameters
    ----------
    reported : dict
        ``xi2`` of shape (chain, draw, n_members), ``beta2``, and others, which stay as they are.
    scores : ndarray, shape (n_members,)
        The second principal component; only its order within the parties counts.
    parties : ndarray of str, shape (n_members,)
    """
    scores = np.array(scores, dtype=float)
    for party in np.unique(parties):
        scores[parties == party] -= scores[parties == party].mean()
    means = reported["xi2"].mean(1)
    sign = np.where(means @ means[0] < 0, -1.0, 1.0)
    sign *= -1.0 if (sign @ means) @ scores < 0 else 1.0
    turned = {name: sign[:, None, None] * reported[name] for name in ("xi2", "beta2")}
    r, p, q, o = np.moveaxis(reported[AXES], -1, 0)
    p, q = sign[:, None] * p, sign[:, None] * q
    mirror = np.where(q < 0, -1.0, 1.0)  # of b2, whose prior is the same for either sign
    return reported | turned | {AXES: np.stack([mirror * r, p, mirror * q, mirror * o], axis=-1)}
