"""The log density that a sampler will use, as a Python function, and its fingerprint."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from ..models.base import BuiltModel
from ..models.fast.evidence import Density

if TYPE_CHECKING:
    from nutpie.sample import CompiledModel

_N_POINTS = 3
#: Digits that count. Differences beyond them are rounding, by another processor or in another order of summation.
_DIGITS = 6


def of_nutpie(compiled: CompiledModel) -> Density:
    """Return the C function that nutpie's chains call, as a Python function."""
    from ..models.compiled.nutpie import asked

    return asked(compiled.compiled_logp_func.ctypes, compiled.user_data, compiled)


def of_pymc(built: BuiltModel) -> Density:
    """Return the density that PyMC's sampler differentiates."""
    model = built.model
    function = model.logp_dlogp_function(ravel_inputs=True, initial_point=model.initial_point())
    function.set_extra_values({})

    def density(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = function(x)
        return float(value), np.asarray(gradient)

    return density


def fingerprint(density: Density, n_dim: int) -> str:
    """Hash a log density at fixed points; models that say the same about the same data have equal hashes.

    The hash takes the differences of the value between points, since a constant factor of a density means nothing. It
    also takes the gradient at each point. Priors, data, order of parameters and coordinates all enter.

    Parameters
    ----------
    density
        Value and gradient; the value may be infinite.
    n_dim
        Number of free parameters.

    Returns
    -------
    str
        16 hexadecimal digits.
    """
    points = [0.3 * np.sin(1.7 * (k + 1) * np.arange(1, n_dim + 1) + k) for k in range(_N_POINTS)]
    found = [density(x) for x in points]
    numbers = [value - found[0][0] for value, _ in found[1:]]
    scale = max((float(np.abs(gradient).max(initial=0.0)) for _, gradient in found), default=0.0)
    text = [str(n_dim), *(f"{number:.{_DIGITS - 1}e}" for number in numbers), f"{scale:.{_DIGITS - 1}e}"]
    for _, gradient in found:  # round small components relative to the largest: their own last digits are noise
        text += [str(int(component)) for component in np.rint(gradient / (scale or 1.0) * 10**_DIGITS)]
    return hashlib.sha256(" ".join(text).encode()).hexdigest()[:16]
