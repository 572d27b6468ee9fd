"""`fast.bills` with its derivatives (see `densities`)."""

from __future__ import annotations

import math

from numpy import ndarray

from .arithmetic import Pair
from .bends import bend_backward, bend_forward
from .jit import jit
from .logits import Prior, logits_backward, logits_forward
from .slopes import slopes_backward, slopes_forward

#: Of bills: their family (0: normal beta, 1: lognormal, 2: half-normal), its prior, mean and standard deviation of log
#: beta; how many bills at the end have a beta of free sign, and the prior of those.
Kind = tuple[int, Prior, Pair, int, Prior]


@jit
def kind_of(numbers: ndarray, family: int, n_free: int) -> Kind:
    """From the last six numbers: mu, sigma, alpha_sigma, moments of log beta, sigma of a beta of free sign."""
    mu, sigma, alpha_sigma, mean, sd, sigma_free = numbers[-6:]
    return family, (mu, sigma, alpha_sigma), (mean, sd), n_free, (0.0, sigma_free, alpha_sigma)


@jit
def _block_forward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, prior: Prior, family: int, moments: Pair,
    w: ndarray, a: ndarray, c: ndarray,
) -> float:  # fmt: skip
    """Bills of one family as in `fast.bills.bills`: writes w, a and the unbent coordinates c.

    Two rows of ``z`` and ``c``, four of ``shape``, five of ``g``.
    """
    total, m = bend_forward(z, shape, c), w.size
    if family == 0:
        return total + logits_forward(c, g, s, math.exp(log_sep), prior, w, a)
    return total + slopes_forward(c, g, shape[2 * m :], s, log_sep, prior, family == 2, moments, w, a)


@jit
def _block_backward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, prior: Prior, family: int, moments: Pair,
    w: ndarray, a: ndarray, c: ndarray, w_bar: ndarray, a_bar: ndarray, z_bar: ndarray, g_bar: ndarray,
) -> Pair:  # fmt: skip
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
def bills_forward(
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
def bills_backward(
    z: ndarray, g: ndarray, shape: ndarray, s: float, log_sep: float, kind: Kind, w: ndarray, a: ndarray, c: ndarray,
    w_bar: ndarray, a_bar: ndarray, z_bar: ndarray, g_bar: ndarray,
) -> Pair:  # fmt: skip
    """Derivatives for `bills_forward`: writes ``z_bar`` and ``g_bar``, returns those of s and log sep."""
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
