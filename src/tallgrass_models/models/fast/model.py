"""Result of the builders of fast models, with the starts of its chains and the map of its draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..base import BuiltModel, Draws, Reported

# Draws that `in_chunks` maps at a time, which keeps the temporaries of a long chain small.
CHUNK = 200
# Standard deviation of the starting values of coordinates that are about standard normal a posteriori, and of the
# logarithms of scales. They are several times the posterior's own if votes are many.
_START_SD, _LOG_SCATTER = 1.0, 0.2


@dataclass(frozen=True)
class FastModel(BuiltModel):
    """A model in fast coordinates, with its log density as a compiled function as well.

    Attributes
    ----------
    density
        Name of one of `densities`. It is the same function as ``model.logp()``, and takes the vector of all free
        variables in the order of ``start``.
    data
        Its arguments ``sizes, numbers, signs`` (`compiled.layout`). It is empty if there is no such function for the
        prior of beta.
    apart
        As in `sides.Assignment`.
    """

    density: str = ""
    apart: tuple[float, ...] = ()
    data: tuple[np.ndarray, ...] = ()

    @property
    def is_compiled(self) -> bool:
        """True if there is a compiled function; else PyTensor compiles ``model``."""
        return bool(self.data)

    def scalars(self) -> np.ndarray:
        """Mark the free variables that the pilot does not make standard normal: the scalars of frame and spread."""
        return np.concatenate([np.full(value.size, value.ndim == 0) for value in self.start.values()])


def start_about(
    shapes: Mapping[str, tuple[int, ...]], known: Mapping[str, float]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Choose starting values, and the standard deviations with which chains are scattered about them.

    The start takes the values that the pilot knows, and zero in the standardised coordinates, which are scattered by
    `_START_SD`. A location is scattered by a part of the distance of the groups, a logarithm by `_LOG_SCATTER`.
    """
    start = {name: np.zeros(shape) for name, shape in shapes.items()}
    scatter = {name: np.full(shape, _START_SD) for name, shape in shapes.items()}
    for name, value in known.items():
        start[name] = np.array(value, dtype=float)
        if name.endswith("location"):
            scale = math.exp(known[name.removesuffix("location") + "log_sep"])
            scatter[name] = np.array(_LOG_SCATTER * scale)
        elif "log_" in name:
            scatter[name] = np.array(_LOG_SCATTER)
    return start, scatter


def in_chunks(function: Callable[[Draws], Reported], draws: Draws) -> Reported:
    """Apply a function of draws ``(chain, draw, ...)`` to `CHUNK` draws at a time and put the results together."""
    n_draws = next(iter(draws.values())).shape[1]
    out: Reported = {}
    for first in range(0, n_draws, CHUNK):
        part = slice(first, first + CHUNK)
        for name, value in function({k: np.asarray(x[:, part]) for k, x in draws.items()}).items():
            if first == 0:
                out[name] = np.empty((value.shape[0], n_draws, *value.shape[2:]))
            out[name][:, part] = value
    return out
