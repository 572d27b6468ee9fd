"""Log-likelihood of a chamber's votes and its gradient, in one pass over the votes.

With ``sign[i, j]`` +1 for Yea, -1 for Nay and 0 for a missing vote, and the logit of Yea
``eta[i, j] = w[j] * u[i] - a[j]``,

    loglik = -sum_ij |sign| * log(1 + exp(z)),     z = -sign * eta.

The residual ``r = d loglik / d eta = sign * logistic(z)`` gives all three gradients, so value and gradient share one
exponential per vote:

    d loglik / d u[i] =  sum_j r[i, j] w[j]
    d loglik / d w[j] =  sum_i r[i, j] u[i]
    d loglik / d a[j] = -sum_i r[i, j]

`vote_op` puts this pass into a PyTensor graph.
"""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.extending import intrinsic

from .jit import jit

# exp(x) = 2^k exp(r) with k = round(x / log 2); adding _SHIFTER = 1.5 * 2^52 leaves k in the low bits of the sum.
_LOG2_E = 1 / math.log(2)
_LN2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # 33 bits of log 2, so that k * _LN2_HIGH is exact
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")  # the rest of log 2
_SHIFTER = 1.5 * 2.0**52
_EXP_FLOOR = -700.0  # exp of less is a denormal number: as good as zero here, and slow
# Each of the running products gains a factor of at most 2 per member: 512 of them stay far below 2^1024.
_FACTORS_PER_LOG = 512


@intrinsic  # type: ignore[untyped-decorator]
def _bits_of(typingctx: Any, x: Any) -> Any:  # numba compiles the body; Python never runs it
    """Take the 64 bits of a float as an integer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return numba.types.int64(numba.types.float64), codegen


@intrinsic  # type: ignore[untyped-decorator]
def _float_of(typingctx: Any, bits: Any) -> Any:
    """Make the float with the 64 bits given."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return numba.types.float64(numba.types.int64), codegen


def _exp_of_negative(x: float) -> float:
    """Compute exp(x) for x <= 0 without branches, so that a loop over it vectorises; relative error below 1e-14.

    This is a Taylor series of degree 11 on |r| <= log(2) / 2 (the remainder is below |r|^12 / 12! = 7e-15), scaled by
    2^k through the exponent bits. It is not compiled with ``reassoc``, which would cancel _SHIFTER.
    """
    x = max(x, _EXP_FLOOR)
    shifted = x * _LOG2_E + _SHIFTER
    k = shifted - _SHIFTER
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    p = 1 / 39916800
    p = p * r + 1 / 3628800
    p = p * r + 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1.0
    p = p * r + 1.0
    return _float_of(_bits_of(p) + (_bits_of(shifted) << 52))  # type: ignore[no-any-return,call-arg]


def _one_pass(u: np.ndarray, w: np.ndarray, a: np.ndarray, sign: np.ndarray) -> tuple[Any, ...]:
    """Compute value and gradients as in the module docstring; written for LLVM's vectoriser (see the comments).

    With ``q = exp(-|z|)``, ``log(1 + exp(z)) = max(z, 0) + log(1 + q)`` never overflows, and ``logistic(z)`` is ``1 /
    (1 + q)`` or ``q / (1 + q)``. The factors ``1 + q`` are multiplied together per roll call, so that one logarithm
    serves for all.
    """
    n, m = sign.shape
    grad_u, grad_w, grad_a = np.empty(n), np.zeros(m), np.zeros(m)
    r, product = np.empty(m), np.ones(m)
    loglik = 0.0
    for i in range(n):
        u_i, votes = u[i], sign[i]
        positive_part = 0.0
        for j in range(m):  # independent of each other: eight at a time
            s = float(votes[j])
            z = s * (a[j] - w[j] * u_i)
            q = exp_of_negative(-abs(z))
            positive_part += max(z, 0.0)
            product[j] *= 1.0 + s * s * q  # s * s: a missing vote has the factor one
            r[j] = s / (1.0 + q) * (1.0 if z > 0.0 else q)
        loglik -= positive_part
        total = 0.0
        for j in range(m):  # a second loop, since one loop would need more registers than there are
            total += r[j] * w[j]
            grad_w[j] += r[j] * u_i
            grad_a[j] -= r[j]
        grad_u[i] = total
        if (i + 1) % _FACTORS_PER_LOG == 0:
            for j in range(m):
                loglik -= math.log(product[j])
                product[j] = 1.0
    for j in range(m):
        loglik -= math.log(product[j])
    return loglik, grad_u, grad_w, grad_a


exp_of_negative = jit(_exp_of_negative, ("contract",), cache=True)
one_pass = jit(_one_pass, cache=True)
#: For use in compiled functions: it has no Python wrapper, which would take time to compile.
one_pass_within = jit(_one_pass)


def sign_matrix(y: np.ndarray) -> np.ndarray:
    """Convert votes to signs.

    Parameters
    ----------
    y : ndarray of int, shape (n_members, n_votes)
        1 Yea, 0 Nay, -1 missing.

    Returns
    -------
    ndarray of int8, same shape, C order
        +1 Yea, -1 Nay, 0 missing.

    Raises
    ------
    ValueError
        If ``y`` holds any other value.
    """
    if not np.isin(y, (-1, 0, 1)).all():
        raise ValueError(f"votes must be 1, 0 or -1, found {np.setdiff1d(y, (-1, 0, 1))[:5]}")
    return np.ascontiguousarray(np.where(y < 0, 0, 2 * y - 1), dtype=np.int8)
