"""The one use of nutpie's internals.

Nothing else in the package may use them. `tests/test_borrowed.py` is the first to notice when they go away.

- ``nutpie.compile_pymc.CompiledPyMCModel``, made here from C functions of our own, with its private fields ``_coords``,
  ``_n_dim`` and ``_shapes``. Without it no fit with ``coordinates: fast`` can run; ``coordinates: reference`` compiles
  through nutpie's public ``compile_pymc_model``.
- nutpie imports all of arviz, and with it matplotlib and much of scipy, for one conversion that we do not use. This
takes as many seconds as everything else that a fit imports. A stand-in in ``sys.modules`` defers it, on the assumption
that nutpie says ``import arviz`` and uses none of its names while it is imported. Otherwise the import is slow.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nutpie.sample import CompiledModel


@dataclass(frozen=True)
class Functions:
    """C functions that chains call without the GIL, and the data that they read.

    Attributes
    ----------
    logp
        ``int64 logp(n_dim, x, gradient, value, data)``, which returns 0, or 1 to reject a point.
    expand
        ``int64 expand(n_dim, n_expanded, x, out, data)``, which writes the point as it is kept; here as long as ``x``.
    user_data
        The array to which ``data`` points.
    alive
        Arrays that must live as long as the functions.
    """

    logp: Any
    expand: Any
    user_data: np.ndarray
    alive: Sequence[np.ndarray]


def import_nutpie() -> ModuleType:
    """Import nutpie, but put off its import of arviz until something of it is used."""
    if "arviz" in sys.modules or "nutpie" in sys.modules:
        return importlib.import_module("nutpie")
    stand_in = ModuleType("arviz")

    def from_arviz(name: str) -> Any:
        if name.startswith("__"):  # code that looks through the loaded modules asks for these
            raise AttributeError(name)
        return getattr(importlib.import_module("arviz"), name)

    stand_in.__getattr__ = from_arviz  # type: ignore[method-assign]
    sys.modules["arviz"] = stand_in
    try:
        return importlib.import_module("nutpie")
    finally:
        del sys.modules["arviz"]


def model_of(
    functions: Functions, shapes: Mapping[str, tuple[int, ...]], start: Callable[[int], np.ndarray]
) -> CompiledModel:
    """Wrap C functions as nutpie wraps a PyMC model's.

    Parameters
    ----------
    functions
        The density and what belongs to it.
    shapes
        Shape of each variable, in their order in a point.
    start
        Function that gives the start of a chain, by its seed.
    """
    import_nutpie()
    from nutpie.compile_pymc import CompiledPyMCModel

    sizes = [int(np.prod(shape)) for shape in shapes.values()]
    slices = [slice(int(end - size), int(end)) for end, size in zip(np.cumsum(sizes), sizes, strict=True)]
    n_dim = sum(sizes)
    return CompiledPyMCModel(
        dims={},
        _coords={},
        _n_dim=n_dim,
        _shapes=dict(shapes),
        compiled_logp_func=functions.logp,
        compiled_expand_func=functions.expand,
        initial_point_func=start,
        shared_data={str(k): part for k, part in enumerate(functions.alive)},
        shared_var_keys={},
        user_data=functions.user_data,
        n_expanded=n_dim,
        shape_info=(list(shapes), slices, list(shapes.values())),
        logp_func=None,
        expand_func=None,
    )
