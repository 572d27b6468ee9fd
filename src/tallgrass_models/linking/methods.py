"""Four ways to find the linking constants ``A > 0`` and ``B`` of anchors, over many draws at once.

With ``logit P = beta * xi - alpha``, moving the Senate to the House's scale by ``xi* = A xi + B`` means
``beta* = beta / A`` and ``alpha* = alpha + beta * B / A``. Everything here has draws along the first axis and anchors
along the second; see Kolen & Brennan (2014), *Test Equating, Scaling, and Linking*, ch. 6, for the methods.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..draws.frame import move_bills
from .curves import Anchors, Constants, curve

_MAX_ROUNDS = 60
_TOLERANCE = 1e-7  # of log A and of B per unit of the House's spread
_CELLS = 2_000_000  # draws x anchors x nodes worked on at a time: 16 MB an array


def mean_mean(anchors: Anchors, weight: np.ndarray) -> Constants:
    """Find A and B that give the anchors of both chambers the same mean beta and the same mean alpha.

    ``A = mean(beta_S) / mean(beta_H)``, ``B = (mean(alpha_H) - mean(alpha_S)) / mean(beta_H)``. The textbook's B
    compares means of the locations ``alpha / beta``, which a single beta near zero can send anywhere; this one compares
    the same locations weighted by beta.
    """
    house, senate = (weight * anchors.house_beta).sum(1), (weight * anchors.senate_beta).sum(1)
    shift = (weight * (anchors.house_alpha - anchors.senate_alpha)).sum(1)
    return senate / house, shift / house


def mean_sigma(anchors: Anchors, weight: np.ndarray) -> Constants:
    """Find A and B that give the locations ``alpha / beta`` of both chambers the same mean and sd.

    An anchor whose beta is not positive in a draw has no part in it. Weights that fall with the uncertainty of a
    location are those of Linn, Levine, Hastings & Wardrop (1981).
    """
    usable = (anchors.house_beta > 0) & (anchors.senate_beta > 0)
    weight = np.where(usable, weight, 0.0)
    weight = weight / weight.sum(1, keepdims=True)
    moments = []
    for alpha, beta in ((anchors.house_alpha, anchors.house_beta), (anchors.senate_alpha, anchors.senate_beta)):
        location = np.where(usable, alpha / np.where(usable, beta, 1.0), 0.0)
        mean = (weight * location).sum(1)
        moments.append((mean, np.sqrt((weight * (location - mean[:, None]) ** 2).sum(1))))
    (house, house_sd), (senate, senate_sd) = moments
    a = house_sd / senate_sd
    return a, house - a * senate


def haebara(anchors: Anchors, weight: np.ndarray) -> Constants:
    """Find A and B that minimise the squares of ``P_H - P_S``, summed over anchors and nodes.

    Both directions count: the Senate's curves at the House's nodes and the House's curves at the Senate's.
    """
    return _least_squares(anchors, weight, by_anchor=True)


def stocking_lord(anchors: Anchors, weight: np.ndarray) -> Constants:
    """Find A and B that minimise the squares of ``sum_j (P_H - P_S)``, summed over nodes."""
    return _least_squares(anchors, weight, by_anchor=False)


def _least_squares(anchors: Anchors, weight: np.ndarray, by_anchor: bool) -> Constants:
    n_draws, n_anchors = anchors.house_beta.shape
    weight = np.broadcast_to(weight, (n_draws, n_anchors))
    a, b = mean_mean(anchors, weight)
    size = max(1, _CELLS // (n_anchors * anchors.house_nodes.shape[1]))
    found = []
    for first in range(0, n_draws, size):
        part = slice(first, first + size)
        solver = _Curves(anchors.draws(part), weight[part], by_anchor)
        found.append(_levenberg(solver, np.log(a[part]), b[part]))
    a, b = np.concatenate(found, axis=1)
    return a, b


class _Curves:
    """Sum of squares and normal equations in ``(log A, B)`` of each draw."""

    def __init__(self, anchors: Anchors, weight: np.ndarray, by_anchor: bool) -> None:
        self._anchors, self._weight, self._by_anchor = anchors, weight[:, :, None], by_anchor
        #: Standard deviation of the House's nodes: the unit of B.
        self.unit = anchors.house_nodes.std(1)
        self._seen = (
            curve(anchors.house_alpha, anchors.house_beta, anchors.house_nodes),
            curve(anchors.senate_alpha, anchors.senate_beta, anchors.senate_nodes),
        )

    def __call__(self, log_a: np.ndarray, b: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return the sums that a step needs for the draws ``at``, shape (6, n).

        With r the residuals and ja, jb the slopes of the curves, these are the sums of r r, r ja, r jb, ja ja, ja jb,
        jb jb.
        """
        own = self._anchors.draws(at)
        a, b = np.exp(log_a)[:, None], b[:, None]
        alpha, beta = move_bills(own.senate_alpha, own.senate_beta, a, b)
        total = np.zeros((6, len(at)))
        # eta = beta * position - alpha of the curves on the other chamber's scale; its slopes by B and by log A
        for seen, alpha_there, beta_there, nodes, by_b, reach in (
            (self._seen[0], alpha, beta, own.house_nodes, -beta, own.house_nodes - b),
            (
                self._seen[1],
                own.house_alpha,
                own.house_beta,
                a * own.senate_nodes + b,
                own.house_beta,
                a * own.senate_nodes,
            ),
        ):
            p = curve(alpha_there, beta_there, nodes)
            r, jb = self._weight[at] * (seen[at] - p), self._weight[at] * by_b[:, :, None] * (p * (1 - p))
            ja = jb * reach[:, None, :]
            if not self._by_anchor:
                r, ja, jb = (part.sum(1, keepdims=True) for part in (r, ja, jb))
            pairs = ((r, r), (r, ja), (r, jb), (ja, ja), (ja, jb), (jb, jb))
            total += [np.einsum("daq,daq->d", first, second) for first, second in pairs]
        return total


def _levenberg(curves: _Curves, log_a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Damped Gauss-Newton, each draw with its own damping until it moves no more; (A, B), shape (2, n_draws)."""
    damping = np.full(len(log_a), 1e-3)
    open_ = np.arange(len(log_a))
    sums = curves(log_a, b, open_)
    for _ in range(_MAX_ROUNDS):
        cost, ra, rb, aa, ab, bb = sums[:, open_]
        up = 1 + damping[open_]
        det = np.maximum(aa * bb * up**2 - ab**2, 1e-300)
        step_a = np.clip((ra * bb * up - rb * ab) / det, -1.0, 1.0)
        step_b = (rb * aa * up - ra * ab) / det
        new = curves(log_a[open_] + step_a, b[open_] + step_b, open_)
        better = new[0] <= cost
        taken = open_[better]
        log_a[taken] += step_a[better]
        b[taken] += step_b[better]
        sums[:, taken] = new[:, better]
        damping[open_] = np.where(better, damping[open_] / 10, damping[open_] * 10)
        small = (np.abs(step_a) < _TOLERANCE) & (np.abs(step_b) < _TOLERANCE * curves.unit[open_])
        open_ = open_[~small]
        if not len(open_):
            break
    return np.stack([np.exp(log_a), b])


#: Linking methods by name. All take anchors and weights, shape (n_draws, n_anchors) or (n_anchors,).
METHODS: dict[str, Callable[[Anchors, np.ndarray], Constants]] = {
    "mean_mean": mean_mean,
    "mean_sigma": mean_sigma,
    "haebara": haebara,
    "stocking_lord": stocking_lord,
}
