"""The log-likelihood of `likelihood` in a PyTensor graph.

It runs under nutpie and PyMC's own NUTS alike, in PyTensor's numba mode as well as in its C and Python modes.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import DisconnectedType, disconnected_type
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.tensor.variable import TensorVariable

from . import likelihood
from .likelihood import one_pass
from .pytensor_internals import compiled_by

# Tells PyTensor's cache of machine code that the kernel has changed.
_KERNEL_VERSION = zlib.crc32(Path(likelihood.__file__).read_bytes())


def saved_pullback(outputs: Sequence[Variable], cotangents: Sequence[Variable]) -> list[Variable]:
    """Multiply gradients that an operation on votes has saved as further outputs by the cotangent of its value.

    Its last input is the votes, which have no gradient.

    Raises
    ------
    NotImplementedError
        For second derivatives.
    """
    if not all(isinstance(g.type, DisconnectedType) for g in cotangents[1:]):
        raise NotImplementedError("second derivatives of the vote likelihood are not available")
    return [*(cotangents[0] * gradient for gradient in outputs[1:]), disconnected_type()]


class VoteLogLik(Op):  # type: ignore[misc]
    """Log-likelihood of votes with its three gradients as further outputs.

    Inputs are ``u`` (members,), ``w`` and ``a`` (roll calls,) in float64 and ``sign`` (members, roll calls) in int8;
    see `likelihood` for the equations. The gradient outputs are what `pullback` returns, so a graph that holds
    the value and its gradient evaluates the votes once. Second derivatives are not offered.
    """

    __props__ = ()

    def make_node(self, u: Any, w: Any, a: Any, sign: Any) -> Apply:
        """Check the inputs; raise ``TypeError`` if one has the wrong type."""
        u, w, a = (pt.as_tensor_variable(x, dtype="float64") for x in (u, w, a))
        sign = pt.as_tensor_variable(sign)
        if (u.ndim, w.ndim, a.ndim, sign.ndim) != (1, 1, 1, 2):
            raise TypeError(f"u, w, a must be vectors and sign a matrix, not {u.type}, {w.type}, {a.type}, {sign.type}")
        if sign.dtype != "int8":
            raise TypeError(f"sign must be int8, not {sign.dtype}")
        return Apply(self, [u, w, a, sign], [pt.dscalar(), u.type(), w.type(), a.type()])

    def perform(self, node: Apply, inputs: Sequence[Any], output_storage: Any) -> None:
        """Evaluate outside of numba mode, with the same compiled function."""
        for storage, result in zip(output_storage, one_pass(*inputs), strict=True):
            storage[0] = np.asarray(result)

    def infer_shape(self, node: Apply, shapes: list[Any]) -> list[Any]:
        """Return the shapes of the value and the gradients, which are those of a scalar, u, w and a."""
        return [(), shapes[0], shapes[1], shapes[2]]

    def pullback(
        self, inputs: Sequence[Variable], outputs: Sequence[Variable], cotangents: Sequence[Variable]
    ) -> list[Variable]:
        """Multiply the saved gradients by the cotangent of the value."""
        return saved_pullback(outputs, cotangents)

    def connection_pattern(self, node: Apply) -> list[list[bool]]:
        """State that all outputs depend on u, w and a; sign is data."""
        return [[True] * 4, [True] * 4, [True] * 4, [False] * 4]


@compiled_by(VoteLogLik)  # type: ignore[untyped-decorator]
def _numba_vote_loglik(op: VoteLogLik, node: Apply, **kwargs: Any) -> tuple[Callable[..., Any], int]:
    """Give PyTensor's numba mode the compiled pass, with a number that changes whenever its code does."""

    @numba.njit  # type: ignore[untyped-decorator]
    def vote_loglik_pass(u: Any, w: Any, a: Any, sign: Any) -> Any:
        loglik, grad_u, grad_w, grad_a = one_pass(u, w, a, sign)
        return np.asarray(loglik), grad_u, grad_w, grad_a

    return vote_loglik_pass, _KERNEL_VERSION


def vote_loglik(u: TensorVariable, w: TensorVariable, a: TensorVariable, sign: Any) -> TensorVariable:
    """Compute the log-likelihood of the votes at ``logit = w[j] * u[i] - a[j]``, as a PyTensor scalar.

    Parameters
    ----------
    u : tensor, shape (n_members,)
    w, a : tensor, shape (n_votes,)
    sign : int8 tensor or array, shape (n_members, n_votes)
        See `likelihood.sign_matrix`.
    """
    outputs = VoteLogLik()(u, w, a, sign)
    return outputs[0]
