"""Choice of the shared bills that link two scales: oriented, informative, and alike in both chambers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..draws.frame import move_bills
from .curves import Anchors, Constants, curve
from .methods import haebara
from .reasons import SIGN_DISAGREES, SIGN_UNCERTAIN, UNINFORMATIVE, UNLIKE, USED

#: A sign of beta is certain where this share of the draws has it, in both chambers.
_CERTAIN = 0.95
#: A curve that rises by less over the members of its chamber says nothing of where they stand.
_LEAST_RISE = 0.1
#: An anchor is unlike where Lord's test and the distance of the two curves (root mean square) both say so.
_UNLIKE_P, _UNLIKE_GAP = 0.01, 0.1
_SCREEN_DRAWS, _SCREEN_ROUNDS = 200, 10
#: With fewer anchors nothing is linked.
LEAST_ANCHORS = 5


@dataclass(frozen=True)
class Behaviour:
    """Comparison of each anchor's curves once linked; arrays of shape (n_anchors,).

    Attributes
    ----------
    gap, rms_gap
        Mean and root mean square of ``P_house - P_senate`` over the nodes of both chambers, at the posterior means.
    chi2, p_value
        Lord's test that (alpha, beta) are equal, two degrees of freedom.
    """

    gap: np.ndarray
    rms_gap: np.ndarray
    chi2: np.ndarray
    p_value: np.ndarray

    @property
    def unlike(self) -> np.ndarray:
        """Anchors whose curves differ by more than chance and by enough to matter."""
        return (self.p_value < _UNLIKE_P) & (self.rms_gap >= _UNLIKE_GAP)


def orient(anchors: Anchors) -> tuple[Anchors, np.ndarray]:
    """Anchors with positive betas, and why some cannot be used.

    Signs are those of the posterior means. A pair whose two signs agree is oriented by flipping (alpha, beta) together
    in both chambers; one whose signs disagree keeps the House's sign and is no anchor.

    Returns
    -------
    anchors : Anchors
    reason : ndarray of str, shape (n_anchors,)
        Empty where nothing speaks against the anchor.
    """
    house_sign, senate_sign = np.sign(anchors.house_beta.mean(0)), np.sign(anchors.senate_beta.mean(0))
    share = np.minimum((anchors.house_beta * house_sign > 0).mean(0), (anchors.senate_beta * senate_sign > 0).mean(0))
    oriented = anchors.flip(house_sign)
    means = oriented.means()
    rise = np.minimum(
        np.ptp(curve(means.house_alpha, means.house_beta, means.house_nodes)[0], axis=1),
        np.ptp(curve(means.senate_alpha, means.senate_beta, means.senate_nodes)[0], axis=1),
    )
    reason = np.select(
        [house_sign != senate_sign, share < _CERTAIN, rise < _LEAST_RISE],
        [SIGN_DISAGREES, SIGN_UNCERTAIN, UNINFORMATIVE],
        USED,
    )
    return oriented, reason.astype(object)


def compare_curves(anchors: Anchors, constants: Constants) -> Behaviour:
    """Measure how alike the two curves of each anchor are after linking draw by draw with ``constants``.

    Lord's chi-square takes the mean and the covariance of ``(alpha_H - alpha_S*, beta_H - beta_S*)`` over the draws;
    Lord (1980), *Applications of Item Response Theory*, ch. 14.
    """
    a, b = (value[:, None] for value in constants)
    alpha, beta = move_bills(anchors.senate_alpha, anchors.senate_beta, a, b)
    difference = np.stack([anchors.house_alpha - alpha, anchors.house_beta - beta], axis=-1)
    mean = difference.mean(0)
    centred = difference - mean
    covariance = np.einsum("dai,daj->aij", centred, centred) / (len(difference) - 1)
    chi2 = np.einsum("ai,aij,aj->a", mean, np.linalg.pinv(covariance, rcond=1e-10, hermitian=True), mean)
    nodes = np.concatenate([anchors.house_nodes, a * anchors.senate_nodes + b], axis=1).mean(0)[None]
    house = curve(anchors.house_alpha.mean(0)[None], anchors.house_beta.mean(0)[None], nodes)[0]
    senate = curve(alpha.mean(0)[None], beta.mean(0)[None], nodes)[0]
    gaps = house - senate
    return Behaviour(gaps.mean(1), np.sqrt((gaps**2).mean(1)), chi2, np.exp(-chi2 / 2))


def screen(anchors: Anchors, reason: np.ndarray) -> tuple[np.ndarray, Behaviour]:
    """Mark anchors that do not behave alike in both chambers, and compare all pairs once linked without them.

    Linked by Haebara's method, unlike anchors left out, linked again, until the set stays the same (Candell & Drasgow
    1988). An anchor once left out may come back.

    Returns
    -------
    reason : ndarray of str, shape (n_anchors,)
    behaviour : Behaviour
        Of all pairs, unusable ones too.
    """
    few = anchors.draws(
        np.linspace(0, len(anchors.house_beta) - 1, min(_SCREEN_DRAWS, len(anchors.house_beta))).astype(int)
    )
    candidate = reason == USED
    used = candidate
    for _ in range(_SCREEN_ROUNDS):
        kept = few.pick(used)
        behaviour = compare_curves(few, haebara(kept, np.ones(used.sum())))
        now = candidate & ~behaviour.unlike
        if (now == used).all() or now.sum() < LEAST_ANCHORS:
            break
        used = now
    return np.where(candidate & ~now, UNLIKE, reason), behaviour
