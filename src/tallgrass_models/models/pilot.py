"""A quick approximate fit that supplies starting points and the Gaussian sketches of the likelihood.

Bills given members, members given bills, scales given both: a few rounds of Newton steps in plain numpy. Nothing here
enters a posterior; a bad pilot costs sampling time only. Notation as in `coordinates`, with ``s = 0``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .coordinates import BillInfo, Frame, LogSlopeInfo, MemberInfo

ROUNDS = 15
SHARED_ROUNDS = 10  # Newton steps for bills of two chambers
START_SEP = 3.0
LOGIT_STEP = 2.0  # longest Newton step of a bill's logit or intercept
LOG_STEP = 0.5  # of a log slope
U_STEP = 0.3  # of a member's u
MIN_SD = 0.02  # smallest spread of u within a group
MIN_PRECISION = 1e-3  # a bill may pull log w outward; the sketch stays a density


@dataclass(frozen=True)
class Pilot:
    """Approximate fit of one chamber in its own frame.

    Attributes
    ----------
    u : ndarray, shape (n_members,)
        Positions, with group means -1/2 and +1/2; the left group first.
    w, a : ndarray, shape (n_votes,)
        Slope and intercept of each roll call.
    sep : float
        Scale of the frame that suits the prior of beta.
    sd : ndarray, shape (2,)
        Spread of u within the left and the right group.
    bills : BillInfo or LogSlopeInfo
    members : tuple of MemberInfo
        Of the left and of the right group.
    """

    u: np.ndarray
    w: np.ndarray
    a: np.ndarray
    sep: float
    sd: np.ndarray
    bills: BillInfo | LogSlopeInfo
    members: tuple[MemberInfo, MemberInfo]


@dataclass
class _Cells:
    """The votes at the current fit: probability of Yea ``p``, residual and information ``p (1 - p)`` of each cell."""

    sign: np.ndarray

    def update(self, u: np.ndarray, w: np.ndarray, a: np.ndarray) -> None:
        observed = self.sign != 0
        p = 1 / (1 + np.exp(np.clip(a - np.outer(u, w), -500, 500)))
        self.residual = np.where(observed, (self.sign > 0) - p, 0.0)
        self.weight = np.where(observed, p * (1 - p), 0.0)

    def slope_terms(self, u: np.ndarray) -> tuple[np.ndarray, ...]:
        """Information about (w, a) of each bill, ``g_ww, g_wa, g_aa``, and the score ``s_w, s_a``."""
        g_aa, g_wa, g_ww = self.weight.sum(0), -(u @ self.weight), u**2 @ self.weight
        return g_ww, g_wa, g_aa, u @ self.residual, -self.residual.sum(0)


def run_pilot(
    sign: np.ndarray, score: np.ndarray, n_left: int, bills: NormalBills | PositiveBills, sd: float | None = None
) -> Pilot:
    """Fit one chamber approximately.

    Parameters
    ----------
    sign : ndarray, shape (n_members, n_votes)
        +1 Yea, -1 Nay, 0 missing; the left group's ``n_left`` members first, then the right group's.
    score : ndarray, shape (n_members,)
        First guess of the members' order, such as principal component scores.
    bills : NormalBills or PositiveBills
        How bills are fitted: by the prior of beta.
    sd : float, optional
        Spread of xi (not u) within groups where the model fixes it; estimated where absent.
    """
    sides = slice(0, n_left), slice(n_left, sign.shape[0])
    u, spread = _standardise(score, sides), np.array([0.2, 0.2])
    cells = _Cells(sign)
    bills.begin(sign.shape[1])
    for _ in range(ROUNDS):
        for _ in range(2):
            cells.update(u, bills.w, bills.a)
            bills.newton(cells.slope_terms(u))
        bills.rescale()
        cells.update(u, bills.w, bills.a)
        for k, (side, info) in enumerate(zip(sides, _member_info(cells, u, bills.w, sides), strict=True)):
            h = info.precision + spread[k] ** -2
            rho = u[side] - (k - 0.5)
            rho = rho + np.clip(info.pull / h - rho, -U_STEP, U_STEP)
            u[side] = rho + (k - 0.5)
            spread[k] = max(MIN_SD, float(np.sqrt(np.mean(rho**2 + 1 / h)))) if sd is None else sd / bills.sep
        u = _standardise(u, sides)
    cells.update(u, bills.w, bills.a)
    sketch, members = bills.info(cells.slope_terms(u)), _member_info(cells, u, bills.w, sides)
    return Pilot(u, bills.w, bills.a, bills.sep, spread, sketch, members)


def _standardise(x: np.ndarray, sides: tuple[slice, slice]) -> np.ndarray:
    left, right = x[sides[0]].mean(), x[sides[1]].mean()
    if right - left < 1e-3 * x.std():  # a score that does not tell the groups apart: begin with the groups themselves
        return np.concatenate([np.full(x[side].shape, k - 0.5) for k, side in enumerate(sides)])
    return (x - left) / (right - left) - 0.5


def _member_info(
    cells: _Cells, u: np.ndarray, w: np.ndarray, sides: tuple[slice, slice]
) -> tuple[MemberInfo, MemberInfo]:
    precision, score = cells.weight @ w**2, cells.residual @ w
    left, right = (
        MemberInfo(precision[side], precision[side] * (u[side] - (k - 0.5)) + score[side])
        for k, side in enumerate(sides)
    )
    return left, right


def run_joint_pilot(
    signs: tuple[np.ndarray, np.ndarray],
    scores: tuple[np.ndarray, np.ndarray],
    n_left: tuple[int, int],
    n_shared: int,
    make_bills: Callable[[], NormalBills | PositiveBills],
) -> tuple[Pilot, Pilot, Frame]:
    """Fit two chambers with shared bills: each alone, then the shared bills by the votes of both.

    Parameters
    ----------
    signs, scores, n_left : pairs
        As for `run_pilot`, House and Senate. The shared bills are the last ``n_shared`` columns of the House and the
        first of the Senate, in one order.
    make_bills
        Gives a fresh `NormalBills` or `PositiveBills`.

    Returns
    -------
    house, senate : Pilot
        Each with sketches in its own frame, taken at the joint fit.
    frame : Frame
        Of the Senate, where that of the House is ``Frame(0, house.sep)``.
    """
    house, senate = (run_pilot(*arguments, make_bills()) for arguments in zip(signs, scores, n_left, strict=True))
    if n_shared == 0:
        return house, senate, Frame(0.0, senate.sep)
    in_house, in_senate = slice(house.w.size - n_shared, None), slice(0, n_shared)
    w, a = house.w[in_house], house.a[in_house]
    ratio = float(np.sqrt(np.mean(senate.w[in_senate] ** 2) / np.mean(w**2)))
    shift = float(w @ (senate.a[in_senate] - a) / (w @ w))
    shared = make_bills()
    shared.set(w, a, house.sep)
    cells = _Cells(signs[0][:, in_house]), _Cells(signs[1][:, in_senate])
    for _ in range(SHARED_ROUNDS):
        cells[0].update(house.u, shared.w, shared.a)
        cells[1].update(senate.u, ratio * shared.w, shared.a + shift * shared.w)
        own, other = cells[0].slope_terms(house.u), cells[1].slope_terms(senate.u)
        shared.newton(tuple(x + y for x, y in zip(own, _carried_terms(other, ratio, shift), strict=True)))
    house = _with_shared(house, signs[0], in_house, shared.w, shared.a, make_bills())
    senate = _with_shared(senate, signs[1], in_senate, ratio * shared.w, shared.a + shift * shared.w, make_bills())
    return house, senate, Frame(-shift * house.sep, ratio * house.sep)


def _carried_terms(terms: tuple[np.ndarray, ...], ratio: float, shift: float) -> tuple[np.ndarray, ...]:
    """`_Cells.slope_terms` of ``(w', a') = (ratio * w, a + shift * w)`` as terms of (w, a): the chain rule."""
    g_ww, g_wa, g_aa, s_w, s_a = terms
    return (
        ratio**2 * g_ww + 2 * ratio * shift * g_wa + shift**2 * g_aa,
        ratio * g_wa + shift * g_aa,
        g_aa,
        ratio * s_w + shift * s_a,
        s_a,
    )


def _with_shared(
    pilot: Pilot, sign: np.ndarray, where: slice, w: np.ndarray, a: np.ndarray, bills: NormalBills | PositiveBills
) -> Pilot:
    """The pilot with new values of the shared bills, and its sketches taken there."""
    new_w, new_a = pilot.w.copy(), pilot.a.copy()
    new_w[where], new_a[where] = w, a
    bills.set(new_w, new_a, pilot.sep)
    n_left = len(pilot.members[0].pull)
    sides = slice(0, n_left), slice(n_left, sign.shape[0])
    cells = _Cells(sign)
    cells.update(pilot.u, new_w, new_a)
    info, members = bills.info(cells.slope_terms(pilot.u)), _member_info(cells, pilot.u, new_w, sides)
    return replace(pilot, w=new_w, a=new_a, bills=info, members=members)


class NormalBills:
    """Newton steps for bills whose beta has a Normal prior, and the sketch for `coordinates.bill_logits`."""

    def __init__(self, beta_mu: float, beta_sigma: float, alpha_sigma: float) -> None:
        self.mu, self.sigma, self.alpha_sigma = beta_mu, beta_sigma, alpha_sigma

    def begin(self, n_votes: int) -> None:
        """Start with every bill at even odds."""
        self.sep, self.w, self.a = START_SEP, np.zeros(n_votes), np.zeros(n_votes)

    def set(self, w: np.ndarray, a: np.ndarray, sep: float) -> None:
        """Take up a fit made elsewhere."""
        self.w, self.a, self.sep = w, a, sep

    def newton(self, terms: tuple[np.ndarray, ...]) -> None:
        """One step of all bills towards their posterior mode."""
        g_ww, g_wa, g_aa, s_w, s_a = terms
        t_w, t_a = (self.sep * self.sigma) ** -2, self.alpha_sigma**-2
        h_ww, h_aa = g_ww + t_w, g_aa + t_a
        s_w, s_a = s_w - t_w * (self.w - self.sep * self.mu), s_a - t_a * self.a
        det = h_ww * h_aa - g_wa**2
        self.w = self.w + np.clip((h_aa * s_w - g_wa * s_a) / det, -LOGIT_STEP, LOGIT_STEP)
        self.a = self.a + np.clip((h_ww * s_a - g_wa * s_w) / det, -LOGIT_STEP, LOGIT_STEP)
        self.w_variance = h_aa / det

    def rescale(self) -> None:
        """Set ``sep`` by ``E(w**2) = sep**2 (mu**2 + sigma**2)``."""
        self.sep = float(np.sqrt(np.mean(self.w**2 + self.w_variance) / (self.mu**2 + self.sigma**2)))

    def info(self, terms: tuple[np.ndarray, ...]) -> BillInfo:
        """The sketch in the logits ``e_l = -w/2 - a``, ``e_r = w/2 - a``: ``w = e_r - e_l``, ``a = -(e_l + e_r)/2``."""
        g_ww, g_wa, g_aa, s_w, s_a = terms
        g_ll, g_lr, g_rr = g_ww + g_wa + g_aa / 4, g_aa / 4 - g_ww, g_ww - g_wa + g_aa / 4
        e_l, e_r = -self.w / 2 - self.a, self.w / 2 - self.a
        return BillInfo(
            g_ll, g_lr, g_rr, g_ll * e_l + g_lr * e_r - s_w - s_a / 2, g_lr * e_l + g_rr * e_r + s_w - s_a / 2
        )


class PositiveBills:
    """The same for a positive beta, ``log beta`` about Normal, and the sketch for `coordinates.positive_bills`."""

    def __init__(self, log_beta_mu: float, log_beta_sigma: float, alpha_sigma: float) -> None:
        self.mu, self.sigma, self.alpha_sigma = log_beta_mu, log_beta_sigma, alpha_sigma

    def begin(self, n_votes: int) -> None:
        """Start with every bill at the prior mean of log beta."""
        self.sep, self.log_w, self.a = START_SEP, np.full(n_votes, self.mu + np.log(START_SEP)), np.zeros(n_votes)

    def set(self, w: np.ndarray, a: np.ndarray, sep: float) -> None:
        """Take up a fit made elsewhere."""
        self.log_w, self.a, self.sep = np.log(w), a, sep

    @property
    def w(self) -> np.ndarray:
        """Slopes."""
        return np.exp(self.log_w)

    def newton(self, terms: tuple[np.ndarray, ...]) -> None:
        """One step of all bills in (log w, a) towards their posterior mode."""
        g_ww, g_wa, g_aa, s_w, s_a = terms
        w, t_w, t_a = self.w, self.sigma**-2, self.alpha_sigma**-2
        h_ww, h_wa, h_aa = w**2 * g_ww + np.maximum(-w * s_w, 0) + t_w, w * g_wa, g_aa + t_a
        s_w, s_a = w * s_w - t_w * (self.log_w - self.mu - np.log(self.sep)), s_a - t_a * self.a
        det = h_ww * h_aa - h_wa**2
        self.log_w = self.log_w + np.clip((h_aa * s_w - h_wa * s_a) / det, -LOG_STEP, LOG_STEP)
        self.a = self.a + np.clip((h_ww * s_a - h_wa * s_w) / det, -LOGIT_STEP, LOGIT_STEP)

    def rescale(self) -> None:
        """Set ``sep`` by the mean of log w."""
        self.sep = float(np.exp(np.mean(self.log_w) - self.mu))

    def info(self, terms: tuple[np.ndarray, ...]) -> LogSlopeInfo:
        """Second-order expansion in a, and in log w with a at its best value given w."""
        g_ww, g_wa, g_aa, s_w, s_a = terms
        w = self.w
        profile = g_ww - g_wa**2 / (g_aa + self.alpha_sigma**-2)
        precision = np.maximum(w**2 * profile - w * s_w, MIN_PRECISION)
        return LogSlopeInfo(g_aa, g_wa, s_a + g_aa * self.a + g_wa * w, precision, precision * self.log_w + w * s_w)
