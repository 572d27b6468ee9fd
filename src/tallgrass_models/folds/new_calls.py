"""The votes of a roll call that the fit has not seen: its parameters are integrated over their prior.

Given the members, the votes y of a new roll call have the joint probability

    Z_s(y) = integral of p(alpha, beta | s) prod_i p(y[i] | xi_s[i], alpha, beta)  d alpha d beta

in draw s, and their predictive probability is the mean of Z_s over the draws. It is a probability of all votes
together. Under a prior that is the same for either sign, a single vote of a new roll call is a toss-up, since nothing
tells which side has proposed what; what the model knows is how votes go together. So a vote is predicted from the other
votes of its roll call:

    P(y[i] | the others) = sum_s Z_s(y) / sum_s Z_s(y without i).

In the frame of a draw's members (their mean c, and g twice their standard deviation), ``u = (xi - c) / g``,
``w = g beta`` and ``a = alpha - beta c - k w``, so that the logit is ``w (u - k) - a``. The number k makes a and w
uncorrelated. One grid of nodes serves all draws, which the frame makes alike. Its nodes are evenly spaced in a and in
w, or in log w under a positive prior, or in asinh of w under one with heavy tails. The trapezoidal rule on it converges
faster than any power of the spacing (Trefethen & Weideman 2014). The grid grows until it holds all of the integrand,
and is refined until the integrals at the mean members change no more.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..checking.integrate import grid_loglik
from ..priors.densities import beta_log_density
from ..priors.model import AlphaPrior
from ..priors.spec import BetaPriorSpec

#: Log density outside the grid, relative to the highest: at the mean members, and of any draw.
_NEGLIGIBLE, _AT_EDGE = -18.0, -10.0
#: Nodes of each axis in the search for the grid; numbers of nodes that are tried; the change that is let pass.
_SEARCH, _NODES, _CHANGE = 48, (24, 34, 48, 68, 96, 136), 1e-4
#: Rounds of the search, and how often a grid that cuts a draw off may grow.
_ROUNDS, _GROWTHS = 40, 4
#: Votes without which the grid must hold the integrand too: those that are least expected, of either side.
_SURPRISING = 3
#: A probability below this is taken for it, so that its logarithm is a number.
_LEAST = 1e-300
#: Draws worked on together.
_TOGETHER = 50


@dataclass(frozen=True)
class Members:
    """Draws of members, and what a new roll call's parameters follow from.

    Attributes
    ----------
    xi : ndarray, shape (n_legislators, n_draws)
    beta_prior, alpha_prior
        Priors of the roll call.
    spread : ndarray, shape (n_draws,)
        The members' spread, in whose units the prior of alpha may be.
    eps : ndarray, shape (n_draws,), or None
        Probability that a vote is random, where votes lapse.
    """

    xi: np.ndarray
    beta_prior: BetaPriorSpec
    alpha_prior: AlphaPrior
    spread: np.ndarray
    eps: np.ndarray | None = None


@dataclass(frozen=True)
class Evidence:
    """Log probabilities of the votes of a new roll call.

    Attributes
    ----------
    log_z : ndarray, shape (n_draws,)
        Of all votes together, in each draw.
    given : ndarray, shape (n,)
        Of each vote given the others, over all draws.
    change
        By how much the integrals at the mean members changed with the last refinement, at most.
    """

    log_z: np.ndarray
    given: np.ndarray
    change: float


@dataclass(frozen=True)
class _Call:
    """The voters' u (n, n_draws) and signs, the frame of each draw (n_draws,), the priors, and k."""

    u: np.ndarray
    sign: np.ndarray
    center: np.ndarray
    gap: np.ndarray
    priors: Members
    k: float = 0.0

    def take(self, which: slice | np.ndarray) -> _Call:
        own = self.priors
        eps = None if own.eps is None else own.eps[which]
        some = replace(own, spread=own.spread[which], eps=eps)
        return replace(self, u=self.u[:, which], center=self.center[which], gap=self.gap[which], priors=some)

    def mean(self) -> _Call:
        own = self.priors
        eps = None if own.eps is None else own.eps.mean(keepdims=True)
        u, center, gap, spread = (v.mean(-1, keepdims=True) for v in (self.u, self.center, self.gap, own.spread))
        return replace(self, u=u, center=center, gap=gap, priors=replace(own, spread=spread, eps=eps))


@dataclass(frozen=True)
class _Grid:
    """Bounds of both axes, a and a function of w: that itself, its logarithm, or asinh of ``(w - shift) / scale``."""

    low: np.ndarray
    high: np.ndarray
    positive: bool
    shift: float = 0.0
    scale: float | None = None

    def nodes(self, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the nodes of a and of w, and the log of the area that each node stands for, by w; shapes (n,)."""
        a, at = (np.linspace(low, high, n) for low, high in zip(self.low, self.high, strict=True))
        area = np.log((a[1] - a[0]) * (at[1] - at[0]))
        if self.positive:
            return a, np.exp(at), area + at
        if self.scale is None:
            return a, at, np.full(n, area)
        return a, self.shift + self.scale * np.sinh(at), area + np.log(self.scale * np.cosh(at))

    def grown(self) -> _Grid:
        more = 0.25 * (self.high - self.low)
        return replace(self, low=self.low - more, high=self.high + more)


def evidence(members: Members, which: np.ndarray, y: np.ndarray) -> Evidence:
    """Integrate a new roll call out of its votes.

    Parameters
    ----------
    members
        The draws.
    which : ndarray of int, shape (n,)
        The members who voted, as rows of ``members.xi``; at least one.
    y : ndarray of int, shape (n,)
        1 Yea, 0 Nay.
    """
    center, gap = members.xi.mean(0), 2 * members.xi.std(0)
    sign = np.where(y == 1, 1.0, -1.0)
    call = _Call((members.xi[which] - center) / gap, sign, center, gap, members)
    mode, covariance = _near_normal(call.mean())
    call = replace(call, k=covariance[0, 1] / covariance[1, 1])
    grid = _covering(call.mean(), _first_grid(call.mean(), mode, covariance))
    n, change = _enough_nodes(call.mean(), grid)
    for _ in range(_GROWTHS):
        log_z, without, edge = _over_draws(call, grid, n)
        if edge < _AT_EDGE:
            break
        grid, n = grid.grown(), round(1.5 * n)
    return Evidence(log_z, _log_sum(log_z, 0) - _log_sum(without, 1), change)


# --- the integrals ----------------------------------------------------------------------------------------------------


def _over_draws(call: _Call, grid: _Grid, n: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Compute log Z of all votes (n_draws,) and without each (n_votes, n_draws), and the integrand at the edge."""
    a, w, area = grid.nodes(n)
    parts, edge = [], -np.inf
    for first in range(0, len(call.gap), _TOGETHER):
        part = call.take(slice(first, first + _TOGETHER))
        density = _log_integrand(part, a, w) + area
        top = density.max((1, 2))
        rim = np.concatenate(
            [density[:, [0, -1]].reshape(len(top), -1), density[:, :, [0, -1]].reshape(len(top), -1)], 1
        )
        edge = max(edge, float((rim.max(1) - top).max()))
        parts.append((_log_sum(density, (1, 2)), _log_without(part, density, a, w)))
    log_z, without = (np.concatenate(one, axis=-1) for one in zip(*parts, strict=True))
    return log_z, without, edge


def _log_integrand(call: _Call, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Compute the log of prior times likelihood, as a density of (a, w); shape (n_draws, len(a), len(w))."""
    own = call.priors
    beta = (w / call.gap[:, None])[:, None, :]
    alpha = a[:, None] + call.k * w + beta * call.center[:, None, None]
    prior = beta_log_density(own.beta_prior, beta) - np.log(call.gap)[:, None, None]
    prior = prior + own.alpha_prior.log_density(alpha, own.spread[:, None, None], np)
    if own.eps is None:
        return prior + grid_loglik(call.u - call.k, call.sign, a, w)
    return prior + np.sum([np.log(p) for p in _lapsing(call, a, w)], axis=0)


def _lapsing(call: _Call, a: np.ndarray, w: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the probability of each vote where votes lapse, (n_draws, len(a), len(w))."""
    assert call.priors.eps is not None, "votes do not lapse"
    half = np.maximum(call.priors.eps, 0)[:, None, None] / 2
    for sign, u in zip(call.sign, call.u - call.k, strict=True):
        with np.errstate(over="ignore", under="ignore"):
            p = half + (1 - 2 * half) / (1 + np.exp(sign * (a[:, None] - u[:, None, None] * w)))
        yield np.maximum(p, _LEAST)


def _log_without(call: _Call, density: np.ndarray, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Compute log of the sum over nodes without each vote, shape (n_votes, n_draws); ``density`` is with all of them.

    Notes
    -----
    Without vote i the integrand is larger by the factor ``1 / p_i``, which is ``1 + exp(sign a) exp(-sign w u)``. So
    the sum over a need not be repeated for every vote.
    """
    if call.priors.eps is not None:
        return np.stack([_log_sum(density - np.log(p), (1, 2)) for p in _lapsing(call, a, w)])
    whole = _log_sum(density, (1, 2))
    of_w = {sign: _log_sum(density + sign * a[:, None], 1) for sign in (1.0, -1.0)}
    more = [_log_sum(of_w[sign] - sign * u[:, None] * w, 1) for sign, u in zip(call.sign, call.u - call.k, strict=True)]
    return np.logaddexp(whole, np.stack(more))


def _log_sum(x: np.ndarray, axis: int | tuple[int, ...]) -> np.ndarray:
    top = np.maximum(x.max(axis, keepdims=True), -1e300)  # a sum may be of nothing but zeros
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(x - top).sum(axis)) + np.squeeze(top, axis))


# --- the grid ---------------------------------------------------------------------------------------------------------


def _near_normal(call: _Call) -> tuple[np.ndarray, np.ndarray]:
    """Find mode and covariance of (a, w) at the mean members under Normal priors near those of the roll call."""
    own = call.priors
    alpha_sd = own.alpha_prior.unit_sigma * (float(own.spread[0]) if own.alpha_prior.scaled else 1.0)
    center, spread = own.beta_prior.moments
    beta_sd = float(np.exp(center + spread)) if own.beta_prior.positive else float(np.hypot(center, spread))
    design = np.column_stack([-np.ones(len(call.sign)), call.u[:, 0]])
    to_alpha = np.array([1.0, float(call.center[0] / call.gap[0])])
    precision = np.outer(to_alpha, to_alpha) / alpha_sd**2 + np.diag([0.0, 1 / (beta_sd * float(call.gap[0])) ** 2])

    def objective(at: np.ndarray) -> float:
        return float(np.logaddexp(0, -call.sign * (design @ at)).sum() + 0.5 * at @ precision @ at)

    at = np.zeros(2)
    for _ in range(100):
        p = 1 / (1 + np.exp(-call.sign * (design @ at)))
        slope = -design.T @ (call.sign * (1 - p)) + precision @ at
        curvature = (design.T * (p * (1 - p))) @ design + precision
        step = np.linalg.solve(curvature, slope)
        size = next((s for s in 0.5 ** np.arange(30) if objective(at - s * step) <= objective(at)), 0.0)
        at = at - size * step
        if abs(size * step).max() < 1e-8:
            break
    return at, np.linalg.inv(curvature)


def _first_grid(call: _Call, mode: np.ndarray, covariance: np.ndarray) -> _Grid:
    """Return a first grid about the mode; a prior with heavy tails is one that is neither positive nor Normal."""
    at = np.array([mode[0] - call.k * mode[1], mode[1]])
    sd = np.sqrt([covariance[0, 0] - covariance[0, 1] ** 2 / covariance[1, 1], covariance[1, 1]])
    prior, shift, scale = call.priors.beta_prior, 0.0, None
    if prior.positive:
        center, spread = prior.moments
        if at[1] > 2 * sd[1]:
            at[1], sd[1] = np.log(at[1]), sd[1] / at[1]
        else:
            at[1], sd[1] = center + np.log(call.gap[0]), spread
    elif prior.distribution != "normal":
        shift, scale = float(at[1]), float(sd[1])
        at[1], sd[1] = 0.0, 0.5
    return _Grid(at - 8 * sd, at + 8 * sd, prior.positive, shift, scale)


def _covering(call: _Call, grid: _Grid) -> _Grid:
    """Grow and cut a grid until it holds the integrand with all votes and without the least expected ones, tightly."""
    for _ in range(_ROUNDS):
        inside = _inside(call, *grid.nodes(_SEARCH))
        step, low, high = (grid.high - grid.low) / (_SEARCH - 1), grid.low.copy(), grid.high.copy()
        done = True
        for axis in (0, 1):
            rows = np.flatnonzero(inside.any(1 - axis))
            first, last = int(rows[0]), int(rows[-1])
            width = grid.high[axis] - grid.low[axis]
            low[axis] = grid.low[axis] + (first - 1) * step[axis] if first else grid.low[axis] - width / 2
            last_but = _SEARCH - 1 - last
            high[axis] = grid.high[axis] - (last_but - 1) * step[axis] if last_but else grid.high[axis] + width / 2
            done &= first > 0 and last_but > 0 and last - first > _SEARCH // 2
        if done:
            break
        grid = replace(grid, low=low, high=high)
    return grid


def _inside(call: _Call, a: np.ndarray, w: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Tell at which nodes the integrand at the mean members counts, with all votes or without a surprising one."""
    density = _log_integrand(call, a, w)[0] + area
    best = np.unravel_index(density.argmax(), density.shape)
    expected = call.sign * (w[best[1]] * (call.u[:, 0] - call.k) - a[best[0]])
    inside = density > density.max() + _NEGLIGIBLE
    for one in _surprising(call.sign, expected):
        without = density - _log_of_vote(call, one, a, w)
        inside |= without > without.max() + _NEGLIGIBLE
    return inside


def _surprising(sign: np.ndarray, expected: np.ndarray) -> Iterator[int]:
    """Yield the votes of either side that are least expected."""
    for side in (1.0, -1.0):
        own = np.flatnonzero(sign == side)
        yield from own[np.argsort(expected[own])[:_SURPRISING]].tolist()


def _log_of_vote(call: _Call, one: int, a: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Compute the log probability of a vote at the mean members, shape (len(a), len(w))."""
    some = replace(call, u=call.u[[one]], sign=call.sign[[one]])
    if call.priors.eps is not None:
        return np.log(next(_lapsing(some, a, w)))[0]
    return -np.logaddexp(0, call.sign[one] * (a[:, None] - (call.u[one, 0] - call.k) * w))


def _enough_nodes(call: _Call, grid: _Grid) -> tuple[int, float]:
    """Return a number of nodes beyond which the integrals at the mean members change no more, and their last change."""

    def integrals(n: int) -> np.ndarray:
        a, w, area = grid.nodes(n)
        density = _log_integrand(call, a, w) + area
        return np.append(_log_without(call, density, a, w), _log_sum(density, (1, 2)))

    change = np.inf
    for fewer, more in itertools.pairwise(_NODES):
        change = float(abs(integrals(more) - integrals(fewer)).max())
        if change < _CHANGE:
            return fewer, change
    return _NODES[-1], change
