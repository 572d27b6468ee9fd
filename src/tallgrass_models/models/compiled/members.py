"""The maps of `fast.members` with their derivatives (see `densities`)."""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from .arithmetic import LOG_2PI, halfnormal_logp
from .frames import means_backward, means_forward
from .jit import jit
from .layout import N_SCALARS, ChamberSizes, MemberNumbers
from .positions import group_backward, group_forward, independents_backward, independents_forward
from .records import Pair, Party, PartyBars


@jit
def party_forward(x: ndarray, sizes: ChamberSizes, known: MemberNumbers) -> tuple[Party, float]:
    """Compute `fast.members._party_members` and the prior of sigma.

    ``x`` holds the chamber's scalars, z_left, z_right and z_independents. Returns the members, and the log density of
    xi and sigma plus log Jacobian.
    """
    n_left, n, crossed, u = sizes.n_left, sizes.n_left + sizes.n_right, sizes.crossed, np.empty(sizes.n_members)
    n_right, precision, pull, scales = sizes.n_right, known.precision, known.pull, known.scales
    sep, sigma_l, sigma_r = math.exp(x[1]), math.exp(x[4]), math.exp(x[5])
    z_l, z_r = x[N_SCALARS : N_SCALARS + n_left - 1], x[N_SCALARS + n_left - 1 : N_SCALARS + n - 2]
    t_l, t_r = (sep / sigma_l) ** 2, (sep / sigma_r) ** 2
    squares_l, jacobian_l = group_forward(z_l, precision[:n_left], pull[:n_left], t_l, -0.5, u[:n_left])
    squares_r, jacobian_r = group_forward(z_r, precision[n_left:n], pull[n_left:n], t_r, 0.5, u[n_left:n])
    v_l, v_r = sigma_l**2 / n_left, sigma_r**2 / n_right
    mu_l, mu_r, jacobian_mu = means_forward(x[2], x[3], x[0], sep, (v_l, v_r), crossed)
    total = jacobian_l + jacobian_r + jacobian_mu + (n - 1) * x[1] + 0.5 * math.log(n_left * n_right) + x[4] + x[5]
    # sum over members of ((xi - mu) / sigma)^2, where xi = sample mean + sep * rho and rho sums to zero
    d_l, d_r = mu_l - (x[0] - sep / 2), mu_r - (x[0] + sep / 2)
    total -= 0.5 * (t_l * squares_l + d_l**2 / v_l + t_r * squares_r + d_r**2 / v_r)
    total -= n_left * x[4] + n_right * x[5] + 0.5 * n * LOG_2PI
    total += halfnormal_logp(sigma_l, scales[0]) + halfnormal_logp(sigma_r, scales[1])
    if u.size > n:
        z, m = x[N_SCALARS + n - 2 :], (0.5 * (mu_l + mu_r) - x[0]) / sep
        total += independents_forward(z, precision[n:], pull[n:], ((sep / (mu_r - mu_l)) ** 2, m), u[n:])
    return Party(u, (mu_l, mu_r), (squares_l, squares_r)), total


@jit
def party_backward(
    x: ndarray, sizes: ChamberSizes, known: MemberNumbers, party: Party, bars: PartyBars, x_bar: ndarray
) -> None:
    """Differentiate `party_forward`, and write ``x_bar``."""
    n_left, n, crossed = sizes.n_left, sizes.n_left + sizes.n_right, sizes.crossed
    n_right, precision, pull, scales = sizes.n_right, known.precision, known.pull, known.scales
    (u, mu, squares), (u_bar, mu_bar, frame_bar) = party, bars
    sep, sigma_l, sigma_r = math.exp(x[1]), math.exp(x[4]), math.exp(x[5])
    (mu_l_bar, mu_r_bar), (s_bar, log_sep_bar) = mu_bar, frame_bar
    if u.size > n:
        by_mu, by_s, by_log_sep = _independents_pull(x, precision[n:], mu, u[n:], u_bar[n:], x_bar[N_SCALARS + n - 2 :])
        mu_l_bar, mu_r_bar = mu_l_bar + by_mu[0], mu_r_bar + by_mu[1]
        s_bar, log_sep_bar = s_bar + by_s, log_sep_bar + by_log_sep
    z_l, z_r = x[N_SCALARS : N_SCALARS + n_left - 1], x[N_SCALARS + n_left - 1 : N_SCALARS + n - 2]
    z_l_bar, z_r_bar = x_bar[N_SCALARS : N_SCALARS + n_left - 1], x_bar[N_SCALARS + n_left - 1 : N_SCALARS + n - 2]
    t_l, t_r = (sep / sigma_l) ** 2, (sep / sigma_r) ** 2
    v_l, v_r = sigma_l**2 / n_left, sigma_r**2 / n_right
    for i in range(n):
        u_bar[i] -= t_l * (u[i] + 0.5) if i < n_left else t_r * (u[i] - 0.5)
    t_l_bar = group_backward(z_l, precision[:n_left], pull[:n_left], t_l, u_bar[:n_left], z_l_bar) - 0.5 * squares[0]
    t_r_bar = group_backward(z_r, precision[n_left:n], pull[n_left:n], t_r, u_bar[n_left:n], z_r_bar)
    t_r_bar -= 0.5 * squares[1]
    d_l, d_r = mu[0] - (x[0] - sep / 2), mu[1] - (x[0] + sep / 2)
    x_bar[2], x_bar[3], sep_term, log_v_l_bar, log_v_r_bar = means_backward(
        x[2], x[3], sep, (v_l, v_r), crossed, (mu_l_bar - d_l / v_l, mu_r_bar - d_r / v_r)
    )
    x_bar[0] = s_bar + mu_l_bar + mu_r_bar
    x_bar[1] = log_sep_bar + sep_term + 0.5 * sep * (mu_r_bar - mu_l_bar) + n - 1 + 2 * (t_l * t_l_bar + t_r * t_r_bar)
    # derivatives by log sigma: d log v = 2 and d log t = -2, as v = sigma^2 / n and t = (sep / sigma)^2; the
    # half-normal prior gives -(sigma / scale)^2
    x_bar[4] = 2 * log_v_l_bar + d_l**2 / v_l - 2 * t_l * t_l_bar + 1 - n_left - (sigma_l / scales[0]) ** 2
    x_bar[5] = 2 * log_v_r_bar + d_r**2 / v_r - 2 * t_r * t_r_bar + 1 - n_right - (sigma_r / scales[1]) ** 2


@jit
def _independents_pull(
    x: ndarray, precision: ndarray, mu: Pair, u: ndarray, u_bar: ndarray, z_bar: ndarray
) -> tuple[Pair, float, float]:
    """Differentiate the independents with respect to mu (left, right), s and log sep of a chamber."""
    sep, distance = math.exp(x[1]), mu[1] - mu[0]
    t, m = (sep / distance) ** 2, (0.5 * (mu[0] + mu[1]) - x[0]) / sep
    t_bar, m_bar = independents_backward(x[x.size - u.size :], precision, (t, m), u, u_bar, z_bar)
    half, of_distance = 0.5 * m_bar / sep, -2 * t * t_bar / distance
    return (half - of_distance, half + of_distance), -m_bar / sep, 2 * t * t_bar - m_bar * m
