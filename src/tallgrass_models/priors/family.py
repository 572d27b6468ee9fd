"""What a family of priors of discrimination is: one record with all that the package asks of it.

Nothing here imports numpy or PyMC: the configuration is read without them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

Params = Mapping[str, float]
#: numpy arrays or PyTensor variables, according to ``xp``, which is numpy or ``pytensor.tensor``.
Array = Any


@dataclass(frozen=True)
class Parameter:
    """One number of a prior: its name in the experiments file, and whether it must be above zero."""

    name: str
    positive: bool = False

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value; None if nothing is."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{self.name} must be a finite number, not {value!r}"
        if self.positive and value <= 0:
            return f"{self.name} must be above 0, not {value!r}"
        return None


@dataclass(frozen=True)
class Way:
    """One way to name a member of a family.

    ``to_first`` turns its parameters into those of the family's first way, in which all formulas are; None for the
    first way itself.
    """

    parameters: tuple[Parameter, ...]
    to_first: Callable[[Params], dict[str, float]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in the order in which they are shown."""
        return tuple(parameter.name for parameter in self.parameters)


@dataclass(frozen=True)
class Steering:
    """Closed forms for the approximate fit, where differences of the density would be slower.

    Attributes
    ----------
    log_density
        Log density of log beta for a positive family, else of beta, there, up to a constant; of ``(x, p, xp)``.
    scale_score
        Derivative by ``log sep`` of the log density of log w, or w, where ``w = sep beta`` stands still, and minus the
        second derivative; of ``(beta, p, xp)``.
    """

    log_density: Callable[[Array, Params, ModuleType], Array]
    scale_score: Callable[[Array, Params, ModuleType], tuple[Array, Array]]


@dataclass(frozen=True)
class PriorFamily:
    """A family of priors of discrimination; ``p`` below are its parameters by the names of its first way.

    Attributes
    ----------
    name, words
        As in the experiments file, and as people write it.
    ways
        How its parameters may be named; formulas have those of the first.
    positive
        Whether it forbids a negative beta.
    log_density
        Of ``(x, p, xp)``: log density of beta at x, or, with ``on_log_scale``, of log beta at x. Elementwise, in
        functions that numpy and PyTensor share; numbers made of parameters alone by `math`.
    draw
        Of ``(p, rng, size)``: independent betas.
    root_mean_square
        Of ``p``: root of ``E beta^2``, infinite where there is none.
    scaled
        Of ``(p, factor)``: the prior whose scale is ``factor`` times as large.
    variable
        Of ``(pymc, name, p, size)``: the PyMC variable; ``size`` holds ``dims`` or ``shape``.
    on_log_scale
        Whether ``log_density`` is that of log beta.
    symmetric
        Of ``p``: whether the prior does not change with the sign of beta.
    moments
        Of ``p``: mean and standard deviation of log beta where beta is positive (by quadrature if None); else center
        and spread of the Normal prior that is nearest, which the fast coordinates are scaled by.
    log_variable
        Whether the textbook form samples ``log_beta``, a variable of its own, of which ``variable`` is the prior.
    steering
        See `Steering`; by differences if None.
    compiled
        The number by which `models.compiled` knows its bills. None: the fast coordinates go through PyTensor, which
        compiles them anew for every fit.
    note
        What a reader of the name in words must know about its parameters, to follow a semicolon.

    Raises
    ------
    ValueError
        For a record that lacks something, naming the family.
    """

    name: str
    words: str
    ways: tuple[Way, ...]
    positive: bool
    log_density: Callable[[Array, Params, ModuleType], Array]
    draw: Callable[[Params, np.random.Generator, int | tuple[int, ...]], np.ndarray]
    root_mean_square: Callable[[Params], float]
    scaled: Callable[[Params, float], dict[str, float]]
    variable: Callable[[ModuleType, str, Params, Mapping[str, Any]], Any]
    on_log_scale: bool = False
    symmetric: Callable[[Params], bool] = lambda p: False
    moments: Callable[[Params], tuple[float, float]] | None = None
    log_variable: bool = False
    steering: Steering | None = None
    compiled: int | None = None
    note: str = ""

    def __post_init__(self) -> None:
        needed = [field.name for field in fields(self) if field.default is not None]
        lacking = [name for name in needed if getattr(self, name) is None]
        if not self.positive and self.moments is None:
            lacking.append("moments")
        if lacking:
            raise ValueError(f"prior family {self.name!r}: not written: {', '.join(lacking)}")
        if not self.ways or any((way.to_first is None) != (k == 0) for k, way in enumerate(self.ways)):
            raise ValueError(f"prior family {self.name!r}: every way but the first needs `to_first`, and only those")
        if not self.positive and (self.on_log_scale or self.log_variable):
            raise ValueError(f"prior family {self.name!r}: no logarithm of a beta that may be negative")

    def way(self, params: Mapping[str, Any]) -> Way:
        """Find the way that names these parameters, and check their values.

        Raises
        ------
        ValueError
            If there is none, or a value is out of its range.
        """
        way = next((way for way in self.ways if set(way.names) == set(params)), None)
        problems = [] if way else self._misnamed(params)
        for parameter in (way or self.ways[0]).parameters:
            if parameter.name in params and (problem := parameter.problem(params[parameter.name])):
                problems.append(problem)
        if way is None or problems:
            raise ValueError(f"{self.name}: " + "; ".join(problems))
        return way

    def _misnamed(self, params: Mapping[str, Any]) -> list[str]:
        if len(self.ways) > 1:
            wanted = ", or ".join(" and ".join(map(repr, way.names)) for way in self.ways)
            return [f"needs {wanted}; it has {', '.join(map(repr, params)) or 'none'}"]
        names = self.ways[0].names
        problems = [f"needs {name!r}" for name in names if name not in params]
        return problems + [f"unknown parameter {k!r} (known: {', '.join(names)})" for k in params if k not in names]

    def log_density_of_beta(self, beta: Array, p: Params, xp: ModuleType) -> Array:
        """Log density of beta; of a positive family only where beta is."""
        if not self.on_log_scale:
            return self.log_density(beta, p, xp)
        log_beta = xp.log(beta)
        return self.log_density(log_beta, p, xp) - log_beta

    def log_density_of_log(self, log_beta: Array, beta: Array, p: Params, xp: ModuleType) -> Array:
        """Log density of log beta under a positive family."""
        return self.log_density(log_beta, p, xp) if self.on_log_scale else self.log_density(beta, p, xp) + log_beta
