"""The maps of `fast.bills` with their derivatives (see `densities`)."""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from .bends import bend_backward, bend_forward
from .jit import jit
from .layout import N_BENDS, BillNumbers
from .logits import logits_backward, logits_forward
from .records import BillBars, Bills, Kind, Pair, Prior
from .slopes import slopes_backward, slopes_forward


@jit
def bills_at(z: ndarray, known: BillNumbers, n_free: int, w: ndarray, a: ndarray) -> Bills:
    """Prepare bills at the coordinates ``z``; `bills_forward` works them out and writes to ``w`` and ``a``."""
    return Bills(n_free, z, known.info, known.bends, np.empty(z.size), w, a)


@jit
def _some(bills: Bills, first: int, last: int) -> Bills:
    """Take bills ``first`` to ``last`` of all, which are of one kind."""
    z, c = bills.z[2 * first : 2 * last], bills.c[2 * first : 2 * last]
    bends = bills.bends[N_BENDS * first : N_BENDS * last]
    return Bills(0, z, bills.info[5 * first : 5 * last], bends, c, bills.w[first:last], bills.a[first:last])


@jit
def _some_bars(bars: BillBars, first: int, last: int) -> BillBars:
    """Take the derivatives of `_some` bills."""
    z, info = bars.z[2 * first : 2 * last], bars.info[5 * first : 5 * last]
    return BillBars(bars.w[first:last], bars.a[first:last], z, info)


@jit
def _block_forward(bills: Bills, frame: Pair, prior: Prior, family: int, moments: Pair) -> float:
    """Compute bills of one family as in `fast.bills.bills`: write w, a and c."""
    if family == 0:
        return logits_forward(bills, frame, prior)
    total = bend_forward(bills.z, bills.bends[: bills.z.size], bills.c)
    return total + slopes_forward(bills, frame, prior, family == 2, moments)


@jit
def _block_backward(bills: Bills, bars: BillBars, frame: Pair, prior: Prior, family: int, moments: Pair) -> Pair:
    """Differentiate `_block_forward`.

    Writes the derivatives with respect to z and to the approximation, and returns those with respect to s and log sep.
    """
    if family == 0:
        return logits_backward(bills, bars, frame, prior)
    out = slopes_backward(bills, bars, frame, prior, family == 2, moments)
    bend_backward(bills.z, bills.bends[: bills.z.size], bars.z)
    return out


@jit
def bills_forward(bills: Bills, frame: Pair, kind: Kind) -> float:
    """Compute bills of the kind's family, then those of free sign: write w, a, c.

    Returns log prior plus log Jacobian.

    ``frame`` is s and log sep.
    """
    total, first = 0.0, 0
    for block in range(2):  # one call in a loop compiles twice as fast as two calls
        m = bills.n_free if block else bills.w.size - bills.n_free
        if m > 0:
            last = first + m
            prior, family = kind.free if block else kind.prior, 0 if block else kind.family
            total += _block_forward(_some(bills, first, last), frame, prior, family, kind.moments)
            first = last
    return total


@jit
def bills_backward(bills: Bills, bars: BillBars, frame: Pair, kind: Kind) -> Pair:
    """Differentiate `bills_forward`.

    Writes the derivatives with respect to z and to the approximation, and returns those with respect to s and log sep.
    """
    s_bar, log_sep_bar, first = 0.0, 0.0, 0
    for block in range(2):
        m = bills.n_free if block else bills.w.size - bills.n_free
        if m > 0:
            last = first + m
            prior, family = kind.free if block else kind.prior, 0 if block else kind.family
            of_s, of_log_sep = _block_backward(
                _some(bills, first, last), _some_bars(bars, first, last), frame, prior, family, kind.moments
            )
            s_bar, log_sep_bar, first = s_bar + of_s, log_sep_bar + of_log_sep, last
    return s_bar, log_sep_bar
