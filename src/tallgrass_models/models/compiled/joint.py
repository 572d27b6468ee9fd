"""The log density of the fast joint model with its gradient (see `densities`)."""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from ...priors.constants import LEVEL_SIGMA, MU_SIGMA
from .arithmetic import halfnormal_logp, normal_logp
from .bills import bills_at, bills_backward, bills_forward
from .jit import jit, kept_whole, part
from .layout import N_BENDS, BillNumbers, joint_data, n_party
from .likelihood import one_pass_within
from .members import party_backward, party_forward
from .records import BillBars, Pair, PartyBars
from .shared_bills import relation_of, shared_backward, shared_forward


@jit
def _joint_prior(
    log_sigma_chamber: float, log_sigma_party: float, mu_h: Pair, mu_s: Pair
) -> tuple[float, float, float, Pair, Pair]:
    """Compute the upper levels of `fast.joint_map.FastJoint.log_prior`.

    Returns the value, and the derivatives with respect to both log sigma and both pairs mu.
    """
    kept_whole()
    sigma_chamber, sigma_party = math.exp(log_sigma_chamber), math.exp(log_sigma_party)
    variance = sigma_chamber**2 + sigma_party**2 / 2
    m_h, m_s = (mu_h[0] + mu_h[1]) / 2, (mu_s[0] + mu_s[1]) / 2
    center, difference = (m_h + m_s) / 2, m_h - m_s
    v_center, v_difference = MU_SIGMA**2 + variance / 2, 2 * variance
    gap_h, gap_s = mu_h[1] - mu_h[0], mu_s[1] - mu_s[0]
    gap_scale = math.sqrt(2.0) * sigma_party
    total = normal_logp(center, 0.0, math.sqrt(v_center)) + normal_logp(difference, 0.0, math.sqrt(v_difference))
    total += halfnormal_logp(gap_h, gap_scale) + halfnormal_logp(gap_s, gap_scale)
    total += halfnormal_logp(sigma_chamber, LEVEL_SIGMA) + log_sigma_chamber
    total += halfnormal_logp(sigma_party, LEVEL_SIGMA) + log_sigma_party

    # d log Normal(x; 0, sqrt(v)) / dv = (x^2 / v - 1) / (2 v)
    variance_bar = 0.25 * (center**2 / v_center - 1) / v_center + (difference**2 / v_difference - 1) / v_difference
    squares = (gap_h**2 + gap_s**2) / gap_scale**2
    chamber_bar = 1 - (sigma_chamber / LEVEL_SIGMA) ** 2 + variance_bar * 2 * sigma_chamber**2
    party_bar = 1 - (sigma_party / LEVEL_SIGMA) ** 2 + variance_bar * sigma_party**2 + squares - 2
    # a party mean has a half in m, m a half in center and all of difference
    center_term, difference_term = -0.25 * center / v_center, -0.5 * difference / v_difference
    house, senate = center_term + difference_term, center_term - difference_term
    pull_h, pull_s = gap_h / gap_scale**2, gap_s / gap_scale**2
    return total, chamber_bar, party_bar, (house + pull_h, house - pull_h), (senate + pull_s, senate - pull_s)


@part
def joint_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `fast.joint_map.FastJoint` at ``x``.

    A name ending in ``_h`` belongs to the House, ``_s`` to the Senate, ``_b`` to shared bills in the House's frame.
    """
    data, kind = joint_data(sizes, numbers, signs)
    house, senate, family, shared = data.house, data.senate, kind.family, data.shared
    only_h, only_s, m_b = house.sizes.n_bills, senate.sizes.n_bills, shared.bends.size // N_BENDS
    # x: the two upper scales; members of the House, of the Senate; bills of the House only, shared, of the Senate only
    start_s = 2 + n_party(house.sizes)
    bills = start_s + n_party(senate.sizes)
    both, last = bills + 2 * only_h, bills + 2 * only_h + 2 * m_b
    x_h, x_s = x[2:start_s], x[start_s:bills]
    frame_h, frame_s = (x_h[0], x_h[1]), (x_s[0], x_s[1])
    relation = relation_of(frame_s, frame_h)

    w_h, a_h, w_s, a_s = np.empty(only_h + m_b), np.empty(only_h + m_b), np.empty(m_b + only_s), np.empty(m_b + only_s)
    party_h, total_h = party_forward(x_h, house.sizes, house.members)
    party_s, total_s = party_forward(x_s, senate.sizes, senate.members)
    total, chamber_bar, party_bar, mu_h_bar, mu_s_bar = _joint_prior(x[0], x[1], party_h.mu, party_s.mu)
    known = BillNumbers(shared_forward(shared.info, data.by_senate, relation, family, data.n_free), shared.bends)
    bills_h = bills_at(x[bills:both], house.bills, house.sizes.n_free, w_h[:only_h], a_h[:only_h])
    bills_b = bills_at(x[both:last], known, data.n_free, w_h[only_h:], a_h[only_h:])
    bills_s = bills_at(x[last:], senate.bills, senate.sizes.n_free, w_s[m_b:], a_s[m_b:])
    total += bills_forward(bills_h, frame_h, kind)
    total += bills_forward(bills_b, frame_h, kind)
    total += bills_forward(bills_s, frame_s, kind)
    for j in range(m_b):  # loops, since expressions of arrays take numba long to compile
        w_s[j], a_s[j] = relation.ratio * bills_b.w[j], bills_b.a[j] + relation.shift * bills_b.w[j]
    loglik_h, u_h_bar, w_h_bar, a_h_bar = one_pass_within(party_h.u, w_h, a_h, house.sign)
    loglik_s, u_s_bar, w_s_bar, a_s_bar = one_pass_within(party_s.u, w_s, a_s, senate.sign)

    gradient = np.empty(x.size)
    gradient[0], gradient[1] = chamber_bar, party_bar
    for j in range(m_b):
        w_h_bar[only_h + j] += relation.ratio * w_s_bar[j] + relation.shift * a_s_bar[j]
        a_h_bar[only_h + j] += a_s_bar[j]
    bars_h = BillBars(w_h_bar[:only_h], a_h_bar[:only_h], gradient[bills:both], np.empty(5 * only_h))
    bars_b = BillBars(w_h_bar[only_h:], a_h_bar[only_h:], gradient[both:last], np.zeros(5 * m_b))
    bars_s = BillBars(w_s_bar[m_b:], a_s_bar[m_b:], gradient[last:], np.empty(5 * only_s))
    by_h = bills_backward(bills_h, bars_h, frame_h, kind)
    by_b = bills_backward(bills_b, bars_b, frame_h, kind)
    by_s = bills_backward(bills_s, bars_s, frame_s, kind)
    in_senate = BillBars(w_s_bar[:m_b], a_s_bar[:m_b], bars_b.z, bars_b.info)
    by_frames = shared_backward(data.by_senate, relation, family, bills_b, in_senate)
    by_bills_h = (by_h[0] + by_b[0] + by_frames[2], by_h[1] + by_b[1] + by_frames[3])
    by_bills_s = (by_s[0] + by_frames[0], by_s[1] + by_frames[1])
    bars = PartyBars(u_h_bar, mu_h_bar, by_bills_h)
    party_backward(x_h, house.sizes, house.members, party_h, bars, gradient[2:start_s])
    bars = PartyBars(u_s_bar, mu_s_bar, by_bills_s)
    party_backward(x_s, senate.sizes, senate.members, party_s, bars, gradient[start_s:bills])
    return total + total_h + total_s + loglik_h + loglik_s, gradient
