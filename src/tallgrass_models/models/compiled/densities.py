"""Log densities of the fast models with their gradients, one compiled function a model.

The same functions of the same coordinates as the PyMC models that `chamber`, `joint` and `flat` build, for the sampler
alone: PyTensor takes many seconds to derive and compile a model, anew for each size and prior; these are compiled once
for all.

`chamber_density`, `flat_density` and `joint_density` take the vector ``x`` of all free variables in the order of
``shapes``, and a model's data as three flat arrays (`packing.pack`): ``sizes`` (int64), ``numbers`` (float64),
``signs`` (int8). They return the log density and its gradient.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from ..base import MU_SIGMA
from .jit import jit, part
from .kernels import (
    Prior,
    bend_backward,
    bend_forward,
    carried_logits_backward,
    carried_logits_forward,
    carried_slopes_backward,
    carried_slopes_forward,
    dot,
    group_backward,
    group_forward,
    halfnormal_logp,
    independents_backward,
    independents_forward,
    logits_backward,
    logits_forward,
    means_backward,
    means_forward,
    normal_logp,
    relative_backward,
    slopes_backward,
    slopes_forward,
)
from .likelihood import one_pass_within

LOG_2PI = math.log(2 * math.pi)
# Free scalars of a chamber, in order: location, log_sep, middle, gap, log_sigma_left, log_sigma_right.
_N_SCALARS = 6

_Pair = tuple[float, float]


#: Of bills: their family (0: normal beta, 1: lognormal, 2: half-normal), its prior, mean and standard deviation of log
#: beta; how many bills at the end have a beta of free sign, and the prior of those.
Kind = tuple[int, Prior, _Pair, int, Prior]


@jit
def kind_of(numbers: ndarray, family: int, n_free: int) -> Kind:
    """From the last six numbers: mu, sigma, alpha_sigma, moments of log beta, sigma of a beta of free sign."""
    mu, sigma, alpha_sigma, mean, sd, sigma_free = numbers[-6:]
    return family, (mu, sigma, alpha_sigma), (mean, sd), n_free, (0.0, sigma_free, alpha_sigma)


@jit
def _block_forward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, prior: Prior, family: int, moments: _Pair,
    w: ndarray, a: ndarray, c: ndarray,
) -> float:  # fmt: skip
    """Bills of one family as in `bills.bills`: writes w, a and the unbent coordinates c.

    Two rows of ``z`` and ``c``, four of ``shape``, five of ``g``.
    """
    total, m = bend_forward(z, shape, c), w.size
    if family == 0:
        return total + logits_forward(c, g, s, math.exp(log_sep), prior, w, a)
    return total + slopes_forward(c, g, shape[2 * m :], s, log_sep, prior, family == 2, moments, w, a)


@jit
def _block_backward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, prior: Prior, family: int, moments: _Pair,
    w: ndarray, a: ndarray, c: ndarray, w_bar: ndarray, a_bar: ndarray, z_bar: ndarray, g_bar: ndarray,
) -> _Pair:  # fmt: skip
    """Derivatives for `_block_forward`: writes ``z_bar`` and ``g_bar``, returns those of s and log sep."""
    m = w.size
    if family == 0:
        out = logits_backward(c, g, s, math.exp(log_sep), prior, w, a, w_bar, a_bar, z_bar, g_bar)
    else:
        out = slopes_backward(
            c, g, shape[2 * m :], s, log_sep, prior, family == 2, moments, w, a, w_bar, a_bar, z_bar, g_bar
        )
    bend_backward(z, shape, z_bar)
    return out


@jit
def _bills_forward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, kind: Kind, w: ndarray, a: ndarray, c: ndarray
) -> float:
    """Bills of the kind's family, then those of free sign: writes w, a, c, returns log prior plus log Jacobian.

    ``z, c`` (two numbers a bill), ``shape`` (four) and ``g`` (five) are flat: the rows of one block, then the other's.
    """
    family, prior, moments, n_free, free = kind
    total, first = 0.0, 0
    for block in range(2):  # one call in a loop: twice as quick to compile as two
        m = n_free if block else w.size - n_free
        if m > 0:
            last = first + m
            total += _block_forward(
                z[2 * first : 2 * last], g[5 * first : 5 * last], shape[4 * first : 4 * last], s, log_sep,
                free if block else prior, 0 if block else family, moments,
                w[first:last], a[first:last], c[2 * first : 2 * last],
            )  # fmt: skip
            first = last
    return total


@jit
def _bills_backward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, kind: Kind, w: ndarray, a: ndarray, c: ndarray,
    w_bar: ndarray, a_bar: ndarray, z_bar: ndarray, g_bar: ndarray,
) -> _Pair:  # fmt: skip
    """Derivatives for `_bills_forward`: writes ``z_bar`` and ``g_bar``, returns those of s and log sep."""
    family, prior, moments, n_free, free = kind
    s_bar, log_sep_bar, first = 0.0, 0.0, 0
    for block in range(2):
        m = n_free if block else w.size - n_free
        if m > 0:
            last = first + m
            of_s, of_log_sep = _block_backward(
                z[2 * first : 2 * last], g[5 * first : 5 * last], shape[4 * first : 4 * last], s, log_sep,
                free if block else prior, 0 if block else family, moments,
                w[first:last], a[first:last], c[2 * first : 2 * last], w_bar[first:last], a_bar[first:last],
                z_bar[2 * first : 2 * last], g_bar[5 * first : 5 * last],
            )  # fmt: skip
            s_bar, log_sep_bar, first = s_bar + of_s, log_sep_bar + of_log_sep, last
    return s_bar, log_sep_bar


#: Members of the left group, of the right one, independents; whether the left group is the Republicans.
Groups = tuple[int, int, int, bool]


@jit
def _party_forward(
    x: ndarray, info: ndarray, groups: Groups, scales: ndarray, u: ndarray
) -> tuple[_Pair, _Pair, float]:
    """`members.party_members` and the prior of sigma: writes u.

    ``x`` holds the chamber's scalars, z_left, z_right and z_independents; ``info`` has the rows precision and pull of
    all members. Returns mu (left, right), the sums of squares of rho, and the log density of xi and sigma plus log
    Jacobian.
    """
    n_left, n_right, _, crossed = groups
    n = n_left + n_right
    sep, sigma_l, sigma_r = math.exp(x[1]), math.exp(x[4]), math.exp(x[5])
    z_l, z_r = x[_N_SCALARS : _N_SCALARS + n_left - 1], x[_N_SCALARS + n_left - 1 : _N_SCALARS + n - 2]
    t_l, t_r = (sep / sigma_l) ** 2, (sep / sigma_r) ** 2
    squares_l, jacobian_l = group_forward(z_l, info[0, :n_left], info[1, :n_left], t_l, -0.5, u[:n_left])
    squares_r, jacobian_r = group_forward(z_r, info[0, n_left:n], info[1, n_left:n], t_r, 0.5, u[n_left:n])
    v_l, v_r = sigma_l**2 / n_left, sigma_r**2 / n_right
    mu_l, mu_r, jacobian_mu = means_forward(x[2], x[3], x[0], sep, v_l, v_r, crossed)
    total = jacobian_l + jacobian_r + jacobian_mu + (n - 1) * x[1] + 0.5 * math.log(n_left * n_right) + x[4] + x[5]
    # sum over members of ((xi - mu) / sigma)^2, where xi = sample mean + sep * rho and rho sums to zero
    d_l, d_r = mu_l - (x[0] - sep / 2), mu_r - (x[0] + sep / 2)
    total -= 0.5 * (t_l * squares_l + d_l**2 / v_l + t_r * squares_r + d_r**2 / v_r)
    total -= n_left * x[4] + n_right * x[5] + 0.5 * n * LOG_2PI
    total += halfnormal_logp(sigma_l, scales[0]) + halfnormal_logp(sigma_r, scales[1])
    if u.size > n:
        z, m = x[_N_SCALARS + n - 2 :], (0.5 * (mu_l + mu_r) - x[0]) / sep
        total += independents_forward(z, info[0, n:], info[1, n:], (sep / (mu_r - mu_l)) ** 2, m, u[n:])
    return (mu_l, mu_r), (squares_l, squares_r), total


@jit
def _party_backward(
    x: ndarray, info: ndarray, groups: Groups, scales: ndarray, u: ndarray, mu: _Pair, squares: _Pair,
    mu_bar: _Pair, frame_bar: _Pair, u_bar: ndarray, x_bar: ndarray,
) -> None:  # fmt: skip
    """Derivatives for `_party_forward`: writes ``x_bar``.

    Takes those of mu (by its prior), of s and log sep (by bills), and of u (by votes; overwritten).
    """
    n_left, n_right, _, crossed = groups
    n = n_left + n_right
    sep, sigma_l, sigma_r = math.exp(x[1]), math.exp(x[4]), math.exp(x[5])
    (mu_l_bar, mu_r_bar), (s_bar, log_sep_bar) = mu_bar, frame_bar
    if u.size > n:
        by_mu, by_s, by_log_sep = _independents_pull(x, info[0, n:], mu, u[n:], u_bar[n:], x_bar[_N_SCALARS + n - 2 :])
        mu_l_bar, mu_r_bar = mu_l_bar + by_mu[0], mu_r_bar + by_mu[1]
        s_bar, log_sep_bar = s_bar + by_s, log_sep_bar + by_log_sep
    z_l, z_r = x[_N_SCALARS : _N_SCALARS + n_left - 1], x[_N_SCALARS + n_left - 1 : _N_SCALARS + n - 2]
    z_l_bar, z_r_bar = x_bar[_N_SCALARS : _N_SCALARS + n_left - 1], x_bar[_N_SCALARS + n_left - 1 : _N_SCALARS + n - 2]
    t_l, t_r = (sep / sigma_l) ** 2, (sep / sigma_r) ** 2
    v_l, v_r = sigma_l**2 / n_left, sigma_r**2 / n_right
    for i in range(n):
        u_bar[i] -= t_l * (u[i] + 0.5) if i < n_left else t_r * (u[i] - 0.5)
    t_l_bar = group_backward(z_l, info[0, :n_left], info[1, :n_left], t_l, u_bar[:n_left], z_l_bar) - 0.5 * squares[0]
    t_r_bar = group_backward(z_r, info[0, n_left:n], info[1, n_left:n], t_r, u_bar[n_left:n], z_r_bar)
    t_r_bar -= 0.5 * squares[1]
    d_l, d_r = mu[0] - (x[0] - sep / 2), mu[1] - (x[0] + sep / 2)
    x_bar[2], x_bar[3], sep_term, log_v_l_bar, log_v_r_bar = means_backward(
        x[2], x[3], sep, v_l, v_r, crossed, mu_l_bar - d_l / v_l, mu_r_bar - d_r / v_r
    )
    x_bar[0] = s_bar + mu_l_bar + mu_r_bar
    x_bar[1] = log_sep_bar + sep_term + 0.5 * sep * (mu_r_bar - mu_l_bar) + n - 1 + 2 * (t_l * t_l_bar + t_r * t_r_bar)
    # v = sigma^2 / n and t = (sep / sigma)^2 follow log sigma twofold; -(sigma / scale)^2 by the half-normal prior
    x_bar[4] = 2 * log_v_l_bar + d_l**2 / v_l - 2 * t_l * t_l_bar + 1 - n_left - (sigma_l / scales[0]) ** 2
    x_bar[5] = 2 * log_v_r_bar + d_r**2 / v_r - 2 * t_r * t_r_bar + 1 - n_right - (sigma_r / scales[1]) ** 2


@jit
def _independents_pull(
    x: ndarray, precision: ndarray, mu: _Pair, u: ndarray, u_bar: ndarray, z_bar: ndarray
) -> tuple[_Pair, float, float]:
    """Derivatives with respect to mu (left, right), s and log sep, by which the independents depend on a chamber."""
    sep, distance = math.exp(x[1]), mu[1] - mu[0]
    t, m = (sep / distance) ** 2, (0.5 * (mu[0] + mu[1]) - x[0]) / sep
    t_bar, m_bar = independents_backward(x[x.size - u.size :], precision, t, m, u, u_bar, z_bar)
    half, of_distance = 0.5 * m_bar / sep, -2 * t * t_bar / distance
    return (half - of_distance, half + of_distance), -m_bar / sep, 2 * t * t_bar - m_bar * m


@part
def chamber_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`chamber.FastChamber`: log density and gradient at ``x``.

    Sizes: members, roll calls, left members, right ones, family, crossed, bills of free sign. Numbers: rows of the
    members, of the bills, scales, prior.
    """
    n, m, n_left, n_right, family, crossed, n_free = sizes
    sign, kind, groups = signs.reshape(n, m), kind_of(numbers, family, n_free), (n_left, n_right, n, crossed > 0)
    info, g = numbers[: 2 * n].reshape(2, n), numbers[2 * n : 2 * n + 5 * m]
    shape, scales = numbers[2 * n + 5 * m : 2 * n + 9 * m], numbers[2 * n + 9 * m :]
    last = _N_SCALARS + n - 2
    s, log_sep, z = x[0], x[1], x[last:]
    u, w, a, c = np.empty(n), np.empty(m), np.empty(m), np.empty(2 * m)
    mu, squares, total = _party_forward(x[:last], info, groups, scales, u)
    total += _bills_forward(z, g, shape, s, log_sep, kind, w, a, c)
    total += normal_logp(mu[0], 0.0, MU_SIGMA) + normal_logp(mu[1], 0.0, MU_SIGMA) + math.log(2.0)
    loglik, u_bar, w_bar, a_bar = one_pass_within(u, w, a, sign)

    gradient, g_bar = np.empty(x.size), np.empty(5 * m)
    by_bills = _bills_backward(z, g, shape, s, log_sep, kind, w, a, c, w_bar, a_bar, gradient[last:], g_bar)
    mu_bar = (-mu[0] / MU_SIGMA**2, -mu[1] / MU_SIGMA**2)
    _party_backward(x[:last], info, groups, scales, u, mu, squares, mu_bar, by_bills, u_bar, gradient[:last])
    return total + loglik, gradient


@part
def flat_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`flat.FastFlat`: log density and gradient at ``x`` (location, log_sep, z_left, z_right, c_first, c_second).

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
    total = _bills_forward(z, g, shape, s, x[1], kind, w, a, c) + jacobian_l + jacobian_r
    total += (n - 1) * x[1] + 0.5 * math.log(n_left * n_right) - 0.5 * n * LOG_2PI
    total -= 0.5 * (t * squares + n_left * left**2 + n_right * right**2)
    loglik, u_bar, w_bar, a_bar = one_pass_within(u, w, a, sign)

    gradient, g_bar = np.empty(x.size), np.empty(5 * m)
    s_bar, log_sep_bar = _bills_backward(z, g, shape, s, x[1], kind, w, a, c, w_bar, a_bar, gradient[n:], g_bar)
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
    log_sigma_chamber: float, log_sigma_party: float, mu_h: _Pair, mu_s: _Pair
) -> tuple[float, float, float, _Pair, _Pair]:
    """The upper levels of `joint_map.FastJoint.log_prior`: value, and slopes in both log sigma and both pairs mu."""
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


@jit
def _shared_forward(
    by_home: ndarray, by_other: ndarray, ratio: float, v_l: float, v_r: float, family: int, n_free: int
) -> ndarray:
    """`shared_bills.shared_info`, with ``v_l, v_r`` the other chamber's group means in the frame home; flat arrays."""
    g = np.empty(by_home.size)
    m = g.size // 5
    k = m - n_free
    own, other, out = by_home[: 5 * k], by_other[: 5 * k], g[: 5 * k]
    if family == 0:
        carried_logits_forward(own, other, v_l, v_r, out)
    else:
        carried_slopes_forward(own, other, ratio, -0.5 * (v_l + v_r), out)
    carried_logits_forward(by_home[5 * k :], by_other[5 * k :], v_l, v_r, g[5 * k :])
    return g


@jit
def _shared_backward(
    by_other: ndarray, ratio: float, v_l: float, v_r: float, sep_home: float, family: int, n_free: int,
    w: ndarray, w_bar: ndarray, a_bar: ndarray, g_bar: ndarray,
) -> tuple[float, float, float, float]:  # fmt: skip
    """Derivatives with respect to s, log sep, s_home and log sep_home, by which shared bills enter the other chamber.

    ``w`` are the shared slopes at home; ``w_bar, a_bar`` belong to the other chamber's, ``g_bar`` to `_shared_forward`.
    """
    k = w.size - n_free
    shift = -0.5 * (v_l + v_r)
    ratio_bar, shift_bar, v_l_bar, v_r_bar = dot(w_bar, w), dot(a_bar, w), 0.0, 0.0
    other, bar = by_other[: 5 * k], g_bar[: 5 * k]
    if family == 0:
        v_l_bar, v_r_bar = carried_logits_backward(other, v_l, v_r, bar)
    else:
        ratio_term, shift_term = carried_slopes_backward(other, ratio, bar)
        ratio_bar, shift_bar = ratio_bar + ratio_term, shift_bar + shift_term
    by_free = carried_logits_backward(by_other[5 * k :], v_l, v_r, g_bar[5 * k :])
    v_l_bar, v_r_bar = v_l_bar + by_free[0], v_r_bar + by_free[1]
    # v_l = -shift - ratio / 2 and v_r = -shift + ratio / 2
    return relative_backward(
        ratio, shift, sep_home, ratio_bar + 0.5 * (v_r_bar - v_l_bar), shift_bar - v_l_bar - v_r_bar
    )


@part
def joint_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """`joint_map.FastJoint`: log density and gradient at ``x``.

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
    senate = 2 + _N_SCALARS + n_h - 2
    bills = senate + _N_SCALARS + n_s - 2
    both, last = bills + 2 * only_h, bills + 2 * only_h + 2 * m_b
    x_h, x_s, z_h, z_b, z_s = x[2:senate], x[senate:bills], x[bills:both], x[both:last], x[last:]
    s_h, log_sep_h, s_s, log_sep_s = x_h[0], x_h[1], x_s[0], x_s[1]
    ratio, shift = math.exp(log_sep_s - log_sep_h), (s_h - s_s) * math.exp(-log_sep_h)
    v_l, v_r = -shift - 0.5 * ratio, -shift + 0.5 * ratio

    u_h, w_h, a_h = np.empty(n_h), np.empty(m_h), np.empty(m_h)
    u_s, w_s, a_s = np.empty(n_s), np.empty(m_s), np.empty(m_s)
    w_b, a_b = w_h[only_h:], a_h[only_h:]
    c_h, c_b, c_s = np.empty(2 * only_h), np.empty(2 * m_b), np.empty(2 * only_s)
    mu_h, squares_h, total_h = _party_forward(x_h, info_h, groups_h, scales[:2], u_h)
    mu_s, squares_s, total_s = _party_forward(x_s, info_s, groups_s, scales[2:], u_s)
    total, chamber_bar, party_bar, mu_h_bar, mu_s_bar = _joint_prior(x[0], x[1], mu_h, mu_s)
    g_b = _shared_forward(shared[: 5 * m_b], by_senate, ratio, v_l, v_r, family, free_b)
    total += _bills_forward(z_h, g_h, shape_h, s_h, log_sep_h, kind_h, w_h[:only_h], a_h[:only_h], c_h)
    total += _bills_forward(z_b, g_b, shape_b, s_h, log_sep_h, kind_b, w_b, a_b, c_b)
    total += _bills_forward(z_s, g_s, shape_s, s_s, log_sep_s, kind_s, w_s[m_b:], a_s[m_b:], c_s)
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
    by_h = _bills_backward(
        z_h, g_h, shape_h, s_h, log_sep_h, kind_h, w_h[:only_h], a_h[:only_h], c_h,
        w_h_bar[:only_h], a_h_bar[:only_h], z_h_bar, np.empty(5 * only_h),
    )  # fmt: skip
    by_b = _bills_backward(
        z_b, g_b, shape_b, s_h, log_sep_h, kind_b, w_b, a_b, c_b,
        w_h_bar[only_h:], a_h_bar[only_h:], z_b_bar, g_b_bar,
    )  # fmt: skip
    by_s = _bills_backward(
        z_s, g_s, shape_s, s_s, log_sep_s, kind_s, w_s[m_b:], a_s[m_b:], c_s,
        w_s_bar[m_b:], a_s_bar[m_b:], z_s_bar, np.empty(5 * only_s),
    )  # fmt: skip
    by_frames = _shared_backward(
        by_senate, ratio, v_l, v_r, math.exp(log_sep_h), family, free_b, w_b, w_s_bar[:m_b], a_s_bar[:m_b], g_b_bar
    )
    _party_backward(
        x_h, info_h, groups_h, scales[:2], u_h, mu_h, squares_h, mu_h_bar,
        (by_h[0] + by_b[0] + by_frames[2], by_h[1] + by_b[1] + by_frames[3]), u_h_bar, gradient[2:senate],
    )  # fmt: skip
    _party_backward(
        x_s, info_s, groups_s, scales[2:], u_s, mu_s, squares_s, mu_s_bar,
        (by_s[0] + by_frames[0], by_s[1] + by_frames[1]), u_s_bar, gradient[senate:bills],
    )  # fmt: skip
    return total + total_h + total_s + loglik_h + loglik_s, gradient
