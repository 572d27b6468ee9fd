"""The log density of the fast joint model with bridges that may differ, with its gradient (see `densities`)."""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from .arithmetic import halfnormal_logp, normal_logp
from .bills import bills_at, bills_backward, bills_forward
from .drift_bills import (
    Moved,
    MovedBars,
    Sides,
    Tau,
    all_slope_bars,
    carried_bars,
    let_through_backward,
    let_through_forward,
    moved_backward,
    moved_forward,
    summed,
)
from .jit import part
from .joint import _joint_prior
from .layout import N_BENDS, BillNumbers, joint_data, n_party
from .likelihood import one_pass_within
from .members import party_backward, party_forward
from .records import BillBars, PartyBars
from .shared_bills import relation_of, shared_backward, shared_forward

#: Numbers after those of a joint model, apart from three for each shared bill (`fast.packing.pack_drift`).
N_MORE = 7


@part
def drift_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `fast.drift_map.FastDrift` at ``x``.

    Names end as in `joint.joint_density`; ``_b`` are the House's sides of shared bills, ``_m`` the Senate's.
    """
    data, kind = joint_data(sizes, numbers, signs)
    house, senate, family, shared = data.house, data.senate, kind.family, data.shared
    only_h, only_s, m_b = house.sizes.n_bills, senate.sizes.n_bills, shared.bends.size // N_BENDS
    more = numbers[numbers.size - 3 * m_b - N_MORE :]
    size_free, level, by_house, by_senate, sd, scale_a, scale_b = more[3 * m_b :]
    sides = Sides(data.by_senate, more[: 2 * m_b], more[2 * m_b : 3 * m_b], family, data.n_free, size_free)
    # x: as in a joint model, then log tau_alpha, log tau_beta, z of delta, and the coordinates of the Senate's sides
    start_s = 2 + n_party(house.sizes)
    bills = start_s + n_party(senate.sizes)
    both, last = bills + 2 * only_h, bills + 2 * only_h + 2 * m_b
    end = last + 2 * only_s
    moved = end + 3
    x_h, x_s = x[2:start_s], x[start_s:bills]
    frame_h, frame_s = (x_h[0], x_h[1]), (x_s[0], x_s[1])
    relation = relation_of(frame_s, frame_h)
    k_h, k_s = x_h[0] * math.exp(-x_h[1]), x_s[0] * math.exp(-x_s[1])
    tau = Tau(math.exp(x[end]), math.exp(x[end + 1]), level + by_senate * k_s - by_house * k_h + sd * x[end + 2])

    w_h, a_h, w_s, a_s = np.empty(only_h + m_b), np.empty(only_h + m_b), np.empty(m_b + only_s), np.empty(m_b + only_s)
    party_h, total_h = party_forward(x_h, house.sizes, house.members)
    party_s, total_s = party_forward(x_s, senate.sizes, senate.members)
    total, chamber_bar, party_bar, mu_h_bar, mu_s_bar = _joint_prior(x[0], x[1], party_h.mu, party_s.mu)
    total += math.log(sd) + normal_logp(tau.delta, 0.0, scale_a)
    total += halfnormal_logp(tau.alpha, scale_a) + x[end] + halfnormal_logp(tau.beta, scale_b) + x[end + 1]
    weaker = let_through_forward(sides, tau, frame_s)
    known = BillNumbers(shared_forward(shared.info, weaker, relation, family, data.n_free), shared.bends)
    bills_h = bills_at(x[bills:both], house.bills, house.sizes.n_free, w_h[:only_h], a_h[:only_h])
    bills_b = bills_at(x[both:last], known, data.n_free, w_h[only_h:], a_h[only_h:])
    bills_s = bills_at(x[last:end], senate.bills, senate.sizes.n_free, w_s[m_b:], a_s[m_b:])
    total += bills_forward(bills_h, frame_h, kind)
    total += bills_forward(bills_b, frame_h, kind)
    total += bills_forward(bills_s, frame_s, kind)
    alpha, beta, sep_h = np.empty(m_b), np.empty(m_b), math.exp(x_h[1])
    for j in range(m_b):
        beta[j] = bills_b.w[j] / sep_h
        alpha[j] = bills_b.a[j] + beta[j] * x_h[0]
    bills_m = Moved(x[moved:], alpha, beta, w_s[:m_b], a_s[:m_b])
    total += moved_forward(bills_m, sides, tau, frame_s)
    loglik_h, u_h_bar, w_h_bar, a_h_bar = one_pass_within(party_h.u, w_h, a_h, house.sign)
    loglik_s, u_s_bar, w_s_bar, a_s_bar = one_pass_within(party_s.u, w_s, a_s, senate.sign)

    gradient = np.empty(x.size)
    gradient[0], gradient[1] = chamber_bar, party_bar
    bars_m = MovedBars(gradient[moved:], np.zeros(m_b), np.zeros(m_b), w_s_bar[:m_b], a_s_bar[:m_b])
    by_moved = moved_backward(bills_m, bars_m, sides, tau, frame_s)
    s_h_bar, log_sep_h_bar = 0.0, 0.0
    for j in range(m_b):
        beta_bar = bars_m.beta[j] + bars_m.alpha[j] * x_h[0]
        w_h_bar[only_h + j] += beta_bar / sep_h
        a_h_bar[only_h + j] += bars_m.alpha[j]
        s_h_bar += bars_m.alpha[j] * beta[j]
        log_sep_h_bar -= beta_bar * beta[j]
    bars_h = BillBars(w_h_bar[:only_h], a_h_bar[:only_h], gradient[bills:both], np.empty(5 * only_h))
    bars_b = BillBars(w_h_bar[only_h:], a_h_bar[only_h:], gradient[both:last], np.zeros(5 * m_b))
    bars_s = BillBars(w_s_bar[m_b:], a_s_bar[m_b:], gradient[last:end], np.empty(5 * only_s))
    by_h = bills_backward(bills_h, bars_h, frame_h, kind)
    by_b = bills_backward(bills_b, bars_b, frame_h, kind)
    by_s = bills_backward(bills_s, bars_s, frame_s, kind)
    if family != 0:
        all_slope_bars(bills_b, (kind.moments[1], kind.prior.alpha_sigma), bars_b.info)
    nothing = np.zeros(m_b)
    carried = shared_backward(weaker, relation, family, bills_b, BillBars(nothing, nothing, nothing, bars_b.info))
    weaker_bar = carried_bars(bars_b.info, relation, family, data.n_free)
    found = summed(by_moved, let_through_backward(sides, tau, frame_s, weaker, weaker_bar))
    delta_bar = found.tau.delta - tau.delta / scale_a**2
    gradient[end] = (found.tau.alpha - tau.alpha / scale_a**2) * tau.alpha + 1
    gradient[end + 1] = (found.tau.beta - tau.beta / scale_b**2) * tau.beta + 1
    gradient[end + 2] = delta_bar * sd
    k_h_bar, k_s_bar = -delta_bar * by_house, delta_bar * by_senate
    s_h_bar += by_h[0] + by_b[0] + carried[2] + k_h_bar * math.exp(-x_h[1])
    log_sep_h_bar += by_h[1] + by_b[1] + carried[3] - k_h_bar * k_h
    s_s_bar = by_s[0] + carried[0] + found.s + k_s_bar * math.exp(-x_s[1])
    log_sep_s_bar = by_s[1] + carried[1] + found.log_sep - k_s_bar * k_s
    bars = PartyBars(u_h_bar, mu_h_bar, (s_h_bar, log_sep_h_bar))
    party_backward(x_h, house.sizes, house.members, party_h, bars, gradient[2:start_s])
    bars = PartyBars(u_s_bar, mu_s_bar, (s_s_bar, log_sep_s_bar))
    party_backward(x_s, senate.sizes, senate.members, party_s, bars, gradient[start_s:bills])
    return total + total_h + total_s + loglik_h + loglik_s, gradient
