"""Bills of the pilot: posterior moments of each bill given members and frame, and the sketches they make.

A bill's two parameters have a posterior that is far from Normal where a party is nearly unanimous: the logit is then
known to be large, and hardly more. So moments come from quadrature, not from the curvature at the top: a grid of points
about the last known mean, in units of the last known covariance, round after round.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...priors.spec import BetaPriorSpec
from ..fast.coordinates import BillInfo, LogSlopeInfo, bend_of_skewness

# Grid of the quadrature: in standard deviations of the last round.
_SPACING = 0.8
_AXIS = _SPACING * np.arange(-4, 5)
_LOW, _HIGH = 2, 6  # places on the axis, 1.6 standard deviations to either side
GRID = np.stack([x.ravel() for x in np.meshgrid(_AXIS, _AXIS)])
_START_SEP = 3.0
_LOG_STEP = 0.7  # longest step of log sep, and of s in units of sep
_MIN_SEP = 0.3  # groups that lie closer are not told apart by the votes, and sep would dwindle round by round
_RIDGE = 0.01  # precision, in units of the prior's, that keeps a line fitted to next to nothing within reason
_MAX_POWER = 3.0  # of the slope, with which what the votes say about the intercept falls
FLOOR = 1e-6  # least precision of a sketch, which must stay a density


@dataclass(frozen=True)
class Bins:
    """Votes counted by members of like position.

    Attributes
    ----------
    u : ndarray, shape (n_bins,)
    yea, cast : ndarray, shape (n_bins, n_votes)
        Yea, and Yea plus Nay.
    """

    u: np.ndarray
    yea: np.ndarray
    cast: np.ndarray

    def moved(self, ratio: float, shift: float) -> Bins:
        """The same members at ``ratio * u + shift``."""
        return Bins(ratio * self.u + shift, self.yea, self.cast)

    def beside(self, other: Bins) -> Bins:
        """Members of both."""
        return Bins(*(np.concatenate([x, y]) for x, y in zip(vars(self).values(), vars(other).values(), strict=True)))

    def on(self, columns: np.ndarray) -> Bins:
        """On some of the roll calls."""
        return Bins(self.u, self.yea[:, columns], self.cast[:, columns])

    def log_likelihood(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """At many points of each bill; ``w``, ``a`` and result have shape (n_points, n_votes)."""
        total = np.zeros(w.shape)
        for u, yea, cast in zip(self.u, self.yea, self.cast, strict=True):
            logit = w * u - a
            total += yea * logit - cast * (np.maximum(logit, 0) + np.log1p(np.exp(-np.abs(logit))))
        return total

    def information(self, w: np.ndarray, a: np.ndarray) -> np.ndarray:
        """Sum of ``p (1 - p)`` over the votes on each bill, shape (n_votes,)."""
        p = 1 / (1 + np.exp(np.clip(a - np.outer(self.u, w), -500, 500)))
        return (self.cast * p * (1 - p)).sum(0) + FLOOR


@dataclass(frozen=True)
class FramePrior:
    """Prior of the frame: precision of s, and ``count - rate * sep**2``, derivative of the log density by log sep."""

    s_precision: float
    count: float
    rate: float


@dataclass(frozen=True)
class Sketch:
    """What the votes say about bills: Gaussian in first approximation, and how the coordinates are to be shaped.

    All of shape (n_bills,): ``bend_first`` and ``bend_second`` are those of `coordinates.bent`, ``power`` and
    ``center`` the funnel of `coordinates.positive_bills`, zeros for bills under a Normal prior.
    """

    info: BillInfo | LogSlopeInfo
    bend_first: np.ndarray
    bend_second: np.ndarray
    power: np.ndarray
    center: np.ndarray

    def shape(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """All but the Gaussian approximation, in order."""
        return self.bend_first, self.bend_second, self.power, self.center


class PilotBills(ABC):
    """Bills of one chamber: mean and covariance of two parameters each, and the frame that suits their priors.

    ``mean`` has the rows first and second parameter, ``covariance`` the rows 11, 12, 22.
    """

    mean: np.ndarray
    covariance: np.ndarray
    s: float
    sep: float
    frame_score: np.ndarray
    """Derivative of the log likelihood, bills integrated out, by s and log sep, shape (2,)."""
    frame_information: np.ndarray
    """Minus its second derivatives, and with the bills known rather than integrated out; shape (2, 2, 2)."""

    def __init__(self, prior: BetaPriorSpec, alpha_sigma: float) -> None:
        self.prior, self.alpha_sigma = prior, alpha_sigma
        self.mu, self.sigma = prior.moments
        self._params, self._steering = prior.first_params, prior.family.steered()

    # What bills of either sign and positive ones differ in.

    @abstractmethod
    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, _START_SEP)``."""

    @abstractmethod
    def slope(self, first: np.ndarray) -> np.ndarray:
        """w by the first parameter."""

    @abstractmethod
    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Log prior density of the two parameters in the present frame, up to a constant."""

    @abstractmethod
    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """The sketch that has the present moments, and the skewness of weighted points (`_quadrature`)."""

    # What they share.

    def scale_score(self, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of the log prior of the slope w, density of the first parameter: derivative by log sep, minus the second."""
        return self._steering.scale_score(beta, self._params, np)

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and intercepts at the mean."""
        return self.slope(self.mean[0]), self.mean[1]

    def fit(self, bins: Bins) -> None:
        """One round of quadrature: new means and covariances."""
        old = self.covariance
        self._quadrature(bins)
        # a grid coarser than the posterior shows too little spread: add that of a cell, which shrinks round by round
        self.covariance = self.covariance + _SPACING**2 / 12 * old

    def sketch(self, bins: Bins) -> Sketch:
        """A last round, and the sketch that has its moments."""
        return self.sketch_of(*self._quadrature(bins))

    def _quadrature(self, bins: Bins) -> tuple[np.ndarray, np.ndarray]:
        """Set means and covariances; return points (2, n_points, n_votes) and weights (n_points, n_votes)."""
        l_11 = np.sqrt(self.covariance[0])
        l_21 = self.covariance[1] / l_11
        l_22 = np.sqrt(np.maximum(self.covariance[2] - l_21**2, 1e-12))
        first = self.mean[0] + l_11 * GRID[0][:, None]
        second = self.mean[1] + l_21 * GRID[0][:, None] + l_22 * GRID[1][:, None]
        log_weight = bins.log_likelihood(self.slope(first), second) + self.log_prior(first, second)
        weight = np.exp(log_weight - log_weight.max(0))
        weight /= weight.sum(0)
        self.mean = np.stack([(weight * first).sum(0), (weight * second).sum(0)])
        d_1, d_2 = first - self.mean[0], second - self.mean[1]
        self.covariance = np.stack([(weight * x).sum(0) for x in (d_1 * d_1, d_1 * d_2, d_2 * d_2)])
        self._score_frame(first, second, weight)
        return np.stack([first, second]), weight

    def _score_frame(self, first: np.ndarray, second: np.ndarray, weight: np.ndarray) -> None:
        """Set `frame_score` and `frame_information`.

        Given the members, bills are independent. The score of what is observed is the mean of the score of bills and
        votes together, and its information the mean of theirs less the variance of that score (Louis 1982, JRSS B 44).
        """
        tau, beta = self.alpha_sigma**-2, self.slope(first) / self.sep
        alpha = second + beta * self.s
        pull = tau * alpha * beta
        by_log_sep, curvature = self.scale_score(beta)
        scores = np.stack([-pull, by_log_sep + self.s * pull])
        mixed = -tau * self.s * beta**2 - pull
        known = np.stack([tau * beta**2, mixed, mixed, curvature - self.s * mixed])
        mean = (weight * scores).sum(1)
        self.frame_score = mean.sum(1)
        complete = (weight * known).sum((1, 2)).reshape(2, 2)
        variance = np.einsum("pj,apj,bpj->ab", weight, scores, scores) - mean @ mean.T
        self.frame_information = np.stack([complete - variance, complete])


class Collection:
    """Bills of several kinds in one frame, each kind with columns of its own of the vote matrix."""

    def __init__(self, kinds: Sequence[tuple[PilotBills, np.ndarray]], n_votes: int) -> None:
        self.kinds, self.n_votes = kinds, n_votes
        for bills, columns in kinds:
            bills.begin(len(columns))

    @property
    def s(self) -> float:
        """Location of the frame."""
        return self.kinds[0][0].s

    @property
    def sep(self) -> float:
        """Scale of the frame."""
        return self.kinds[0][0].sep

    def place(self, s: float, sep: float) -> None:
        """Take up that frame."""
        for bills, _ in self.kinds:
            bills.s, bills.sep = s, sep

    def fit(self, bins: Bins) -> None:
        """One round for all bills."""
        for bills, columns in self.kinds:
            bills.fit(bins.on(columns))

    def center(self) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and intercepts at the mean, in the order of the columns."""
        w, a = np.empty(self.n_votes), np.empty(self.n_votes)
        for bills, columns in self.kinds:
            w[columns], a[columns] = bills.center()
        return w, a

    def sketches(self, bins: Bins) -> tuple[Sketch, ...]:
        """One sketch a kind, its bills in the order of the columns."""
        return tuple(bills.sketch(bins.on(columns)) for bills, columns in self.kinds)

    def set_frame(self, prior: FramePrior) -> None:
        """A step of Newton's of s and log sep towards the top of their posterior, bills integrated out.

        Where that is not concave, as if the bills were known.
        """
        score = np.array([-prior.s_precision * self.s, prior.count - prior.rate * self.sep**2])
        informations = np.diag([prior.s_precision, 2 * prior.rate * self.sep**2 + FLOOR]) + np.zeros((2, 2, 2))
        for bills, columns in self.kinds:
            if len(columns):
                score, informations = score + bills.frame_score, informations + bills.frame_information
        concave = np.linalg.eigvalsh(informations[0])[0] > 0
        step = np.linalg.solve(informations[0 if concave else 1], score)
        step /= max(1.0, abs(step[0]) / (_LOG_STEP * self.sep), abs(step[1]) / _LOG_STEP)
        self.place(self.s + float(step[0]), max(_MIN_SEP, self.sep * float(np.exp(step[1]))))


class SignedBills(PilotBills):
    """Bills whose beta may have either sign: parameters w and a, sketches for `coordinates.bill_logits`."""

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, _START_SEP)``."""
        self.s, self.sep = 0.0, _START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([_START_SEP * self.mu * one, 0 * one])
        self.covariance = np.stack([(_START_SEP * self.sigma) ** 2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """The first parameter is w."""
        return first

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """``w / sep`` has the prior of beta, ``a + k w ~ Normal(0, alpha_sigma)``."""
        alpha = second + self.s / self.sep * first
        log_prior: np.ndarray = self._steering.log_density(first / self.sep, self._params, np)
        return log_prior - 0.5 * (alpha / self.alpha_sigma) ** 2

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Posterior precision less prior precision, in the logits ``e_l = -w/2 - a`` and ``e_r = w/2 - a``."""
        c_ww, c_wa, c_aa = self.covariance
        c_ll, c_lr, c_rr = c_ww / 4 + c_wa + c_aa, c_aa - c_ww / 4, c_ww / 4 - c_wa + c_aa
        det = c_ll * c_rr - c_lr**2
        h_ll, h_lr, h_rr = c_rr / det, -c_lr / det, c_ll / det
        w, a = self.mean
        m_l, m_r = -w / 2 - a, w / 2 - a
        tau_b, tau_a = self.sigma**-2, self.alpha_sigma**-2
        x_l, x_r = self.s - self.sep / 2, self.s + self.sep / 2
        shift = self.mu * tau_b / self.sep
        g_ll, g_lr, g_rr = _positive_definite(
            h_ll - (tau_b + tau_a * x_r**2) / self.sep**2,
            h_lr + (tau_b + tau_a * x_l * x_r) / self.sep**2,
            h_rr - (tau_b + tau_a * x_l**2) / self.sep**2,
        )
        info = BillInfo(g_ll, g_lr, g_rr, h_ll * m_l + h_lr * m_r + shift, h_lr * m_l + h_rr * m_r - shift)
        # c of bill_logits at the points: L'(e - m)
        l_11 = np.sqrt(h_ll)
        l_21 = h_lr / l_11
        d_l, d_r = -point[0] / 2 - point[1] - m_l, point[0] / 2 - point[1] - m_r
        c_first, c_second = l_11 * d_l + l_21 * d_r, np.sqrt(h_rr - l_21**2) * d_r
        return Sketch(info, _bend(weight, c_first), _bend(weight, c_second), 0 * w, 0 * w)


def _bend(weight: np.ndarray, c: np.ndarray) -> np.ndarray:
    """The bend for standardised points of each bill, by their skewness."""
    return bend_of_skewness((weight * c**3).sum(0))


def _positive_definite(g_11: np.ndarray, g_12: np.ndarray, g_22: np.ndarray) -> tuple[np.ndarray, ...]:
    """Nearly the same matrices, with the errors of quadrature that would spoil this taken out."""
    g_11, g_22 = np.maximum(g_11, FLOOR), np.maximum(g_22, FLOOR)
    bound = 0.999 * np.sqrt(g_11 * g_22)
    return g_11, np.clip(g_12, -bound, bound), g_22


class PositiveBills(PilotBills):
    """Bills with a positive beta: parameters log w and a, sketches for `coordinates.positive_bills`."""

    def begin(self, n_votes: int) -> None:
        """Start with mean and spread of the prior, in a frame ``(0, _START_SEP)``."""
        self.s, self.sep = 0.0, _START_SEP
        one = np.ones(n_votes)
        self.mean = np.stack([(np.log(_START_SEP) + self.mu) * one, 0 * one])
        self.covariance = np.stack([self.sigma**2 * one, 0 * one, self.alpha_sigma**2 * one])

    def slope(self, first: np.ndarray) -> np.ndarray:
        """The first parameter is log w."""
        return np.exp(np.minimum(first, 300))

    def log_prior(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Of ``log beta = log w - log sep`` and of ``alpha = a + k w``."""
        log_beta, alpha = first - np.log(self.sep), second + self.s / self.sep * self.slope(first)
        log_prior: np.ndarray = self._steering.log_density(log_beta, self._params, np)
        return log_prior - 0.5 * (alpha / self.alpha_sigma) ** 2

    def sketch_of(self, point: np.ndarray, weight: np.ndarray) -> Sketch:
        """Precision of log w beyond its prior's, and the regression of a on w with its funnel."""
        tau_b, tau_a, k = self.sigma**-2, self.alpha_sigma**-2, self.s / self.sep
        log_w, w = point[0], self.slope(point[0])
        h_w = 1 / self.covariance[0]
        precision = np.maximum(h_w - tau_b, FLOOR)
        pull = (precision + tau_b) * self.mean[0] - (np.log(self.sep) + self.mu) * tau_b
        g_aa, power = self._funnel(point, weight)
        d = np.exp(-power * (log_w - self.mean[0]))
        h_a = d * g_aa + tau_a
        at_zero, cutting = _line(weight / h_a, d * g_aa, w, h_a * point[1] + w * k * tau_a, self.alpha_sigma)
        b_a, g_aw = g_aa * at_zero, -g_aa * cutting
        residual = point[1] - (d * (b_a - w * g_aw) - w * k * tau_a) / h_a
        info = LogSlopeInfo(g_aa=g_aa, g_aw=g_aw, b_a=b_a, precision=precision, pull=pull)
        c_first, c_second = np.sqrt(h_w) * (log_w - self.mean[0]), np.sqrt(h_a) * residual
        return Sketch(info, _bend(weight, c_first), _bend(weight, c_second), power, self.mean[0])

    def _funnel(self, point: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """g_aa and power of `coordinates.positive_bills`, from the precision of a given w at two slopes."""
        precisions = []
        for place in (_LOW, _HIGH):  # columns of the grid: points of equal slope
            a, by = point[1, place :: len(_AXIS)], weight[place :: len(_AXIS)]
            by = by / np.maximum(by.sum(0), 1e-300)
            variance = (by * (a - (by * a).sum(0)) ** 2).sum(0)
            precisions.append(np.maximum(1 / np.maximum(variance, FLOOR) - self.alpha_sigma**-2, FLOOR))
        low, high = precisions
        power = np.log(low / high) / (point[0, _HIGH] - point[0, _LOW])
        return np.sqrt(low * high), np.clip(power, 0, _MAX_POWER)


def _line(
    weight: np.ndarray, g: np.ndarray, w: np.ndarray, target: np.ndarray, alpha_sigma: float
) -> tuple[np.ndarray, np.ndarray]:
    """Intercept and slope of a line in w that, times ``g``, is near to a target: least squares, bill by bill."""
    x, by = g * w, weight * g
    x_11, x_12, x_22 = (by * g).sum(0) + _RIDGE / alpha_sigma**2, (by * x).sum(0), (weight * x**2).sum(0) + _RIDGE
    y_1, y_2 = (by * target).sum(0), (weight * x * target).sum(0)
    det = x_11 * x_22 - x_12**2
    return (x_22 * y_1 - x_12 * y_2) / det, (x_11 * y_2 - x_12 * y_1) / det
