"""The pilot, a quick approximate fit that supplies starting points and Gaussian approximations of the likelihood.

The pilot fits in turns the bills given the members, the frame with bills integrated out, and the members given both,
until they agree. Nothing here enters a posterior. A bad pilot costs sampling time only. The notation is that of
`frames`, with ``k = s / sep``, so ``alpha = a + k w``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..fast.positions import MemberInfo
from .bills import Sketch
from .bins import Bins
from .collection import Collection, FramePrior

_ROUNDS = 150  # at most; bills and members taken in turns can be slow to agree
_SETTLED = 1e-3  # change of a round in u, s / sep and log sep that ends them
_SHARED_ROUNDS = 30  # for bills of two chambers
_N_BINS = 8  # members of similar position who are counted together, per group
_U_STEP = 0.3  # longest step of a member's u
_MAX_WITHIN = 2.0  # of u within groups: if the votes do not tell them apart, their distance would dwindle to zero
_MIN_SPREAD = 0.02  # smallest spread of xi within a group
_CENTERS = (-0.5, 0.5, 0.0)  # of u in the left group, in the right one, of independents
# Of two party means with standard deviation 2: their mean ~ Normal(0, sqrt 2), their difference ~ HalfNormal(2 sqrt 2)
# (derivative of its log density by log sep: 1 - sep^2 / 8).
_PARTY_FRAME = FramePrior(0.5, 1.0, 1 / 8)


#: Members of the left and of the right group; any others are independents.
_Sizes = tuple[int, int]


@dataclass(frozen=True)
class Pilot:
    """Approximate fit of one chamber in its own frame.

    Attributes
    ----------
    u : ndarray, shape (n_members,)
        Positions, with group means -1/2 and +1/2; the left group first, then the right one, then independents.
    s, sep : float
        The frame that suits the priors of alpha and beta.
    sd : ndarray, shape (2,)
        Spread of u within the left and the right group.
    bills : Collection
    sketches : tuple of Sketch
        Gaussian approximations for the bills, by kind.
    members : tuple of MemberInfo
        What the votes say about the left group, the right one, and independents (may be empty).
    """

    u: np.ndarray
    s: float
    sep: float
    sd: np.ndarray
    bills: Collection
    sketches: tuple[Sketch, ...]
    members: tuple[MemberInfo, MemberInfo, MemberInfo]


def run_pilot(
    sign: np.ndarray, score: np.ndarray, sizes: _Sizes, bills: Collection, xi_sd: float | None = None
) -> Pilot:
    """Fit one chamber approximately.

    Parameters
    ----------
    sign : ndarray, shape (n_members, n_votes)
        +1 Yea, -1 Nay, 0 missing; members of the left group first, then those of the right one, then independents.
    score : ndarray, shape (n_members,)
        First guess of the members' order, such as principal component scores.
    sizes : pair of int
        Members of the left and of the right group.
    bills : Collection
        The bills, which are fitted in place.
    xi_sd : float, optional
        Standard deviation of xi (not u) within groups, if the model fixes it; otherwise it is estimated.
    """
    u, sd = _standardise(score, sizes), np.array([0.2, 0.2, 1.0])
    for _ in range(_ROUNDS):
        before = _state(u, bills)
        bills.fit(_bin_votes(sign, u, sizes))
        bills.set_frame(_PARTY_FRAME if xi_sd is None else _member_frame(u / xi_sd))
        members = _member_info(sign, u, sizes, *bills.center())
        for k, (part, info) in enumerate(zip(_parts_of(sizes, len(u)), members, strict=True)):
            h, rho = info.precision + sd[k] ** -2, u[part] - _CENTERS[k]
            rho = rho + np.clip(info.pull / h - rho, -_U_STEP, _U_STEP)
            u[part] = rho + _CENTERS[k]
            if k < 2:  # independents: about the middle, as far as the parties are apart
                sd[k] = (_spread(bills.sep**2 * (rho**2 + 1 / h)) if xi_sd is None else xi_sd) / bills.sep
        u = _standardise(u, sizes)
        if np.abs(_state(u, bills) - before).max() < _SETTLED:
            break
    sketches = bills.sketches(_bin_votes(sign, u, sizes))
    return Pilot(u, bills.s, bills.sep, sd[:2], bills, sketches, _member_info(sign, u, sizes, *bills.center()))


def join_pilots(
    house: Pilot,
    senate: Pilot,
    signs: tuple[np.ndarray, np.ndarray],
    sizes: tuple[_Sizes, _Sizes],
    shared: Collection,
) -> tuple[Pilot, tuple[Sketch, ...], np.ndarray]:
    """Bring the fits of two chambers together by their shared bills, which are fitted to the votes of both.

    Parameters
    ----------
    house, senate : Pilot
        Pilots of the chambers alone.
    signs, sizes : pairs
        As for `run_pilot`, House and Senate. The shared bills are the last columns of the House and the first of the
        Senate, in one order.
    shared : Collection
        The shared bills once more, which are fitted in place.

    Returns
    -------
    senate : Pilot
        The Senate's pilot with its frame on the scale of the House.
    shared : tuple of Sketch
        Gaussian approximations for the shared bills by the votes of both, in the frame of the House, by kind.
    share : ndarray, shape (n_shared,)
        Part of the information about each that the Senate's votes contribute.
    """
    n_shared = shared.n_votes
    w, a = (x[-n_shared:] for x in house.bills.center())
    w_senate, a_senate = (x[:n_shared] for x in senate.bills.center())
    ratio = float(np.sqrt(np.mean(w_senate**2) / np.mean(w**2)))
    shift = float(w @ (a_senate - a) / (w @ w))
    # a senator at u stands at ratio * u - shift in the frame of the House: w' u - a' = w (ratio u - shift) - a
    bins = _bin_votes(signs[0][:, -n_shared:], house.u, sizes[0])
    others = _bin_votes(signs[1][:, :n_shared], senate.u, sizes[1]).moved(ratio, -shift)
    shared.place(house.s, house.sep)
    for _ in range(_SHARED_ROUNDS):
        shared.fit(bins.beside(others))
    sketches = shared.sketches(bins.beside(others))
    own, other = bins.information(*shared.center()), others.information(*shared.center())
    senate = replace(senate, s=house.s - shift * house.sep, sep=ratio * house.sep)
    return senate, sketches, other / (own + other)


def _parts_of(sizes: _Sizes, n: int) -> tuple[slice, slice, slice]:
    """Locate the left group, the right one and independents among ``n`` members."""
    both = sum(sizes)
    return slice(0, sizes[0]), slice(sizes[0], both), slice(both, n)


def parties_apart(pilot: Pilot, sizes: _Sizes) -> float:
    """Compute the distance of the two groups' means, which is 1, in standard errors of a difference of means."""
    return float(1 / np.sqrt((pilot.sd**2 / np.array(sizes)).sum()))


def _bin_votes(sign: np.ndarray, u: np.ndarray, sizes: _Sizes) -> Bins:
    """Count votes by members of similar position, in at most `_N_BINS` bins per group, of about equal size."""
    groups = []
    for part in _parts_of(sizes, len(u)):
        order = part.start + np.argsort(u[part])
        groups += np.array_split(order, min(_N_BINS, len(order))) if len(order) else []
    return Bins(
        np.array([u[part].mean() for part in groups]),
        np.stack([(sign[part] > 0).sum(0) for part in groups]).astype(float),
        np.stack([(sign[part] != 0).sum(0) for part in groups]).astype(float),
    )


def _member_info(
    sign: np.ndarray, u: np.ndarray, sizes: _Sizes, w: np.ndarray, a: np.ndarray
) -> tuple[MemberInfo, MemberInfo, MemberInfo]:
    """Approximate the likelihood of left group, right group and independents to second order at the present fit."""
    p = 1 / (1 + np.exp(np.clip(a - np.outer(u, w), -500, 500)))
    precision = np.where(sign != 0, p * (1 - p), 0.0) @ w**2
    score = np.where(sign != 0, (sign > 0) - p, 0.0) @ w
    pull = precision * (u - _centers(u, sizes)) + score
    left, right, rest = (MemberInfo(precision[part], pull[part]) for part in _parts_of(sizes, len(u)))
    return left, right, rest


def _member_frame(u: np.ndarray) -> FramePrior:
    """Make the prior of the frame from ``s + sep * u[i] ~ Normal(0, 1)``."""
    return FramePrior(s_precision=len(u), count=len(u), rate=float(u @ u))


def _spread(squares: np.ndarray) -> float:
    """Estimate sigma from expected squares of xi about the group's mean, with ``sigma ~ HalfNormal(1)``.

    The estimate is the top of the density in ``v = sigma^2``, the root of ``-(n - 1) / v + sum / v^2 - 1 = 0``.
    """
    free = len(squares) - 1
    v = (np.sqrt(free**2 + 4 * squares.sum()) - free) / 2
    return max(_MIN_SPREAD, float(np.sqrt(v)))


def _state(u: np.ndarray, bills: Collection) -> np.ndarray:
    return np.array([*u, bills.s / bills.sep, np.log(bills.sep)])


def _centers(u: np.ndarray, sizes: _Sizes) -> np.ndarray:
    return np.repeat(_CENTERS, [*sizes, len(u) - sum(sizes)])


def _standardise(x: np.ndarray, sizes: _Sizes) -> np.ndarray:
    """Move the group means to -1/2 and +1/2; independents move along."""
    on_left, on_right, _ = _parts_of(sizes, len(x))
    left, right = x[on_left].mean(), x[on_right].mean()
    if right - left < 1e-3 * x.std():  # a score that does not separate the groups: begin with the groups
        return _centers(x, sizes)
    n_left, n_right = sizes
    within = np.sqrt((n_left * x[on_left].var() + n_right * x[on_right].var()) / (n_left + n_right))
    return (x - (left + right) / 2) / max(right - left, within / _MAX_WITHIN)
