"""Log-likelihood of votes that lapse: with probability eps a vote is random, else it follows its logit.

In the notation of `likelihood`, with ``h = eps / 2``, a vote has the probability ``h + (1 - eps) logistic(sign *
eta)``. With ``q = exp(-|z|)`` it is ``num / (1 + q)``, where ``num = (1 - h) + h q`` for ``z <= 0``, else ``(1 - h) q +
h``, and

    d log p / d eta = sign (1 - eps) q / ((1 + q) num),     d log p / d h = -+(1 - q) / num.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.tensor.variable import TensorVariable

from . import likelihood
from .jit import jit
from .likelihood import exp_of_negative
from .pytensor_internals import compiled_by
from .pytensor_op import saved_pullback

# Factors of a running product. Each is at least h: 8 of them stay above 1e-300 for any eps above 1e-37.
_FACTORS_PER_LOG = 8
_KERNEL_VERSION = zlib.crc32(Path(likelihood.__file__).read_bytes() + Path(__file__).read_bytes())


def _lapse_pass(u: np.ndarray, w: np.ndarray, a: np.ndarray, eps: float, sign: np.ndarray) -> tuple[Any, ...]:
    """Compute the value and the gradients by u, w, a and eps in one pass over the votes, row by row."""
    n, m = sign.shape
    half, rest = 0.5 * eps, 1.0 - 0.5 * eps
    grad_u, grad_w, grad_a = np.empty(n), np.zeros(m), np.zeros(m)
    r, slope_half, product = np.empty(m), np.empty(m), np.ones(m)
    loglik, grad_half = 0.0, 0.0
    for i in range(n):
        u_i, votes = u[i], sign[i]
        for j in range(m):  # independent of each other
            s = float(votes[j])
            z = s * (a[j] - w[j] * u_i)
            q = exp_of_negative(-abs(z))
            near, far = (1.0, q) if z <= 0.0 else (q, 1.0)
            num = rest * near + half * far  # 1 + q - (1 + q) / 2 for a missing vote, which has z = 0 and q = 1
            cast = s * s
            product[j] *= cast * num / (1.0 + q) + (1.0 - cast)
            r[j] = s * (rest - half) * q / ((1.0 + q) * num)
            slope_half[j] = cast * (far - near) / num
        total, total_half = 0.0, 0.0
        for j in range(m):
            total += r[j] * w[j]
            total_half += slope_half[j]
            grad_w[j] += r[j] * u_i
            grad_a[j] -= r[j]
        grad_u[i] = total
        grad_half += total_half
        if (i + 1) % _FACTORS_PER_LOG == 0 or i == n - 1:
            for j in range(m):
                loglik += math.log(product[j]) if product[j] > 0.0 else -np.inf
                product[j] = 1.0
    return loglik, grad_u, grad_w, grad_a, 0.5 * grad_half


lapse_pass = jit(_lapse_pass, cache=True)


class LapseLogLik(Op):  # type: ignore[misc]
    """Log-likelihood of votes that lapse, with its four gradients as further outputs; see `VoteLogLik`."""

    __props__ = ()

    def make_node(self, u: Any, w: Any, a: Any, eps: Any, sign: Any) -> Apply:
        """Check the inputs; raise ``TypeError`` if ``sign`` is no int8 matrix."""
        u, w, a, eps = (pt.as_tensor_variable(x, dtype="float64") for x in (u, w, a, eps))
        sign = pt.as_tensor_variable(sign)
        if (sign.ndim, sign.dtype) != (2, "int8"):
            raise TypeError(f"sign must be an int8 matrix, not {sign.type}")
        return Apply(self, [u, w, a, eps, sign], [pt.dscalar(), u.type(), w.type(), a.type(), pt.dscalar()])

    def perform(self, node: Apply, inputs: Sequence[Any], output_storage: Any) -> None:
        """Evaluate outside of numba mode, with the same compiled function."""
        u, w, a, eps, sign = inputs
        for storage, result in zip(output_storage, lapse_pass(u, w, a, float(eps), sign), strict=True):
            storage[0] = np.asarray(result)

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[Any]:
        """Return the shapes of the value and the gradients."""
        return [(), shapes[0], shapes[1], shapes[2], ()]

    def pullback(
        self, inputs: Sequence[Variable], outputs: Sequence[Variable], cotangents: Sequence[Variable]
    ) -> list[Variable]:
        """Multiply the saved gradients by the cotangent of the value."""
        return saved_pullback(outputs, cotangents)

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """State that all outputs depend on all inputs but sign, which is data."""
        return [*([True] * 5 for _ in range(4)), [False] * 5]


@compiled_by(LapseLogLik)  # type: ignore[untyped-decorator]
def _numba_lapse_loglik(op: LapseLogLik, node: Apply, **kwargs: Any) -> tuple[Callable[..., Any], int]:
    """Give PyTensor's numba mode the compiled pass, with a number that changes whenever its code does."""

    @numba.njit  # type: ignore[untyped-decorator]
    def lapse_loglik_pass(u: Any, w: Any, a: Any, eps: Any, sign: Any) -> Any:
        loglik, grad_u, grad_w, grad_a, grad_eps = lapse_pass(u, w, a, eps.item(), sign)
        return np.asarray(loglik), grad_u, grad_w, grad_a, np.asarray(grad_eps)

    return lapse_loglik_pass, _KERNEL_VERSION


def lapse_loglik(u: TensorVariable, w: TensorVariable, a: TensorVariable, eps: Any, sign: Any) -> TensorVariable:
    """Compute the log-likelihood of the votes with lapses, as a PyTensor scalar; arguments as for `vote_loglik`."""
    return LapseLogLik()(u, w, a, eps, sign)[0]
