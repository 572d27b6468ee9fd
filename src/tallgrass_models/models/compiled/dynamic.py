"""Log density of the model over time with its gradient (see `densities`).

It is the same function of the same coordinates as `dynamic.dynamic_map.FastDynamic`, with the votes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ...priors.constants import ENTRY_SIGMA, MU_SIGMA, STEP_SIGMA
from .arithmetic import LOG_2PI, halfnormal_logp, normal_logp
from .bills import bills_at, bills_backward, bills_forward
from .jit import jit, part
from .layout import N_BENDS, BillNumbers, ChamberSizes, MemberNumbers, n_party
from .likelihood import one_pass_within
from .members import party_backward, party_forward
from .records import BillBars, Kind, Pair, Party, PartyBars, Prior

#: Whole numbers before those of the sessions: `layout.ChamberSizes` of the first, family of the prior, sessions.
N_HEAD = 8


class Walk(NamedTuple):
    """The seats of all sessions but the first; see `dynamic.walk.Layout` and `dynamic.walk.Seats`."""

    ends: ndarray
    """Number of seats up to each session, which is included; the first session counts."""
    before: ndarray
    kind: ndarray
    precision: ndarray
    pull: ndarray
    steps: ndarray


class WalkAt(NamedTuple):
    """The seats at one point."""

    u: ndarray
    """Positions of all seats in the frame of the first session."""
    scales: ndarray
    """Variances in that frame: steps of the three groups, first positions of the three groups."""
    center: ndarray
    """Means of newcomers in that frame, three for each session."""


class DynamicData(NamedTuple):
    """All arguments of the density."""

    first: ChamberSizes
    members: MemberNumbers
    walk: Walk
    frames: ndarray
    """``frame_at`` of every session, then ``frame_per_sd``."""
    sizes: ndarray
    """Seats, bills and bills of free sign, three numbers for each session."""
    bills: ndarray
    """`layout.BillNumbers` of each session, one after the other."""
    signs: ndarray
    kind: Kind


@jit
def dynamic_data(sizes: ndarray, numbers: ndarray, signs: ndarray) -> DynamicData:
    """Read what `dynamic.packing.packed` wrote."""
    n_members, n_left, n_right, crossed, n_bills, n_free, family, n_sessions = sizes[:N_HEAD]
    own = sizes[N_HEAD : N_HEAD + 3 * n_sessions]
    ends = np.empty(n_sessions, np.int64)
    n = 0
    for t in range(n_sessions):
        n += own[3 * t]
        ends[t] = n
    later = n - n_members
    index = sizes[N_HEAD + 3 * n_sessions :]
    members = MemberNumbers(numbers[:n_members], numbers[n_members : 2 * n_members], numbers[2 * n_members :][:2])
    rest = numbers[2 * n_members + 2 :]
    walk = Walk(ends, index[:later], index[later:], rest[:later], rest[later : 2 * later], rest[2 * later : 3 * later])
    frames, rest = rest[3 * later : 3 * later + 2 * n_sessions], rest[3 * later + 2 * n_sessions :]
    mu, sigma, alpha_sigma, log_mean, log_sd, free_sigma = rest[:6]
    kind = Kind(family, Prior(mu, sigma, alpha_sigma), (log_mean, log_sd), Prior(0.0, free_sigma, alpha_sigma))
    first = ChamberSizes(n_members, n_left, n_right, crossed > 0, n_bills, n_free)
    return DynamicData(first, members, walk, frames, own, rest[6:], signs, kind)


@jit
def _walk_forward(x: ndarray, more: ndarray, mu: Pair, u_first: ndarray, walk: Walk) -> tuple[WalkAt, float]:
    """Compute the seats of later sessions; ``x`` are the coordinates of the first session, ``more`` those after them.

    Returns the log density of xi and of the standard normal numbers of newcomers' means, plus log Jacobian.
    """
    n_sessions, n_first = walk.ends.size, walk.ends[0]
    n_later = n_sessions - 1
    s, sep = x[0], math.exp(x[1])
    left, right = math.exp(2 * more[0]), math.exp(2 * more[1])
    scales = np.empty(6)
    scales[0], scales[1], scales[2] = left, right, 0.5 * (left + right)
    scales[3], scales[4] = math.exp(2 * (x[4] - x[1])), math.exp(2 * (x[5] - x[1]))
    scales[5] = ((mu[1] - mu[0]) / sep) ** 2
    center, moved_l, moved_r, total = np.empty(3 * n_sessions), 0.0, 0.0, -n_later * LOG_2PI
    ratio = math.exp(more[2])
    for t in range(n_sessions):
        if t > 0:
            e_l, e_r = more[2 + t], more[2 + n_later + t]
            moved_l, moved_r = moved_l + e_l, moved_r + e_r
            total -= 0.5 * (e_l * e_l + e_r * e_r)
        center[3 * t] = (mu[0] - s) / sep + ratio * moved_l
        center[3 * t + 1] = (mu[1] - s) / sep + ratio * moved_r
        center[3 * t + 2] = 0.5 * (center[3 * t] + center[3 * t + 1])
    z = more[3 + 2 * n_later :]
    u = np.empty(walk.ends[n_later])
    u[:n_first] = u_first
    for t in range(1, n_sessions):
        for seat in range(walk.ends[t - 1], walk.ends[t]):
            k = seat - n_first
            kind = walk.kind[k]
            mean = u[walk.before[k]] if kind < 3 else center[3 * t + kind - 3]
            precision = 1.0 / (scales[kind] * walk.steps[k])
            h = walk.precision[k] + precision
            u[seat] = (walk.pull[k] + precision * mean) / h + z[k] / math.sqrt(h)
            total += 0.5 * (math.log(precision / h) - precision * (u[seat] - mean) ** 2 - LOG_2PI)
    return WalkAt(u, scales, center), total


@jit
def _walk_backward(
    x: ndarray, more: ndarray, mu: Pair, walk: Walk, at: WalkAt, u_bar: ndarray, more_bar: ndarray
) -> tuple[Pair, Pair, Pair]:
    """Differentiate `_walk_forward`, given the derivatives by u; adds to those of the first session.

    Writes the derivatives by ``more``. Returns those by mu, by s and log sep, and by the logarithms of sigma.
    """
    n_sessions, n_first = walk.ends.size, walk.ends[0]
    n_later = n_sessions - 1
    s, sep, z = x[0], math.exp(x[1]), more[3 + 2 * n_later :]
    scales_bar, center_bar, z_bar = np.zeros(6), np.zeros(3 * n_sessions), more_bar[3 + 2 * n_later :]
    for t in range(n_later, 0, -1):
        for seat in range(walk.ends[t - 1], walk.ends[t]):
            k = seat - n_first
            kind = walk.kind[k]
            mean = at.u[walk.before[k]] if kind < 3 else at.center[3 * t + kind - 3]
            precision = 1.0 / (at.scales[kind] * walk.steps[k])
            h = walk.precision[k] + precision
            d, root = at.u[seat] - mean, math.sqrt(h)
            own = u_bar[seat] - precision * d
            z_bar[k] = own / root
            mean_bar = precision * d + own * precision / h
            by_precision = 0.5 / precision - 0.5 / h - 0.5 * d * d
            by_precision += own * (mean - (walk.pull[k] + precision * mean) / h - 0.5 * z[k] / root) / h
            scales_bar[kind] -= by_precision * precision / at.scales[kind]
            if kind < 3:
                u_bar[walk.before[k]] += mean_bar
            else:
                center_bar[3 * t + kind - 3] += mean_bar
    ratio, tail_l, tail_r, moved_l, moved_r = math.exp(more[2]), 0.0, 0.0, 0.0, 0.0
    by_ratio = 0.0
    for t in range(1, n_sessions):
        moved_l, moved_r = moved_l + more[2 + t], moved_r + more[2 + n_later + t]
        by_ratio += (center_bar[3 * t] + 0.5 * center_bar[3 * t + 2]) * moved_l
        by_ratio += (center_bar[3 * t + 1] + 0.5 * center_bar[3 * t + 2]) * moved_r
    for t in range(n_later, 0, -1):
        tail_l += center_bar[3 * t] + 0.5 * center_bar[3 * t + 2]
        tail_r += center_bar[3 * t + 1] + 0.5 * center_bar[3 * t + 2]
        more_bar[2 + t] = ratio * tail_l - more[2 + t]
        more_bar[2 + n_later + t] = ratio * tail_r - more[2 + n_later + t]
    more_bar[0] = 2 * at.scales[0] * (scales_bar[0] + 0.5 * scales_bar[2])
    more_bar[1] = 2 * at.scales[1] * (scales_bar[1] + 0.5 * scales_bar[2])
    more_bar[2] = ratio * by_ratio
    by_sigma_l, by_sigma_r = 2 * at.scales[3] * scales_bar[3], 2 * at.scales[4] * scales_bar[4]
    by_distance = 2 * at.scales[5] * scales_bar[5]
    log_sep_bar = -by_sigma_l - by_sigma_r - by_distance
    log_sep_bar -= (tail_l * (mu[0] - s) + tail_r * (mu[1] - s)) / sep
    of_distance = by_distance / (mu[1] - mu[0])
    by_mu = tail_l / sep - of_distance, tail_r / sep + of_distance
    return by_mu, (-(tail_l + tail_r) / sep, log_sep_bar), (by_sigma_l, by_sigma_r)


@jit
def _step_priors(more: ndarray, sep: float) -> float:
    """Compute the log densities of the logarithms of the three steps."""
    total = 0.0
    for k in range(3):
        scale = ENTRY_SIGMA if k == 2 else STEP_SIGMA
        step = sep * math.exp(more[k])
        total += halfnormal_logp(step, scale) + math.log(step)
    return total


@part
def dynamic_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `dynamic.dynamic_map.FastDynamic` at ``x``."""
    data = dynamic_data(sizes, numbers, signs)
    walk, last = data.walk, n_party(data.first)
    n_sessions, n_seats = walk.ends.size, walk.ends[walk.ends.size - 1]
    end = last + 3 + 2 * (n_sessions - 1) + n_seats - walk.ends[0]
    party, total = party_forward(x[:last], data.first, data.members)
    own, more, mu = x[:last], x[last:end], party.mu
    s, sep = x[0], math.exp(x[1])
    at, added = _walk_forward(own, more, mu, party.u, walk)
    total += added + _step_priors(more, sep) + math.log(2.0)
    total += normal_logp(mu[0], 0.0, MU_SIGMA) + normal_logp(mu[1], 0.0, MU_SIGMA)

    gradient, u_bar = np.empty(x.size), np.empty(n_seats)
    s_bar, log_sep_bar = 0.0, 0.0
    begin, bill, place, cell = 0, 0, end, 0
    for t in range(n_sessions):
        n, m, n_free = data.sizes[3 * t], data.sizes[3 * t + 1], data.sizes[3 * t + 2]
        u = at.u[begin : begin + n]
        mean, sd, shift, stretch = 0.0, 1.0, 0.0, 1.0
        if t > 0:
            square = 0.0
            for i in range(n):
                mean += u[i] / n
            for i in range(n):
                square += (u[i] - mean) ** 2 / n
            sd = math.sqrt(square)
            shift, stretch = mean + data.frames[t] * sd, data.frames[n_sessions + t] * sd
        position = np.empty(n)
        for i in range(n):
            position[i] = (u[i] - shift) / stretch
        bends = bill + 5 * m
        known = BillNumbers(data.bills[bill:bends], data.bills[bends : bends + N_BENDS * m])
        w, a, frame = np.empty(m), np.empty(m), (s + sep * shift, x[1] + math.log(stretch))
        bills = bills_at(x[place : place + 2 * m], known, n_free, w, a)
        total += bills_forward(bills, frame, data.kind)
        loglik, of_position, w_bar, a_bar = one_pass_within(
            position, w, a, data.signs[cell : cell + n * m].reshape(n, m)
        )
        total += loglik
        bars = BillBars(w_bar, a_bar, gradient[place : place + 2 * m], np.empty(5 * m))
        by_s, by_log_sep = bills_backward(bills, bars, frame, data.kind)
        s_bar, log_sep_bar = s_bar + by_s, log_sep_bar + by_log_sep
        for i in range(n):
            u_bar[begin + i] = of_position[i] / stretch
        if t > 0:
            log_sep_bar += by_s * sep * shift
            shift_bar, stretch_bar = by_s * sep, by_log_sep / stretch
            for i in range(n):
                shift_bar -= of_position[i] / stretch
                stretch_bar -= of_position[i] * position[i] / stretch
            sd_bar = data.frames[t] * shift_bar + data.frames[n_sessions + t] * stretch_bar
            for i in range(n):
                u_bar[begin + i] += shift_bar / n + sd_bar * (u[i] - mean) / (n * sd)
        begin, bill, place, cell = begin + n, bill + (5 + N_BENDS) * m, place + 2 * m, cell + n * m
    more_bar = gradient[last:end]
    by_mu, by_frame, by_sigma = _walk_backward(own, more, mu, walk, at, u_bar, more_bar)
    for k in range(3):
        scale = ENTRY_SIGMA if k == 2 else STEP_SIGMA
        by_step = 1.0 - (sep * math.exp(more[k]) / scale) ** 2
        more_bar[k] += by_step
        log_sep_bar += by_step
    mu_bar = by_mu[0] - mu[0] / MU_SIGMA**2, by_mu[1] - mu[1] / MU_SIGMA**2
    frame_bar = s_bar + by_frame[0], log_sep_bar + by_frame[1]
    seats = Party(party.u, mu, party.squares)
    party_backward(
        own, data.first, data.members, seats, PartyBars(u_bar[: walk.ends[0]], mu_bar, frame_bar), gradient[:last]
    )
    gradient[4] += by_sigma[0]
    gradient[5] += by_sigma[1]
    return total, gradient
