"""The log density that a sampler will use, as a function to be asked for values, and its fingerprint."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from ..models.base import BuiltModel
from ..models.fast.evidence import Density

if TYPE_CHECKING:
    from nutpie.sample import CompiledModel

_N_POINTS = 3
#: Digits that count: what differs beyond them is rounding, of another processor or another order of summation.
_DIGITS = 6


def of_nutpie(compiled: CompiledModel) -> Density:
    """The C function that nutpie's chains call."""
    from ..models.compiled.nutpie import asked

    return asked(compiled.compiled_logp_func.ctypes, compiled.user_data, compiled)


def of_pymc(built: BuiltModel) -> Density:
    """What PyMC's sampler differentiates."""
    model = built.model
    function = model.logp_dlogp_function(ravel_inputs=True, initial_point=model.initial_point())
    function.set_extra_values({})

    def density(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = function(x)
        return float(value), np.asarray(gradient)

    return density


def fingerprint(density: Density, n_dim: int) -> str:
    """Hash of a log density at fixed points: equal for models that say the same of the same data.

    Only differences of the value between points count, since a constant factor of a density means nothing; and the
    gradient at each point. Priors, data, order of parameters and coordinates all enter.

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
    for _, gradient in found:  # small components by the scale of the largest: their own last digits are rounding
        text += [str(int(component)) for component in np.rint(gradient / (scale or 1.0) * 10**_DIGITS)]
    return hashlib.sha256(" ".join(text).encode()).hexdigest()[:16]
