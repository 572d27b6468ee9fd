"""Posterior of a chamber's members and hyperparameters with the bills integrated out.

It is the posterior of `reference.build_chamber`, in the coordinates of `groups`. At one point it has exact derivatives.
For many draws at once, the log-likelihood of a member at a grid point of a bill is a function of her position alone,
interpolated by a polynomial over the range of her draws, so that all draws together take one product of matrices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ...priors.model import PRODUCTION, ModelPriors
from ...priors.spec import BetaPriorSpec
from ...votes.matrix import ChamberVotes
from ..fast.matrix import Matrix
from ..fast.seating import Seating, seat
from ..pilot.chamber import run_pilot
from .bills import BillGrid, Kind
from .groups import N_SCALARS, Groups

_H = 1e-3  # of finite differences
_AT_ONCE = 150  # bills
_NODES = 4, 30  # fewest and most of a member's polynomial
_PER_LOGIT = 1.0  # nodes for each unit of the logit that a member's draws span to either side


@dataclass(frozen=True)
class Derivatives:
    """Log density at one point with its derivatives.

    Attributes
    ----------
    value : float
    gradient : ndarray, shape (n_dim,)
    information : ndarray, shape (n_dim, n_dim)
        Minus the second derivatives.
    """

    value: float
    gradient: np.ndarray
    information: np.ndarray


@dataclass(frozen=True)
class Posterior:
    """The posterior of one chamber for one assignment of sides.

    Attributes
    ----------
    seating, sign
        Members in the order of the frame, and their votes, +1, -1 or 0, bills of open sign last.
    groups
        Members and hyperparameters.
    grid
        The bills; its place changes with each call of `derivatives`.
    start : ndarray, shape (n_dim,)
        Where the pilot ends.
    """

    seating: Seating
    sign: np.ndarray
    groups: Groups
    grid: BillGrid
    start: np.ndarray

    @classmethod
    def of(
        cls,
        votes: ChamberVotes,
        beta_prior: BetaPriorSpec,
        alpha_sigma: float,
        oriented: np.ndarray | None = None,
        crossed: bool = False,
        priors: ModelPriors = PRODUCTION,
    ) -> Posterior:
        """Run the pilot; arguments as for `fast.chamber_forms.fast_chamber`.

        Raises
        ------
        ValueError
            If a party has no member.
        """
        seating = seat(votes.parties, crossed)
        matrix = Matrix.of(votes, seating, beta_prior, alpha_sigma, oriented)
        pilot = run_pilot(matrix.sign, matrix.score, seating.sizes, matrix.bills)
        sizes = seating.sizes
        groups = Groups(*sizes, len(seating.order) - sum(sizes), crossed, priors)
        start = groups.to_u.T @ (pilot.u - groups.middle)
        start[:2] = pilot.s, math.log(pilot.sep)
        start[2:N_SCALARS] = math.log(pilot.sep) + np.log(pilot.sd)
        grid = BillGrid.of(pilot.bills, beta_prior, priors.alpha_prior(alpha_sigma))
        return cls(seating, matrix.sign, groups, grid, start)

    def u(self, y: np.ndarray) -> np.ndarray:
        """Return positions in the frame, shape (..., n)."""
        return self.groups.middle + y @ self.groups.to_u.T

    def xi(self, y: np.ndarray) -> np.ndarray:
        """Return ideal points in the order of the votes, shape (n_draws, n)."""
        return (y[:, :1] + np.exp(y[:, 1:2]) * self.u(y))[:, self.seating.inverse]

    def derivatives(self, y: np.ndarray) -> Derivatives:
        """Compute value, gradient and information at ``y``, and move the grid of the bills to their moments there.

        Scores and information of a bill's votes with its parameters integrated out are those of Louis (1982, JRSS B
        44): the mean score; the mean information less the variance of the score.
        """
        u, n = self.u(y), self.groups.n
        first, w, a = points = self.grid.points()
        flat_w, sign = w.ravel().astype(np.float32), np.tile(self.sign, (1, self.grid.size))
        z = -sign * (np.outer(u, flat_w).astype(np.float32) - a.ravel().astype(np.float32))
        tail = np.exp(-np.abs(z))
        loglik = -(np.abs(sign) * (np.maximum(z, 0) + np.log1p(tail))).sum(0, dtype=float).reshape(w.shape)
        wrong = np.where(sign != 0, np.where(z > 0, 1, tail) / (1 + tail), 0)  # probability of the other vote
        by_frame, known = self._frame_scores(points, y)
        log_weight = loglik + self.grid.log_prior(points, y[0], y[1], float(self.groups.spread(y[None])[0]))
        top = log_weight.max(0)
        weight = np.exp(log_weight - top)
        total = weight.sum(0)
        value = float((np.log(total) + top + self.grid.log_cell()).sum() + self.groups.log_prior(y[None])[0])
        weight /= total
        self.grid.settle(weight, first, a)
        by = weight.ravel().astype(np.float32)
        scores = np.concatenate([sign * wrong * flat_w, by_frame.astype(np.float32)])
        mean = (scores * by).reshape(n + 2, *w.shape).sum(1)
        information = np.asarray((mean @ mean.T) - (scores * by) @ scores.T, dtype=float)
        information[:n, :n] += np.diag((wrong * (1 - wrong)) @ (by * flat_w**2))
        information[n:, n:] += (weight * known).sum((2, 3))
        return self._chained(y, value, mean.sum(1).astype(float), information)

    def _chained(self, y: np.ndarray, value: float, gradient: np.ndarray, information: np.ndarray) -> Derivatives:
        """Go from derivatives by ``u, s, log sep`` to those by the coordinates, and add the prior's."""
        frame = np.zeros((2, self.groups.n_dim))
        frame[0, 0] = frame[1, 1] = 1
        by = np.concatenate([self.groups.to_u, frame])
        own, curvature = self.groups.derivatives(y)
        return Derivatives(value, by.T @ gradient + own, by.T @ information @ by + curvature)

    def _frame_scores(
        self, points: tuple[np.ndarray, np.ndarray, np.ndarray], y: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Differentiate the log prior of the points by s and log sep; shapes (2, n_flat) and (2, 2, n_points, n_bills).

        The second result is minus the second derivatives.
        """
        h = _H * math.exp(y[1]), _H

        def at(i: int, j: int) -> np.ndarray:
            moved = y.copy()
            moved[:2] += i * h[0], j * h[1]
            return self.grid.log_prior(points, moved[0], moved[1], float(self.groups.spread(moved[None])[0]))

        here, right, left, up, down = at(0, 0), at(1, 0), at(-1, 0), at(0, 1), at(0, -1)
        mixed = -(at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h[0] * h[1])
        known = [[(2 * here - right - left) / h[0] ** 2, mixed], [mixed, (2 * here - up - down) / h[1] ** 2]]
        score = np.stack([(right - left).ravel() / (2 * h[0]), (up - down).ravel() / (2 * h[1])])
        return score, np.array(known)

    def log_density(self, y: np.ndarray, mu: tuple[np.ndarray, np.ndarray] | None = None) -> np.ndarray:
        """Compute the log density at many draws, shape (n_draws, n_dim), party means integrated out as in `groups`.

        With ``mu``, the draws of the party means, it is the exact density over that of `Groups.draw_means`.
        """
        total = self.groups.log_prior(y)
        if mu is not None:
            total = total + self.groups.correction(y, mu)
        rows, nodes, basis = _interpolation(self.u(y), self.grid.points()[1])
        points, log_cell = self.grid.points(), self.grid.log_cell()
        frame = y[:, 0], y[:, 1], self.groups.spread(y, mu)
        scalars = tuple(np.asarray(x, np.float32)[:, None, None] for x in frame)
        for kind in self.grid.kinds:
            for part in kind.parts(_AT_ONCE):
                if len(part.columns):
                    own = tuple(x[:, part.columns].astype(np.float32) for x in points)
                    votes = _votes(self.sign[np.ix_(rows, part.columns)], nodes, own, basis)
                    total += _integral(votes, part, own, scalars) + log_cell[part.columns].sum()
        return total


def _votes(sign: np.ndarray, nodes: np.ndarray, points: tuple[np.ndarray, ...], basis: np.ndarray) -> np.ndarray:
    """Compute the log-likelihood of some bills' points at all draws, shape (n_draws, n_points, n_bills)."""
    _, w, a = points
    signs = np.tile(sign.astype(np.float32), (1, len(w)))
    z = signs * (np.outer(nodes, w.ravel()) - a.ravel())
    np.copyto(z, np.float32(100), where=signs == 0)
    loglik = np.abs(z)  # and not log1p of it, which takes several times as long without AVX-512
    np.log(1 + np.exp(np.negative(loglik, out=loglik), out=loglik), out=loglik)
    np.subtract(np.minimum(z, 0, out=z), loglik, out=loglik)
    return (basis.T @ loglik).reshape(basis.shape[1], *w.shape)


def _integral(
    votes: np.ndarray, kind: Kind, points: tuple[np.ndarray, ...], frame: tuple[np.ndarray, ...]
) -> np.ndarray:
    """Sum the logs of the bills' integrals, without the area of a cell, shape (n_draws,)."""
    first, w, a = points
    total = votes + kind.log_prior(first, w, a, *frame)
    top = total.max(1, keepdims=True)
    return np.asarray((np.log(np.exp(total - top).sum(1)) + top[:, 0]).sum(1, dtype=float))


def _interpolation(u: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Choose Chebyshev nodes for each member over the range of her draws ``u``, shape (n_draws, n).

    Returns
    -------
    rows : ndarray of int, shape (n_nodes,)
        The member of each node.
    nodes : ndarray, shape (n_nodes,)
        Positions.
    basis : ndarray, shape (n_nodes, n_draws)
        A function of u, summed over members at each draw, is its values at the nodes times this.
    """
    low, high = u.min(0), u.max(0)
    half, middle, steep = (high - low) / 2 + 1e-9, (high + low) / 2, float(np.quantile(np.abs(w), 0.95))
    counts = np.clip(np.ceil(3 + _PER_LOGIT * half * steep), *_NODES).astype(int)
    nodes, basis = [], []
    for i, n in enumerate(counts):
        angle = np.pi * (np.arange(n) + 0.5) / n
        order, own = np.arange(n)[:, None], np.arccos(np.clip((u[:, i] - middle[i]) / half[i], -1, 1))
        scale = np.full((n, 1), 2 / n)
        scale[0] = 1 / n
        nodes.append(middle[i] + half[i] * np.cos(angle))
        basis.append((scale * np.cos(order * angle)).T @ np.cos(order * own))
    return (
        np.repeat(np.arange(u.shape[1]), counts),
        np.concatenate(nodes).astype(np.float32),
        np.concatenate(basis).astype(np.float32),
    )
