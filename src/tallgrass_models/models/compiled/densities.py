"""Log densities of the fast models with their gradients, one compiled function a model.

The same functions of the same coordinates as the PyMC models that `chamber`, `joint` and `flat` build, for the sampler
alone: PyTensor takes many seconds to derive and compile a model, anew for each size and prior; these are compiled once
for all.

`chamber_density`, `flat_density` and `joint_density` take the vector ``x`` of all free variables in the order of
``shapes``, and a model's data as three flat arrays (`fast.packing.pack`): ``sizes`` (int64), ``numbers`` (float64),
``signs`` (int8). They return the log density and its gradient.

They put together the maps of `fast`, each with its derivatives in a file of the same name beside this one. Each map
appears twice: ``*_forward`` computes it, ``*_backward`` takes the derivatives of the log density with respect to its
outputs and returns those with respect to its inputs (reverse mode, by hand). A name ending in ``_bar`` is the
derivative of the log density with respect to that quantity. Several numbers a bill are one flat array, row after row:
views of two dimensions take numba longer to compile. Backward functions recompute what they need rather than store it.
The tests hold values and gradients against the PyMC models, which are built from `fast` and differentiated by PyTensor.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from ..constants import MU_SIGMA
from .arithmetic import LOG_2PI, Pair, halfnormal_logp, normal_logp
from .bills import bills_backward, bills_forward, kind_of
from .jit import jit, part
from .likelihood import one_pass_within
from .members import N_SCALARS, party_backward, party_forward
from .positions import group_backward, group_forward
from .shared_bills import shared_backward, shared_forward


@part
def chamber_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`fast.chamber_map.FastChamber`: log density and gradient at ``x``.

    Sizes: members, roll calls, left members, right ones, family, crossed, bills of free sign. Numbers: rows of the
    members, of the bills, scales, prior.
    """
    n, m, n_left, n_right, family, crossed, n_free = sizes
    sign, kind, groups = signs.reshape(n, m), kind_of(numbers, family, n_free), (n_left, n_right, n, crossed > 0)
    info, g = numbers[: 2 * n].reshape(2, n), numbers[2 * n : 2 * n + 5 * m]
    shape, scales = numbers[2 * n + 5 * m : 2 * n + 9 * m], numbers[2 * n + 9 * m :]
    last = N_SCALARS + n - 2
    s, log_sep, z = x[0], x[1], x[last:]
    u, w, a, c = np.empty(n), np.empty(m), np.empty(m), np.empty(2 * m)
    mu, squares, total = party_forward(x[:last], info, groups, scales, u)
    total += bills_forward(z, g, shape, s, log_sep, kind, w, a, c)
    total += normal_logp(mu[0], 0.0, MU_SIGMA) + normal_logp(mu[1], 0.0, MU_SIGMA) + math.log(2.0)
    loglik, u_bar, w_bar, a_bar = one_pass_within(u, w, a, sign)

    gradient, g_bar = np.empty(x.size), np.empty(5 * m)
    by_bills = bills_backward(z, g, shape, s, log_sep, kind, w, a, c, w_bar, a_bar, gradient[last:], g_bar)
    mu_bar = (-mu[0] / MU_SIGMA**2, -mu[1] / MU_SIGMA**2)
    party_backward(x[:last], info, groups, scales, u, mu, squares, mu_bar, by_bills, u_bar, gradient[:last])
    return total + loglik, gradient


@part
def flat_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`fast.flat.FastFlat`: log density and gradient at ``x`` (location, log_sep, z_left, z_right, c_first, c_second).

    Sizes: members, roll calls, left members. Numbers: rows of the members, of the bills, prior.
    """
    n, m, n_left = sizes
    n_right = n - n_left
    sign, kind = signs.reshape(n, m), kind_of(numbers, 0, 0)
    info, g = numbers[: 2 * n].reshape(2, n), numbers[2 * n : 2 * n + 5 * m]
    shape = numbers[2 * n + 5 * m : 2 * n + 9 * m]
    s, sep, z = x[0], math.exp(x[1]), x[n:]
    z_l, z_r, t = x[2 : n_left + 1], x[n_left + 1 : n], sep**2
    u, w, a, c = np.empty(n), np.empty(m), np.empty(m), np.empty(2 * m)
    squares_l, jacobian_l = group_forward(z_l, info[0, :n_left], info[1, :n_left], t, -0.5, u[:n_left])
    squares_r, jacobian_r = group_forward(z_r, info[0, n_left:], info[1, n_left:], t, 0.5, u[n_left:])
    squares, left, right = squares_l + squares_r, s - sep / 2, s + sep / 2
    total = bills_forward(z, g, shape, s, x[1], kind, w, a, c) + jacobian_l + jacobian_r
    total += (n - 1) * x[1] + 0.5 * math.log(n_left * n_right) - 0.5 * n * LOG_2PI
    total -= 0.5 * (t * squares + n_left * left**2 + n_right * right**2)
    loglik, u_bar, w_bar, a_bar = one_pass_within(u, w, a, sign)

    gradient, g_bar = np.empty(x.size), np.empty(5 * m)
    s_bar, log_sep_bar = bills_backward(z, g, shape, s, x[1], kind, w, a, c, w_bar, a_bar, gradient[n:], g_bar)
    for i in range(n):
        u_bar[i] -= t * (u[i] + 0.5 if i < n_left else u[i] - 0.5)
    t_bar = group_backward(z_l, info[0, :n_left], info[1, :n_left], t, u_bar[:n_left], gradient[2 : n_left + 1])
    t_bar += group_backward(z_r, info[0, n_left:], info[1, n_left:], t, u_bar[n_left:], gradient[n_left + 1 : n])
    t_bar -= 0.5 * squares
    gradient[0] = s_bar - n_left * left - n_right * right
    gradient[1] = log_sep_bar + 2 * t * t_bar + n - 1 + 0.5 * sep * (n_left * left - n_right * right)
    return total + loglik, gradient


@jit
def _joint_prior(
    log_sigma_chamber: float, log_sigma_party: float, mu_h: Pair, mu_s: Pair
) -> tuple[float, float, float, Pair, Pair]:
    """Upper levels of `fast.joint_map.FastJoint.log_prior`.

    Returns the value, and the derivatives with respect to both log sigma and both pairs mu.
    """
    sigma_chamber, sigma_party = math.exp(log_sigma_chamber), math.exp(log_sigma_party)
    variance = sigma_chamber**2 + sigma_party**2 / 2
    m_h, m_s = (mu_h[0] + mu_h[1]) / 2, (mu_s[0] + mu_s[1]) / 2
    center, difference = (m_h + m_s) / 2, m_h - m_s
    v_center, v_difference = MU_SIGMA**2 + variance / 2, 2 * variance
    gap_h, gap_s = mu_h[1] - mu_h[0], mu_s[1] - mu_s[0]
    gap_scale = math.sqrt(2.0) * sigma_party
    total = normal_logp(center, 0.0, math.sqrt(v_center)) + normal_logp(difference, 0.0, math.sqrt(v_difference))
    total += halfnormal_logp(gap_h, gap_scale) + halfnormal_logp(gap_s, gap_scale)
    total += halfnormal_logp(sigma_chamber, 1.0) + log_sigma_chamber
    total += halfnormal_logp(sigma_party, 1.0) + log_sigma_party

    # d log Normal(x; 0, sqrt(v)) / dv = (x^2 / v - 1) / (2 v)
    variance_bar = 0.25 * (center**2 / v_center - 1) / v_center + (difference**2 / v_difference - 1) / v_difference
    squares = (gap_h**2 + gap_s**2) / gap_scale**2
    chamber_bar = 1 - sigma_chamber**2 + variance_bar * 2 * sigma_chamber**2
    party_bar = 1 - sigma_party**2 + variance_bar * sigma_party**2 + squares - 2
    # a party mean has a half in m, m a half in center and all of difference
    center_term, difference_term = -0.25 * center / v_center, -0.5 * difference / v_difference
    house, senate = center_term + difference_term, center_term - difference_term
    pull_h, pull_s = gap_h / gap_scale**2, gap_s / gap_scale**2
    return total, chamber_bar, party_bar, (house + pull_h, house - pull_h), (senate + pull_s, senate - pull_s)


@jit
def _joint_data(sizes: ndarray, numbers: ndarray) -> tuple[ndarray, ...]:
    """Rows of House and Senate members; flat, of House-only bills, shared ones, what senators add, Senate-only ones."""
    n_h, m_h, n_s, m_s, m_both = sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]
    members = 2 * n_h + 2 * n_s
    info_h, info_s = numbers[: 2 * n_h].reshape(2, n_h), numbers[2 * n_h : members].reshape(2, n_s)
    house = members + 9 * (m_h - m_both)
    shared, senate = house + 9 * m_both, house + 14 * m_both
    last = senate + 9 * (m_s - m_both)
    return info_h, info_s, numbers[members:house], numbers[house:shared], numbers[shared:senate], numbers[senate:last]


@part
def joint_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`fast.joint_map.FastJoint`: log density and gradient at ``x``.

    Sizes: members and roll calls of the House, of the Senate, shared bills, left and right members of the House, of the
    Senate, family, crossed of both, bills of free sign among House-only, shared and Senate-only ones. Numbers: rows as
    in `_joint_data`, scales, prior. Signs: of the House, of the Senate. A name ending in ``_h`` belongs to the House,
    ``_s`` to the Senate; ``_b`` to shared bills in the frame of the House.
    """
    n_h, m_h, n_s, m_s, m_b, left_h, right_h, left_s, right_s, family, crossed_h, crossed_s = sizes[:12]
    free_h, free_b, free_s = sizes[12:]
    groups_h, groups_s = (left_h, right_h, n_h, crossed_h > 0), (left_s, right_s, n_s, crossed_s > 0)
    only_h, only_s = m_h - m_b, m_s - m_b
    info_h, info_s, house_only, shared, by_senate, senate_only = _joint_data(sizes, numbers)
    g_h, shape_h, shape_b = house_only[: 5 * only_h], house_only[5 * only_h :], shared[5 * m_b :]
    g_s, shape_s = senate_only[: 5 * only_s], senate_only[5 * only_s :]
    scales, kind_h = numbers[-10:-6], kind_of(numbers, family, free_h)
    kind_b, kind_s = kind_of(numbers, family, free_b), kind_of(numbers, family, free_s)
    sign_h, sign_s = signs[: n_h * m_h].reshape(n_h, m_h), signs[n_h * m_h :].reshape(n_s, m_s)
    # x: the two upper scales; scalars and members of the House, of the Senate; bills of the House only, shared, others
    senate = 2 + N_SCALARS + n_h - 2
    bills = senate + N_SCALARS + n_s - 2
    both, last = bills + 2 * only_h, bills + 2 * only_h + 2 * m_b
    x_h, x_s, z_h, z_b, z_s = x[2:senate], x[senate:bills], x[bills:both], x[both:last], x[last:]
    s_h, log_sep_h, s_s, log_sep_s = x_h[0], x_h[1], x_s[0], x_s[1]
    ratio, shift = math.exp(log_sep_s - log_sep_h), (s_h - s_s) * math.exp(-log_sep_h)
    v_l, v_r = -shift - 0.5 * ratio, -shift + 0.5 * ratio

    u_h, w_h, a_h = np.empty(n_h), np.empty(m_h), np.empty(m_h)
    u_s, w_s, a_s = np.empty(n_s), np.empty(m_s), np.empty(m_s)
    w_b, a_b = w_h[only_h:], a_h[only_h:]
    c_h, c_b, c_s = np.empty(2 * only_h), np.empty(2 * m_b), np.empty(2 * only_s)
    mu_h, squares_h, total_h = party_forward(x_h, info_h, groups_h, scales[:2], u_h)
    mu_s, squares_s, total_s = party_forward(x_s, info_s, groups_s, scales[2:], u_s)
    total, chamber_bar, party_bar, mu_h_bar, mu_s_bar = _joint_prior(x[0], x[1], mu_h, mu_s)
    g_b = shared_forward(shared[: 5 * m_b], by_senate, ratio, v_l, v_r, family, free_b)
    total += bills_forward(z_h, g_h, shape_h, s_h, log_sep_h, kind_h, w_h[:only_h], a_h[:only_h], c_h)
    total += bills_forward(z_b, g_b, shape_b, s_h, log_sep_h, kind_b, w_b, a_b, c_b)
    total += bills_forward(z_s, g_s, shape_s, s_s, log_sep_s, kind_s, w_s[m_b:], a_s[m_b:], c_s)
    for j in range(m_b):  # loops: expressions of arrays take numba long to compile
        w_s[j], a_s[j] = ratio * w_b[j], a_b[j] + shift * w_b[j]
    loglik_h, u_h_bar, w_h_bar, a_h_bar = one_pass_within(u_h, w_h, a_h, sign_h)
    loglik_s, u_s_bar, w_s_bar, a_s_bar = one_pass_within(u_s, w_s, a_s, sign_s)

    gradient = np.empty(x.size)
    gradient[0], gradient[1] = chamber_bar, party_bar
    z_h_bar, z_b_bar, z_s_bar = gradient[bills:both], gradient[both:last], gradient[last:]
    g_b_bar = np.zeros(5 * m_b)
    for j in range(m_b):
        w_h_bar[only_h + j] += ratio * w_s_bar[j] + shift * a_s_bar[j]
        a_h_bar[only_h + j] += a_s_bar[j]
    by_h = bills_backward(
        z_h, g_h, shape_h, s_h, log_sep_h, kind_h, w_h[:only_h], a_h[:only_h], c_h,
        w_h_bar[:only_h], a_h_bar[:only_h], z_h_bar, np.empty(5 * only_h),
    )  # fmt: skip
    by_b = bills_backward(
        z_b, g_b, shape_b, s_h, log_sep_h, kind_b, w_b, a_b, c_b,
        w_h_bar[only_h:], a_h_bar[only_h:], z_b_bar, g_b_bar,
    )  # fmt: skip
    by_s = bills_backward(
        z_s, g_s, shape_s, s_s, log_sep_s, kind_s, w_s[m_b:], a_s[m_b:], c_s,
        w_s_bar[m_b:], a_s_bar[m_b:], z_s_bar, np.empty(5 * only_s),
    )  # fmt: skip
    by_frames = shared_backward(
        by_senate, ratio, v_l, v_r, math.exp(log_sep_h), family, free_b, w_b, w_s_bar[:m_b], a_s_bar[:m_b], g_b_bar
    )
    party_backward(
        x_h, info_h, groups_h, scales[:2], u_h, mu_h, squares_h, mu_h_bar,
        (by_h[0] + by_b[0] + by_frames[2], by_h[1] + by_b[1] + by_frames[3]), u_h_bar, gradient[2:senate],
    )  # fmt: skip
    party_backward(
        x_s, info_s, groups_s, scales[2:], u_s, mu_s, squares_s, mu_s_bar,
        (by_s[0] + by_frames[0], by_s[1] + by_frames[1]), u_s_bar, gradient[senate:bills],
    )  # fmt: skip
    return total + total_h + total_s + loglik_h + loglik_s, gradient
