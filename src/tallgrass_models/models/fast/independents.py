"""Coordinates of free-standing members, who are counted with neither party."""

from __future__ import annotations

from types import ModuleType

import numpy as np

from .frames import Array
from .positions import MemberInfo


def informed_independents(
    z: Array, info: MemberInfo, center: Array, prior_precision: Array, xp: ModuleType = np
) -> tuple[Array, Array]:
    """Compute positions ``u`` in the frame for members outside the two groups, scaled by what is known about each.

    Parameters
    ----------
    z : array, shape (..., n)
        Coordinates that are about standard normal a posteriori, whatever the hyperparameters.
    info : MemberInfo
        What the votes say about each ``u``.
    center, prior_precision : array, shape (...)
        ``m`` and ``t`` of the prior ``u[i] ~ Normal(m, t**-0.5)``.

    Returns
    -------
    u : array, shape (..., n)
    log_jacobian : array, shape (...)
        Log Jacobian of ``z -> u``, summed.

    Notes
    -----
    With ``h = precision + t`` the conditional of each is about ``Normal((pull + t m) / h, h**-0.5)``, so ``u = (pull +
    t m) / h + z / sqrt(h)``.
    """
    t, m = prior_precision[..., None], center[..., None]
    h = info.precision + t
    return (info.pull + t * m) / h + z / xp.sqrt(h), -0.5 * xp.log(h).sum(axis=-1)
