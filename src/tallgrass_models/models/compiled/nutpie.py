"""Models in the form that nutpie samples."""

from __future__ import annotations

import ctypes
import dataclasses
import hashlib
import logging
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.extending import intrinsic

from ...priors import constants
from ..base import BuiltModel
from ..fast import bends
from ..fast.evidence import Density
from ..fast.model import FastModel
from . import densities, nutpie_internals, pytensor_internals
from .drift import drift_density
from .dynamic import dynamic_density
from .joint import joint_density
from .plane import plane_density

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.sample import CompiledModel

_log = logging.getLogger(__name__)

# int64 logp(n_dim, x, gradient, value, data), int64 expand(n_dim, n_expanded, x, out, data): nutpie's C functions. They
# return 0, or 1 to reject a point.
_DOUBLES, _SIZE = numba.types.CPointer(numba.types.double), numba.types.uint64
_LOGP_SIGNATURE = numba.types.int64(_SIZE, _DOUBLES, _DOUBLES, _DOUBLES, numba.types.voidptr)
_EXPAND_SIGNATURE = numba.types.int64(_SIZE, _SIZE, _DOUBLES, _DOUBLES, numba.types.voidptr)


def nutpie_model(built: BuiltModel) -> CompiledModel:
    """Make the model in nutpie's form, with starts about ``built.start``; its draws are those of the free variables.

    A `FastModel` may bring its log density as machine code that numba keeps between processes. Any other model goes
    through nutpie's compilation of PyMC models, which takes many seconds each time.
    """
    if isinstance(built, FastModel) and built.is_compiled:
        return _from_density(built)
    names = [variable.name for variable in built.model.free_RVs]
    compiled = nutpie_internals.import_nutpie().compile_pymc_model(
        built.model, initial_points=built.start, jitter_rvs=set(), var_names=names, freeze_model=False
    )
    places = [unconstrained(built.model, start) for start in (built.start, *built.other_starts)]
    return dataclasses.replace(compiled, initial_point_func=_starts(places, _scatter(built, names)))


def unconstrained(model: pm.Model, start: Mapping[str, np.ndarray]) -> np.ndarray:
    """Join the values of all free variables on the scale of the sampler, one after another."""
    from pymc.initial_point import make_initial_point_fn

    point = make_initial_point_fn(model=model, overrides=dict(start), jitter_rvs=set(), return_transformed=True)(0)
    return _joined({variable.name: point[model.rvs_to_values[variable].name] for variable in model.free_RVs})


def _scatter(built: BuiltModel, names: Sequence[str]) -> np.ndarray:
    return _joined({name: built.scatter.get(name, np.zeros_like(built.start[name], dtype=float)) for name in names})


def _joined(values: Mapping[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([np.ravel(value) for value in values.values()]).astype(float)


def density(built: FastModel) -> Density:
    """Return the compiled log density of a model with its gradient, as a Python function."""
    data = [np.ascontiguousarray(part) for part in built.data]
    function = _c_function(_LOGP_SIGNATURE, _LOGP[built.density]).ctypes
    return asked(function, _addresses(data), data)


def asked(function: Any, user_data: np.ndarray, alive: Any = None) -> Density:
    """Wrap a C function of the signature `_LOGP_SIGNATURE` as a Python one, which keeps ``alive`` from being freed."""

    def at(x: np.ndarray) -> tuple[float, np.ndarray]:
        x = np.ascontiguousarray(x, dtype=float)
        gradient, value = np.zeros_like(x), np.zeros(1)
        function(x.size, _doubles(x), _doubles(gradient), _doubles(value), user_data.ctypes.data)
        return float(value[0]), gradient

    at.alive = alive  # type: ignore[attr-defined]
    return at


def _doubles(array: np.ndarray) -> Any:
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


def _addresses(data: Sequence[np.ndarray]) -> np.ndarray:
    """Pack addresses and lengths of arrays, as `_data` reads them."""
    return np.array([number for part in data for number in (part.ctypes.data, part.size)], dtype=np.uint64)


def _from_density(built: FastModel) -> CompiledModel:
    """Wrap the density as nutpie wraps a PyMC model's: in C functions, which chains call without the GIL."""
    names, data = list(built.start), [np.ascontiguousarray(part) for part in built.data]
    logp, expand = _c_function(_LOGP_SIGNATURE, _LOGP[built.density]), _c_function(_EXPAND_SIGNATURE, _copy)
    functions = nutpie_internals.Functions(logp, expand, _addresses(data), data)
    places = [_joined(start) for start in (built.start, *built.other_starts)]
    shapes = {name: value.shape for name, value in built.start.items()}
    return nutpie_internals.model_of(functions, shapes, _starts(places, _scatter(built, names)))


def _starts(places: Sequence[np.ndarray], scatter: np.ndarray) -> Callable[[int], np.ndarray]:
    """Make the function that starts each chain at one place after the other, scattered by the chain's own seed.

    nutpie calls it once for each chain, in their order, with a seed that depends on the chain and on the seed of the
    fit.
    """
    asked_before: list[int] = []

    def start(seed: int) -> np.ndarray:
        if seed not in asked_before:
            asked_before.append(seed)
        place = places[asked_before.index(seed) % len(places)]
        return place + scatter * np.random.default_rng(seed).standard_normal(place.size)

    return start


def _source_version() -> str:
    """Hash all the source that goes into the machine code; numba would notice changes of this file only."""
    others = (Path(str(module.__file__)) for module in (constants, bends))
    files = [*sorted(Path(__file__).parent.glob("*.py")), *others]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


@cache
def _c_function(signature: Any, function: Callable[..., int]) -> Any:
    """Load the machine code of another process from PyTensor's folder of such code.

    If there is none, a process of its own compiles it first. Code that is compiled here would give other last digits
    than the same code loaded, because numba links it to functions compiled before.
    """
    name = f"tallgrass_models_{_source_version()}"
    if not pytensor_internals.is_kept(signature, function, name):
        _compile_elsewhere(function.__name__)
    return pytensor_internals.kept_c_function(signature, function, name)


def _compile_elsewhere(name: str) -> None:
    """Let another process compile and keep the C function ``name`` of this module.

    If it cannot, this one will compile, and the log says why.
    """
    call = f"{__package__}.elsewhere", name
    done = subprocess.run([sys.executable, "-m", *call], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        _log.warning(
            "the compiled density cannot be kept (%s); the last digits may differ from those of other runs", said
        )


def compile_here(name: str) -> None:
    """Compile the C function ``name`` of this module, and keep its machine code."""
    function = globals()[name]
    signature = _EXPAND_SIGNATURE if function is _copy else _LOGP_SIGNATURE
    pytensor_internals.kept_c_function(signature, function, f"tallgrass_models_{_source_version()}")


@intrinsic  # type: ignore[untyped-decorator]
def _pointer(typingctx: Any, address: Any) -> Any:
    """Take a number as an address."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(numba.types.voidptr))

    return numba.types.voidptr(numba.types.uint64), codegen


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def _data(user_data):  # type: ignore[no-untyped-def]
    """Read the three arrays whose addresses and lengths ``user_data`` lists."""
    at = numba.carray(user_data, (6,), np.uint64)
    sizes = numba.carray(_pointer(at[0]), (at[1],), np.int64)
    numbers = numba.carray(_pointer(at[2]), (at[3],), np.float64)
    return sizes, numbers, numba.carray(_pointer(at[4]), (at[5],), np.int8)


@numba.njit(inline="always")  # type: ignore[untyped-decorator]
def _hand_over(value, gradient, gradient_out, value_out):  # type: ignore[no-untyped-def]
    total = value
    for i in range(gradient.size):
        gradient_out[i] = gradient[i]
        total += gradient[i]
    value_out[0] = value
    return 0 if np.isfinite(total) else 1


def _chamber_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = densities.chamber_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _flat_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = densities.flat_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _joint_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = joint_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _plane_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = plane_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _drift_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = drift_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _dynamic_logp(n_dim, x, gradient_out, value_out, user_data):  # type: ignore[no-untyped-def]
    sizes, numbers, signs = _data(user_data)
    value, gradient = dynamic_density(numba.carray(x, (n_dim,)), sizes, numbers, signs)
    return _hand_over(value, gradient, gradient_out, value_out)


def _copy(n_dim, n_expanded, x, out, user_data):  # type: ignore[no-untyped-def]
    for i in range(n_dim):
        out[i] = x[i]
    return 0


_LOGP = {
    "chamber": _chamber_logp,
    "flat": _flat_logp,
    "joint": _joint_logp,
    "drift": _drift_logp,
    "plane": _plane_logp,
    "dynamic": _dynamic_logp,
}
