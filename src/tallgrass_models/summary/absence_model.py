"""A simple model of who is absent, as a run of sensitivity: it is fitted after the positions, not with them.

Member ``i`` in office misses a roll call with probability ::

    logistic(intercept + position x[i] + republican R[i] + close C[j] + u[i]),     u[i] ~ Normal(0, member)

where ``x`` is the position on the headline scale, ``R`` is 1 for a Republican and ``C`` is 1 for a close roll call. So
the counts of absences from close and from other roll calls are all it needs. Members have a propensity ``u`` of their
own, or a few who are often away would pass for an effect of where they stand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

#: Draws of the positions for which coefficients are fitted, and draws of the coefficients for each.
_N_POSITIONS, _N_COEFFICIENTS = 10, 50
#: Fewer members, or members who are ever absent, are too few.
_LEAST_MEMBERS, _LEAST_ABSENT = 20, 5
#: Rounds of Newton's method for the propensities; the step that ends it; step of the differences of the Hessian.
_ROUNDS, _CLOSE_ENOUGH, _STEP = 30, 1e-6, 1e-3
#: Weights worth fewer draws than this tell no move.
_LEAST_ESS = 50
#: Names of the standard deviation of the propensities, and of the terms.
MEMBER = "member"
INTERCEPT, POSITION, REPUBLICAN, CLOSE = "intercept", "position", "republican", "close"


@dataclass(frozen=True)
class Absences:
    """Counts of the members of a chamber.

    Attributes
    ----------
    n, k : ndarray, shape (n_members, 2)
        Roll calls in office, and absences from them; first the others, then the close ones.
    republican : ndarray, shape (n_members,)
        1 for a Republican, else 0.
    """

    n: np.ndarray
    k: np.ndarray
    republican: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """Coefficients: ``draws`` has shape (n, len(terms)), ``at_mean`` is the fit at mean positions (log member last)."""

    terms: tuple[str, ...]
    draws: np.ndarray
    at_mean: np.ndarray


def absence_model(absences: Absences, x: np.ndarray, rng: np.random.Generator) -> Fitted | None:
    """Fit the model to some draws of the positions.

    Parameters
    ----------
    absences
    x : ndarray, shape (n_draws, n_members)
        Positions.

    Returns
    -------
    Fitted or None
        None if there are too few members or absences, or the fit has no maximum. For each draw of the positions the
        marginal likelihood is maximised, and the coefficients are drawn from the Normal around the maximum, so their
        spread includes that of the positions.
    """
    n, k = absences.n, absences.k
    if len(n) < _LEAST_MEMBERS or (k.sum(1) > 0).sum() < _LEAST_ABSENT or k.sum() == n.sum():
        return None
    terms = [INTERCEPT, POSITION]
    terms += [REPUBLICAN] if 0 < absences.republican.sum() < len(n) else []
    close_varies = n[:, 1].sum() > 0 and n[:, 0].sum() > 0 and 0 < k[:, 1].sum() < n[:, 1].sum()
    terms += [CLOSE] if close_varies and k[:, 0].sum() > 0 else []
    rate = (k.sum() + 0.5) / (n.sum() + 1)
    start = np.zeros(len(terms) + 1)
    start[0] = np.log(rate / (1 - rate))
    at_mean = _maximum(absences, x.mean(0), terms, start)
    if at_mean is None:
        return None
    drawn = []
    for s in np.unique(np.linspace(0, len(x) - 1, _N_POSITIONS).astype(int)):
        found = _maximum(absences, x[s], terms, at_mean[0])
        if found is None:
            return None
        drawn.append(rng.multivariate_normal(*found, size=_N_COEFFICIENTS))
    out = np.concatenate(drawn)
    out[:, -1] = np.exp(out[:, -1])
    return Fitted((*terms, MEMBER), out, at_mean[0])


def moves(absences: Absences, x: np.ndarray, theta: np.ndarray, terms: Sequence[str]) -> np.ndarray:
    """Compute how far each mean position would move if the member's absences counted as evidence.

    Parameters
    ----------
    absences, x
        As for `absence_model`.
    theta, terms
        Coefficients, the log of ``member`` last, and their names.

    Returns
    -------
    ndarray, shape (n_members,)
        In the member's own posterior standard deviations, positive to the right; NaN where the draws cannot tell. The
        draws of a member are weighted by the likelihood of her absences at the coefficients of the fit. All else stays
        as it is.
    """
    out = np.full(x.shape[1], np.nan)
    log_weight = np.stack([_log_marginal(absences, draw, theta, terms) for draw in x])
    weight = np.exp(log_weight - log_weight.max(0))
    weight /= weight.sum(0)
    sd = x.std(0)
    told = (1 / (weight**2).sum(0) >= _LEAST_ESS) & (sd > 0)
    out[told] = ((weight * x).sum(0) - x.mean(0))[told] / sd[told]
    return out


def _maximum(
    absences: Absences, x: np.ndarray, terms: Sequence[str], start: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Find the maximum of the marginal likelihood, and the inverse of minus the Hessian there; None if there is none.

    The log of ``member`` has the prior Normal(0, 1.5), which keeps it from running off to no propensities at all.
    """

    def loss(theta: np.ndarray) -> float:
        return -float(_log_marginal(absences, x, theta, terms).sum()) + (theta[-1] / 1.5) ** 2 / 2

    found = minimize(loss, start, method="BFGS", options={"gtol": 1e-3})
    m, at = len(start), found.x
    steps = _STEP * np.eye(m)
    hessian = np.array(
        [[loss(at + a + b) - loss(at + a - b) - loss(at - a + b) + loss(at - a - b) for b in steps] for a in steps]
    ) / (4 * _STEP**2)
    if not np.isfinite(hessian).all() or np.linalg.eigvalsh(hessian).min() <= 1e-3:
        return None
    return at, np.linalg.inv(hessian)


def _log_marginal(absences: Absences, x: np.ndarray, theta: np.ndarray, terms: Sequence[str]) -> np.ndarray:
    """Compute the log likelihood of each member's counts, up to a constant, with ``u`` integrated out.

    Laplace's approximation: the integrand has one peak in u, near Normal for many roll calls (by the likelihood) and
    for few (by the prior of u).
    """
    of = dict(zip(terms, theta, strict=False))
    base = of[INTERCEPT] + of[POSITION] * x + of.get(REPUBLICAN, 0.0) * absences.republican
    eta = base[:, None] + np.array([0.0, of.get(CLOSE, 0.0)])
    precision = np.exp(-2 * theta[-1])
    u = np.zeros(len(x))
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-(eta + u[:, None])))
        slope = (absences.k - absences.n * p).sum(1) - precision * u
        step = np.clip(slope / ((absences.n * p * (1 - p)).sum(1) + precision), -1, 1)
        u = u + step
        if np.abs(step).max() < _CLOSE_ENOUGH:
            break
    z = eta + u[:, None]
    p = 1 / (1 + np.exp(-z))
    curve = (absences.n * p * (1 - p)).sum(1) + precision
    log_likelihood = (absences.k * z - absences.n * np.logaddexp(0, z)).sum(1)
    return np.asarray(log_likelihood - precision * u**2 / 2 + 0.5 * np.log(precision / curve))
