"""Record of a family of priors of discrimination, with all that the package asks of the family.

Nothing here imports numpy or PyMC, because the configuration is read without them.
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
    """One number of a prior, with its name in the experiments file; ``positive`` if it must be above zero."""

    name: str
    positive: bool = False

    def problem(self, value: Any) -> str | None:
        """Say what is wrong with a value, or return None if nothing is."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return f"{self.name} must be a finite number, not {value!r}"
        if self.positive and value <= 0:
            return f"{self.name} must be above 0, not {value!r}"
        return None


@dataclass(frozen=True)
class Way:
    """One way to name a member of a family.

    ``to_first`` turns its parameters into those of the family's first way, which all formulas use. It is None for the
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
    """Closed forms for the pilot, which is slower when it takes differences of the density.

    Attributes
    ----------
    log_density
        Function of ``(x, p, xp)``: the log density at x, up to a constant, of log beta for a positive family, else of
        beta.
    scale_score
        Function of ``(beta, p, xp)``: the derivative by ``log sep`` of the log density of log w (positive family) or w,
        and minus the second derivative, with ``w = sep beta`` held constant.
    """

    log_density: Callable[[Array, Params, ModuleType], Array]
    scale_score: Callable[[Array, Params, ModuleType], tuple[Array, Array]]


@dataclass(frozen=True)
class PriorFamily:
    """A family of priors of discrimination.

    Below, ``p`` are its parameters by the names of its first way.

    Attributes
    ----------
    name, words
        Its name in the experiments file, and as people write it.
    ways
        The ways to name its parameters. Formulas use those of the first.
    positive
        True if it forbids a negative beta.
    log_density
        Function of ``(x, p, xp)``: the log density of beta at x, or of log beta at x if ``on_log_scale``. It works
        elementwise and uses functions that numpy and PyTensor share. It uses `math` for numbers that depend on
        parameters alone.
    draw
        Function of ``(p, rng, size)`` that draws independent betas.
    root_mean_square
        Function of ``p``: the root of ``E beta^2``, which is infinite where the mean does not exist.
    scaled
        Function of ``(p, factor)``: the parameters of the prior whose scale is ``factor`` times as large.
    variable
        Function of ``(pymc, name, p, size)``: the PyMC variable. ``size`` holds ``dims`` or ``shape``.
    on_log_scale
        True if ``log_density`` is that of log beta.
    symmetric
        Function of ``p``: True if the prior does not change with the sign of beta.
    moments
        Function of ``p``. For a positive family: mean and standard deviation of log beta (by quadrature if None). Else:
        center and spread of the nearest Normal prior, by which the fast coordinates are scaled.
    log_variable
        True if the textbook form samples ``log_beta`` as a variable of its own, whose prior is ``variable``.
    steering
        See `Steering`; if None, differences of the density replace it.
    compiled
        The number by which `models.compiled` knows its bills. If None, the fast coordinates go through PyTensor, which
        compiles them anew for every fit.
    note
        What a reader of ``words`` must know about the parameters. It can follow a semicolon.

    Raises
    ------
    ValueError
        For a record that lacks something; the message names the family.
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
            raise ValueError(f"prior family {self.name!r}: the record lacks {', '.join(lacking)}")
        if not self.ways or any((way.to_first is None) != (k == 0) for k, way in enumerate(self.ways)):
            raise ValueError(f"prior family {self.name!r}: `to_first` belongs to every way except the first")
        if not self.positive and (self.on_log_scale or self.log_variable):
            raise ValueError(f"prior family {self.name!r}: beta may be negative, so it has no logarithm")

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
        """Compute the log density of beta; for a positive family, only where beta is positive."""
        if not self.on_log_scale:
            return self.log_density(beta, p, xp)
        log_beta = xp.log(beta)
        return self.log_density(log_beta, p, xp) - log_beta

    def log_density_of_log(self, log_beta: Array, beta: Array, p: Params, xp: ModuleType) -> Array:
        """Compute the log density of log beta under a positive family."""
        return self.log_density(log_beta, p, xp) if self.on_log_scale else self.log_density(beta, p, xp) + log_beta
