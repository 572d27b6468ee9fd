"""Log density of the model of two dimensions with its gradient (see `densities`).

It is the same function of the same coordinates as `structures.plane_map.FastPlane`, with the votes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from ...priors.constants import MU_SIGMA
from .arithmetic import LOG_2PI, halfnormal_logp, normal_logp
from .bends import bend_backward, bend_forward
from .jit import jit, part
from .likelihood import exp_of_negative

_FACTORS_PER_LOG = 512  # as in `likelihood`
#: Share of a number, below which a difference from it is rounding.
_LOST = 1e-11
N_SCALARS = 10
N_EQUATIONS = 6


class PlaneData(NamedTuple):
    """All arguments of the density; see `structures.plane_map` for their meaning."""

    sizes: ndarray
    """Members of each group: Democrats, Republicans, members of neither."""
    start: ndarray
    root: ndarray
    reflectors: ndarray
    from_e: ndarray
    g: ndarray
    b: ndarray
    bend: ndarray
    priors: ndarray
    """Scales of sigma_within of the two parties, standard deviations of beta and of alpha."""
    sign: ndarray


@jit
def plane_data(sizes: ndarray, numbers: ndarray, signs: ndarray) -> PlaneData:
    """Read what `structures.plane.packed` wrote: ``sizes`` are those of the groups, then the number of bills."""
    n, m = sizes[0] + sizes[1] + sizes[2], sizes[3]
    root = 2 * n
    reflectors = root + 3 * n
    from_e = reflectors + 2 * N_EQUATIONS * n
    g = from_e + 9
    b = g + 6 * m
    bend = b + 3 * m
    priors = bend + 3 * m
    return PlaneData(
        sizes[:3],
        numbers[:root],
        numbers[root:reflectors],
        numbers[reflectors:from_e],
        numbers[from_e:g],
        numbers[g:b],
        numbers[b:bend],
        numbers[bend:priors],
        numbers[priors:],
        signs.reshape(n, m),
    )


@jit
def _votes(u: ndarray, bills: ndarray, sign: ndarray, u_bar: ndarray, bills_bar: ndarray) -> float:
    """Compute the log likelihood and its derivatives in one pass, as `likelihood`, with two slopes.

    ``u`` holds u1, then u2; ``bills`` holds w1, w2, a.
    """
    n, m = sign.shape
    w1, w2, a = bills[:m], bills[m : 2 * m], bills[2 * m :]
    w1_bar, w2_bar, a_bar = bills_bar[:m], bills_bar[m : 2 * m], bills_bar[2 * m :]
    r, product, loglik = np.empty(m), np.ones(m), 0.0
    for i in range(n):
        u1, u2, votes, positive_part = u[i], u[n + i], sign[i], 0.0
        for j in range(m):
            s = float(votes[j])
            z = s * (a[j] - w1[j] * u1 - w2[j] * u2)
            q = exp_of_negative(-abs(z))
            positive_part += max(z, 0.0)
            product[j] *= 1.0 + s * s * q
            r[j] = s / (1.0 + q) * (1.0 if z > 0.0 else q)
        loglik -= positive_part
        first, second = 0.0, 0.0
        for j in range(m):
            first += r[j] * w1[j]
            second += r[j] * w2[j]
            w1_bar[j] += r[j] * u1
            w2_bar[j] += r[j] * u2
            a_bar[j] -= r[j]
        u_bar[i], u_bar[n + i] = first, second
        if (i + 1) % _FACTORS_PER_LOG == 0:
            for j in range(m):
                loglik -= math.log(product[j])
                product[j] = 1.0
    for j in range(m):
        loglik -= math.log(product[j])
    return loglik


@jit
def _reflect(y: ndarray, reflectors: ndarray, k: int) -> None:
    """Apply ``1 - v v'`` with the k-th reflector v."""
    v = reflectors[k * y.size : (k + 1) * y.size]
    total = 0.0
    for i in range(y.size):
        total += v[i] * y[i]
    for i in range(y.size):
        y[i] -= total * v[i]


@jit
def _members_forward(z: ndarray, data: PlaneData, u: ndarray) -> None:
    """Write u1, then u2."""
    n = u.size // 2
    y = np.zeros(2 * n)
    for i in range(z.size):
        y[N_EQUATIONS + i] = z[i]
    for k in range(N_EQUATIONS):
        _reflect(y, data.reflectors, N_EQUATIONS - 1 - k)
    for i in range(n):
        u[i] = data.start[i] + data.root[i] * y[i] + data.root[n + i] * y[n + i]
        u[n + i] = data.start[n + i] + data.root[2 * n + i] * y[n + i]


@jit
def _members_backward(u_bar: ndarray, data: PlaneData, z_bar: ndarray) -> None:
    n = u_bar.size // 2
    y = np.empty(2 * n)
    for i in range(n):
        y[i] = data.root[i] * u_bar[i]
        y[n + i] = data.root[n + i] * u_bar[i] + data.root[2 * n + i] * u_bar[n + i]
    for k in range(N_EQUATIONS):
        _reflect(y, data.reflectors, k)
    for i in range(z_bar.size):
        z_bar[i] = y[N_EQUATIONS + i]


@jit
def _parties(x: ndarray, x1: ndarray, data: PlaneData, x_bar: ndarray, x1_bar: ndarray) -> float:
    """Add the density of x1, mu and sigma, with the log Jacobian of mu and sigma, and its derivatives.

    Writes the derivatives with respect to middle, gap and the logarithms of sigma, and those of x1.
    """
    n_l, n_r = data.sizes[0], data.sizes[1]
    n = n_l + n_r
    sigma_l, sigma_r = math.exp(x[8]), math.exp(x[9])
    left, right = 0.0, 0.0
    for i in range(n_l):
        left += x1[i] / n_l
    for i in range(n_l, n):
        right += x1[i] / n_r
    v_l, v_r, sep = sigma_l**2 / n_l, sigma_r**2 / n_r, right - left
    v = v_l + v_r
    f_l, f_r, root = v_l / v, v_r / v, math.sqrt(v)
    scale = math.sqrt(v_l * f_r)
    q = sep / root + x[7]
    small = math.exp(-abs(q))
    softplus = math.log1p(small) + max(q, 0.0)
    sigmoid = (1.0 if q > 0 else small) / (1.0 + small)
    excess = root * softplus - sep
    mu_l, mu_r = left + scale * x[6] - f_l * excess, right + scale * x[6] + f_r * excess
    total = 0.5 * math.log(v_l * v_r) + q - softplus + x[8] + x[9]
    total += normal_logp(mu_l, 0.0, MU_SIGMA) + normal_logp(mu_r, 0.0, MU_SIGMA)
    total += halfnormal_logp(sigma_l, data.priors[0]) + halfnormal_logp(sigma_r, data.priors[1])
    mu_l_bar, mu_r_bar = -mu_l / MU_SIGMA**2, -mu_r / MU_SIGMA**2
    squares_l, squares_r = 0.0, 0.0
    for i in range(n_l):
        d = (x1[i] - mu_l) / sigma_l
        squares_l += d * d
        mu_l_bar += d / sigma_l
        x1_bar[i] = -d / sigma_l
    for i in range(n_l, n):
        d = (x1[i] - mu_r) / sigma_r
        squares_r += d * d
        mu_r_bar += d / sigma_r
        x1_bar[i] = -d / sigma_r
    total -= 0.5 * (squares_l + squares_r) + n_l * x[8] + n_r * x[9] + 0.5 * x1.size * LOG_2PI
    distance, center = mu_r - mu_l, 0.5 * (mu_l + mu_r)
    for i in range(n, x1.size):
        d = (x1[i] - center) / distance
        total -= 0.5 * d * d + math.log(distance)
        x1_bar[i] = -d / distance
        by_distance = (d * d - 1.0) / distance
        mu_l_bar += 0.5 * d / distance - by_distance
        mu_r_bar += 0.5 * d / distance + by_distance
    # back through mu, as in `frames.means_backward`
    both, excess_bar = mu_l_bar + mu_r_bar, f_r * mu_r_bar - f_l * mu_l_bar
    q_bar = excess_bar * root * sigmoid + 1.0 - sigmoid
    sep_bar = q_bar / root - excess_bar
    log_v_bar = 0.5 * (root * excess_bar * softplus - q_bar * sep / root)
    scale_term, f_term = 0.5 * scale * x[6] * both, f_l * f_r * excess * both
    x_bar[6], x_bar[7] = scale * both, q_bar
    # log v_l = 2 log sigma_l - log n_l
    x_bar[8] = 2 * (scale_term * f_r - f_term + log_v_bar * f_l + 0.5) + squares_l - n_l + 1.0
    x_bar[9] = 2 * (scale_term * f_l + f_term + log_v_bar * f_r + 0.5) + squares_r - n_r + 1.0
    x_bar[8] -= (sigma_l / data.priors[0]) ** 2
    x_bar[9] -= (sigma_r / data.priors[1]) ** 2
    for i in range(n_l):
        x1_bar[i] += (mu_l_bar - sep_bar) / n_l
    for i in range(n_l, n):
        x1_bar[i] += (mu_r_bar + sep_bar) / n_r
    return total


@jit
def _full(rows: ndarray, off_diagonal: float) -> ndarray:
    """Make the symmetric matrix of rows 11, 21, 22, 31, 32, 33, the latter times a factor off the diagonal."""
    out, k = np.empty((3, 3)), 0
    for i in range(3):
        for j in range(i + 1):
            out[i, j] = out[j, i] = rows[k] * (1.0 if i == j else off_diagonal)
            k += 1
    return out


@jit
def _carry(rows: ndarray, f: ndarray, out: ndarray) -> None:
    """Write the rows of F'PF."""
    p, k = _full(rows, 1.0), 0
    for i in range(3):
        for j in range(i + 1):
            out[k] = 0.0
            for a in range(3):
                for b in range(3):
                    out[k] += f[3 * a + i] * f[3 * b + j] * p[a, b]
            k += 1


@jit
def _carry_back(rows_bar: ndarray, f: ndarray, out: ndarray) -> None:
    """Differentiate `_carry`: write the derivatives by the rows of P."""
    s, k = _full(rows_bar, 0.5), 0
    for a in range(3):
        for b in range(a + 1):
            out[k] = 0.0
            for i in range(3):
                for j in range(3):
                    out[k] += f[3 * a + i] * f[3 * b + j] * s[i, j]
            out[k] *= 1.0 if a == b else 2.0
            k += 1


@jit
def _factor(j: int, m: int, g: ndarray, p: ndarray) -> tuple[float, float, float, float, float, float]:
    """Compute the Cholesky factor of a bill's precision: rows 11, 21, 22, 31, 32, 33.

    The diagonal is NaN, which rejects the point, where the frame is so narrow that rounding would decide on it.
    """
    h22, h33 = g[2 * m + j] + p[2], g[5 * m + j] + p[5]
    l11 = math.sqrt(g[j] + p[0])
    l21, l31 = (g[m + j] + p[1]) / l11, (g[3 * m + j] + p[3]) / l11
    l22 = _root(h22 - l21**2, h22)
    l32 = (g[4 * m + j] + p[4] - l31 * l21) / l22
    return l11, l21, l22, l31, l32, _root(h33 - l31**2 - l32**2, h33)


@jit
def _root(left: float, of: float) -> float:
    """Compute the square root of what a subtraction left of a number, or NaN if hardly a digit of it is right."""
    return math.sqrt(left) if left > _LOST * of else math.nan


@jit
def _bills_forward(c: ndarray, data: PlaneData, p: ndarray, e: ndarray) -> float:
    """Write e; return its log prior up to its constant, plus the log Jacobian ``-log det L``."""
    m, b, total = e.size // 3, data.b, 0.0
    for j in range(m):
        l11, l21, l22, l31, l32, l33 = _factor(j, m, data.g, p)
        h1 = b[j] / l11
        h2 = (b[m + j] - l21 * h1) / l22
        h3 = (b[2 * m + j] - l31 * h1 - l32 * h2) / l33
        e3 = (h3 + c[2 * m + j]) / l33
        e2 = (h2 + c[m + j] - l32 * e3) / l22
        e1 = (h1 + c[j] - l21 * e2 - l31 * e3) / l11
        e[j], e[m + j], e[2 * m + j] = e1, e2, e3
        total -= 0.5 * (p[0] * e1 * e1 + p[2] * e2 * e2 + p[5] * e3 * e3)
        total -= p[1] * e1 * e2 + (p[3] * e1 + p[4] * e2) * e3
        total -= math.log(l11 * l22 * l33)
    return total


@jit
def _bills_backward(
    c: ndarray, data: PlaneData, p: ndarray, e: ndarray, e_bar: ndarray, c_bar: ndarray, p_bar: ndarray
) -> None:
    """Differentiate `_bills_forward`: write ``c_bar``, and add to ``p_bar``, the derivatives by the rows of F'PF."""
    m = e.size // 3
    for j in range(m):
        l11, l21, l22, l31, l32, l33 = _factor(j, m, data.g, p)
        e1, e2, e3 = e[j], e[m + j], e[2 * m + j]
        v1 = (e_bar[j] - p[0] * e1 - p[1] * e2 - p[3] * e3) / l11
        v2 = (e_bar[m + j] - p[1] * e1 - p[2] * e2 - p[4] * e3 - l21 * v1) / l22
        v3 = (e_bar[2 * m + j] - p[3] * e1 - p[4] * e2 - p[5] * e3 - l31 * v1 - l32 * v2) / l33
        c_bar[j], c_bar[m + j], c_bar[2 * m + j] = v1, v2, v3
        k3 = v3 / l33
        k2 = (v2 - l32 * k3) / l22
        k1 = (v1 - l21 * k2 - l31 * k3) / l11
        # h = L^-1 b = L'e - c
        h1 = l11 * e1 + l21 * e2 + l31 * e3 - c[j]
        h2, h3 = l22 * e2 + l32 * e3 - c[m + j], l33 * e3 - c[2 * m + j]
        # L_bar = -(k h' + e v') below and on the diagonal, and -1 / L on the diagonal from the Jacobian
        l11_bar, l22_bar = -(k1 * h1 + e1 * v1) - 1 / l11, -(k2 * h2 + e2 * v2) - 1 / l22
        l33_bar, l21_bar = -(k3 * h3 + e3 * v3) - 1 / l33, -(k2 * h1 + e2 * v1)
        l31_bar, l32_bar = -(k3 * h1 + e3 * v1), -(k3 * h2 + e3 * v2)
        h33_bar = l33_bar / (2 * l33)
        h32_bar = (l32_bar - 2 * l32 * h33_bar) / l22
        l31_bar -= 2 * l31 * h33_bar + l21 * h32_bar
        h22_bar = (l22_bar - l32 * h32_bar) / (2 * l22)
        l21_bar -= l31 * h32_bar + 2 * l21 * h22_bar
        h31_bar, h21_bar = l31_bar / l11, l21_bar / l11
        h11_bar = (l11_bar - h31_bar * l31 - h21_bar * l21) / (2 * l11)
        p_bar[0] += h11_bar - 0.5 * e1 * e1
        p_bar[1] += h21_bar - e1 * e2
        p_bar[2] += h22_bar - 0.5 * e2 * e2
        p_bar[3] += h31_bar - e1 * e3
        p_bar[4] += h32_bar - e2 * e3
        p_bar[5] += h33_bar - 0.5 * e3 * e3


@part
def plane_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `structures.plane_map.FastPlane` at ``x``."""
    data = plane_data(sizes, numbers, signs)
    n, m = data.sign.shape
    last = N_SCALARS + 2 * n - N_EQUATIONS
    u, bills, gradient = np.empty(2 * n), np.empty(3 * m), np.zeros(x.size)
    _members_forward(x[N_SCALARS:last], data, u)
    cos, sin, first, second, shear = math.cos(x[0]), math.sin(x[0]), math.exp(x[1]), math.exp(x[3]), x[2]
    m11, m21, m12, m22 = cos * first, sin * first, second * (cos * shear - sin), second * (sin * shear + cos)
    t1, t2, det, log_det = x[4], x[5], first * second, x[1] + x[3]
    n11, n12, n21, n22 = m22 / det, -m12 / det, -m21 / det, m11 / det
    tau_b, tau = data.priors[2] ** -2.0, data.priors[3] ** -2.0
    p = np.empty(6)
    p[0] = tau_b * n11 * n11 + n12 * n12 + tau * t1 * t1
    p[1] = tau_b * n21 * n11 + n22 * n12 + tau * t1 * t2
    p[2] = tau_b * n21 * n21 + n22 * n22 + tau * t2 * t2
    p[3], p[4], p[5] = tau * t1, tau * t2, tau
    p_e, c, e = np.empty(6), np.empty(3 * m), np.empty(3 * m)
    _carry(p, data.from_e, p_e)
    total = bend_forward(x[last:], data.bend, c) + (n - m) * log_det + 2 * math.log(2.0)
    total += _bills_forward(c, data, p_e, e)
    for k in range(3):
        for j in range(m):
            f = data.from_e
            bills[k * m + j] = f[3 * k] * e[j] + f[3 * k + 1] * e[m + j] + f[3 * k + 2] * e[2 * m + j]
    total -= m * (math.log(data.priors[2] * data.priors[3]) + 1.5 * LOG_2PI)
    u_bar, bills_bar = np.empty(2 * n), np.zeros(3 * m)
    total += _votes(u, bills, data.sign, u_bar, bills_bar)
    x1, x1_bar = np.empty(n), np.empty(n)
    for i in range(n):
        x1[i] = m11 * (t1 + u[i]) + m12 * (t2 + u[n + i])
    total += _parties(x, x1, data, gradient, x1_bar)
    m11_bar, m12_bar, m21_bar, m22_bar, t1_bar, t2_bar = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(n):
        by1, by2 = t1 + u[i], t2 + u[n + i]
        x2 = m21 * by1 + m22 * by2
        total += normal_logp(x2, 0.0, 1.0)
        d1, d2 = x1_bar[i], -x2
        m11_bar += d1 * by1
        m12_bar += d1 * by2
        m21_bar += d2 * by1
        m22_bar += d2 * by2
        by_u1, by_u2 = m11 * d1 + m21 * d2, m12 * d1 + m22 * d2
        t1_bar += by_u1
        t2_bar += by_u2
        u_bar[i] += by_u1
        u_bar[n + i] += by_u2
    _members_backward(u_bar, data, gradient[N_SCALARS:last])
    e_bar, by_p_e, p_bar = np.empty(3 * m), np.zeros(6), np.empty(6)
    for k in range(3):
        for j in range(m):
            f = data.from_e
            e_bar[k * m + j] = f[k] * bills_bar[j] + f[3 + k] * bills_bar[m + j] + f[6 + k] * bills_bar[2 * m + j]
    _bills_backward(c, data, p_e, e, e_bar, gradient[last:], by_p_e)
    bend_backward(x[last:], data.bend, gradient[last:])
    _carry_back(by_p_e, data.from_e, p_bar)
    t1_bar += tau * (2 * t1 * p_bar[0] + t2 * p_bar[1] + p_bar[3])
    t2_bar += tau * (2 * t2 * p_bar[2] + t1 * p_bar[1] + p_bar[4])
    n11_bar = tau_b * (2 * n11 * p_bar[0] + n21 * p_bar[1])
    n12_bar = 2 * n12 * p_bar[0] + n22 * p_bar[1]
    n21_bar = tau_b * (n11 * p_bar[1] + 2 * n21 * p_bar[2])
    n22_bar = n12 * p_bar[1] + 2 * n22 * p_bar[2]
    # the inverse N of M: M_bar = -N' N_bar N'
    k11, k12 = n11 * n11_bar + n21 * n21_bar, n11 * n12_bar + n21 * n22_bar
    k21, k22 = n12 * n11_bar + n22 * n21_bar, n12 * n12_bar + n22 * n22_bar
    m11_bar -= k11 * n11 + k12 * n12
    m12_bar -= k11 * n21 + k12 * n22
    m21_bar -= k21 * n11 + k22 * n12
    m22_bar -= k21 * n21 + k22 * n22
    gradient[0] = m21_bar * m11 - m11_bar * m21 + m22_bar * m12 - m12_bar * m22
    gradient[1] = m11_bar * m11 + m21_bar * m21 + n - m
    gradient[2] = second * (cos * m12_bar + sin * m22_bar)
    gradient[3] = m12_bar * m12 + m22_bar * m22 + n - m
    gradient[4], gradient[5] = t1_bar, t2_bar
    return total, gradient
