"""Two sessions of a chamber on one scale, by the members who sit in both: draw by draw, and without those who moved.

With ``x`` the positions in the earlier session and ``y`` those in the later one, each on the scale of its own fit, the
later session moves to the scale of the earlier by ``x* = A y + B``. A is negative where one of the fits is mirrored.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

#: With fewer bridging members nothing is linked.
LEAST_BRIDGES = 5
#: The positions of returning members must correlate so, by their means, or no scale carries over.
LEAST_CORRELATION = 0.5
#: A member has moved, and is no bridge, where the test says so and the move is large enough to matter, in standard
#: deviations of the bridging members.
_MOVED_P, _MOVED_LEAST = 0.005, 0.2
_ROUNDS = 20
_MEDIAN_CHI2 = float(chi2.ppf(0.5, 1))
_GRID = 200
_NEGLIGIBLE = 1e-20  # a variance


@dataclass(frozen=True)
class Bridge:
    """Two sessions of a chamber, linked.

    Attributes
    ----------
    a, b : ndarray, shape (n_draws,)
        Constants: ``a * y + b`` is the later session on the scale of the earlier one.
    change : ndarray, shape (n_draws, n_returning)
        Later minus earlier position of each returning member, in standard deviations of the bridging members.
    used : ndarray of bool, shape (n_returning,)
        Who bridges.
    chi2, p_value : ndarray, shape (n_returning,)
        Test that the member moved no more than returning members do.
    drift : ndarray, shape (n_draws,)
        Standard deviation of the moves of bridging members from session to session, in their own.
    correlation : float
        Of the mean positions of those who may bridge; negative where one fit is mirrored.
    """

    a: np.ndarray
    b: np.ndarray
    change: np.ndarray
    used: np.ndarray
    chi2: np.ndarray
    p_value: np.ndarray
    drift: np.ndarray
    correlation: float


def correlation_of(x: np.ndarray, y: np.ndarray) -> float:
    """Correlate the mean positions of members, arrays of shape (n_draws, n); 0 where all stand at one place."""
    one, other = x.mean(0), y.mean(0)
    if len(one) < 2 or not one.std() or not other.std():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def bridge(x: np.ndarray, y: np.ndarray, may: np.ndarray, rng: np.random.Generator) -> Bridge:
    """Link two sessions by their returning members.

    Parameters
    ----------
    x, y : ndarray, shape (n_draws, n_returning)
        Positions of the members of both sessions in the earlier and in the later one, each on its own scale.
    may : ndarray of bool, shape (n_returning,)
        Who may bridge; `LEAST_BRIDGES` or more.
    rng
        Draws the moves of bridging members that the votes say nothing of.

    Notes
    -----
    A and B give the bridging members the same mean and the same standard deviation in both sessions, but for drift
    (mean-sigma, Kolen & Brennan 2014, ch. 6, with persons as the common elements). Draws of a posterior have the spread
    of what they are draws of, so no correction for their noise is needed.

    Drift: members move a little, each for herself. In each draw every bridging member moves by ``Normal(0, drift)``
    before A and B are found, so that they know of what a few members do by chance. The drift itself is drawn from its
    posterior under a flat prior, with ``m ~ Normal(0, v + drift^2)`` for the posterior mean ``m`` and variance ``v`` of
    each member's difference. What all bridging members do together is not seen: that there is no such move is the
    assumption.

    Screening: the spread of moves is first estimated so that up to half of the members may have moved otherwise: the
    median of ``m^2 / (v + drift^2)`` is that of a chi-square with one degree of freedom. A member whose difference is
    unlikely (`_MOVED_P`) under drift and posterior, and at least `_MOVED_LEAST`, is left out; the scales are linked
    without her, and all are tested again, until the set stays the same.
    """
    sign = 1.0 if correlation_of(x[:, may], y[:, may]) >= 0 else -1.0
    used = may.copy()
    for _ in range(_ROUNDS):
        change, test = _tested(x, sign * y, used, may)
        moved = (test.p_value < _MOVED_P) & (np.abs(change.mean(0)) >= _MOVED_LEAST)
        now = may & ~moved
        if (now == used).all() or now.sum() < LEAST_BRIDGES:
            break
        used = now
    change, test = _tested(x, sign * y, used, may)
    drift = _drift_draws(change[:, used], len(x), rng)
    mean_x, sd_x = _moments(x[:, used])
    mean_y, sd_y = _moments(y[:, used])
    place = (x[:, used] - mean_x) / sd_x + drift[:, None] * rng.standard_normal((len(x), int(used.sum())))
    shift, stretch = _moments(place)
    a = sign * sd_x * stretch / sd_y
    b = mean_x + sd_x * shift - a * mean_y
    change = (a * y + b - x) / sd_x
    correlation = correlation_of(x[:, may], y[:, may])
    return Bridge(a[:, 0], b[:, 0], change, used, test.chi2, test.p_value, drift, correlation)


@dataclass(frozen=True)
class _Test:
    chi2: np.ndarray
    p_value: np.ndarray


def _tested(x: np.ndarray, y: np.ndarray, used: np.ndarray, may: np.ndarray) -> tuple[np.ndarray, _Test]:
    """Return the changes of all once the ``used`` are alike, and their test against the drift."""
    (mean_x, sd_x), (mean_y, sd_y) = _moments(x[:, used]), _moments(y[:, used])
    change = (y - mean_y) / sd_y - (x - mean_x) / sd_x
    mean, variance = change.mean(0), np.maximum(change.var(0), _NEGLIGIBLE)
    drift = _drift(mean[may], variance[may])
    found = mean**2 / (variance + drift**2)
    return change, _Test(found, chi2.sf(found, 1))


def _drift(mean: np.ndarray, variance: np.ndarray) -> float:
    """Solve ``median(mean^2 / (variance + drift^2)) = median of chi-square(1)`` for the drift; 0 where it is less."""

    def excess(square: float) -> float:
        return float(np.median(mean**2 / (variance + square))) - _MEDIAN_CHI2

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float((mean**2).max()) / _MEDIAN_CHI2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return float(np.sqrt(high))


def _drift_draws(change: np.ndarray, n_draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the drift from its posterior on a grid, given changes of shape (n_draws, n)."""
    mean, variance = change.mean(0), np.maximum(change.var(0), _NEGLIGIBLE)
    grid = np.linspace(0, 4 * np.sqrt((mean**2).mean()), _GRID)
    total = variance + grid[:, None] ** 2
    log_density = -0.5 * (np.log(total) + mean**2 / total).sum(1)
    weight = np.exp(log_density - log_density.max())
    return np.asarray(rng.choice(grid, n_draws, p=weight / weight.sum()))


def _moments(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation in each draw, shape (n_draws, 1); a spread of zero counts as 1."""
    sd = values.std(1, keepdims=True)
    return values.mean(1, keepdims=True), np.where(sd > 0, sd, 1.0)
