"""Log densities of the fast models with their gradients, one compiled function for each model.

They are the same functions of the same coordinates as the PyMC models that `chamber`, `joint` and `flat` build, and
serve the sampler alone. PyTensor takes many seconds to derive and compile a model, anew for each size and prior. These
functions are compiled once for all.

`chamber_density`, `flat_density` and `joint.joint_density` take the vector ``x`` of all free variables in the order of
``shapes``, and a model's data as three flat arrays. These are ``sizes`` (int64), ``numbers`` (float64) and ``signs``
(int8), which `layout` describes. The functions return the log density and its gradient.

They put together the maps of `fast`, each with its derivatives in a file of the same name beside this one. Each map
appears twice. ``*_forward`` computes it. ``*_backward`` takes the derivatives of the log density with respect to its
outputs and returns those with respect to its inputs (reverse mode, by hand). A name ending in ``_bar`` is the
derivative of the log density with respect to that quantity. Where a bill has several numbers, they are in one flat
array, row after row, because views of two dimensions take numba longer to compile. Backward functions recompute what
they need rather than store it. The tests compare values and gradients with the PyMC models, which are built from `fast`
and differentiated by PyTensor.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from ...priors.constants import MU_SIGMA
from .arithmetic import LOG_2PI, normal_logp
from .bills import bills_at, bills_backward, bills_forward
from .jit import part
from .layout import chamber_data, n_party
from .likelihood import one_pass_within
from .members import party_backward, party_forward
from .positions import group_backward, group_forward
from .records import BillBars, PartyBars


@part
def chamber_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `fast.chamber_map.FastChamber` at ``x``."""
    data, kind = chamber_data(sizes, numbers, signs)
    own, last = data.sizes, n_party(data.sizes)
    frame, w, a = (x[0], x[1]), np.empty(own.n_bills), np.empty(own.n_bills)
    party, total = party_forward(x[:last], own, data.members)
    bills = bills_at(x[last:], data.bills, own.n_free, w, a)
    total += bills_forward(bills, frame, kind)
    mu = party.mu
    total += normal_logp(mu[0], 0.0, MU_SIGMA) + normal_logp(mu[1], 0.0, MU_SIGMA) + math.log(2.0)
    loglik, u_bar, w_bar, a_bar = one_pass_within(party.u, w, a, data.sign)

    gradient = np.empty(x.size)
    bars = BillBars(w_bar, a_bar, gradient[last:], np.empty(bills.info.size))
    by_bills = bills_backward(bills, bars, frame, kind)
    mu_bar = (-mu[0] / MU_SIGMA**2, -mu[1] / MU_SIGMA**2)
    party_backward(x[:last], own, data.members, party, PartyBars(u_bar, mu_bar, by_bills), gradient[:last])
    return total + loglik, gradient


@part
def flat_density(x: ndarray, sizes: ndarray, numbers: ndarray, signs: ndarray) -> tuple[float, ndarray]:
    """Compute log density and gradient of `fast.flat_map.FastFlat` at ``x``.

    ``x`` holds location, log_sep, z_left, z_right, bills.
    """
    data, kind = chamber_data(sizes, numbers, signs)
    n, n_left, n_right, precision = data.sizes.n_members, data.sizes.n_left, data.sizes.n_right, data.members.precision
    pull, m, frame = data.members.pull, data.sizes.n_bills, (x[0], x[1])
    s, sep = x[0], math.exp(x[1])
    z_l, z_r, t = x[2 : n_left + 1], x[n_left + 1 : n], sep**2
    u, w, a = np.empty(n), np.empty(m), np.empty(m)
    squares_l, jacobian_l = group_forward(z_l, precision[:n_left], pull[:n_left], t, -0.5, u[:n_left])
    squares_r, jacobian_r = group_forward(z_r, precision[n_left:], pull[n_left:], t, 0.5, u[n_left:])
    squares, left, right = squares_l + squares_r, s - sep / 2, s + sep / 2
    bills = bills_at(x[n:], data.bills, 0, w, a)
    total = bills_forward(bills, frame, kind) + jacobian_l + jacobian_r
    total += (n - 1) * x[1] + 0.5 * math.log(n_left * n_right) - 0.5 * n * LOG_2PI
    total -= 0.5 * (t * squares + n_left * left**2 + n_right * right**2)
    loglik, u_bar, w_bar, a_bar = one_pass_within(u, w, a, data.sign)

    gradient = np.empty(x.size)
    bars = BillBars(w_bar, a_bar, gradient[n:], np.empty(bills.info.size))
    s_bar, log_sep_bar = bills_backward(bills, bars, frame, kind)
    for i in range(n):
        u_bar[i] -= t * (u[i] + 0.5 if i < n_left else u[i] - 0.5)
    t_bar = group_backward(z_l, precision[:n_left], pull[:n_left], t, u_bar[:n_left], gradient[2 : n_left + 1])
    t_bar += group_backward(z_r, precision[n_left:], pull[n_left:], t, u_bar[n_left:], gradient[n_left + 1 : n])
    t_bar -= 0.5 * squares
    gradient[0] = s_bar - n_left * left - n_right * right
    gradient[1] = log_sep_bar + 2 * t * t_bar + n - 1 + 0.5 * sep * (n_left * left - n_right * right)
    return total + loglik, gradient
