"""Leave-one-out of a vote whose importance weights are too uneven, by integrating its bill out.

Such a vote decides what is known about its roll call. Without it the bill's (alpha, beta) lie where few draws are, and
moving the draws by an affine map (moment matching) does not always lead there. But given the ideal points, the bill's
posterior has two dimensions. In the frame of the draw's ideal points (their mean c, and g twice their standard
deviation), ``u = (xi - c) / g``, ``a = alpha - beta c`` and ``w = g beta``, and the probability of vote ``i`` given all
others is

    p_s = Z(all votes of j) / Z(all but i),     Z(votes) = integral of prior(a, w) prod_votes logistic(+-(w u[i] - a))

for draw s. The ideal points are reweighted by ``1 / p_s``, which vary far less than the weights of draws of the bill.
This is integrated importance sampling (Vehtari et al. 2016; Merkle, Furr & Rabe-Hesketh 2019 for item response models).

One grid of (a, w) serves all draws, since the frame makes them alike. Under a positive prior the grid is evenly spaced
in log w. A bill oriented the other way is taken with Yea and Nay exchanged. In two dimensions the bill's slope on the
second one stays that of the draw, with the prior of the other two given it (`plane.bill_prior`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..draws.vote_probability import lapsed
from ..priors.densities import beta_log_density
from ..priors.model import AlphaPrior
from ..priors.spec import BetaPriorSpec
from .draws import Draws
from .observations import Observations
from .plane import BillPrior, bill_prior
from .psis import loo_rows, tail_length

#: Number of draws taken, evenly spaced. Their weights are so even that this many give a standard error of about 0.03.
_N_DRAWS = 200
#: Number of nodes of each axis in the search for the box, and in the integral.
_SEARCH, _NODES = 80, 32
#: Log density outside the box, relative to the highest.
_NEGLIGIBLE = -16.0
#: Rounds of zooming in on the box.
_ZOOMS = 3
#: Number of factors, each at most 1e38, to multiply before taking the logarithm; number of draws worked on together.
_FACTORS, _TOGETHER = 8, 50


@dataclass(frozen=True)
class LeftOut:
    """Expected log predictive density of one vote, its Pareto k, and the variance of the density over repetitions."""

    elpd: float
    pareto_k: float
    variance: float


@dataclass(frozen=True)
class RollCall:
    """Data of the integral for one vote: the voters' u (n, n_draws) and signs, the frame of each draw, the priors.

    ``spread`` is the members' spread of each draw, in whose units the prior of alpha may be.
    Where votes lapse, also ``eps`` (n_draws,).
    In two dimensions ``second`` is what the second one adds to each voter's logit, shape (n, n_draws), and ``given``
    the prior of the bill given its slope on that.
    """

    u: np.ndarray
    sign: np.ndarray
    own: int
    center: np.ndarray
    gap: np.ndarray
    beta_prior: BetaPriorSpec
    alpha_prior: AlphaPrior
    spread: np.ndarray
    eps: np.ndarray | None = None
    second: np.ndarray | None = None
    given: BillPrior | None = None


def integrate_out(obs: Observations, draws: Draws, which: int) -> LeftOut:
    """Estimate leave-one-out of observation number ``which``."""
    item = obs.item[which]
    flip = -1.0 if draws.sign[item] < 0 else 1.0
    prior = draws.beta_prior if draws.sign[item] else draws.beta_prior.free_sign()
    center, gap = draws.xi.mean(0), 2 * draws.xi.std(0)  # not the party means, whose distance can be arbitrarily small
    cells = np.flatnonzero(obs.item == item)
    u = (draws.xi[obs.member[cells]] - center) / gap
    own = int(np.flatnonzero(cells == which)[0])
    sign = flip * np.where(obs.y[cells] == 1, 1.0, -1.0)
    call = RollCall(u, sign, own, center, gap, prior, draws.alpha_prior, draws.alpha_unit, draws.eps)
    if draws.axes is not None and draws.xi2 is not None and draws.beta2 is not None:
        beta2 = draws.beta2[item].astype(float)
        given = bill_prior(draws.axes, beta2, prior.params["sigma"], draws.alpha_sigma)
        call = replace(call, second=beta2 * draws.xi2[obs.member[cells]], given=given)
    a, w = _box(call, flip * draws.alpha[item], flip * draws.beta[item])
    thin = np.unique(np.linspace(0, draws.n_draws - 1, _N_DRAWS).astype(int))
    parts = np.split(thin, range(_TOGETHER, len(thin), _TOGETHER))
    log_ratio = np.concatenate([_log_ratio(*_log_weight(_take(call, part), a, w)) for part in parts])
    out = np.empty((4, 1))
    loo_rows(np.expm1(log_ratio)[None], tail_length(len(thin), 1.0), out)
    elpd, _, k, variance = out[:, 0]
    return LeftOut(elpd, k, variance)


def _log_ratio(rest: np.ndarray, loglik: np.ndarray) -> np.ndarray:
    """Compute the log of Z without the vote over Z with it, shape (n_draws,)."""
    weight = np.exp(rest - rest.max((1, 2), keepdims=True))
    return np.log(weight.sum((1, 2)) / (weight * np.exp(loglik)).sum((1, 2)))


def _log_weight(call: RollCall, a: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute the bill's log density without the vote, and the vote's log-likelihood; (n_draws, len(a), len(w))."""
    beta = (w / call.gap[:, None])[:, None, :]
    alpha = a[:, None] + beta * call.center[:, None, None]
    if call.given is not None:
        prior = call.given.log_density(alpha, beta)
    else:
        prior = beta_log_density(call.beta_prior, beta)
        prior = prior + call.alpha_prior.log_density(alpha, call.spread[:, None, None], np)
    if call.beta_prior.positive:
        prior = prior + np.log(w)
    others = np.delete(np.arange(len(call.sign)), call.own)
    second = np.zeros_like(call.u) if call.second is None else call.second
    own = call.sign[call.own] * (call.u[call.own][:, None, None] * w - a[:, None] + second[call.own][:, None, None])
    if call.eps is not None:
        own = lapsed(own, call.eps[:, None, None])
    known = None if call.second is None else second[others]
    rest = grid_loglik(call.u[others], call.sign[others], a, w, call.eps, known)
    return prior + rest, -np.logaddexp(0, -own)


def grid_loglik(
    u: np.ndarray,
    sign: np.ndarray,
    a: np.ndarray,
    w: np.ndarray,
    eps: np.ndarray | None = None,
    known: np.ndarray | None = None,
) -> np.ndarray:
    """Compute the log-likelihood of votes on a grid of bills.

    Parameters
    ----------
    u : ndarray, shape (n, n_draws)
    sign : ndarray, shape (n,)
        +1 Yea, -1 Nay.
    a, w : ndarray, shapes (n_a,), (n_w,)
    eps : ndarray, shape (n_draws,), optional
        Probability that a vote is random. Each vote is then taken on its own.
    known : ndarray, shape (n, n_draws), optional
        Part of each logit that no node changes.

    Returns
    -------
    ndarray, shape (n_draws, n_a, n_w)
        Sum of ``log logistic(sign (w u - a + known))``; -inf where it is below some hundreds.

    Notes
    -----
    ``1 + exp(-logit)`` is ``1 + exp(sign a) exp(-sign w u)``, so only the axes need exponentials, not every node. Where
    one of the two overflows and the other underflows, votes are taken one by one.
    """
    total = np.zeros((u.shape[1], len(a), len(w)))
    if eps is not None:
        for s, at in zip(sign, u, strict=True):
            total -= np.logaddexp(0, -lapsed(s * (at[:, None, None] * w - a[:, None]), eps[:, None, None]))
        return total
    product = np.ones_like(total)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        for i in range(len(sign)):
            by_w = -sign[i] * u[i][:, None] * w
            if known is not None:
                by_w = by_w - sign[i] * known[i][:, None]
            product *= 1 + np.exp(sign[i] * a)[:, None] * np.exp(by_w)[:, None, :]
            if i % _FACTORS == _FACTORS - 1 or i == len(sign) - 1:
                total -= _one_by_one(u, sign, a, w, i, known) if np.isnan(product).any() else np.log(product)
                product.fill(1)
    return total


def _one_by_one(
    u: np.ndarray, sign: np.ndarray, a: np.ndarray, w: np.ndarray, last: int, known: np.ndarray | None = None
) -> np.ndarray:
    """Compute minus the log-likelihood of the votes that share a product with vote ``last``."""
    votes = range(last - last % _FACTORS, last + 1)
    more = np.zeros_like(u) if known is None else known
    return np.sum(
        [np.logaddexp(0, sign[i] * (a[:, None] - u[i][:, None, None] * w - more[i][:, None, None])) for i in votes],
        axis=0,
    )


def _take(call: RollCall, which: np.ndarray) -> RollCall:
    eps = None if call.eps is None else call.eps[which]
    some = replace(
        call, u=call.u[:, which], center=call.center[which], gap=call.gap[which], spread=call.spread[which], eps=eps
    )
    if call.second is None or call.given is None:
        return some
    return replace(some, second=call.second[:, which], given=call.given.take(which))


def _box(call: RollCall, alpha: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find nodes of both axes that cover the bill's density with and without the vote, at the mean ideal points."""
    axis = np.log(beta * call.gap) if call.beta_prior.positive else beta * call.gap
    own = np.stack([alpha - beta * call.center, axis])
    low, high = own.min(1), own.max(1)
    low, high = low - 2 * (high - low), high + 2 * (high - low)
    u, center, gap, spread = (v.mean(-1, keepdims=True) for v in (call.u, call.center, call.gap, call.spread))
    eps = None if call.eps is None else call.eps.mean(keepdims=True)
    mean = replace(call, u=u, center=center, gap=gap, spread=spread, eps=eps)
    if call.second is not None and call.given is not None:
        mean = replace(mean, second=call.second.mean(-1, keepdims=True), given=call.given.mean())

    def nodes(count: int) -> tuple[np.ndarray, np.ndarray]:
        a, w = (np.linspace(low[axis], high[axis], count) for axis in (0, 1))
        return a, np.exp(w) if call.beta_prior.positive else w

    for _ in range(_ZOOMS):
        rest, loglik = (values[0] for values in _log_weight(mean, *nodes(_SEARCH)))
        inside = np.maximum(rest - rest.max(), rest + loglik - (rest + loglik).max()) > _NEGLIGIBLE
        step = (high - low) / (_SEARCH - 1)
        first = np.array([inside.any(1).argmax(), inside.any(0).argmax()])
        last = _SEARCH - 1 - np.array([inside.any(1)[::-1].argmax(), inside.any(0)[::-1].argmax()])
        low, high = low + np.maximum(first - 1, 0) * step, low + np.minimum(last + 1, _SEARCH - 1) * step
    return nodes(_NODES)
