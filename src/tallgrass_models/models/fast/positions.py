"""Coordinates of the members' positions in a frame, scaled by what is known about each (see `frames`)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np

from .frames import Array


@dataclass(frozen=True)
class MemberInfo:
    """Information from the votes about the members of one group.

    The log likelihood is about ``-precision * rho**2 / 2 + pull * rho`` for each member, up to a constant.

    ``rho`` is the member's u less the mean of the group. Both arrays have shape (n_members,).
    """

    precision: Array
    pull: Array


def zero_sum(z: Array, xp: ModuleType = np) -> Array:
    """Map orthonormal coordinates to vectors that sum to zero, in O(n).

    Parameters
    ----------
    z : array, shape (..., n - 1)

    Returns
    -------
    array, shape (..., n)
        Sums to zero over the last axis, with the same Euclidean norm as ``z``.

    Notes
    -----
    The Householder reflection ``I - 2 vv'/v'v`` with ``v = 1/sqrt(n) + e_n`` exchanges ``-e_n`` and the constant unit
    vector ``1/sqrt(n)``, so it carries the vectors ``(z, 0)`` onto those orthogonal to the constant. Multiplied out,
    with ``S = sum(z)``: ``x[i] = z[i] - S / (n + sqrt(n))`` and ``x[n] = -S / sqrt(n)``. The map is an isometry, so its
    Jacobian is 1.
    """
    n = z.shape[-1] + 1
    total = z.sum(axis=-1)[..., None]
    return xp.concatenate([z - total / (n + n**0.5), -total / n**0.5], axis=-1)


def zero_sum_inverse(x: np.ndarray) -> np.ndarray:
    """Find the z of `zero_sum`.

    ``S = -sqrt(n) x[n]``, hence ``z[i] = x[i] - x[n] / (1 + sqrt(n))``.
    """
    n = x.shape[-1]
    return x[..., :-1] - x[..., -1:] / (1 + n**0.5)


def informed_group(z: Array, info: MemberInfo, prior_precision: Array, xp: ModuleType = np) -> tuple[Array, Array]:
    """Compute the deviations ``rho`` of a group's members from its mean, scaled by what is known about each member.

    Parameters
    ----------
    z : array, shape (..., n - 1)
        Coordinates that are about standard normal a posteriori, whatever the hyperparameters.
    info : MemberInfo
    prior_precision : array, shape (...)
        ``t`` of the prior ``rho[i] ~ Normal(0, t**-0.5)`` on the zero-sum subspace.

    Returns
    -------
    rho : array, shape (..., n)
        Sums to zero.
    log_jacobian : array, shape (...)
        Log determinant of ``z -> rho`` between orthonormal coordinates of the subspace.

    Notes
    -----
    With ``h = precision + t`` each member alone would have the conditional ``Normal(pull / h, h**-0.5)``. So
    ``rho = P(pull / h + y / sqrt(h))`` with ``y = zero_sum(z)`` and the projection ``P`` that subtracts the mean.

    Determinant: for ``D = diag(d)``, the map ``PD`` on the zero-sum subspace has ``det(D) * mean(1 / d)``. (Complete an
    orthonormal basis ``B`` of the subspace by ``c = 1/sqrt(n)``. The cofactor rule gives
    ``det(B'DB) = det(D) * c' D^-1 c``.) Here ``d = h**-0.5``.
    """
    h = info.precision + prior_precision[..., None]
    y = zero_sum(z, xp)
    x = info.pull / h + y / xp.sqrt(h)
    log_jacobian = -0.5 * xp.log(h).sum(axis=-1) + xp.log(xp.sqrt(h).mean(axis=-1))
    return x - x.mean(axis=-1)[..., None], log_jacobian


def informed_group_inverse(rho: np.ndarray, info: MemberInfo, prior_precision: np.ndarray) -> np.ndarray:
    """Find the z of `informed_group`.

    ``rho = P x`` determines ``x`` up to a constant ``k``. Since ``y = sqrt(h) (rho + k - pull / h)`` must sum to zero,
    k follows.
    """
    h = info.precision + np.asarray(prior_precision)[..., None]
    root = np.sqrt(h)
    offset = rho - info.pull / h
    k = -(root * offset).sum(-1, keepdims=True) / root.sum(-1, keepdims=True)
    return zero_sum_inverse(root * (offset + k))
